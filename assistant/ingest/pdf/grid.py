"""Ruling lines become grids: which cells a table drawn with lines has."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from assistant.ingest.pdf.objects import PageObjects

_NEAR = 2.5
_MAX_STROKES = 30_000
_MAX_LINES = 1_500
_MAX_CELLS = 20_000

Stroke = tuple[float, float, float]
"""(position across the stroke, begin, end along it)."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its first grid row and column, how many columns it takes, and its rectangle."""

    row: int
    column: int
    columns: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Grid:
    """One ruled table; ``xs`` are the upright lines, ``ys`` the level ones.

    ``lookup`` gives the number in ``cells`` for each elementary cell, row by row.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[Cell, ...]
    lookup: tuple[int, ...]

    @property
    def columns(self) -> int:
        """Number of grid columns."""
        return len(self.xs) - 1

    def cell_at(self, x: float, y: float) -> Cell | None:
        """Return the cell at a place, None outside the grid."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        if not (0 <= column < self.columns and 0 <= row < len(self.ys) - 1):
            return None
        return self.cells[self.lookup[row * self.columns + column]]


class _Groups:
    """Things that hang together (union-find)."""

    def __init__(self, count: int) -> None:
        self._parents = list(range(count))

    def root(self, at: int) -> int:
        while self._parents[at] != at:
            self._parents[at] = self._parents[self._parents[at]]
            at = self._parents[at]
        return at

    def join(self, one: int, two: int) -> None:
        self._parents[self.root(two)] = self.root(one)

    def members(self) -> list[list[int]]:
        groups: dict[int, list[int]] = {}
        for at in range(len(self._parents)):
            groups.setdefault(self.root(at), []).append(at)
        return list(groups.values())


def _merged(strokes: list[Stroke]) -> list[Stroke]:
    """Join strokes that lie on one line and touch."""
    levels: list[list[Stroke]] = []
    for stroke in sorted(strokes):
        if levels and stroke[0] - levels[-1][0][0] <= _NEAR:
            levels[-1].append(stroke)
        else:
            levels.append([stroke])
    done: list[Stroke] = []
    for level in levels:
        level.sort(key=lambda stroke: stroke[1])
        where = sum(stroke[0] for stroke in level) / len(level)
        begin, end = level[0][1], level[0][2]
        for _, low, high in level[1:]:
            if low > end + _NEAR:
                done.append((where, begin, end))
                begin, end = low, high
            end = max(end, high)
        done.append((where, begin, end))
    return sorted(done)


def _components(across: list[Stroke], down: list[Stroke]) -> list[tuple[list[Stroke], list[Stroke]]]:
    """Part strokes into groups that hang together."""
    groups = _Groups(len(across) + len(down))
    heights = [stroke[0] for stroke in across]
    for j, upright in enumerate(down):
        for i in range(bisect_right(heights, upright[1] - _NEAR), len(across)):
            level = across[i]
            if level[0] > upright[2] + _NEAR:
                break
            if level[1] - _NEAR <= upright[0] <= level[2] + _NEAR:
                groups.join(i, len(across) + j)
    return [
        (
            [across[at] for at in members if at < len(across)],
            [down[at - len(across)] for at in members if at >= len(across)],
        )
        for members in groups.members()
    ]


def _positions(strokes: list[Stroke]) -> tuple[float, ...]:
    found: list[float] = []
    for value in sorted(stroke[0] for stroke in strokes):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return tuple(found)


def _by_position(strokes: list[Stroke], positions: tuple[float, ...]) -> list[list[Stroke]]:
    return [[stroke for stroke in strokes if abs(stroke[0] - at) <= _NEAR] for at in positions]


def _drawn(strokes: list[Stroke], middle: float) -> bool:
    return any(begin - _NEAR <= middle <= end + _NEAR for _, begin, end in strokes)


def _grid(across: list[Stroke], down: list[Stroke]) -> Grid | None:
    """Join elementary cells that no line parts; each group's bounds are one cell."""
    xs, ys = _positions(down), _positions(across)
    columns, rows = len(xs) - 1, len(ys) - 1
    if columns < 1 or rows < 1 or columns * rows > _MAX_CELLS:
        return None
    uprights, levels = _by_position(down, xs), _by_position(across, ys)
    groups = _Groups(columns * rows)
    for at in range(columns * rows):
        row, column = divmod(at, columns)
        middle, centre = (ys[row] + ys[row + 1]) / 2, (xs[column] + xs[column + 1]) / 2
        if column + 1 < columns and not _drawn(uprights[column + 1], middle):
            groups.join(at, at + 1)
        if row + 1 < rows and not _drawn(levels[row + 1], centre):
            groups.join(at, at + columns)
    cells: list[Cell] = []
    lookup = [0] * (columns * rows)
    for members in groups.members():
        top, bottom = members[0] // columns, members[-1] // columns + 1
        left, right = min(at % columns for at in members), max(at % columns for at in members) + 1
        for at in members:
            lookup[at] = len(cells)
        cells.append(Cell(top, left, right - left, xs[left], ys[top], xs[right], ys[bottom]))
    return Grid(xs, ys, tuple(cells), tuple(lookup))


def grids(objects: PageObjects) -> list[Grid]:
    """Return the ruled tables (and frames) of a page, top to bottom."""
    if len(objects.across) + len(objects.down) > _MAX_STROKES:
        return []
    across = _merged([(y, x0, x1) for x0, x1, y in objects.across])
    down = _merged([(x, y0, y1) for x, y0, y1 in objects.down])
    if len(across) + len(down) > _MAX_LINES:
        return []
    found = (_grid(levels, uprights) for levels, uprights in _components(across, down))
    return sorted((grid for grid in found if grid is not None), key=lambda grid: (grid.ys[0], grid.xs[0]))
