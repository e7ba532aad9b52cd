"""Headers, footers and page numbers: what stands at the same place on many pages."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal

from assistant.document import BlockKind
from assistant.ingest.pdf.lines import Line

Side = Literal["header", "footer"]
_SIDES: tuple[Side, Side] = ("header", "footer")
_BAND = 0.12
_MOST = 3
_NUMBER = re.compile(
    r"[-—–~·\s]*(?:第\s*)?(?:\d{1,4}|[ivxlcIVXLC]{1,6}|[一二三四五六七八九十百]{1,4})(?:\s*页)?"
    r"(?:\s*[/／,，共]+\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–~·\s]*"
)
_DIGITS = re.compile(r"\d+|[ivxlc]+(?=\W|$)")
_PLACE = 6.0
_DISTANCE = 1.25
_AROUND = 4

_Key = tuple[Side, str, int]


def _key(line: Line, side: Side) -> _Key:
    return side, _DIGITS.sub("#", "".join(line.text.split())), round(line.base / _PLACE)


def _from_edge(lines: list[Line], side: Side) -> list[Line]:
    """Return a page's lines from its upper or lower edge inwards: those that may be furniture and one more."""
    ordered = sorted(lines, key=lambda line: line.base, reverse=side == "footer")
    return ordered[: _MOST + 1]


def find(pages: list[tuple[list[Line], float]]) -> list[dict[int, BlockKind]]:
    """Return for each page which lines (by ``id``) are header or footer.

    Args:
        pages: each page's free lines and height.
    """
    seen: dict[_Key, set[int]] = {}
    for number, (lines, _) in enumerate(pages):
        for key in {_key(line, side) for side in _SIDES for line in _from_edge(lines, side)}:
            seen.setdefault(key, set()).add(number)
    found: list[dict[int, BlockKind]] = []
    for number, (lines, height) in enumerate(pages):
        mine: dict[int, BlockKind] = {}
        for side in _SIDES:
            edge = _from_edge(lines, side)
            often = [_times(seen, _key(line, side), number) for line in edge]
            count = _count(edge, often, _pitch(lines), 2 if len(pages) < 3 else 3)
            while count and not all(_in_band(line, side, height) for line in edge[:count]):
                count -= 1
            numbers = [line for line in edge[count:_MOST] if _page_number(line, side, height)]
            mine.update({id(line): side for line in [*edge[:count], *numbers]})
        found.append(mine)
    return found


def _times(seen: dict[_Key, set[int]], key: _Key, number: int) -> int:
    """Return on how many of the pages around ``number`` a line stands at about this place."""
    side, text, place = key
    pages = set().union(*(seen.get((side, text, place + step), ()) for step in (-1, 0, 1)))
    return sum(1 for page in pages if abs(page - number) <= _AROUND)


def _count(edge: list[Line], often: list[int], pitch: float, enough: int) -> int:
    """Return how many of a page's outermost lines are furniture.

    Pages may be alike all over; furniture is told from their text in that it keeps its distance, or comes
    back far more often than what follows it.
    """
    for count in range(min(_MOST, len(edge)), 0, -1):
        if min(often[:count]) < enough:
            continue
        if count == len(edge):
            return count
        last, following = edge[count - 1], edge[count]
        apart = abs(following.base - last.base) > _DISTANCE * pitch or following.size > 1.1 * last.size
        if apart or min(often[:count]) >= 2 * often[count]:
            return count
    return 0


def _pitch(lines: list[Line]) -> float:
    ordered = sorted(line.base for line in lines)
    steps = sorted(two - one for one, two in pairwise(ordered) if two - one > 1)
    return steps[len(steps) // 2] if steps else 0.0


def _in_band(line: Line, side: Side, height: float) -> bool:
    return line.y1 < _BAND * height if side == "header" else line.y0 > (1 - _BAND) * height


def _page_number(line: Line, side: Side, height: float) -> bool:
    """Tell a page number by its form and its place at the very edge."""
    text = line.text.strip()
    outer = line.y0 > 0.91 * height if side == "footer" else line.y1 < 0.07 * height
    return outer and len(text) <= 16 and bool(_NUMBER.fullmatch(text))
