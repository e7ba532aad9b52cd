"""The text as the field readers see it: folded paragraphs and cells that remember their places.

Folding narrows full-width letters and digits and drops blanks, so that ``企 业 名 称`` and a name that is
wrapped over two lines read like any other; every folded character keeps its offset in the canonical
text, so that a span is exact whatever was folded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from assistant.document import Block, BlockKind, Document

_SENTENCE = re.compile(r"[^。！？!?;]+[。！？!?;]?")
_CLAUSE = re.compile(r"[^,。！？!?;:]+(?:,(?=\d{3}(?!\d))[^,。！？!?;:]*)*")
_SKIPPED: frozenset[BlockKind] = frozenset({"header", "footer"})


@lru_cache(maxsize=8192)
def _narrow(char: str) -> str:
    """Return the compatibility form of one character where that is one character too."""
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 else char


def fold(text: str) -> str:
    """Return ``text`` narrowed and without blanks."""
    return "".join(_narrow(char) for char in text if not char.isspace())


@dataclass(frozen=True)
class Passage:
    """A paragraph or a cell: ``text[i]`` stands at ``offsets[i]`` of the canonical text."""

    text: str
    offsets: tuple[int, ...]
    kind: BlockKind
    block: int

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the canonical offsets of ``text[start:end]`` (which must not be empty)."""
        return self.offsets[start], self.offsets[end - 1] + 1


@dataclass(frozen=True)
class Clause:
    """A stretch of a passage: ``passage.text[start:end]``."""

    passage: Passage
    start: int
    end: int

    @cached_property
    def text(self) -> str:
        """The folded words."""
        return self.passage.text[self.start : self.end]

    def place(self, start: int = 0, end: int | None = None) -> tuple[int, int]:
        """Return canonical offsets of a part of this stretch."""
        stop = self.end if end is None else self.start + end
        return self.passage.place(self.start + start, stop)

    def clauses(self) -> tuple[Clause, ...]:
        """Return what stands between commas, colons and sentence ends."""
        return tuple(
            Clause(self.passage, match.start(), match.end())
            for match in _CLAUSE.finditer(self.passage.text, self.start, self.end)
        )


def passage(document: Document, start: int, end: int, kind: BlockKind, block: int = 0) -> Passage:
    """Fold ``document.text[start:end]``."""
    kept = [at for at in range(start, end) if not document.text[at].isspace()]
    return Passage("".join(_narrow(document.text[at]) for at in kept), tuple(kept), kind, block)


def blocks(document: Document) -> tuple[Block, ...]:
    """Return the document's blocks, or one a line where it has none."""
    if document.blocks or not document.text:
        return document.blocks
    found, at = [], 0
    for line in document.text.split("\n"):
        if line.strip():
            found.append(Block("paragraph", at, at + len(line)))
        at += len(line) + 1
    return tuple(found)


@dataclass(frozen=True)
class Reading:
    """A document with its passages folded once."""

    document: Document

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks, synthesised where ingest gave none."""
        return blocks(self.document)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Paragraphs and table cells in order; running headers and footers left out."""
        return tuple(self._passages())

    def _passages(self) -> Iterator[Passage]:
        for index, block in enumerate(self.blocks):
            if block.kind in _SKIPPED:
                continue
            seen: set[tuple[int, int]] = set()
            for start, end in block.cells or ((block.start, block.end),):
                if (start, end) in seen or start >= end:
                    continue
                seen.add((start, end))
                folded = passage(self.document, start, end, block.kind, index)
                if folded.text:
                    yield folded

    @cached_property
    def sentences(self) -> tuple[Clause, ...]:
        """Every sentence (。！？； end one) in order."""
        return tuple(
            Clause(piece, match.start(), match.end())
            for piece in self.passages
            for match in _SENTENCE.finditer(piece.text)
        )

    def clean(self, start: int, end: int) -> str:
        """Return ``text[start:end]`` as a value."""
        return self.tidy(self.document.text[start:end])

    @staticmethod
    def tidy(text: str) -> str:
        """Return words as a value: letters and digits narrowed, blanks in Chinese dropped."""
        chars = (
            narrow if (narrow := _narrow(char)).isascii() and narrow.isalnum() else char for char in text
        )
        words = " ".join("".join(chars).split())
        return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", words)
