"""Which text of a page nobody sees.

Suspicion is cheap and comes from how objects are painted; proof is the page itself: it is rendered with and
without the suspects, and what changes no pixel is hidden.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
from pypdfium2 import raw

from assistant.document import HiddenReason, HiddenText
from assistant.ingest.pdf.lines import make_line
from assistant.ingest.pdf.objects import Area, Colour, ObjectReader, PageObjects, Paint, address
from assistant.ingest.pdf.runs import Run, group_lines
from assistant.ingest.pdf.space import Rect, Space

TINY_PT = 2.5
_FAINT = 1.25
_CLEAR_ALPHA = 13
_SAME_PIXEL = 28
_MAX_PIXELS = 3_000_000
_PICTURE_SHARE = 0.5
_WHERE: dict[HiddenReason, str] = {
    "white": "文字颜色与背景相同",
    "tiny": "字号过小",
    "off_page": "页面范围之外",
    "invisible": "不可见的绘制方式",
    "covered": "被图形遮盖",
    "layer": "关闭的图层",
}


@lru_cache(maxsize=4096)
def _luminance(colour: Colour) -> float:
    parts = [c / 255 for c in colour]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@lru_cache(maxsize=4096)
def _faint(front: Colour, back: Colour) -> bool:
    one, two = _luminance(front), _luminance(back)
    return (max(one, two) + 0.05) / (min(one, two) + 0.05) < _FAINT


def _inside(rect: Rect, area: Area) -> bool:
    x, y = (rect[0] + rect[2]) / 2, (rect[1] + rect[3]) / 2
    return area.rect[0] <= x <= area.rect[2] and area.rect[1] <= y <= area.rect[3]


class Suspicion:
    """Finds the hidden text objects of one page.

    Args:
        page: the page.
        space: its space.
        reader: the page's objects, already read.
        off: names of the file's layers that are switched off.
    """

    def __init__(self, page: pdfium.PdfPage, space: Space, reader: ObjectReader, off: frozenset[str]) -> None:
        self._page = page
        self._space = space
        self._reader = reader
        self._off = off
        self._objects: PageObjects = reader.found
        self.machine_read = False

    def hidden(self) -> dict[int, HiddenReason]:
        """Return the addresses of hidden text objects with the reason."""
        sure: dict[int, HiddenReason] = {}
        doubtful: list[tuple[Paint, HiddenReason]] = []
        for paint in self._objects.texts:
            certain = self._certain(paint)
            if certain:
                sure[address(paint.handle)] = certain
                continue
            possible = self._possible(paint)
            if possible:
                doubtful.append((paint, possible))
        self.machine_read = self._read_by_machine(sure)
        if self.machine_read:
            sure = {a: r for a, r in sure.items() if r != "invisible"}
        return sure | (self._proved(doubtful) if doubtful else {})

    def _certain(self, paint: Paint) -> HiddenReason | None:
        if paint.mode in {3, 7} or paint.alpha < _CLEAR_ALPHA:
            return "invisible"
        if paint.layer and paint.layer in self._off:
            return "layer"
        return "tiny" if paint.size < TINY_PT else None

    def _possible(self, paint: Paint) -> HiddenReason | None:
        areas = self._objects.areas
        colour = paint.colour
        if not areas:
            return "white" if colour is not None and _faint(colour, (255, 255, 255)) else None
        rect = self._reader.place(paint)
        around = [area for area in areas if _inside(rect, area)]
        if any(area.order > paint.order for area in around):
            return "covered"
        below = [area for area in around if area.order < paint.order]
        back = below[-1] if below else None
        if colour is None:
            return None
        if back is None or back.colour is None:
            return "white" if _faint(colour, (255, 255, 255)) else None
        return "white" if _faint(colour, back.colour) else None

    def _read_by_machine(self, sure: dict[int, HiddenReason]) -> bool:
        """Tell a scanned page, whose invisible text is what a machine read in the picture."""
        whole = self._space.width * self._space.height
        pictures = sum(
            (a.rect[2] - a.rect[0]) * (a.rect[3] - a.rect[1]) for a in self._objects.areas if a.picture
        )
        unseen = sum(1 for reason in sure.values() if reason == "invisible")
        return unseen > 0 and pictures > _PICTURE_SHARE * whole and unseen >= 0.9 * len(self._objects.texts)

    def _proved(self, doubtful: list[tuple[Paint, HiddenReason]]) -> dict[int, HiddenReason]:
        scale = min(1.5, (_MAX_PIXELS / max(self._space.width * self._space.height, 1.0)) ** 0.5)
        shown = self._picture(scale)
        for paint, _ in doubtful:
            raw.FPDFPageObj_SetIsActive(paint.handle, False)
        without = self._picture(scale)
        for paint, _ in doubtful:
            raw.FPDFPageObj_SetIsActive(paint.handle, True)
        change = np.abs(shown.astype(np.int16) - without.astype(np.int16)).max(axis=2)
        proved = {}
        for paint, reason in doubtful:
            x0, y0, x1, y1 = (int(v * scale) for v in self._reader.place(paint))
            part = change[max(y0, 0) : max(y1 + 2, 0), max(x0, 0) : max(x1 + 2, 0)]
            if part.size == 0 or int(part.max()) <= _SAME_PIXEL:
                proved[address(paint.handle)] = reason
        return proved

    def _picture(self, scale: float) -> npt.NDArray[np.uint8]:
        bitmap = self._page.render(scale=scale, may_draw_forms=False)
        picture = np.array(bitmap.to_numpy()[:, :, :3], dtype=np.uint8)
        bitmap.close()
        return picture


def hidden_text(runs: list[Run], page: int) -> list[HiddenText]:
    """Return the hidden runs of a page as text, a line each."""
    found: list[HiddenText] = []
    reasons = sorted({run.hidden for run in runs if run.hidden})
    for reason in reasons:
        mine = [run for run in runs if run.hidden == reason]
        lines = [make_line(group, page).text.strip() for group in group_lines(mine)]
        found += [HiddenText(text, reason, page, _WHERE.get(reason, "")) for text in lines if text]
    return found
