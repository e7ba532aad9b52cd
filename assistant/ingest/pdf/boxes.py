"""From offsets in the canonical text back to rectangles on the page, on demand."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Iterator

import pypdfium2 as pdfium
from pypdfium2 import raw

from assistant.document import Box, Document
from assistant.ingest.pdf.chars import visible_area
from assistant.ingest.pdf.native import opened
from assistant.ingest.source import Source

_PAGE = 1 << 32


def reference(page: int, index: int) -> int:
    """Return one number for a character of a page; -1 stands for a character that is nowhere drawn."""
    return page * _PAGE + index


class BoxFinder:
    """Finds the rectangles of a stretch of text; keeps the bytes, opens the file only when asked.

    Args:
        source: the PDF.
        references: for each character of the canonical text, ``reference(...)`` or -1.
    """

    def __init__(self, source: Source, references: array[int]) -> None:
        self._source = source
        self._references = references

    def __call__(self, document: Document, start: int, end: int) -> tuple[Box, ...]:
        """Return the boxes of ``text[start:end]``, one a line and page."""
        wanted: dict[int, list[int]] = {}
        for offset in range(max(start, 0), min(end, len(self._references))):
            code = self._references[offset]
            if code >= 0 and not document.text[offset].isspace():
                wanted.setdefault(code // _PAGE, []).append(code % _PAGE)
        if not wanted:
            return ()
        boxes: list[Box] = []
        with opened(self._source) as file:
            for number in sorted(wanted):
                boxes += _page_boxes(file[number - 1], number, wanted[number])
        return tuple(boxes)


def _page_boxes(page: pdfium.PdfPage, number: int, indices: list[int]) -> Iterator[Box]:
    """Yield a box for every line that the characters stand on."""
    left, bottom, right, top = visible_area(page)
    textpage = page.get_textpage()
    try:
        current: list[float] | None = None
        for x0, y0, x1, y1, base, size in _places(textpage, indices):
            if current is not None and abs(base - current[4]) < 0.4 * size and x0 > current[2] - size:
                if x0 - current[2] < 3 * size:
                    current[0], current[1] = min(current[0], x0), min(current[1], y0)
                    current[2], current[3] = max(current[2], x1), max(current[3], y1)
                    continue
            if current is not None:
                yield _turned(page, current, (left, bottom, right, top), number)
            current = [x0, y0, x1, y1, base]
        if current is not None:
            yield _turned(page, current, (left, bottom, right, top), number)
    finally:
        textpage.close()


def _places(
    textpage: pdfium.PdfTextPage, indices: list[int]
) -> Iterator[tuple[float, float, float, float, float, float]]:
    """Yield (left, bottom, right, top, baseline, size) in PDF space for each character."""
    ends = [ctypes.c_double() for _ in range(6)]
    left, right, bottom, top, x, y = ends
    for index in indices:
        raw.FPDFText_GetCharBox(textpage.raw, index, left, right, bottom, top)
        raw.FPDFText_GetCharOrigin(textpage.raw, index, x, y)
        size = max(abs(raw.FPDFText_GetFontSize(textpage.raw, index)), top.value - bottom.value)
        yield left.value, bottom.value, right.value, top.value, y.value, size


def _turned(
    page: pdfium.PdfPage, box: list[float], area: tuple[float, float, float, float], number: int
) -> Box:
    """Return a box in the page as it is shown: cropped, turned, origin at the top left."""
    left, bottom, right, top = area
    x0, y0, x1, y1 = box[:4]
    turn = page.get_rotation() % 360
    if turn == 90:
        return Box(number, y0 - bottom, x0 - left, y1 - bottom, x1 - left)
    if turn == 180:
        return Box(number, right - x1, y0 - bottom, right - x0, y1 - bottom)
    if turn == 270:
        return Box(number, top - y1, right - x1, top - y0, right - x0)
    return Box(number, x0 - left, top - y1, x1 - left, top - y0)
