"""What a page draws besides characters: ruling lines, coloured areas, pictures, and how its text is painted."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2 as pdfium
from pypdfium2 import raw

from assistant.ingest.pdf.space import Matrix, Rect, Space, bounds, moved, multiplied

MAX_OBJECTS = 60_000
_MAX_SEGMENTS = 3_000
_MAX_DEPTH = 6
_THIN = 3.0
_SHORT = 4.0
_AREA = 60.0

Colour = tuple[int, int, int]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(slots=True)
class Paint:
    """How one text object is painted; ``layer`` is the name of its optional layer, empty where none."""

    order: int
    handle: raw.FPDF_PAGEOBJECT
    matrix: Matrix
    mode: int
    colour: Colour | None
    alpha: int
    size: float
    layer: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """A filled area or a picture; ``colour`` None for a picture or a pattern."""

    order: int
    rect: Rect
    colour: Colour | None
    picture: bool = False


@dataclass(slots=True)
class PageObjects:
    """The objects of one page, top-left points; ``order`` counts in the order of painting.

    ``across`` are (x0, x1, y), ``down`` are (x, y0, y1).
    """

    texts: list[Paint] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    across: list[tuple[float, float, float]] = field(default_factory=list)
    down: list[tuple[float, float, float]] = field(default_factory=list)
    complete: bool = True


def address(handle: raw.FPDF_PAGEOBJECT) -> int:
    """Return a page object's address, 0 for none."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


class ObjectReader:
    """Walks the objects of one page.

    Args:
        page: the page.
        space: how its coordinates become places.
        layers: whether the file has layers that are switched off, so that marks are worth reading.
    """

    def __init__(self, page: pdfium.PdfPage, space: Space, layers: bool) -> None:
        self._page = page
        self._space = space
        self._left, self._top = space.left, space.top
        self._layers = layers
        self._count = 0
        self._colours = tuple(ctypes.c_uint() for _ in range(4))
        self._number = ctypes.c_float()
        self.found = PageObjects()

    def read(self) -> PageObjects:
        """Return what the page draws."""
        page = self._page.raw
        handles = (raw.FPDFPage_GetObject(page, i) for i in range(raw.FPDFPage_CountObjects(page)))
        self._walk(handles, self._space.matrix if self._space.turn else _IDENTITY, "", 0)
        return self.found

    def _walk(self, handles: Iterator[raw.FPDF_PAGEOBJECT], matrix: Matrix, layer: str, depth: int) -> None:
        for handle in handles:
            self._count += 1
            if self._count > MAX_OBJECTS:
                self.found.complete = False
                return
            kind = raw.FPDFPageObj_GetType(handle)
            here = layer or (_layer(handle) if self._layers else "")
            if kind == raw.FPDF_PAGEOBJ_TEXT:
                self._text(handle, matrix, here)
            elif kind == raw.FPDF_PAGEOBJ_PATH:
                self._path(handle, matrix)
            elif kind in {raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING}:
                rect = self._rect(handle, matrix)
                self.found.areas.append(Area(self._count, rect, None, picture=True))
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
                count = max(raw.FPDFFormObj_CountObjects(handle), 0)
                inner = (raw.FPDFFormObj_GetObject(handle, i) for i in range(count))
                self._walk(inner, multiplied(_matrix(handle), matrix), here, depth + 1)

    def place(self, paint: Paint) -> Rect:
        """Return where a text object stands."""
        return self._rect(paint.handle, paint.matrix)

    def _rect(self, handle: raw.FPDF_PAGEOBJECT, matrix: Matrix) -> Rect:
        """Return an object's bounds in top-left points."""
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        raw.FPDFPageObj_GetBounds(handle, left, bottom, right, top)
        rect = (left.value, bottom.value, right.value, top.value)
        x0, y0, x1, y1 = rect if matrix is _IDENTITY else bounds(rect, matrix)
        return x0 - self._left, self._top - y1, x1 - self._left, self._top - y0

    def _text(self, handle: raw.FPDF_PAGEOBJECT, matrix: Matrix, layer: str) -> None:
        mode = raw.FPDFTextObj_GetTextRenderMode(handle)
        colour, alpha = self._colour(handle, stroke=mode in {1, 5})
        size = self._number
        raw.FPDFTextObj_GetFontSize(handle, size)
        own = multiplied(_matrix(handle), matrix) if matrix is not _IDENTITY else _matrix(handle)
        scale = (own[2] ** 2 + own[3] ** 2) ** 0.5
        self.found.texts.append(
            Paint(self._count, handle, matrix, mode, colour, alpha, abs(size.value) * scale, layer)
        )

    def _colour(self, handle: raw.FPDF_PAGEOBJECT, stroke: bool) -> tuple[Colour | None, int]:
        red, green, blue, alpha = self._colours
        read = raw.FPDFPageObj_GetStrokeColor if stroke else raw.FPDFPageObj_GetFillColor
        if not read(handle, red, green, blue, alpha):
            return None, 255
        return (red.value, green.value, blue.value), alpha.value

    def _path(self, handle: raw.FPDF_PAGEOBJECT, matrix: Matrix) -> None:
        x0, y0, x1, y1 = rect = self._rect(handle, matrix)
        if y1 - y0 <= _THIN < _SHORT < x1 - x0:
            self.found.across.append((x0, x1, (y0 + y1) / 2))
            return
        if x1 - x0 <= _THIN < _SHORT < y1 - y0:
            self.found.down.append(((x0 + x1) / 2, y0, y1))
            return
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(handle, fill, stroke)
        if stroke.value:
            self._segments(handle, matrix)
        if fill.value and (x1 - x0) * (y1 - y0) > _AREA:
            colour, alpha = self._colour(handle, stroke=False)
            if alpha > 200:
                self.found.areas.append(Area(self._count, rect, colour))

    def _segments(self, handle: raw.FPDF_PAGEOBJECT, matrix: Matrix) -> None:
        """Take the level and upright strokes of a path with several segments as ruling lines."""
        whole = multiplied(_matrix(handle), matrix)
        x, y = ctypes.c_float(), ctypes.c_float()
        begin = last = None
        for index in range(min(raw.FPDFPath_CountSegments(handle), _MAX_SEGMENTS)):
            segment = raw.FPDFPath_GetPathSegment(handle, index)
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            px, py = moved(x.value, y.value, whole)
            point = (px - self._left, self._top - py)
            kind = raw.FPDFPathSegment_GetType(segment)
            if kind == raw.FPDF_SEGMENT_MOVETO:
                begin = point
            elif kind == raw.FPDF_SEGMENT_LINETO and last is not None:
                self._stroke(last, point)
            if raw.FPDFPathSegment_GetClose(segment) and begin is not None:
                self._stroke(point, begin)
            last = point

    def _stroke(self, one: tuple[float, float], two: tuple[float, float]) -> None:
        (xa, ya), (xb, yb) = one, two
        if abs(ya - yb) < 0.5 and abs(xa - xb) > _SHORT:
            self.found.across.append((min(xa, xb), max(xa, xb), (ya + yb) / 2))
        elif abs(xa - xb) < 0.5 and abs(ya - yb) > _SHORT:
            self.found.down.append(((xa + xb) / 2, min(ya, yb), max(ya, yb)))


def _matrix(handle: raw.FPDF_PAGEOBJECT) -> Matrix:
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(handle, matrix):
        return _IDENTITY
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _layer(handle: raw.FPDF_PAGEOBJECT) -> str:
    """Return the name of the optional content group that an object belongs to."""
    for index in range(max(raw.FPDFPageObj_CountMarks(handle), 0)):
        mark = raw.FPDFPageObj_GetMark(handle, index)
        if _wide(lambda buffer, size, out, m=mark: raw.FPDFPageObjMark_GetName(m, buffer, size, out)) == "OC":
            return _wide(
                lambda buffer, size, out, m=mark: raw.FPDFPageObjMark_GetParamStringValue(
                    m, b"Name", buffer, size, out
                )
            )
    return ""


def _wide(read) -> str:  # type: ignore[no-untyped-def]
    """Call a pdfium function that fills a buffer with UTF-16 and return the text."""
    size = ctypes.c_ulong()
    buffer = (ctypes.c_ushort * 512)()
    if not read(buffer, ctypes.sizeof(buffer), size) or size.value > ctypes.sizeof(buffer):
        return ""
    return bytes(buffer)[: max(size.value - 2, 0)].decode("utf-16-le", "replace")
