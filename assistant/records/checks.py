"""The check report: one verdict a rule, with the clauses beside it."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812  (as in the declaration record)
from typing import Literal

from pydantic import ConfigDict, Field

from assistant.records.base import SCHEMA_VERSION, Record, Span, Status, Tier


class Clause(Record):
    """A verbatim quote from a policy document; ``article`` says where in it."""

    document: str
    article: str
    quote: str


class RuleResult(Record):
    """One rule's verdict. ``missing`` names the record fields that an ``unknown`` lacks."""

    rule: str
    topic: str
    status: Status
    required: str
    observed: str
    message: str
    missing: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()
    spans: tuple[Span, ...] = ()


class PolicyContext(Record):
    """Which policy a report stands on. None: not known, and the message says what was assumed."""

    jurisdiction: str | None = None
    tier: Tier | None = None
    as_of: Date | None = None
    catalog: str | None = None
    version: str | None = None


class CheckSummary(Record):
    """How many rule results have each status."""

    # ``pass`` is a Python keyword, hence the alias; JSON always says ``pass``.
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)

    passed: int = Field(default=0, alias="pass")
    fail: int = 0
    advisory: int = 0
    unknown: int = 0
    not_applicable: int = 0


class CheckReport(Record):
    """The deterministic tier checks."""

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    policy: PolicyContext
    results: tuple[RuleResult, ...]
    summary: CheckSummary
