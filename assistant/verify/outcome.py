"""What verification hands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.models.judgement import VerdictName
from assistant.records import Flag, Problem, Record


class Verdict(Record):
    """Whether evidence bears a claim out.

    ``quotes`` stand verbatim in the evidence. ``score`` is the probability, 0..1, that it does, so that
    claims can be ranked; ``problem`` says why a model that was asked has no part in the verdict.
    """

    verdict: VerdictName
    quotes: tuple[str, ...] = ()
    reason: str = ""
    author: str = "rule"
    score: float | None = None
    problem: str | None = None


@dataclass(frozen=True)
class FlagOutcome:
    """Flags of a declaration, what could not be done, and the model calls that were made."""

    flags: tuple[Flag, ...]
    problems: tuple[Problem, ...] = ()
    calls: tuple[Mapping[str, Any], ...] = ()
    prompt_hashes: Mapping[str, str] = field(default_factory=dict)
    tokens: Mapping[str, int] = field(default_factory=dict)
