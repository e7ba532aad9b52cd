"""A document as read: one canonical text, with pages, blocks and hidden text beside it.

Made by ``ingest``; read by ``extract``, ``verify``, ``index`` and ``report``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from assistant.records import FormFacts, Problem, Quality, Span

BlockKind = Literal[
    "heading", "paragraph", "list_item", "table_row", "caption", "header", "footer", "footnote", "textbox"
]
HiddenReason = Literal[
    "white",
    "tiny",
    "off_page",
    "hidden_run",
    "zero_width",
    "invisible",
    "deleted",
    "comment",
    "property",
    "covered",
    "layer",
    "annotation",
]


@dataclass(frozen=True, slots=True)
class Page:
    """One page: ``number`` is 1-based, ``start``/``end`` are offsets, sizes are points."""

    number: int
    start: int
    end: int
    width: float | None = None
    height: float | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph-like piece of the text in reading order.

    ``cells`` holds (start, end) of each cell of a ``table_row``, empty cells included as zero-length;
    ``table`` counts tables in the document from 0, ``row`` counts rows from 0. ``header_row`` marks a
    row of column titles. ``level`` is the heading level from 1.
    """

    kind: BlockKind
    start: int
    end: int
    level: int | None = None
    table: int | None = None
    row: int | None = None
    cells: tuple[tuple[int, int], ...] = ()
    header_row: bool = False


@dataclass(frozen=True, slots=True)
class HiddenText:
    """Text that a reader of the page does not see; it is never part of the canonical text."""

    text: str
    reason: HiddenReason
    page: int | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page in points, origin top left."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True)
class Document:
    """What ``ingest`` hands on. Offsets everywhere are code points into ``text``.

    Blocks are in the order of the text, a line each; a block may hold forced line breaks. The cells of a
    ``table_row`` are parted by tabs, one for every grid column. Wrapped lines and sentences over a page break
    are joined. Headers, footers and page numbers are blocks of their own, at the last block boundary of
    their page (in a format without pages: at the end, each once). Text is never normalised to other
    characters, save that look-alike radicals from PDF fonts become the characters they show, and that
    invisible characters leave it for ``hidden``.
    """

    name: str
    sha256: str
    media_type: str
    text: str
    pages: tuple[Page, ...] = ()
    blocks: tuple[Block, ...] = ()
    hidden: tuple[HiddenText, ...] = ()
    quality: Quality = field(default_factory=Quality)
    form: FormFacts | None = None
    problems: tuple[Problem, ...] = ()
    find_boxes: Callable[[Document, int, int], tuple[Box, ...]] | None = field(
        default=None, repr=False, compare=False
    )

    def page_at(self, offset: int) -> int | None:
        """Return the 1-based page that holds ``offset``, None for a document without pages."""
        if not self.pages:
            return None
        index = bisect_right([page.start for page in self.pages], offset) - 1
        return self.pages[max(index, 0)].number

    def span(self, start: int, end: int) -> Span:
        """Return the exact span of ``text[start:end]``.

        Raises:
            ValueError: the offsets lie outside the text or are empty.
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"span {start}:{end} lies outside a text of {len(self.text)} characters")
        return Span(page=self.page_at(start), start=start, end=end, quote=self.text[start:end])

    def boxes(self, span: Span) -> tuple[Box, ...]:
        """Return the rectangles that cover ``span``, one a line and page; empty where there is no layout."""
        return self.find_boxes(self, span.start, span.end) if self.find_boxes else ()
