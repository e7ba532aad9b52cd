"""Pages become the document's blocks.

A sentence that runs on over a page break stays one block. Headers, footers and page numbers are blocks of
their own at the last block boundary of their page, so they never stand inside a running sentence.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.document import BlockKind
from assistant.ingest.build import TextBuilder
from assistant.ingest.outline import classify, header_like
from assistant.ingest.pdf import furniture
from assistant.ingest.pdf.chars import PAGE
from assistant.ingest.pdf.flow import Margins, Paragraph, continues, joined, margins
from assistant.ingest.pdf.lines import Line
from assistant.ingest.pdf.pages import PageLayout, Part
from assistant.ingest.pdf.tables import Frame, Row, Table, cell_text, mend_rows, row_text, same_columns

_BIG = 1.12
_TITLE = 1.3
_MAX_TITLE = 60


@dataclass(slots=True)
class _Going:
    """The table that the last page ended with."""

    columns: tuple[float, ...] = ()
    number: int = -1
    rows: int = 0
    header: str = ""


class Composer:
    """Writes pages into a builder and keeps where every character was drawn.

    ``references`` runs beside the canonical text; ``starts`` says where each page's text begins.
    """

    def __init__(self, builder: TextBuilder, pages: Sequence[PageLayout]) -> None:
        self._builder = builder
        self._pages = pages
        self.references: array[int] = array("q")
        self.starts: dict[int, int] = {}
        self._open: list[Line] = []
        self._margins = Margins(0.0, 0.0)
        self._body = _body_size(pages)
        self._tables = 0
        self._going = _Going()
        self._waiting: list[tuple[BlockKind, Paragraph]] = []

    def write(self) -> None:
        """Write all pages."""
        frees = [([p for p in page.parts if isinstance(p, Line)], page.height) for page in self._pages]
        edges = furniture.find(frees)
        bodies = [
            [part for part in page.parts if id(part) not in edge]
            for page, edge in zip(self._pages, edges, strict=True)
        ]
        mend_rows(bodies)
        for page, edge, parts in zip(self._pages, edges, bodies, strict=True):
            self._page(page, edge, parts)
        self._flush()
        self._furniture()

    def _page(self, page: PageLayout, edge: dict[int, BlockKind], parts: list[Part]) -> None:
        lines = [part for part in parts if isinstance(part, Line)]
        here = margins(lines, page.width)
        first = parts[0] if parts else None
        if not isinstance(first, Line) or not self._goes_on(first, here):
            self._flush()
        self._furniture()
        for at, part in enumerate(parts):
            if isinstance(part, Line):
                self._line(part, here)
            elif isinstance(part, Table):
                self._table(part, first=at == 0, last=at == len(parts) - 1)
            else:
                self._frame(part)
        self._waiting = [
            (edge[id(p)], joined([p])) for p in page.parts if isinstance(p, Line) and id(p) in edge
        ]
        self._waiting += [("textbox", joined([line])) for line in page.aside]

    def _furniture(self) -> None:
        for kind, paragraph in self._waiting:
            self._put(paragraph, kind)
        self._waiting = []

    def _goes_on(self, line: Line, here: Margins) -> bool:
        if not self._open:
            return False
        return continues(self._open[-1], line, self._open[0], (self._margins, here))

    def _line(self, line: Line, here: Margins) -> None:
        if not line.text.strip():
            return
        if not self._goes_on(line, here):
            self._flush()
        self._open.append(line)
        self._margins = here

    def _frame(self, frame: Frame) -> None:
        """Write running text inside a box, whose edges are its margins."""
        self._flush()
        left = min((line.x0 for line in frame.lines), default=frame.x0)
        here = Margins(left, frame.x1 - min(max(left - frame.x0, 2.0), 20.0))
        for line in frame.lines:
            self._line(line, here)
        self._flush()

    def _flush(self) -> None:
        if self._open:
            self._put(joined(self._open))
        self._open = []

    def _kind(self, paragraph: Paragraph) -> tuple[BlockKind, int | None]:
        text = paragraph.text
        bigger = paragraph.size >= _BIG * self._body
        kind, level = classify(text, emphasised=bigger or paragraph.bold)
        short = len(text) <= _MAX_TITLE and text[-1:] not in "。；，,;：:"
        if kind == "paragraph" and short and paragraph.size >= _TITLE * self._body:
            return "heading", 1 if paragraph.size >= 1.6 * self._body else 2
        return kind, level

    def _put(self, paragraph: Paragraph, kind: BlockKind | None = None) -> None:
        found, level = (kind, None) if kind else self._kind(paragraph)
        start = self._builder.add(found, paragraph.text, level)
        if start is not None:
            begin = len(paragraph.text) - len(paragraph.text.lstrip(" \t\n\u3000\xa0"))
            self._refer(start, paragraph.places[begin : begin + self._builder.length - start])

    def _refer(self, start: int, places: Sequence[int]) -> None:
        """Note where the characters from ``start`` on were drawn."""
        self.references.extend([-1] * (start - len(self.references)))
        self.references.extend(places)
        pages = sorted({places[0] // PAGE, places[-1] // PAGE} - {-1}) if places else []
        if len(pages) == 1:
            self.starts.setdefault(pages[0], start)
            return
        for offset, place in enumerate(places):
            if place >= 0:
                self.starts.setdefault(place // PAGE, start + offset)

    def _table(self, table: Table, first: bool, last: bool) -> None:
        self._flush()
        going = self._going
        header = row_text(table.rows[0]) if table.rows else ""
        again = bool(header) and header == going.header
        if not (first and (again or same_columns(going.columns, table.columns))):
            going = _Going(table.columns, self._tables, 0, header)
            self._tables += 1
        for at, row in enumerate(table.rows):
            self._row(row, going, again=at == 0 and going.rows > 0 and header == going.header)
        self._going = going if last else _Going()

    def _row(self, row: Row, going: _Going, again: bool) -> None:
        cells = [cell_text(paragraphs) for paragraphs in row.cells]
        texts = [text for text, _ in cells]
        header = again or (going.rows == 0 and header_like(texts))
        start = self._builder.add_row(texts, going.number, going.rows, header)
        if start is None:
            return
        going.rows += 1
        places: list[int] = []
        for at, (_, mine) in enumerate(cells):
            places += ([-1] if at else []) + mine
        self._refer(start, places)


def _body_size(pages: Sequence[PageLayout]) -> float:
    """Return the size that most characters are set in."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for (_, size), weight in page.fonts.items():
            sizes[size] += weight
    return max(sizes.items(), key=lambda item: (item[1], -item[0]), default=(12.0, 0))[0]
