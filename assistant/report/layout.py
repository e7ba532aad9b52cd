"""A document's text as HTML blocks with highlighted spans."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

from markupsafe import Markup, escape

from assistant.document import Block, Document
from assistant.records import Span

_TAGS = {"heading": "h3", "list_item": "p", "caption": "p", "header": "p", "footer": "p"}


class Highlighter:
    """Cuts text at span borders; a piece under several findings carries all their keys."""

    def __init__(self, text: str, marks: Iterable[tuple[str, Span]]) -> None:
        self._text = text
        self._marks = sorted({(s.start, s.end, key) for key, s in marks})
        self._borders = sorted({b for start, end, _ in self._marks for b in (start, end)})

    def html(self, start: int, end: int) -> Markup:
        """Return ``text[start:end]`` escaped, with ``<mark data-f="keys">`` around highlighted pieces."""
        first = bisect_left(self._borders, start + 1)
        last = bisect_left(self._borders, end)
        cuts = [start, *self._borders[first:last], end]
        return Markup("").join(self._piece(a, b) for a, b in pairwise(cuts) if a < b)

    def _piece(self, start: int, end: int) -> Markup:
        keys = [key for a, b, key in self._marks if a < end and start < b]
        words = escape(self._text[start:end])
        return Markup('<mark data-f="{}">{}</mark>').format(" ".join(keys), words) if keys else words


def document_html(document: Document, marks: Iterable[tuple[str, Span]]) -> Markup:
    """Return the whole text as HTML: headings, paragraphs, tables, page dividers, highlights."""
    painter = Highlighter(document.text, marks)
    parts: list[Markup] = []
    page: int | None = None
    for _table, group in groupby(
        _pieces(document), key=lambda block: (block.table, block.kind == "table_row")
    ):
        blocks = list(group)
        current = document.page_at(blocks[0].start)
        if current != page:
            parts.append(Markup('<div class="page" id="page-{0}">第 {0} 页</div>').format(current))
            page = current
        is_table = blocks[0].kind == "table_row"
        parts += [_table_html(painter, blocks)] if is_table else [_block_html(painter, b) for b in blocks]
    return Markup("\n").join(parts)


def _pieces(document: Document) -> Iterator[Block]:
    """Yield the blocks in order, and what lies between them as paragraphs: no character is left out."""
    position = 0
    for block in sorted(document.blocks, key=lambda b: (b.start, -b.end)):
        if block.start < position:
            continue
        yield from _gap(document.text, position, block.start)
        yield block
        position = block.end
    yield from _gap(document.text, position, len(document.text))


def _gap(text: str, start: int, end: int) -> Iterator[Block]:
    if text[start:end].strip():
        yield Block("paragraph", start, end)


def _block_html(painter: Highlighter, block: Block) -> Markup:
    tag = _TAGS.get(block.kind, "p")
    return Markup('<{0} class="{1}">{2}</{0}>').format(tag, block.kind, painter.html(block.start, block.end))


def _table_html(painter: Highlighter, rows: list[Block]) -> Markup:
    out: list[Markup] = []
    for row in rows:
        tag = "th" if row.header_row else "td"
        cells = row.cells or ((row.start, row.end),)
        cell = Markup("").join(Markup("<{0}>{1}</{0}>").format(tag, painter.html(a, b)) for a, b in cells)
        out.append(Markup("<tr>{}</tr>").format(cell))
    return Markup("<table>{}</table>").format(Markup("\n").join(out))
