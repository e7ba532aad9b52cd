"""Rows of cells: in ruled grids, and where several lines fall into the same columns without ruling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from assistant.ingest.pdf.flow import ENDS, Paragraph, in_cell
from assistant.ingest.pdf.grid import Cell, Grid
from assistant.ingest.pdf.lines import Line, make_line
from assistant.ingest.pdf.runs import Run, group_lines, split

_LONG_CELL = 8


@dataclass(slots=True)
class Row:
    """One row; ``cells`` holds the paragraphs of every grid column, empty where a cell spans."""

    cells: list[list[Paragraph]]


@dataclass(slots=True)
class Table:
    """One table as it stands on one page; ``columns`` tells whether the next page carries it on."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    rows: list[Row] = field(default_factory=list)
    columns: tuple[float, ...] = ()


@dataclass(slots=True)
class Frame:
    """Lines inside a box that frames running text rather than a table's cell."""

    lines: list[Line]
    x0: float
    x1: float
    y0: float


def take(runs: list[Run], grid: Grid) -> tuple[dict[Cell, list[Run]], list[Run]]:
    """Part runs into those inside a grid, by cell, and the rest; runs that cross a line are cut there."""
    x0, x1, y0, y1 = grid.xs[0], grid.xs[-1], grid.ys[0], grid.ys[-1]
    inside: dict[Cell, list[Run]] = {}
    rest: list[Run] = []
    for run in runs:
        middle = run.base - 0.3 * run.size
        if not (y0 <= middle <= y1) or run.x1 < x0 or run.x0 > x1:
            rest.append(run)
            continue
        for part in _cut(run, grid, middle):
            centre = (part.x0 + part.x1) / 2
            cell = grid.cell_at(centre, middle)
            if cell is None:
                rest.append(part)
            else:
                inside.setdefault(cell, []).append(part)
    return inside, rest


def _cut(run: Run, grid: Grid, middle: float) -> list[Run]:
    parts = [run]
    for edge in grid.xs[1:-1]:
        left, right = grid.cell_at(edge - 3, middle), grid.cell_at(edge + 3, middle)
        if left is right:
            continue
        halves = split(parts[-1], edge)
        if halves:
            parts[-1:] = halves
    return parts


def lines_of(runs: list[Run], page: int) -> list[Line]:
    """Return runs as lines, top to bottom."""
    return [make_line(group, page) for group in group_lines(runs)]


def ruled(grid: Grid, inside: dict[Cell, list[Run]], page: int) -> list[Table | Frame]:
    """Return a ruled grid as tables; a cell across the whole width that holds running text is a frame."""
    parts: list[Table | Frame] = []
    for number in range(len(grid.ys) - 1):
        mine = [cell for cell in grid.cells if cell.row == number]
        lines = {cell: lines_of(inside.get(cell, []), page) for cell in mine}
        if (
            len(mine) == 1
            and mine[0].columns == grid.columns
            and (len(lines[mine[0]]) > 2 or grid.columns == 1)
        ):
            cell = mine[0]
            parts.append(Frame(lines[cell], cell.x0, cell.x1, cell.y0))
            continue
        row = Row([[] for _ in range(grid.columns)])
        for cell in mine:
            row.cells[cell.column] = in_cell(lines[cell], cell.x1 - cell.x0)
        if not any(row.cells):
            continue
        if not parts or isinstance(parts[-1], Frame):
            parts.append(Table(page, grid.xs[0], grid.ys[number], grid.xs[-1], 0.0, [], grid.xs))
        table = parts[-1]
        if isinstance(table, Table):
            table.rows.append(row)
            table.y1 = grid.ys[number + 1]
    return parts


def cell_text(paragraphs: list[Paragraph]) -> tuple[str, list[int]]:
    """Return a cell's text, a line a paragraph, and the places of its characters."""
    text: list[str] = []
    places: list[int] = []
    for at, paragraph in enumerate(paragraphs):
        text += (["\n"] if at else []) + [paragraph.text.replace("\t", " ")]
        places += ([-1] if at else []) + paragraph.places
    whole = "".join(text)
    begin = len(whole) - len(whole.lstrip(" \n\u3000\xa0"))
    stripped = whole.strip(" \n\u3000\xa0")
    return stripped, places[begin : begin + len(stripped)]


def row_text(row: Row) -> str:
    """Return a row's cells parted by tabs."""
    return "\t".join(cell_text(cell)[0] for cell in row.cells)


def same_columns(one: tuple[float, ...], two: tuple[float, ...]) -> bool:
    """Tell whether two ruled tables have the same columns; tables without ruling have none to compare."""
    return bool(one) and len(one) == len(two) and all(abs(a - b) < 3 for a, b in zip(one, two, strict=True))


def mend_rows(bodies: Sequence[list[Line | Table | Frame]]) -> None:
    """Put back together rows that a page break tore: the rest of one long cell stands alone on the next page."""
    for here, there in pairwise(bodies):
        above, below = (here[-1] if here else None), (there[0] if there else None)
        if not isinstance(above, Table) or not isinstance(below, Table):
            continue
        if not same_columns(above.columns, below.columns) or not above.rows or not below.rows:
            continue
        at = 1 if row_text(above.rows[0]) == row_text(below.rows[0]) else 0
        if at < len(below.rows) and _torn(above.rows[-1], below.rows[at]):
            _rejoin(above.rows[-1], below.rows.pop(at))


def _torn(above: Row, below: Row) -> bool:
    filled = [column for column, cell in enumerate(below.cells) if cell]
    if len(filled) != 1 or sum(1 for cell in above.cells if cell) < 2:
        return False
    before = cell_text(above.cells[filled[0]])[0]
    return len(before) >= _LONG_CELL and before[-1] not in ENDS


def _rejoin(above: Row, below: Row) -> None:
    for upper, lower in zip(above.cells, below.cells, strict=True):
        if upper and lower:
            last, first = upper[-1], lower[0]
            last.text, last.places = last.text + first.text, last.places + first.places
            upper.extend(lower[1:])
