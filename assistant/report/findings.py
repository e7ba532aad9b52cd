"""What a person has to look at, worst first: one list made of rule results and flags."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.labels import FLAG_KINDS, SEVERITIES, STATUSES, TOPICS, field_label, label
from assistant.records import Clause, Flag, Review, RuleResult, Span

# A flag of the kind names the very claims that the topic's result is about: the result then stays in the
# table of checks, and the list shows the flags, so that nobody triages the same fault twice.
_SAME_FAULT = {
    "kpi.arithmetic": "kpi_arithmetic",
    "kpi.consistency": "kpi_inconsistent",
    "kpi.plausibility": "kpi_implausible",
    "materials.sections": "missing_section",
    "materials.attachments": "missing_attachment",
}
_STATUS_RANK = {"fail": 0, "advisory": 3, "unknown": 5}
_SEVERITY_RANK = {"high": 1, "medium": 2, "low": 6}
# Text that tries to steer the reviewer comes before everything else: it changes how the rest is read.
_FIRST = {"instruction_to_reviewer", "hidden_text", "confidentiality_marking"}


@dataclass(frozen=True)
class Finding:
    """One thing to look at. ``grade`` is a status or a severity; ``key`` is unique within a review."""

    key: str
    source: str
    grade: str
    grade_label: str
    title: str
    message: str
    suggestion: str
    author: str
    clauses: tuple[Clause, ...]
    spans: tuple[Span, ...]
    rank: int


def findings(review: Review) -> tuple[Finding, ...]:
    """Return the findings, worst first; ties in the order of the document."""
    kinds = {flag.kind for flag in review.flags}
    shown = [
        _from_result(number, result)
        for number, result in enumerate(review.checks.results)
        if result.status in _STATUS_RANK and _SAME_FAULT.get(result.topic) not in kinds
    ]
    shown.extend(_from_flag(flag) for flag in review.flags)
    return tuple(sorted(shown, key=lambda f: (f.rank, f.spans[0].start if f.spans else -1, f.key)))


def place(span: Span, limit: int = 60) -> str:
    """Return a readable place: page where there is one, and the words, shortened in the middle."""
    words = " ".join(span.quote.split())
    if len(words) > limit:
        words = f"{words[: limit // 2]}……{words[-limit // 3 :]}"
    return f"第{span.page}页“{words}”" if span.page else f"“{words}”"


def _from_result(number: int, result: RuleResult) -> Finding:
    missing = "、".join(dict.fromkeys(map(field_label, result.missing)))
    suggestion = f"请在材料中写明：{missing}" if result.status == "unknown" and missing else ""
    return Finding(
        key=f"check-{number}",
        source="check",
        grade=result.status,
        grade_label=label(STATUSES, result.status),
        title=label(TOPICS, result.topic),
        message=result.message,
        suggestion=suggestion,
        author="rule",
        clauses=result.clauses,
        spans=result.spans,
        rank=_STATUS_RANK[result.status],
    )


def _from_flag(flag: Flag) -> Finding:
    rank = 0 if flag.kind in _FIRST and flag.severity == "high" else _SEVERITY_RANK[flag.severity]
    return Finding(
        key=f"flag-{flag.id}",
        source="flag",
        grade=flag.severity,
        grade_label=label(SEVERITIES, flag.severity),
        title=label(FLAG_KINDS, flag.kind),
        message=flag.message,
        suggestion=flag.suggestion,
        author=flag.author,
        clauses=flag.clauses,
        spans=flag.spans,
        rank=rank,
    )
