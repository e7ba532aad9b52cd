"""Chunks: the passages that are searched, each an exact span that is a whole clause or whole sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.document import Document
from assistant.index.outline import Place, opening
from assistant.index.units import sentences, units

# Characters of a passage of prose: long enough to hold a thought, short enough that its vector means
# something; a unit longer than this stays whole unless it has sentence or clause ends.
TARGET = 220
_CONTEXT_LIMIT = 120
_CONTEXT_HEADINGS = 4


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage: ``text[start:end]`` of ``document``.

    ``article`` is how the place is called, ``context`` the headings above it (searched, never quoted),
    ``scene`` the catalogue number where the passage is a scene.
    """

    document: str
    start: int
    end: int
    article: str = ""
    context: str = ""
    scene: int | None = None


def passages(document: Document, *, name: str | None = None) -> tuple[Chunk, ...]:
    """Return a submission's passages: whole sentences of one section, whole table rows, up to ``TARGET``."""
    return tuple(_passages(document, name or document.name))


def _passages(document: Document, name: str) -> Iterator[Chunk]:
    place = Place()
    title = ""
    columns = ""
    pending: list[tuple[int, int]] = []
    flush = _flusher(document.text, name)
    table: int | None = None
    for unit in units(document):
        line = document.text[unit.start : unit.end]
        if unit.kind == "skip":
            continue
        is_row = unit.kind in ("row", "header_row")
        opened = None if is_row else opening(line)
        if (
            unit.kind == "heading"
            or opened is not None
            or is_row != (table is not None)
            or table != unit.table
        ):
            yield from flush(pending, place.name, _headings(title, place, columns))
            pending, columns = [], ""
        table = unit.table if is_row else None
        if opened is not None:
            place.enter(
                opened.kind, opened.label, line[opened.after :].strip() if unit.kind == "heading" else ""
            )
        elif unit.kind == "heading" and not place.stack:
            title = line
        if unit.kind == "header_row":
            columns = " ".join(line.split("\t"))
        pieces = (
            [(unit.start, unit.end)] if is_row else sentences(document.text, unit.start, unit.end, TARGET * 2)
        )
        for piece in pieces:
            if pending and piece[1] - pending[0][0] > TARGET:
                yield from flush(pending, place.name, _headings(title, place, columns))
                pending = []
            pending.append(piece)
    yield from flush(pending, place.name, _headings(title, place, columns))


def _headings(title: str, place: Place, columns: str) -> str:
    parts = (title, *place.headings[-_CONTEXT_HEADINGS:], columns)
    return " ".join(part for part in parts if part)[:_CONTEXT_LIMIT]


def _flusher(text: str, name: str) -> Callable[[list[tuple[int, int]], str, str], Iterator[Chunk]]:
    def flush(pending: list[tuple[int, int]], article: str, context: str) -> Iterator[Chunk]:
        if pending and text[pending[0][0] : pending[-1][1]].strip():
            yield Chunk(name, pending[0][0], pending[-1][1], article, context)

    return flush
