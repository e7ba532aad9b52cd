"""One way to name places on a page: points, as the page is shown (cropped and turned), origin top left."""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2 as pdfium

Rect = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]

_TURNS: dict[int, Matrix] = {
    0: (1.0, 0.0, 0.0, 1.0, 0.0, 0.0),
    90: (0.0, -1.0, 1.0, 0.0, 0.0, 0.0),
    180: (-1.0, 0.0, 0.0, -1.0, 0.0, 0.0),
    270: (0.0, 1.0, -1.0, 0.0, 0.0, 0.0),
}


def moved(x: float, y: float, matrix: Matrix) -> tuple[float, float]:
    """Return the point after a PDF matrix."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def multiplied(one: Matrix, two: Matrix) -> Matrix:
    """Return the matrix that does ``one``, then ``two``."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def bounds(rect: Rect, matrix: Matrix) -> Rect:
    """Return the upright rectangle around ``rect`` after a matrix, y still upwards."""
    x0, y0, x1, y1 = rect
    points = [moved(x, y, matrix) for x in (x0, x1) for y in (y0, y1)]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


@dataclass(frozen=True, slots=True)
class Space:
    """How PDF coordinates of one page become places; ``turn`` is the page's clockwise rotation."""

    turn: int
    matrix: Matrix
    left: float
    top: float
    width: float
    height: float

    def place(self, rect: Rect) -> Rect:
        """Return the place (x0, y0, x1, y1) of a rectangle (left, bottom, right, top) in PDF space."""
        x0, y0, x1, y1 = bounds(rect, self.matrix) if self.turn else rect
        return x0 - self.left, self.top - y1, x1 - self.left, self.top - y0


def space_of(page: pdfium.PdfPage, further: int = 0) -> Space:
    """Return the space of a page, turned ``further`` degrees clockwise than it is shown."""
    box = page.get_cropbox()
    if box[2] - box[0] < 1 or box[3] - box[1] < 1:
        box = page.get_mediabox()
    turn = (page.get_rotation() + further) % 360
    matrix = _TURNS.get(turn, _TURNS[0])
    x0, y0, x1, y1 = bounds(box, matrix)
    return Space(turn if turn in _TURNS else 0, matrix, x0, y1, x1 - x0, y1 - y0)
