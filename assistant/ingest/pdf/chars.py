"""Characters of one page with their places, gathered into runs.

A run is a stretch of characters that the page draws one after another on one baseline. Only a run's ends are
asked for their places: that is what keeps reading about as fast as plain extraction. Where the ends do not
tell a straight run, every character is asked.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pypdfium2 as pdfium
from pypdfium2 import raw

from assistant.document import HiddenReason
from assistant.ingest.hygiene import INVISIBLE, LOOKALIKES
from assistant.ingest.pdf.runs import Run, group_lines
from assistant.ingest.pdf.space import Space, moved, space_of

PAGE = 1 << 32
"""A character is known by ``page * PAGE + pdfium's number``; -1 stands for one that is nowhere drawn."""
_GAP = 0.35
_DRIFT = 0.25
_OVERLAP = 0.2
_WIDER, _NARROWER = 1.45, 0.55
_SAMPLES = 40
_TILT = 0.17
_FONT_NAME = 128
_TELLING = 3
_MAYBE_GENERATED = re.compile("[ \r\n\x00]")
_ODD = re.compile("[\x00\x02\ud800-\udfff\u2e80-\u2fdf\uf900-\ufaff]")
_PLAIN = LOOKALIKES | {0: "\ufffd", 2: "-"}


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
class _Mark:
    """One character's place: its box as shown and its baseline."""

    x0: float
    y0: float
    x1: float
    y1: float
    base: float


class CharReader:
    """Reads the characters of one page.

    Args:
        page: the page.
        number: its number, from 1.
        space: how its coordinates become places.
        hidden: text objects by address that nobody sees, with the reason.
    """

    def __init__(
        self, page: pdfium.PdfPage, number: int, space: Space, hidden: Mapping[int, HiddenReason]
    ) -> None:
        self._page = page
        self._first = number * PAGE
        self._textpage = page.get_textpage()
        self._handle = self._textpage.raw
        self._space = space
        self._hidden = hidden
        self._found = PageChars()
        self._box = raw.FS_RECTF()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._matrix, self._flags = raw.FS_MATRIX(), ctypes.c_int()
        self._name = ctypes.create_string_buffer(_FONT_NAME)

    def read(self) -> PageChars:
        """Return the characters as runs, in the order in which the page draws them.

        Where nearly all text runs sideways as the page is shown, it is read as if the page were turned.
        """
        try:
            text = self._text()
            self._found.further = self._sideways(len(text))
            if self._found.further:
                self._space = space_of(self._page, self._found.further)
            self._found.removed = "".join(INVISIBLE.findall(text))
            stretches = list(self._stretches(text))
            self._found.raw = "".join(text[begin:end] for begin, end, _ in stretches)
            for begin, end, reason in stretches:
                for first, last, one, two in self._straight(begin, end, text):
                    self._add(first, text[first:last], (one, two), reason)
            self._untangle()
        finally:
            self._textpage.close()
        return self._found

    def _text(self) -> str:
        """Return the page's characters, one for each of pdfium's numbers."""
        count = self._textpage.count_chars()
        if count <= 0:
            return ""
        buffer = (ctypes.c_ushort * (2 * count + 2))()
        size = raw.FPDFText_GetText(self._handle, 0, count, buffer)
        text = bytes(buffer)[: max(size - 1, 0) * 2].decode("utf-16-le", "surrogatepass")
        if len(text) != count:
            codes = (raw.FPDFText_GetUnicode(self._handle, index) for index in range(count))
            text = "".join(chr(code) if code < 0x110000 else "\ufffd" for code in codes)
        return text.translate(_PLAIN) if _ODD.search(text) else text

    def _sideways(self, count: int) -> int:
        """Return by how much the page must be turned on for its text to stand upright."""
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

    def _stretches(self, text: str) -> Iterator[tuple[int, int, HiddenReason | None]]:
        """Yield stretches without a break that pdfium put in, and alike in being hidden."""
        begin = 0
        for match in _MAYBE_GENERATED.finditer(text):
            at = match.start()
            if raw.FPDFText_IsGenerated(self._handle, at) == 1:
                yield from self._alike(begin, at)
                begin = at + 1
        yield from self._alike(begin, len(text))

    def _alike(self, begin: int, end: int) -> Iterator[tuple[int, int, HiddenReason | None]]:
        if begin >= end:
            return
        if not self._hidden:
            yield begin, end, None
            return
        reason = self._reason(begin)
        for index in range(begin + 1, end):
            here = self._reason(index)
            if here != reason:
                yield begin, index, reason
                begin, reason = index, here
        yield begin, end, reason

    def _reason(self, index: int) -> HiddenReason | None:
        handle = raw.FPDFText_GetTextObject(self._handle, index)
        return self._hidden.get(ctypes.cast(handle, ctypes.c_void_p).value or 0)

    def _mark(self, index: int) -> _Mark:
        raw.FPDFText_GetLooseCharBox(self._handle, index, self._box)
        raw.FPDFText_GetCharOrigin(self._handle, index, self._x, self._y)
        box, space = self._box, self._space
        x0, y0, x1, y1 = space.place((box.left, box.bottom, box.right, box.top))
        y = self._y.value
        if space.turn:
            y = moved(self._x.value, y, space.matrix)[1]
        return _Mark(x0, y0, x1, y1, space.top - y)

    def _straight(self, begin: int, end: int, text: str) -> Iterator[tuple[int, int, _Mark, _Mark]]:
        """Yield the stretch whole where its ends tell a straight run, else its straight parts."""
        one = self._mark(begin)
        if end - begin == 1:
            yield begin, end, one, one
            return
        two = self._mark(end - 1)
        high = max(one.y1 - one.y0, 0.1)
        chinese = (len(text[begin:end].encode("utf-8", "surrogatepass")) - (end - begin)) / 2
        likely = (chinese + 0.5 * (end - begin - chinese)) * high
        flat = abs(one.base - two.base) <= _DRIFT * high and two.x1 >= one.x0
        if flat and _NARROWER * likely - high < two.x1 - one.x0 < _WIDER * likely + high:
            yield begin, end, one, two
            return
        before = one
        for index in range(begin + 1, end):
            here = self._mark(index)
            high = max(here.y1 - here.y0, 0.1)
            apart = here.x0 - before.x1
            if not -_GAP * high < apart < _GAP * high or abs(here.base - before.base) > _DRIFT * high:
                yield begin, index, one, before
                begin, one = index, here
            before = here
        yield begin, end, one, before

    def _add(self, begin: int, text: str, ends: tuple[_Mark, _Mark], reason: HiddenReason | None) -> None:
        one, two = ends
        size, tilted = self._size(begin, max(one.y1 - one.y0, 0.1))
        indices: Sequence[int] = range(self._first + begin, self._first + begin + len(text))
        if INVISIBLE.search(text):
            kept = [at for at, char in enumerate(text) if not INVISIBLE.match(char)]
            text, indices = "".join(text[at] for at in kept), [indices[at] for at in kept]
        if not text:
            return
        run = Run(
            text,
            indices,
            min(one.x0, two.x0),
            max(one.x1, two.x1),
            min(one.y0, two.y0),
            max(one.y1, two.y1),
            one.base,
            size,
            self._font(begin) if len(text) >= _TELLING else "",
            tilted,
            reason,
        )
        if reason is None and self._off_page(run):
            run.hidden = "off_page"
        self._found.runs.append(run)

    def _untangle(self) -> None:
        """Take runs apart into characters where another run is drawn into their midst.

        Word processors draw quotation marks of another font after the words, into gaps left for them.
        """
        tangled: set[int] = set()
        for group in group_lines([run for run in self._found.runs if not run.tilted]):
            for one, two in pairwise(group):
                if two.x0 < one.x1 - _OVERLAP * one.size:
                    tangled |= {id(one), id(two)}
        if not tangled:
            return
        runs, self._found.runs = self._found.runs, []
        for run in runs:
            if id(run) not in tangled or len(run.text) == 1:
                self._found.runs.append(run)
                continue
            for char, index in zip(run.text, run.indices, strict=True):
                mark = self._mark(index - self._first)
                self._add(index - self._first, char, (mark, mark), run.hidden)

    def _off_page(self, run: Run) -> bool:
        outside = run.x1 < 1 or run.y1 < 1
        return outside or run.x0 > self._space.width - 1 or run.y0 > self._space.height - 1

    def _size(self, index: int, height: float) -> tuple[float, bool]:
        """Return the font size as it appears, and whether the character does not stand upright."""
        size = raw.FPDFText_GetFontSize(self._handle, index)
        matrix = self._matrix
        if not size or not raw.FPDFText_GetMatrix(self._handle, index, matrix):
            return height, False
        along, up = matrix.a, matrix.b
        if self._space.turn:
            x0, y0 = moved(0, 0, self._space.matrix)
            x1, y1 = moved(along, up, self._space.matrix)
            along, up = x1 - x0, y1 - y0
        tilted = bool(abs(up) > _TILT * abs(along) or along < 0)
        return max(float(abs(size) * (matrix.c**2 + matrix.d**2) ** 0.5), 0.1), tilted

    def _font(self, index: int) -> str:
        size = raw.FPDFText_GetFontInfo(self._handle, index, self._name, _FONT_NAME, self._flags)
        return self._name.value.decode("utf-8", "replace") if 0 < size <= _FONT_NAME else ""
