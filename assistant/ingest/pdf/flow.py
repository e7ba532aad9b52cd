"""Lines become paragraphs: wrapped lines are joined where a sentence plainly goes on.

The decision is the layout's alone: the line ends near the right margin, the next one begins at the left
margin without the number of a list item, in the same size, no further down than a line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median_low

from assistant.document import BlockKind
from assistant.ingest.outline import list_marker
from assistant.ingest.pdf.lines import Line

_SLACK = 2.3
ENDS = "。！？；：!?"
_CLUSTER = re.compile(r"(?:[!-~]+|.)(?:[，。、；：！？）》〉」』】〕”’％℃…—]+[!-~]*)?")
_CODE = re.compile(r"[A-Z\d]+$")
_LONG_CODE = 10
_MOSTLY = 0.55
_SAME_SIZE = 0.12
_APART = 1.12


@dataclass(slots=True)
class Paragraph:
    """One block of text; ``places`` runs beside ``text``: the page and number of each character (see ``chars.PAGE``)."""

    text: str
    places: list[int]
    size: float = 0.0
    bold: bool = False
    kind: BlockKind | None = None


@dataclass(frozen=True, slots=True)
class Margins:
    """Where running text begins and ends, and how a page parts its paragraphs.

    ``chars``: length of the lines of a text wrapped by count; ``pitch``: from one line of a paragraph to the
    next; ``spaced``: paragraphs stand further apart than lines; ``indented``: first lines are indented.
    """

    left: float
    right: float
    chars: int = 0
    pitch: float = 0.0
    spaced: bool = False
    indented: bool = False


def margins(lines: Iterable[Line], width: float) -> Margins:
    """Return the text's margins as most long lines of a page show them."""
    every = list(lines)
    long = [line for line in every if len(line.text) >= 12] or every
    if not long:
        return Margins(0.0, width)
    left = min(line.x0 for line in long)
    right = max(line.x1 for line in long)
    near = sum(1 for line in long if right - line.x1 < _SLACK * line.size)
    counts = Counter(len(line.text) for line in every if len(line.text) >= 20)
    length, often = max(counts.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    wrapped = length if often >= 4 and often * 3 >= len(every) and length == max(counts) else 0
    plausible = width - right < 1.8 * left + 24
    page = Margins(left, right if near >= 3 or plausible else width, wrapped)
    return _habits(every, page)


def _habits(lines: list[Line], page: Margins) -> Margins:
    """Return the margins with how the page parts its paragraphs, told by the lines after short lines."""
    inside: list[float] = []
    between: list[float] = []
    shifts: list[bool] = []
    for current, following in pairwise(lines):
        gap = following.base - current.base
        if not 0 < gap < 3 * current.size or abs(following.size - current.size) > _SAME_SIZE * current.size:
            continue
        if _full(current, following.text.strip(), page):
            if current.text.rstrip()[-1:] not in ENDS:
                inside.append(gap)
        elif not list_marker(following.text.strip()):
            between.append(gap)
            shifts.append(following.x0 - page.left > 1.2 * following.size)
    pitch = median_low(inside) if inside else 0.0
    spaced = bool(inside and between) and median_low(between) > _APART * pitch
    return replace(page, pitch=pitch, spaced=spaced, indented=bool(shifts) and sum(shifts) * 2 > len(shifts))


def _full(line: Line, following: str, page: Margins) -> bool:
    """Tell whether a line ends where the margin, not the writer, ended it."""
    if len(line.text) == page.chars > 0:
        return True
    room = page.right - line.x1
    if room <= _SLACK * line.size:
        return True
    filled = line.x1 - page.left > _MOSTLY * (page.right - page.left)
    return filled and room <= (_SLACK - 1 + unbroken(following)) * line.size


def unbroken(text: str) -> float:
    """Return the width, in ems, of what must stand together at the beginning of a line."""
    match = _CLUSTER.match(text)
    cluster = match.group() if match else text[:1]
    return min(sum(0.5 if char.isascii() else 1.0 for char in cluster), 20.0)


def continues(current: Line, following: Line, first: Line, page: tuple[Margins, Margins]) -> bool:
    """Tell whether ``following`` carries on the sentence of ``current`` in the paragraph begun by ``first``.

    Args:
        current: the last line so far.
        following: the next line.
        first: the paragraph's first line.
        page: the margins of the two lines' pages.
    """
    here, there = page
    size = current.size
    text = following.text.strip()
    if not _full(current, text, here) or abs(following.size - size) > _SAME_SIZE * size or list_marker(text):
        return False
    gap = following.base - current.base if following.page == current.page else 0.0
    if gap > (min(_APART * here.pitch, 2.6 * size) if here.spaced else 2.6 * size):
        return False
    shift = following.x0 - there.left
    if shift > 0.7 * size and following.x0 - there.left > (current.x0 - here.left) + 0.7 * size:
        return False
    if current.text.rstrip()[-1:] in ENDS:
        indented = here.indented or first.x0 - here.left > 1.2 * size
        return shift < 0.7 * size if indented else here.spaced and gap > 0
    return not (shift > 1.2 * size and current is first and abs(shift - (first.x0 - here.left)) > 0.7 * size)


def joined(lines: list[Line]) -> Paragraph:
    """Put the lines of one paragraph together: nothing between Chinese characters, a space between words."""
    text: list[str] = []
    places: list[int] = []
    before = ""
    for line in lines:
        stripped = line.text.strip(" \u3000\xa0")
        if not stripped:
            continue
        begin = line.text.find(stripped)
        if text and _spaced(before, stripped):
            text.append(" ")
            places.append(-1)
        text.append(stripped)
        places += line.indices[begin : begin + len(stripped)]
        before = line.text.lstrip(" \u3000\xa0")
    widest = max(lines, key=lambda line: len(line.text))
    return Paragraph("".join(text), places, widest.size, all(line.bold for line in lines))


def _spaced(before: str, after: str) -> bool:
    """Tell whether a space stood where a line was broken: between words, not inside a number or code."""
    last, first = before.rstrip()[-1:], after[:1]
    if not (last.isascii() and last.isalnum() and first.isascii() and first.isalnum()):
        return False
    if before[-1:].isspace():
        return True
    code = _CODE.search(before)
    return not (code and (last.isdigit() or first.isdigit() or len(code.group()) >= _LONG_CODE))


def in_cell(lines: list[Line], width: float) -> list[Paragraph]:
    """Return the paragraphs inside a table cell ``width`` points wide."""
    found: list[list[Line]] = []
    for line in lines:
        if found and wraps(found[-1][-1], line, width):
            found[-1].append(line)
        else:
            found.append([line])
    return [joined(group) for group in found]


def wraps(current: Line, following: Line, width: float) -> bool:
    """Tell whether a cell's line was ended by the cell's edge (margins of a cell are about 5 points)."""
    slack = width - (current.x1 - current.x0) - 12
    first = following.text.strip()
    if slack > (unbroken(first) + 0.6) * current.size or list_marker(first):
        return False
    return not (current.text.rstrip()[-1:] in ENDS and following.x0 > current.x0 + current.size)
