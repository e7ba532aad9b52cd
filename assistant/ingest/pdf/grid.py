"""Ruling lines become grids: which cells a table drawn with lines has."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from assistant.ingest.pdf.objects import PageObjects

_NEAR = 2.5
_MAX_LINES = 4_000
_MAX_CELLS = 20_000

Stroke = tuple[float, float, float]
"""(position across the stroke, begin, end along it)."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its grid rows and columns (half-open) and its rectangle."""

    row: int
    column: int
    rows: int
    columns: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Grid:
    """One ruled table; ``xs`` are the upright lines, ``ys`` the level ones."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[Cell, ...]

    @property
    def columns(self) -> int:
        """Number of grid columns."""
        return len(self.xs) - 1


def _merged(strokes: list[Stroke]) -> list[Stroke]:
    """Join strokes that lie on one line and touch."""
    level: list[Stroke] = []
    strokes = sorted(strokes)
    done: list[Stroke] = []
    while strokes:
        at = strokes[0][0]
        level = sorted((s for s in strokes if s[0] - at <= _NEAR), key=lambda s: s[1])
        strokes = [s for s in strokes if s[0] - at > _NEAR]
        where = sum(s[0] for s in level) / len(level)
        begin, end = level[0][1], level[0][2]
        for _, low, high in level[1:]:
            if low <= end + _NEAR:
                end = max(end, high)
            else:
                done.append((where, begin, end))
                begin, end = low, high
        done.append((where, begin, end))
    return done


def _crosses(across: Stroke, down: Stroke) -> bool:
    return (
        across[1] - _NEAR <= down[0] <= across[2] + _NEAR and down[1] - _NEAR <= across[0] <= down[2] + _NEAR
    )


def _components(across: list[Stroke], down: list[Stroke]) -> list[tuple[list[Stroke], list[Stroke]]]:
    """Part strokes into groups that hang together."""
    parents = list(range(len(across) + len(down)))

    def root(at: int) -> int:
        while parents[at] != at:
            parents[at] = parents[parents[at]]
            at = parents[at]
        return at

    for j, upright in enumerate(down):
        low = bisect_right([s[0] for s in across], upright[1] - _NEAR)
        for i in range(low, len(across)):
            if across[i][0] > upright[2] + _NEAR:
                break
            if _crosses(across[i], upright):
                parents[root(i)] = root(len(across) + j)
    groups: dict[int, tuple[list[Stroke], list[Stroke]]] = {}
    for at in range(len(parents)):
        mine = groups.setdefault(root(at), ([], []))
        if at < len(across):
            mine[0].append(across[at])
        else:
            mine[1].append(down[at - len(across)])
    return list(groups.values())


def _positions(values: list[float]) -> tuple[float, ...]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return tuple(found)


def _covered(strokes: list[Stroke], at: float, middle: float) -> bool:
    return any(abs(s[0] - at) <= _NEAR and s[1] - _NEAR <= middle <= s[2] + _NEAR for s in strokes)


def _cells(
    xs: tuple[float, ...], ys: tuple[float, ...], across: list[Stroke], down: list[Stroke]
) -> list[Cell]:
    """Join elementary cells that no line parts; each group's bounds are one cell."""
    columns, rows = len(xs) - 1, len(ys) - 1
    parents = list(range(columns * rows))

    def root(at: int) -> int:
        while parents[at] != at:
            parents[at] = parents[parents[at]]
            at = parents[at]
        return at

    for row in range(rows):
        middle = (ys[row] + ys[row + 1]) / 2
        for column in range(columns):
            at = row * columns + column
            if column + 1 < columns and not _covered(down, xs[column + 1], middle):
                parents[root(at + 1)] = root(at)
            centre = (xs[column] + xs[column + 1]) / 2
            if row + 1 < rows and not _covered(across, ys[row + 1], centre):
                parents[root(at + columns)] = root(at)
    groups: dict[int, list[int]] = {}
    for at in range(columns * rows):
        groups.setdefault(root(at), []).append(at)
    cells = []
    for members in groups.values():
        top, left = min(at // columns for at in members), min(at % columns for at in members)
        bottom, right = max(at // columns for at in members) + 1, max(at % columns for at in members) + 1
        cells.append(Cell(top, left, bottom - top, right - left, xs[left], ys[top], xs[right], ys[bottom]))
    return sorted(cells, key=lambda cell: (cell.row, cell.column))


def grids(objects: PageObjects) -> list[Grid]:
    """Return the ruled tables (and frames) of a page, top to bottom."""
    if len(objects.across) + len(objects.down) > _MAX_LINES:
        return []
    across = sorted(_merged([(y, x0, x1) for x0, x1, y in objects.across]))
    down = sorted(_merged([(x, y0, y1) for x, y0, y1 in objects.down]))
    found = []
    for levels, uprights in _components(across, down):
        xs = _positions([s[0] for s in uprights])
        ys = _positions([s[0] for s in levels])
        if len(xs) < 2 or len(ys) < 2 or len(xs) * len(ys) > _MAX_CELLS:
            continue
        found.append(Grid(xs, ys, tuple(_cells(xs, ys, levels, uprights))))
    return sorted(found, key=lambda grid: (grid.ys[0], grid.xs[0]))
