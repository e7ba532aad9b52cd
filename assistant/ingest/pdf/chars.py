"""Characters of one page with their places, gathered into runs.

A run is a stretch of characters that the page draws one after another on one baseline. Places are points
in the page's own, unrotated space with the origin at the top left of the visible area.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field

import pypdfium2 as pdfium
from pypdfium2 import raw

from assistant.ingest.hygiene import INVISIBLE, LOOKALIKES

_GAP = 0.3
_DRIFT = 0.1


@dataclass(slots=True)
class Run:
    """Characters drawn in one go.

    ``indices`` are pdfium's numbers of the characters of ``text``; ``base`` is the baseline's y, ``size``
    the font's effective size; ``object`` is the address of the text object that draws the first character.
    """

    text: str
    indices: list[int]
    x0: float
    x1: float
    y0: float
    y1: float
    base: float
    size: float
    object: int


@dataclass(slots=True)
class PageChars:
    """All that was drawn on one page. ``raw``: every character, hidden or not, for comparison."""

    number: int
    width: float
    height: float
    runs: list[Run] = field(default_factory=list)
    removed: str = ""
    raw: str = ""


def visible_area(page: pdfium.PdfPage) -> tuple[float, float, float, float]:
    """Return (left, bottom, right, top) of what a viewer shows of the page, unrotated."""
    left, bottom, right, top = page.get_cropbox()
    if right - left < 1 or top - bottom < 1:
        left, bottom, right, top = page.get_mediabox()
    return left, bottom, right, top


@dataclass(slots=True)
class _Pen:
    """The run being gathered."""

    chars: list[str]
    indices: list[int]
    left: float
    right: float
    bottom: float
    top: float
    object: int


def page_chars(page: pdfium.PdfPage, number: int) -> PageChars:
    """Return the characters of a page as runs, in the order in which the page draws them."""
    left, bottom, right, top = visible_area(page)
    found = PageChars(number, right - left, top - bottom)
    textpage = page.get_textpage()
    try:
        _gather(textpage, found, (left, top))
    finally:
        textpage.close()
    return found


def _gather(textpage: pdfium.PdfTextPage, found: PageChars, origin: tuple[float, float]) -> None:
    handle = textpage.raw
    unicode_of, box_of = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox
    object_of, generated = raw.FPDFText_GetTextObject, raw.FPDFText_IsGenerated
    box = raw.FS_RECTF()
    place = ctypes.byref(box)
    pen: _Pen | None = None
    every: list[str] = []
    removed: list[str] = []
    for index in range(textpage.count_chars()):
        code = unicode_of(handle, index)
        if code in {32, 13, 10, 0} and generated(handle, index) == 1:
            continue
        char = _character(code)
        every.append(char)
        if INVISIBLE.match(char):
            removed.append(char)
            continue
        if not box_of(handle, index, place):
            continue
        x0, x1, y0, y1 = box.left, box.right, box.bottom, box.top
        if (
            pen is not None
            and abs(y0 - pen.bottom) < _DRIFT * (y1 - y0)
            and abs(x0 - pen.right) < _GAP * (y1 - y0)
        ):
            pen.chars.append(char)
            pen.indices.append(index)
            pen.right = x1
            continue
        if pen is not None:
            found.runs.append(_finish(pen, handle, origin))
        address = object_of(handle, index)
        pen = _Pen([char], [index], x0, x1, y0, y1, ctypes.cast(address, ctypes.c_void_p).value or 0)
    if pen is not None:
        found.runs.append(_finish(pen, handle, origin))
    found.raw, found.removed = "".join(every), "".join(removed)


def _character(code: int) -> str:
    if code == 2:  # pdfium's mark for a hyphen at the end of a line
        return "-"
    if code == 0 or code > 0x10FFFF:
        return "\ufffd"
    return LOOKALIKES.get(code) or chr(code)


def _finish(pen: _Pen, handle: raw.FPDF_TEXTPAGE, origin: tuple[float, float]) -> Run:
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(handle, pen.indices[0], ctypes.byref(x), ctypes.byref(y))
    left, top = origin
    return Run(
        "".join(pen.chars),
        pen.indices,
        min(pen.left, pen.right) - left,
        max(pen.left, pen.right) - left,
        top - pen.top,
        top - pen.bottom,
        top - y.value,
        _size(pen, handle),
        pen.object,
    )


def _size(pen: _Pen, handle: raw.FPDF_TEXTPAGE) -> float:
    """Return the font size as it appears, after the text matrix; the box height where that fails."""
    size = raw.FPDFText_GetFontSize(handle, pen.indices[0])
    matrix = raw.FS_MATRIX()
    if not size or not raw.FPDFText_GetMatrix(handle, pen.indices[0], ctypes.byref(matrix)):
        return abs(pen.top - pen.bottom)
    return float(abs(size) * max((matrix.c**2 + matrix.d**2) ** 0.5, 1e-3))
