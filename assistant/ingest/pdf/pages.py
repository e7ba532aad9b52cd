"""One page from its characters to its parts in reading order."""

from __future__ import annotations

from dataclasses import dataclass, field

import pypdfium2 as pdfium

from assistant.document import HiddenText
from assistant.ingest.pdf.chars import CharReader
from assistant.ingest.pdf.columns import unruled
from assistant.ingest.pdf.fields import field_runs
from assistant.ingest.pdf.grid import grids
from assistant.ingest.pdf.hidden import Suspicion, hidden_text
from assistant.ingest.pdf.lines import Line, tilted_lines
from assistant.ingest.pdf.objects import ObjectReader, PageObjects
from assistant.ingest.pdf.runs import Run
from assistant.ingest.pdf.space import space_of
from assistant.ingest.pdf.tables import Frame, Table, ruled, take

Part = Line | Table | Frame


@dataclass(slots=True)
class PageLayout:
    """What stands on one page.

    ``parts`` are in reading order; ``aside`` are lines that are not written from left to right (stamps,
    watermarks); ``raw`` is every character that the page draws, for the second opinion.
    """

    number: int
    width: float
    height: float
    parts: list[Part] = field(default_factory=list)
    aside: list[Line] = field(default_factory=list)
    hidden: list[HiddenText] = field(default_factory=list)
    fonts: dict[tuple[str, float], int] = field(default_factory=dict)
    removed: str = ""
    raw: str = ""
    machine_read: bool = False
    pictures: int = 0
    problem: str = ""


def read_page(page: pdfium.PdfPage, number: int, off: frozenset[str]) -> PageLayout:
    """Read one page; ``off`` names the layers that are switched off."""
    space = space_of(page)
    reader = ObjectReader(page, space, bool(off))
    objects = reader.read()
    suspicion = Suspicion(page, space, reader, off)
    hidden = suspicion.hidden()
    chars = CharReader(page, number, space, hidden).read()
    upright = space_of(page, chars.further) if chars.further else space
    if chars.further:
        objects = ObjectReader(page, upright, layers=False).read()
    visible = [run for run in chars.runs if run.hidden is None] + field_runs(page, number, upright)
    layout = PageLayout(number, space.width, space.height, removed=chars.removed, raw=chars.raw)
    layout.hidden = hidden_text([run for run in chars.runs if run.hidden], number)
    layout.machine_read = suspicion.machine_read
    layout.pictures = sum(1 for area in objects.areas if area.picture)
    layout.parts = _parts([run for run in visible if not run.tilted], objects, number)
    layout.aside = tilted_lines([run for run in visible if run.tilted], number)
    for run in visible:
        key = (run.font, round(run.size * 2) / 2)
        layout.fonts[key] = layout.fonts.get(key, 0) + len(run.text)
    if not objects.complete:
        layout.problem = "页面图形对象过多，表格线与隐藏文字未全部检查"
    return layout


def _parts(runs: list[Run], objects: PageObjects, number: int) -> list[Part]:
    """Return tables, frames and lines from top to bottom."""
    boxed: list[tuple[float, list[Part]]] = []
    for grid in grids(objects):
        inside, runs = take(runs, grid)
        if inside:
            parts: list[Part] = list(ruled(grid, inside, number))
            boxed.append((grid.ys[0], parts))
    free: list[Part] = list(unruled(runs, number))
    merged: list[Part] = []
    for part in free:
        while boxed and boxed[0][0] <= _top(part):
            merged += boxed.pop(0)[1]
        merged.append(part)
    for _, rest in boxed:
        merged += rest
    return merged


def _top(part: Part) -> float:
    return part.base if isinstance(part, Line) else part.y0
