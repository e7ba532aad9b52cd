"""Runs: stretches of characters drawn in one go, and how they share baselines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.document import HiddenReason

_SAME_BASE = 0.4


@dataclass(slots=True)
class Run:
    """Characters drawn in one go.

    ``indices`` names the characters of ``text`` one by one; ``base`` is the baseline's y, ``size`` the
    font's effective size. ``tilted``: not written from left to right.
    """

    text: str
    indices: Sequence[int]
    x0: float
    x1: float
    y0: float
    y1: float
    base: float
    size: float
    font: str = ""
    tilted: bool = False
    hidden: HiddenReason | None = None


def is_cjk(char: str) -> bool:
    """Tell Chinese characters and full-width marks, between which no space is written."""
    return (
        "\u2e80" <= char <= "\u9fff" or "\uf900" <= char <= "\uffef" or "\U00020000" <= char <= "\U0003ffff"
    )


def group_lines(runs: list[Run]) -> list[list[Run]]:
    """Group runs by baseline, top to bottom, each group from left to right."""
    groups: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (run.base, run.x0, run.indices[0])):
        last = groups[-1] if groups else None
        if last is not None and run.base - last[0].base <= _SAME_BASE * min(run.size, last[0].size):
            last.append(run)
        else:
            groups.append([run])
    return [sorted(group, key=lambda run: (run.x0, run.indices[0])) for group in groups]


def split(run: Run, at: float) -> tuple[Run, Run] | None:
    """Cut a run where it crosses the upright line ``at``; None where it does not cross."""
    if run.tilted or run.x1 <= at or run.x0 >= at:
        return None
    widths = [1.0 if is_cjk(char) else 0.5 for char in run.text]
    unit = (run.x1 - run.x0) / max(sum(widths), 0.5)
    x, cut, edge = run.x0, 0, run.x0
    for width in widths:
        if x >= at - 0.5 * width * unit:
            break
        x, cut = x + width * unit, cut + 1
        edge = x
    if not 0 < cut < len(run.text):
        return None
    parts = []
    for begin, end, x0, x1 in ((0, cut, run.x0, min(edge, at)), (cut, len(run.text), max(edge, at), run.x1)):
        parts.append(
            Run(
                run.text[begin:end], run.indices[begin:end], x0, max(x0, x1),
                run.y0, run.y1, run.base, run.size, run.font, run.tilted, run.hidden,
            )
        )  # fmt: skip
    return parts[0], parts[1]
