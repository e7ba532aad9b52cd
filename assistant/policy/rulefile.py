"""The rule files as they stand: rows of YAML, checked when read, with errors that an official can act on."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import yaml
from pydantic import Field, ValidationError, field_validator

from assistant.errors import PolicyError
from assistant.records import TIERS, Record, Tier

TOPICS: tuple[str, ...] = (
    "eligibility.registration",
    "eligibility.legal_person",
    "eligibility.above_scale",
    "eligibility.conduct",
    "maturity.level",
    "coverage.segments",
    "scenes.catalog",
    "scenes.count",
    "scenes.tier_descriptor",
    "ai.ratio",
    "digital.score",
    "progression.prior_tier",
    "removal.cooldown",
    "validity.renewal",
    "effect.benchmark",
    "materials.sections",
    "materials.attachments",
    "deadline.submission",
    "form.factory_name",
    "form.industry",
    "form.uscc",
    "form.phone",
    "form.word_count",
    "form.font",
    "form.line_spacing",
    "form.images",
    "kpi.catalog",
    "kpi.arithmetic",
    "kpi.consistency",
    "kpi.plausibility",
)


class ClauseRow(Record):
    """A clause, and the tiers that it speaks of."""

    document: str
    article: str
    quote: str
    tiers: tuple[Tier, ...] = TIERS


class Version(Record):
    """One span of days; a field that is left out is taken from the rule."""

    start: date | None = Field(default=None, alias="from")
    end: date | None = Field(default=None, alias="to")
    tiers: tuple[Tier, ...] | None = None
    binding: bool | None = None
    threshold: Any = None
    params: dict[str, Any] | None = None
    required: str | dict[str, str] | None = None
    clauses: tuple[ClauseRow, ...] = Field(min_length=1)


class RuleRow(Record):
    """One rule with its versions; thresholds and wording may be given by tier."""

    code: str
    topic: str
    evaluator: str
    binding: bool = True
    tiers: tuple[Tier, ...] = TIERS
    threshold: Any = None
    params: dict[str, Any] = Field(default_factory=dict)
    required: str | dict[str, str] = ""
    versions: tuple[Version, ...] = Field(min_length=1)

    @field_validator("topic")
    @classmethod
    def _known_topic(cls, value: str) -> str:
        if value not in TOPICS:
            raise ValueError(f"没有这个主题：{value}")
        return value


class RuleFile(Record):
    """The rules of one jurisdiction."""

    jurisdiction: str
    rules: tuple[RuleRow, ...]


def parse(name: str, data: bytes) -> RuleFile:
    """Return the rules of one file.

    Raises:
        PolicyError: it is no YAML, a field does not fit, or versions of one rule overlap.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        # The loader is one of the two safe ones.
        parsed = RuleFile.model_validate(yaml.load(data, Loader=loader))  # noqa: S506
    except yaml.YAMLError as error:
        raise PolicyError(f"规则文件 {name} 不是有效的 YAML：{error}", "请检查缩进和引号") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "(整体)"
        raise PolicyError(
            f"规则文件 {name} 的 {where} 不可用：{first['msg']}", "请对照其他规则文件改正"
        ) from error
    for row in parsed.rules:
        _no_overlap(name, row)
    return parsed


def _no_overlap(name: str, row: RuleRow) -> None:
    for tier in TIERS:
        spans = sorted(
            (version.start or date.min, version.end or date.max)
            for version in row.versions
            if tier in (version.tiers or row.tiers)
        )
        for (_, ended), (begun, _) in pairwise(spans):
            if begun <= ended:
                raise PolicyError(f"规则文件 {name} 的 {row.code} 有重叠的有效期", "请改正 from 和 to")
