"""A suite: ``suite.yaml`` (name, what is measured, thresholds) and ``cases.jsonl`` (one case a line)."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.errors import InputError
from assistant.records import Number, Status, Tier
from evals.names import floors, metric_of


class _Part(BaseModel):
    # A suite may carry more than is scored here (notes, labellers); cases say on stderr what is left out.
    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)


class ExpectedScene(_Part):
    """A scene that is built or in operation. ``catalog`` None: any; ``uses_ai`` None: not labelled."""

    catalog: str | None = None
    number: int
    uses_ai: bool | None = None


class ExpectedKpi(_Part):
    """A KPI statement; a number that the label does not name at all is not compared, ``null`` is."""

    quote: str | None = None
    number: int | None = None
    baseline: Number | None = None
    current: Number | None = None
    stated_change: Number | None = None


class ExpectedFlag(_Part):
    kind: str
    quote: str | None = None


class ExpectedPlace(_Part):
    """An article of a document; ``article`` None: anywhere in it."""

    document: str
    article: str | None = None


class ExpectedHit(_Part):
    """``document`` None: the corpus does not say, and the product should say so.

    ``also`` are further articles that answer the query as well: to find any one of them is right.
    """

    query: str
    document: str | None = None
    article: str | None = None
    scene: int | None = None
    where: str | None = None
    also: tuple[ExpectedPlace, ...] = ()

    @property
    def places(self) -> tuple[ExpectedPlace, ...]:
        """Every article that is right, the labelled one first; none when the corpus does not say."""
        if self.document is None:
            return self.also
        return (ExpectedPlace(document=self.document, article=self.article), *self.also)


class Expectation(_Part):
    """What a case should yield; None: not labelled. ``planned_kpis`` are plans, which count in no check.

    ``text`` are phrases that stand in the canonical text in this order, ``absent`` such as stand nowhere in it.
    """

    scenes: tuple[ExpectedScene, ...] | None = None
    kpis: tuple[ExpectedKpi, ...] | None = None
    checks: dict[str, Status] | None = None
    flags: tuple[ExpectedFlag, ...] | None = None
    retrieval: tuple[ExpectedHit, ...] | None = None
    fields: dict[str, Any] | None = None
    planned_kpis: tuple[ExpectedKpi, ...] | None = None
    text: tuple[str, ...] | None = None
    absent: tuple[str, ...] | None = None
    verdict: Literal["supported", "unsupported", "contradicted"] | None = None


# What an application says beyond jurisdiction, tier and date; it can be stated in records only.
_REST = ("kind", "factory_name", "prior_recognition", "removed_on")


class StatedApplication(BaseModel):
    """What the user states: on the command line, or (``rest``) in a record."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    jurisdiction: str | None = None
    tier: Tier | None = None
    as_of: date | None = None
    rest: dict[str, Any] = Field(default_factory=dict)

    def application(self) -> dict[str, Any]:
        """Return the whole application as written, for records that do not carry it themselves."""
        own = {"jurisdiction": self.jurisdiction, "tier": self.tier}
        day = {} if self.as_of is None else {"date": self.as_of.isoformat()}
        return {**self.rest, **{k: v for k, v in own.items() if v is not None}, **day}


class Case(_Part):
    """One labelled input: one of document, text, record; none for pure retrieval.

    With ``claim`` the text (or ``evidence``) is what the claim is judged against.
    """

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
        given = [name for name in ("document", "text", "record") if getattr(self, name) is not None]
        if len(given) > 1 or (not given and self.claim is None and self.expect.retrieval is None):
            raise ValueError("需要 document、text、record 之一（只测检索时可以都没有；claim 以 text 为证据）")
        return self


class Threshold(_Part):
    """A floor for one metric, or for its precision or recall: falling below it is a regression."""

    metric: str
    part: Literal["value", "precision", "recall"] = "value"
    minimum: float = Field(ge=0, le=1)


class SuiteSpec(_Part):
    """What ``suite.yaml`` says.

    ``exact`` metrics are specifications, not samples: one case lost is a regression. For the others
    ``margin`` is the loss (share of items) that a release may have, ``alpha`` the error level.
    ``exhaustive_flags`` are flag kinds whose absence from a case's labels means that they must not be raised.
    """

    name: str = ""
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
    def _as_written(cls, value: Any) -> Any:
        """Accept thresholds in any reasonable shape, and metric names as people write them."""
        if not isinstance(value, dict):
            return value
        given = value.get("thresholds")
        if isinstance(given, tuple):
            given = [one.model_dump() if isinstance(one, Threshold) else one for one in given]
        rows, margin = floors(given)
        exact = value.get("exact", cls.model_fields["exact"].default)
        if isinstance(exact, list | tuple):
            value = {**value, "exact": tuple(metric_of(str(name))[0] for name in exact)}
        return {**({"margin": margin} if margin else {}), **value, "thresholds": rows}


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
    # A folder without a name in suite.yaml is called after itself.
    spec = spec if spec.name else spec.model_copy(update={"name": folder.resolve().name})
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
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(f"{file} 不是有效的 YAML", "请检查缩进、冒号和编码（UTF-8）") from error
    except ValidationError as error:
        raise InputError(f"{file} 的 {_where(error)}", "请对照文档改正") from error


def _known(value: Any) -> Any:
    """Drop keys that a datasheet may carry beside the settings (authors, licence, how it was made)."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        return value
    aliases = {
        "what": "measures",
        "description": "measures",
        "what_is_measured": "measures",
        "threshold": "thresholds",
    }
    renamed = {aliases.get(key, key): item for key, item in value.items()}
    kept = {key: item for key, item in renamed.items() if key in SuiteSpec.model_fields and item is not None}
    for key in ("name", "measures", "version"):
        if key in kept and not isinstance(kept[key], str):
            kept[key] = json.dumps(kept[key], ensure_ascii=False)
    return kept


def _cases(file: Path) -> list[Case]:
    cases = []
    left_out: set[str] = set()
    for number, line in enumerate(_text(file).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
            cases.append(Case.model_validate(_as_written(value)))
        except (json.JSONDecodeError, RecursionError) as error:
            raise InputError(f"{file} 第 {number} 行不是有效的 JSON", "每行应是一个 JSON 对象") from error
        except ValidationError as error:
            raise InputError(f"{file} 第 {number} 行的 {_where(error)}", "请对照文档改正") from error
        left_out |= set(value.get("expect") or ()) - set(Expectation.model_fields)
    if left_out:
        print(f"{file}：不认识的期望项不评分：{'、'.join(sorted(left_out))}", file=sys.stderr)
    return cases


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{file} 不是 UTF-8 文本", "请另存为 UTF-8") from error


def _as_written(value: Any) -> Any:
    """Return a case with its date as ``as_of``, null sections left out and bare scene numbers written out."""
    if not isinstance(value, dict):
        return value
    value = {key: item for key, item in value.items() if item is not None}
    stated, expect = value.get("application"), value.get("expect")
    if isinstance(stated, dict):
        rest = {key: item for key, item in stated.items() if key in _REST and item is not None}
        value["application"] = {**stated, "as_of": stated.get("as_of") or stated.get("date"), "rest": rest}
    if isinstance(expect, dict) and isinstance(expect.get("scenes"), list):
        scenes = [{"number": one} if isinstance(one, int) else one for one in expect["scenes"]]
        value["expect"] = {**expect, "scenes": scenes}
    if isinstance(value.get("tags"), str):
        value["tags"] = [value["tags"]]
    return value


def _where(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"字段 {'.'.join(str(p) for p in first['loc']) or '(整体)'} 不可用：{first['msg']}"
