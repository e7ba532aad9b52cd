"""Characters of one page with their places, gathered into runs.

A run is a stretch of characters that the page draws one after another on one baseline.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import pypdfium2 as pdfium
from pypdfium2 import raw

from assistant.document import HiddenReason
from assistant.ingest.hygiene import INVISIBLE, LOOKALIKES
from assistant.ingest.pdf.space import Space, moved, space_of

_GAP = 0.3
_CJK_SPACE = 0.2
_DRIFT = 0.25
_SAMPLES = 40
_TILT = 0.17
_FONT_NAME = 128


@dataclass(slots=True)
class Run:
    """Characters drawn in one go.

    ``indices`` are pdfium's numbers of the characters of ``text`` and ``lefts`` their left edges; ``base``
    is the baseline's y, ``size`` the font's effective size. ``tilted``: not written from left to right.
    """

    text: str
    indices: list[int]
    lefts: list[float]
    x0: float
    x1: float
    y0: float
    y1: float
    base: float
    size: float
    font: str = ""
    tilted: bool = False
    hidden: HiddenReason | None = None


@dataclass(slots=True)
class PageChars:
    """All that was drawn on one page.

    ``raw``: every character, hidden or not, for comparison; ``further``: degrees by which the places are
    turned beyond how the page is shown, so that its text stands upright.
    """

    runs: list[Run] = field(default_factory=list)
    removed: str = ""
    raw: str = ""
    further: int = 0


@dataclass(slots=True)
class _Pen:
    """The run being gathered; places as shown, but y upwards."""

    chars: list[str]
    indices: list[int]
    lefts: list[float]
    right: float
    bottom: float
    top: float
    hidden: HiddenReason | None

    def add(self, char: str, index: int, left: float) -> None:
        """Add one character; ``index`` -1 for a space that is a mere gap."""
        self.chars.append(char)
        self.indices.append(index)
        self.lefts.append(left)


def is_cjk(char: str) -> bool:
    """Tell Chinese characters and full-width marks, between which no space is written."""
    return (
        "\u2e80" <= char <= "\u9fff" or "\uf900" <= char <= "\uffef" or "\U00020000" <= char <= "\U0003ffff"
    )


def _spaced(before: str, after: str, gap: float) -> bool:
    """Tell whether pdfium's guess of a space holds; ``gap`` is a share of the height."""
    if before.isspace() or after.isspace() or is_cjk(before) != is_cjk(after):
        return False
    return not is_cjk(after) or gap > _CJK_SPACE


class CharReader:
    """Reads the characters of one page.

    Args:
        page: the page.
        space: how its coordinates become places.
        hidden: text objects by address that nobody sees, with the reason.
    """

    def __init__(self, page: pdfium.PdfPage, space: Space, hidden: Mapping[int, HiddenReason]) -> None:
        self._page = page
        self._textpage = page.get_textpage()
        self._handle = self._textpage.raw
        self._space = space
        self._hidden = hidden
        self._found = PageChars()

    def read(self) -> PageChars:
        """Return the characters as runs, in the order in which the page draws them.

        Where nearly all text runs sideways as the page is shown, it is read as if the page were turned.
        """
        try:
            self._found.further = self._sideways()
            if self._found.further:
                self._space = space_of(self._page, self._found.further)
            self._gather()
        finally:
            self._textpage.close()
        return self._found

    def _sideways(self) -> int:
        """Return by how much the page must be turned on for its text to stand upright."""
        count = self._textpage.count_chars()
        angles: Counter[int] = Counter()
        for index in range(0, count, max(count // _SAMPLES, 1)):
            angle = math.degrees(raw.FPDFText_GetCharAngle(self._handle, index))
            if raw.FPDFText_IsGenerated(self._handle, index) != 1:
                angles[round(angle / 90) * 90 % 360 if abs(angle % 90 - 45) > 30 else -1] += 1
        if not angles:
            return 0
        angle, often = max(angles.items(), key=lambda item: (item[1], -item[0]))
        if angle < 0 or often < 0.8 * sum(angles.values()):
            return 0
        return (angle - self._space.turn) % 360

    def _gather(self) -> None:
        handle, space, turn = self._handle, self._space, self._space.turn
        unicode_of, box_of, generated = (
            raw.FPDFText_GetUnicode,
            raw.FPDFText_GetLooseCharBox,
            raw.FPDFText_IsGenerated,
        )
        box = raw.FS_RECTF()
        place = ctypes.byref(box)
        pen: _Pen | None = None
        known: dict[int, str] = {}
        every: list[str] = []
        removed: list[str] = []
        reason: HiddenReason | None = None
        gap = False
        for index in range(self._textpage.count_chars()):
            code = unicode_of(handle, index)
            if code in {32, 13, 10, 0} and generated(handle, index) == 1:
                gap = code == 32
                continue
            char = known.get(code)
            if char is None:
                char = _character(code)
                if INVISIBLE.match(char):
                    every.append(char)
                    removed.append(char)
                    continue
                known[code] = char
            every.append(char)
            if not box_of(handle, index, place):
                continue
            left, bottom, right, top = box.left, box.bottom, box.right, box.top
            if turn:
                x0, y0, x1, y1 = space.place((left, bottom, right, top))
                left, bottom, right, top = x0, -y1, x1, -y0
            if self._hidden:
                reason = self._reason(index)
            high = top - bottom
            if (
                pen is not None
                and -_GAP * high < left - pen.right < _GAP * high
                and abs(bottom - pen.bottom) < _DRIFT * high
                and reason == pen.hidden
            ):
                if gap and _spaced(pen.chars[-1], char, (left - pen.right) / high):
                    pen.add(" ", -1, left)
                gap = False
                pen.add(char, index, left)
                pen.right = right
                continue
            gap = False
            if pen is not None:
                self._finish(pen)
            pen = _Pen([char], [index], [left], right, bottom, top, reason)
        if pen is not None:
            self._finish(pen)
        self._found.raw, self._found.removed = "".join(every), "".join(removed)

    def _reason(self, index: int) -> HiddenReason | None:
        handle = raw.FPDFText_GetTextObject(self._handle, index)
        return self._hidden.get(ctypes.cast(handle, ctypes.c_void_p).value or 0)

    def _finish(self, pen: _Pen) -> None:
        space = self._space
        shift = 0.0 if space.turn else space.left
        top = 0.0 if space.turn else space.top
        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(self._handle, pen.indices[0], x, y)
        base = space.top - (moved(x.value, y.value, space.matrix)[1] if space.turn else y.value)
        size, tilted = self._size(pen)
        run = Run(
            text="".join(pen.chars),
            indices=pen.indices,
            lefts=[left - shift for left in pen.lefts] if shift else pen.lefts,
            x0=min(pen.lefts[0], pen.right) - shift,
            x1=max(pen.lefts[0], pen.right) - shift,
            y0=top - pen.top,
            y1=top - pen.bottom,
            base=base,
            size=size,
            font=self._font(pen.indices[0]),
            tilted=tilted,
            hidden=pen.hidden,
        )
        if run.hidden is None and self._off_page(run):
            run.hidden = "off_page"
        self._found.runs.append(run)

    def _off_page(self, run: Run) -> bool:
        outside = run.x1 < 1 or run.y1 < 1
        return outside or run.x0 > self._space.width - 1 or run.y0 > self._space.height - 1

    def _size(self, pen: _Pen) -> tuple[float, bool]:
        """Return the font size as it appears, and whether the run is not upright."""
        size = raw.FPDFText_GetFontSize(self._handle, pen.indices[0])
        matrix = raw.FS_MATRIX()
        if not size or not raw.FPDFText_GetMatrix(self._handle, pen.indices[0], matrix):
            return max(abs(pen.top - pen.bottom), 0.1), False
        along, up = matrix.a, matrix.b
        if self._space.turn:
            x0, y0 = moved(0, 0, self._space.matrix)
            x1, y1 = moved(along, up, self._space.matrix)
            along, up = x1 - x0, y1 - y0
        tilted = bool(abs(up) > _TILT * abs(along) or along < 0)
        return max(float(abs(size) * (matrix.c**2 + matrix.d**2) ** 0.5), 0.1), tilted

    def _font(self, index: int) -> str:
        buffer = ctypes.create_string_buffer(_FONT_NAME)
        flags = ctypes.c_int()
        size = raw.FPDFText_GetFontInfo(self._handle, index, buffer, _FONT_NAME, flags)
        if not 0 < size <= _FONT_NAME:
            return ""
        return buffer.value.decode("utf-8", "replace")


def _character(code: int) -> str:
    if code == 2:  # pdfium's mark for a hyphen at the end of a line
        return "-"
    if code == 0 or code > 0x10FFFF:
        return "\ufffd"
    return LOOKALIKES.get(code) or chr(code)


def split(run: Run, at: float) -> tuple[Run, Run] | None:
    """Cut a run where it crosses the upright line ``at``; None where it does not cross."""
    cut = sum(1 for left in run.lefts if left < at - 0.3 * run.size)
    if run.tilted or not 0 < cut < len(run.lefts) or run.x1 <= at or run.x0 >= at:
        return None
    parts = []
    for begin, end, x0, x1 in ((0, cut, run.x0, at), (cut, len(run.lefts), run.lefts[cut], run.x1)):
        parts.append(
            Run(
                run.text[begin:end], run.indices[begin:end], run.lefts[begin:end], x0, x1,
                run.y0, run.y1, run.base, run.size, run.font, run.tilted, run.hidden,
            )
        )  # fmt: skip
    return parts[0], parts[1]
