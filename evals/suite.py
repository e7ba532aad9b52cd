"""A suite: ``suite.yaml`` (name, what is measured, thresholds) and ``cases.jsonl`` (one case a line)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.errors import InputError
from assistant.records import Number, Status, Tier


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ExpectedScene(_Part):
    catalog: str | None = None
    number: int


class ExpectedKpi(_Part):
    quote: str | None = None
    number: int | None = None
    baseline: Number | None = None
    current: Number | None = None
    stated_change: Number | None = None


class ExpectedFlag(_Part):
    kind: str
    quote: str | None = None


class ExpectedHit(_Part):
    """``document`` None: the corpus does not say, and the product should say so."""

    query: str
    document: str | None = None
    article: str | None = None
    scene: int | None = None
    where: str | None = None


class Expectation(_Part):
    scenes: tuple[ExpectedScene, ...] | None = None
    kpis: tuple[ExpectedKpi, ...] | None = None
    checks: dict[str, Status] | None = None
    flags: tuple[ExpectedFlag, ...] | None = None
    retrieval: tuple[ExpectedHit, ...] | None = None
    fields: dict[str, Any] | None = None
    verdict: Literal["supported", "unsupported", "contradicted"] | None = None


class StatedApplication(BaseModel):
    """What the user would state on the command line; other fields of an application are allowed and ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    jurisdiction: str | None = None
    tier: Tier | None = None
    as_of: date | None = None


class Case(_Part):
    """One labelled input. Exactly one of document, text, record, claim; none for pure retrieval."""

    id: str
    document: str | None = None
    text: str | None = None
    record: dict[str, Any] | None = None
    claim: str | None = None
    evidence: str | None = None
    application: StatedApplication | None = None
    expect: Expectation = Field(default_factory=Expectation)
    tags: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_input(self) -> Case:
        given = [name for name in ("document", "text", "record", "claim") if getattr(self, name) is not None]
        if len(given) > 1 or (not given and self.expect.retrieval is None):
            raise ValueError("需要 document、text、record、claim 之一（只测检索时可以都没有）")
        return self


class Threshold(_Part):
    """A floor for one metric; below it the run has regressed whatever the baseline says."""

    metric: str
    minimum: float = Field(ge=0, le=1)


class SuiteSpec(_Part):
    """What ``suite.yaml`` says.

    ``exact`` metrics are specifications, not samples: one case lost is a regression. For the others
    ``margin`` is the loss (share of items) that a release may have, ``alpha`` the error level.
    ``exhaustive_flags`` are flag kinds whose absence from a case's labels means that they must not be raised.
    """

    name: str
    measures: str = ""
    version: str = "1"
    thresholds: tuple[Threshold, ...] = ()
    exact: tuple[str, ...] = ("checks", "spans")
    margin: float = Field(default=0.02, gt=0, lt=1)
    alpha: float = Field(default=0.05, gt=0, lt=1)
    exhaustive_flags: tuple[str, ...] = ()
    fast: bool = True

    @model_validator(mode="before")
    @classmethod
    def _thresholds_as_mapping(cls, value: Any) -> Any:
        """Accept ``thresholds: {metric: minimum}`` as well as a list."""
        if isinstance(value, dict) and isinstance(value.get("thresholds"), dict):
            rows = [{"metric": name, "minimum": floor} for name, floor in value["thresholds"].items()]
            return {**value, "thresholds": rows}
        return value


class Suite(_Part):
    """A loaded suite; ``folder`` is what the cases' document paths are relative to."""

    folder: Path
    spec: SuiteSpec
    cases: tuple[Case, ...]


def load_suite(folder: Path) -> Suite:
    """Read and check a suite folder.

    Raises:
        InputError: a file is missing or a line does not fit; the message names file, line and field.
    """
    spec_file, cases_file = folder / "suite.yaml", folder / "cases.jsonl"
    for file in (spec_file, cases_file):
        if not file.is_file():
            raise InputError(
                f"评测集 {folder} 缺少 {file.name}", "评测集是含 suite.yaml 和 cases.jsonl 的文件夹"
            )
    spec = _spec(spec_file)
    cases = tuple(_cases(cases_file))
    if not cases:
        raise InputError(f"{cases_file} 里没有案例", "每行写一个案例")
    if len({case.id for case in cases}) != len(cases):
        twice = next(c.id for i, c in enumerate(cases) if c.id in {d.id for d in cases[:i]})
        raise InputError(f"{cases_file} 中案例编号 {twice} 重复", "每个案例的 id 应唯一")
    return Suite(folder=folder, spec=spec, cases=cases)


def _spec(file: Path) -> SuiteSpec:
    try:
        value = yaml.safe_load(file.read_text("utf-8"))
        return SuiteSpec.model_validate(_known(value))
    except yaml.YAMLError as error:
        raise InputError(f"{file} 不是有效的 YAML", "请检查缩进和冒号") from error
    except ValidationError as error:
        raise InputError(f"{file} 的 {_where(error)}", "请对照文档改正") from error


def _known(value: Any) -> Any:
    """Drop keys that a datasheet may carry beside the settings (authors, licence, how it was made)."""
    if not isinstance(value, dict):
        return value
    aliases = {"what": "measures", "description": "measures"}
    renamed = {aliases.get(key, key): item for key, item in value.items()}
    kept = {key: item for key, item in renamed.items() if key in SuiteSpec.model_fields}
    for key in ("name", "measures", "version"):
        if key in kept and not isinstance(kept[key], str):
            kept[key] = json.dumps(kept[key], ensure_ascii=False)
    return kept


def _cases(file: Path) -> list[Case]:
    cases = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
            if isinstance(value, dict) and isinstance(value.get("application"), dict):
                stated = value["application"]
                value["application"] = {"as_of": stated.get("as_of") or stated.get("date"), **stated}
            cases.append(Case.model_validate(value))
        except json.JSONDecodeError as error:
            raise InputError(f"{file} 第 {number} 行不是有效的 JSON", "每行应是一个 JSON 对象") from error
        except ValidationError as error:
            raise InputError(f"{file} 第 {number} 行的 {_where(error)}", "请对照文档改正") from error
    return cases


def _where(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"字段 {'.'.join(str(p) for p in first['loc']) or '(整体)'} 不可用：{first['msg']}"
