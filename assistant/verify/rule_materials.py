"""Flags on missing sections and attachments, as the checks found them."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.records import FlagKind
from assistant.verify.case import DOCUMENT, Case, Draft

_TOPICS: dict[str, tuple[FlagKind, str]] = {
    "materials.sections": ("missing_section", "请按申报书模板补写缺少的章节。"),
    "materials.attachments": ("missing_attachment", "请补交缺少的附件，并在正文相应位置注明附件编号。"),
}


def material_flags(case: Case) -> Iterator[Draft]:
    """Yield a flag for each binding or soft requirement on materials that is not met."""
    for result in case.checks.results:
        if result.topic in _TOPICS and result.status in ("fail", "advisory"):
            kind, suggestion = _TOPICS[result.topic]
            severity = "high" if result.status == "fail" else "medium"
            yield Draft(kind, severity, result.message, suggestion, DOCUMENT, (), result.clauses)  # type: ignore[arg-type]
