"""Runs become lines: what stands on one baseline, from left to right, with spaces where gaps are."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.ingest.pdf.runs import Run, is_cjk

_WORD_GAP = 0.16
_MIXED_GAP = 0.55
_CJK_GAP = 0.22
WIDE_GAP = 1.6
_BOLD = ("bold", "black", "heavy", "hei", "黑", "粗", "xbsong", "小标宋")


@dataclass(slots=True)
class Line:
    """One line, or one piece of a line between wide gaps.

    ``indices`` runs beside ``text`` and holds pdfium's character numbers, -1 for an inserted space;
    ``first`` is the smallest of them: where the page draws the line among its characters.
    """

    page: int
    text: str
    indices: list[int]
    x0: float
    x1: float
    y0: float
    y1: float
    base: float
    size: float
    bold: bool

    @property
    def first(self) -> int:
        """Where the page draws this line, in its own order."""
        return min((index for index in self.indices if index >= 0), default=0)


def tilted_lines(runs: list[Run], page: int) -> list[Line]:
    """Return text that is not written from left to right, in the order in which it is drawn."""
    groups: list[list[Run]] = []
    for run in runs:
        last = groups[-1][-1] if groups else None
        near = last is not None and max(abs(run.x0 - last.x0), abs(run.y0 - last.y0)) < 1.6 * run.size
        if near and last is not None and run.indices[0] - last.indices[-1] <= 2:
            groups[-1].append(run)
        else:
            groups.append([run])
    return [_drawn(group, page) for group in groups]


def _drawn(runs: list[Run], page: int) -> Line:
    indices = [index for run in runs for index in run.indices]
    x0, y0 = min(run.x0 for run in runs), min(run.y0 for run in runs)
    x1, y1 = max(run.x1 for run in runs), max(run.y1 for run in runs)
    return Line(page, "".join(run.text for run in runs), indices, x0, x1, y0, y1, y1, runs[0].size, False)


def pieces(group: list[Run]) -> list[list[Run]]:
    """Cut one baseline's runs where a wide gap parts them."""
    parts = [[group[0]]]
    right = group[0].x1
    for run in group[1:]:
        if run.x0 - right > WIDE_GAP * max(run.size, parts[-1][-1].size):
            parts.append([])
        parts[-1].append(run)
        right = max(right, run.x1)
    return parts


def space_between(left: str, right: str, gap: float, size: float) -> bool:
    """Tell whether a gap is a written space.

    Word processors set Chinese and Latin characters a quarter em apart without any space in the text.
    """
    if not left or not right or left.isspace() or right.isspace():
        return False
    chinese = is_cjk(left) + is_cjk(right)
    return gap > (_WORD_GAP, _MIXED_GAP, _CJK_GAP)[chinese] * size


def make_line(runs: list[Run], page: int) -> Line:
    """Put runs of one baseline together."""
    chars: list[str] = []
    indices: list[int] = []
    right = runs[0].x0
    for run in runs:
        if chars and space_between(chars[-1][-1], run.text[0], run.x0 - right, run.size):
            chars.append(" ")
            indices.append(-1)
        chars.append(run.text)
        indices.extend(run.indices)
        right = max(right, run.x1)
    widest = max(runs, key=lambda run: len(run.text))
    return Line(
        page,
        "".join(chars),
        indices,
        min(run.x0 for run in runs),
        right,
        min(run.y0 for run in runs),
        max(run.y1 for run in runs),
        widest.base,
        widest.size,
        any(mark in widest.font.lower() for mark in _BOLD),
    )
