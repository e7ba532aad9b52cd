"""From offsets in the canonical text back to rectangles on the page, on demand."""

from __future__ import annotations

import ctypes
import math
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pypdfium2 as pdfium
from pypdfium2 import raw

from assistant.document import Box, Document
from assistant.ingest.pdf.chars import PAGE
from assistant.ingest.pdf.fields import FIELD, every_annotation, place_of
from assistant.ingest.pdf.native import LOCK, opened
from assistant.ingest.pdf.space import Rect, space_of
from assistant.ingest.source import Source

_FAR = 3.0
_TILT = 10.0
_KEPT = 64


class BoxFinder:
    """Finds the rectangles of a stretch of text; keeps the bytes, opens the file only when asked.

    Args:
        source: the PDF.
        references: for each character of the canonical text, its page and number there (see ``chars.PAGE``) or -1.
    """

    def __init__(self, source: Source, references: array[int]) -> None:
        self._source = source
        self._references = references
        self._pages: dict[int, dict[int, Place]] = {}

    def __call__(self, document: Document, start: int, end: int) -> tuple[Box, ...]:
        """Return the boxes of ``text[start:end]``, one a line and page."""
        wanted: dict[int, list[int]] = {}
        for offset in range(max(start, 0), min(end, len(self._references))):
            code = self._references[offset]
            if code >= 0 and not document.text[offset].isspace():
                wanted.setdefault(code // PAGE, []).append(code % PAGE)
        if not wanted:
            return ()
        with LOCK:
            self._look_up([number for number in sorted(wanted) if number not in self._pages])
            places = {number: self._pages[number] for number in wanted}
        return tuple(
            box for number in sorted(wanted) for box in _boxes(places[number], number, wanted[number])
        )

    def _look_up(self, numbers: list[int]) -> None:
        """Learn where the characters of some pages stand; the last pages asked for are kept."""
        if not numbers:
            return
        with opened(self._source) as file:
            for number in numbers:
                last = number * PAGE + PAGE
                mine = {c - last + PAGE for c in self._references if last - PAGE <= c < last}
                self._pages[number] = dict(_places(file[number - 1], sorted(mine)))
        for number in [n for n in self._pages if n not in numbers][: max(len(self._pages) - _KEPT, 0)]:
            del self._pages[number]


def _boxes(places: Mapping[int, Place], number: int, indices: list[int]) -> list[Box]:
    """Return a box for every line that the characters stand on."""
    boxes: list[list[float]] = []
    before: Place | None = None
    for place in (places[index] for index in _fields_once(indices) if index in places):
        x0, y0, x1, y1 = place.rect
        if before is not None and _beside(before, place):
            last = boxes[-1]
            last[:] = min(last[0], x0), min(last[1], y0), max(last[2], x1), max(last[3], y1)
        else:
            boxes.append([x0, y0, x1, y1])
        before = place
    return [Box(number, *box) for box in boxes]


def _fields_once(indices: list[int]) -> list[int]:
    """Return the numbers with each form field's once: all its characters share one place."""
    return [index for at, index in enumerate(indices) if index < FIELD or index not in indices[:at]]


def _beside(one: Place, two: Place) -> bool:
    """Tell whether a character follows another on the same line, whichever way the line runs."""
    size = max(one.size, two.size)
    if one.upright and two.upright:
        return abs(two.base - one.base) < 0.4 * size and -size < two.rect[0] - one.rect[2] < _FAR * size
    across = abs(two.rect[0] + two.rect[2] - one.rect[0] - one.rect[2]) / 2
    along = abs(two.rect[1] + two.rect[3] - one.rect[1] - one.rect[3]) / 2
    return one.upright == two.upright and max(across, along) < 1.6 * size and min(across, along) < 1.2 * size


@dataclass(frozen=True, slots=True)
class Place:
    """Where one character stands; ``upright`` as the page is shown."""

    rect: Rect
    base: float
    size: float
    upright: bool = True


def _places(page: pdfium.PdfPage, indices: list[int]) -> Iterator[tuple[int, Place]]:
    """Yield the place of each character that has one."""
    space = space_of(page)
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    for number, annotation in every_annotation(page):
        rect = place_of(annotation, space)
        yield FIELD + number, Place(rect, rect[3], rect[3] - rect[1])
    textpage = page.get_textpage()
    handle = textpage.raw
    try:
        for index in indices:
            if index >= FIELD or not raw.FPDFText_GetCharBox(handle, index, left, right, bottom, top):
                continue
            raw.FPDFText_GetCharOrigin(handle, index, x, y)
            rect = space.place((left.value, bottom.value, right.value, top.value))
            base = space.place((x.value, y.value, x.value, y.value))[1]
            turned = math.degrees(raw.FPDFText_GetCharAngle(handle, index)) - space.turn
            size = max(
                abs(raw.FPDFText_GetFontSize(handle, index)), min(rect[2] - rect[0], rect[3] - rect[1])
            )
            yield index, Place(rect, base, size, abs((turned + 180) % 360 - 180) < _TILT)
    finally:
        textpage.close()
