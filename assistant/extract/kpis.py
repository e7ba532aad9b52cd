"""KPI statements of a document, in order of appearance (contract: "A KPI is every quantified statement …")."""

from __future__ import annotations

import re

from assistant.document import Document
from assistant.extract.kpi_filter import is_kpi
from assistant.extract.kpi_prose import Draft, drafts
from assistant.extract.kpi_text import Compact, compact
from assistant.extract.numbers import Quantity, common_unit
from assistant.extract.sentences import plan_scope, sentences
from assistant.records import KpiClaim


def find_kpis(document: Document, catalog: str = "2025") -> tuple[KpiClaim, ...]:
    """Return the KPI statements of ``document``, mapped to the KPI list of ``catalog``."""
    found: list[KpiClaim] = []
    text = document.text
    for piece in sentences(text):
        line = compact(text, piece.start, piece.end)
        for draft in drafts(line.text):
            if is_kpi(draft, line.text):
                found.append(_claim(document, line, draft, catalog))
    return tuple(found)


def _values(draft: Draft):
    b, c = draft.baseline, draft.current
    unit = None
    if b and c:
        both = common_unit(b, c)
        if both:
            return both
    q = c or b
    return (b.value if b else None, c.value if c else None, (q or draft.change).unit)


def _claim(document: Document, line: Compact, draft: Draft, catalog: str) -> KpiClaim:
    start, end = line.place(draft.start, draft.end)
    b, c, unit = _values(draft)
    return KpiClaim(
        catalog=catalog,
        as_written=document.text[start:end],
        baseline=b,
        current=c,
        stated_change=draft.change.value if draft.change else None,
        unit=unit,
        direction=draft.direction,
        plan=plan_scope(document.text, start, end),
        spans=(document.span(start, end),),
    )
