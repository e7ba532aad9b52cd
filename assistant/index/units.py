"""Cut a text into the pieces that must stay whole: headings, sentences, table rows.

Offsets are code points into the text, half-open; a unit never begins or ends with blank space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.document import Document

_END = re.compile(r"[。！？!?]+[”’」』）)】》\"']*|……+|\n")
_SOFT_END = re.compile(r"[；;][”’」』）)】》\"']*")
# A wrapped line is at least this wide; shorter lines end where their author ended them.
_WRAP_WIDTH = 22
_HEADING_LIMIT = 40
_STOPS = "。！？!?；;：:，,、"
_LIST_MARK = re.compile(
    r"\s*(?:[-*•●■□☑√]|[（(]?[一二三四五六七八九十\d]{1,3}[)）、．.]|第[一二三四五六七八九十]+[章条节]|附)"
)

Kind = Literal["heading", "text", "row", "header_row", "skip"]


@dataclass(frozen=True, slots=True)
class Unit:
    """One line, paragraph or table row of the text; ``table`` tells tables apart."""

    kind: Kind
    start: int
    end: int
    table: int | None = None


def units(document: Document) -> tuple[Unit, ...]:
    """Return the units of a document: its blocks where it has them, else its lines."""
    if document.blocks:
        return tuple(_from_blocks(document))
    return tuple(from_lines(document.text))


def _from_blocks(document: Document) -> Iterator[Unit]:
    reached = 0
    for block in document.blocks:
        # What lies between blocks is text all the same and must be found.
        yield from from_lines(document.text, reached, block.start)
        reached = max(reached, block.end)
        trimmed = _trim(document.text, block.start, block.end)
        if trimmed is None:
            continue
        if block.kind == "table_row":
            yield Unit("header_row" if block.header_row else "row", *trimmed, table=block.table)
        elif block.kind in ("header", "footer"):
            yield Unit("skip", *trimmed)
        else:
            yield Unit("heading" if block.kind == "heading" else "text", *trimmed)
    yield from from_lines(document.text, reached, len(document.text))


def from_lines(text: str, start: int = 0, stop: int | None = None) -> Iterator[Unit]:
    """Yield a unit a line; a line with tabs is a table row, the first of its table the header."""
    stop = len(text) if stop is None else stop
    table = 0
    in_table = False
    while start < stop:
        newline = text.find("\n", start, stop)
        end = stop if newline < 0 else newline
        trimmed = _trim(text, start, end)
        start = end + 1
        if trimmed is None:
            continue
        is_row = "\t" in text[slice(*trimmed)]
        if is_row:
            table += not in_table
            header = not in_table and text.startswith(("序号", "等级"), trimmed[0])
            yield Unit("header_row" if header else "row", *trimmed, table=table)
        else:
            kind: Kind = "heading" if is_heading(text[slice(*trimmed)]) else "text"
            yield Unit(kind, *trimmed)
        in_table = is_row


def is_heading(line: str) -> bool:
    """Say whether a line only names what follows: short, and not ended like a sentence."""
    return len(line) <= _HEADING_LIMIT and line[-1] not in _STOPS and "。" not in line


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def sentences(text: str, start: int, end: int, limit: int | None = None) -> list[tuple[int, int]]:
    """Return the sentences of ``text[start:end]``; a line break that only wraps a line does not end one.

    A sentence longer than ``limit`` is parted at semicolons, where Chinese enumerations are.
    """
    found: list[tuple[int, int]] = []
    begin = start
    for match in _END.finditer(text, start, end):
        if match.group() == "\n" and _is_wrap(text, match.start(), end):
            continue
        if piece := _trim(text, begin, match.end()):
            found.append(piece)
        begin = match.end()
    if piece := _trim(text, begin, end):
        found.append(piece)
    if limit is None:
        return found
    return [part for piece in found for part in _part(text, *piece, limit)]


def _part(text: str, start: int, end: int, limit: int) -> Iterator[tuple[int, int]]:
    if end - start <= limit:
        yield start, end
        return
    begin = start
    for match in _SOFT_END.finditer(text, start, end):
        if match.end() - begin >= limit // 2 and (piece := _trim(text, begin, match.end())):
            yield piece
            begin = match.end()
    if piece := _trim(text, begin, end):
        yield piece


def _is_wrap(text: str, newline: int, end: int) -> bool:
    line = text[text.rfind("\n", 0, newline) + 1 : newline].rstrip()
    following = text[newline + 1 : end]
    if len(line) < _WRAP_WIDTH or not following.strip() or "\t" in line:
        return False
    return line[-1] not in "。！？!?；;：:" and not _LIST_MARK.match(following)
