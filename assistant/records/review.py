"""Flags, problems, the manifest, and the review that holds everything."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from assistant.records.base import SCHEMA_VERSION, Number, Record, Severity, Span
from assistant.records.checks import CheckReport, Clause
from assistant.records.declaration import Declaration

FlagKind = Literal[
    "unsupported_scene",
    "weak_scene",
    "boilerplate",
    "kpi_arithmetic",
    "kpi_inconsistent",
    "kpi_no_baseline",
    "kpi_no_period",
    "kpi_implausible",
    "unsupported_statement",
    "contradiction",
    "outdated_name",
    "missing_section",
    "missing_attachment",
    "hidden_text",
    "instruction_to_reviewer",
    "confidentiality_marking",
    "duplicate_text",
    "unreadable_page",
]


class ClaimRef(Record):
    """Which claim a flag is about; ``index`` counts in the declaration's list, None for the document."""

    type: Literal["scene", "kpi", "statement", "document"]
    index: int | None = None


class Flag(Record):
    """Something a person should look at. ``author`` is ``rule`` or ``model:NAME``."""

    id: str
    kind: FlagKind
    severity: Severity
    claim: ClaimRef
    message: str
    suggestion: str = ""
    spans: tuple[Span, ...] = ()
    clauses: tuple[Clause, ...] = ()
    author: str = "rule"


class Problem(Record):
    """A stage that could not do its work; never silence."""

    stage: str
    message: str


class Manifest(Record):
    """Enough to repeat a run. ``started`` and ``seconds`` are the only fields that differ between runs."""

    input_sha256: str
    package_version: str
    policy_version: str
    rule_version: str
    model: str
    prompt_hashes: dict[str, str] = Field(default_factory=dict)
    settings_digest: str
    started: str
    seconds: Number
    tokens: dict[str, int] = Field(default_factory=dict)
    calls: tuple[dict[str, Any], ...] = ()


class Review(Record):
    """The whole result of the main job."""

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    declaration: Declaration
    checks: CheckReport
    flags: tuple[Flag, ...] = ()
    problems: tuple[Problem, ...] = ()
    manifest: Manifest

    @model_validator(mode="after")
    def _unique_flag_ids(self) -> Review:
        ids = [flag.id for flag in self.flags]
        if len(ids) != len(set(ids)):
            raise ValueError("flag ids must be unique within a review")
        return self
