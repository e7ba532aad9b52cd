"""KPI statements of a document, in order of appearance.

Contract: every quantified statement of an effect or a level of manufacturing capability or benefit,
each time it is made; not revenue, investment, head counts, numbers of machines, dates, industry
statistics. Conventions where the contract leaves a choice:

- a range gives its lower bound (节能20%~30% is 20); 三成 is 30 %, 一半 50 %, 三分之一 33.33 %;
- 翻倍 and 翻一番 are a change of 1 倍; 提高到原来的3倍 is a level of 3 倍;
- 万 and 亿 stay with the unit (1.2万件 is 1.2 with unit 万件) unless two units of a statement differ;
- revenue in other words than the list's own 销售增长率 is no KPI;
- plans are given with ``plan`` true.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.document import Document
from assistant.extract.furniture import running_text
from assistant.extract.kpi_claims import Said, make_claim
from assistant.extract.kpi_filter import is_kpi
from assistant.extract.kpi_prose import drafts
from assistant.extract.kpi_rows import Table, tables_of
from assistant.extract.kpi_tables import table_drafts
from assistant.extract.kpi_text import compact
from assistant.extract.sentences import Piece, plan_scope, sentences
from assistant.records import KpiClaim

# How far before a statement its period is looked for, in characters.
_PERIOD_REACH = 200


def find_kpis(document: Document, catalog: str = "2025") -> tuple[KpiClaim, ...]:
    """Return the KPI statements of ``document``, mapped to the KPI list of ``catalog`` ("2024" or "2025")."""
    found: list[KpiClaim] = []
    taken: list[Piece] = []
    for table in tables_of(document):
        found.extend(_from_table(document, table, catalog))
        taken.append(Piece(table.rows[0][0][0], table.rows[-1][-1][1]))
    text = running_text(document)
    for piece in _free(text, taken):
        found.extend(_from_prose(document, text, piece, catalog))
    return tuple(sorted(found, key=lambda claim: (claim.spans[0].start, claim.spans[0].end)))


def _free(text: str, taken: list[Piece]) -> Iterator[Piece]:
    """Yield the stretches of the text that no table covers."""
    at = 0
    for edge in sorted(taken):
        if edge.start > at:
            yield Piece(at, edge.start)
        at = max(at, edge.end)
    if at < len(text):
        yield Piece(at, len(text))


def _from_prose(document: Document, text: str, stretch: Piece, catalog: str) -> Iterator[KpiClaim]:
    for piece in sentences(text, stretch.start, stretch.end):
        line = compact(text, piece.start, piece.end)
        for draft in drafts(line.text):
            if is_kpi(draft, line.text):
                place = line.place(draft.start, draft.end)
                said = Said(
                    place,
                    plan_scope(text, *place),
                    line.text[max(draft.end - _PERIOD_REACH, 0) : draft.end],
                )
                yield make_claim(document, draft, said, catalog)


def _from_table(document: Document, table: Table, catalog: str) -> Iterator[KpiClaim]:
    rows, prose = table_drafts(document.text, table)
    for row in rows:
        planned = row.plan or plan_scope(document.text, *row.place)
        yield make_claim(document, row.draft, Said(row.place, planned, row.period), catalog)
    for cell in prose:
        yield from _from_prose(document, document.text, Piece(*cell), catalog)
