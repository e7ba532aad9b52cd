"""Headers, footers and page numbers: what stands at the same place on many pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from assistant.document import BlockKind
from assistant.ingest.pdf.lines import Line

_BAND = 0.12
_NUMBER = re.compile(
    r"[-—–~·\s]*(?:第\s*)?(?:\d{1,4}|[ivxlcIVXLC]{1,6}|[一二三四五六七八九十百]{1,4})(?:\s*页)?"
    r"(?:\s*[/／,，共]+\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–~·\s]*"
)
_DIGITS = re.compile(r"\d+|[ivxlc]+(?=\W|$)")
_PLACE = 6.0
_DISTANCE = 1.25


def _edges(lines: list[Line], height: float) -> Iterator[tuple[Line, BlockKind]]:
    """Yield the outermost lines of a page that stand apart from the lines after them."""
    ordered = sorted(lines, key=lambda line: line.base)
    steps = sorted(b.base - a.base for a, b in pairwise(ordered) if b.base - a.base > 1)
    pitch = steps[len(steps) // 2] if steps else 0.0
    top = [line for line in ordered[:3] if line.y1 < _BAND * height]
    yield from ((line, "header") for line in _apart(top, ordered, pitch))
    bottom = [line for line in ordered[::-1][:3] if line.y0 > (1 - _BAND) * height]
    yield from ((line, "footer") for line in _apart(bottom, ordered[::-1], pitch))


def _apart(candidates: list[Line], ordered: list[Line], pitch: float) -> list[Line]:
    """Return the candidates up to the last that keeps its distance from (or is smaller than) the body."""
    keep = 0
    for at, line in enumerate(candidates):
        following = ordered[at + 1] if at + 1 < len(ordered) else None
        if (
            following is None
            or abs(following.base - line.base) > _DISTANCE * pitch
            or following.size > 1.1 * line.size
        ):
            keep = at + 1
    return candidates[:keep]


def _key(line: Line, kind: BlockKind) -> tuple[BlockKind, str, int]:
    return kind, _DIGITS.sub("#", "".join(line.text.split())), round(line.base / _PLACE)


def find(pages: list[tuple[list[Line], float]]) -> list[dict[int, BlockKind]]:
    """Return for each page which lines (by ``id``) are header or footer.

    Args:
        pages: each page's free lines and height.
    """
    edges = [list(_edges(lines, height)) for lines, height in pages]
    seen: Counter[tuple[BlockKind, str, int]] = Counter()
    for page in edges:
        seen.update({_key(line, kind) for line, kind in page})
    enough = 2 if len(pages) < 3 else 3
    found: list[dict[int, BlockKind]] = []
    for (_, height), page in zip(pages, edges, strict=True):
        mine: dict[int, BlockKind] = {}
        for line, kind in page:
            near = sum(
                seen[(key, text, at + step)] for key, text, at in [_key(line, kind)] for step in (-1, 0, 1)
            )
            if near >= enough or _page_number(line, kind, height):
                mine[id(line)] = kind
        found.append(mine)
    return found


def _page_number(line: Line, kind: BlockKind, height: float) -> bool:
    """Tell a page number by its form and its place at the very edge."""
    text = line.text.strip()
    outer = line.y0 > 0.91 * height if kind == "footer" else line.y1 < 0.07 * height
    return outer and len(text) <= 16 and bool(_NUMBER.fullmatch(text))
