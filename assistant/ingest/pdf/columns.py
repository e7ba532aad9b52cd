"""Tables without upright lines: several lines in a row that fall into the same columns.

Also tells columns of running text, which are read one after the other, from a table's columns.
"""

from __future__ import annotations

from itertools import pairwise

from assistant.ingest.pdf.flow import in_cell, wraps
from assistant.ingest.pdf.lines import Line, make_line, pieces
from assistant.ingest.pdf.runs import Run, group_lines
from assistant.ingest.pdf.tables import Row, Table

_MIN_ROWS = 2
_COLUMN_TEXT = 14
_FAR = 4.0
_APART = 1.15

Level = list[Line]
"""The pieces that stand on one baseline, from left to right."""


def unruled(runs: list[Run], page: int) -> list[Table | Line]:
    """Return lines top to bottom, lines that share columns gathered into tables or read column by column."""
    levels = [[make_line(piece, page) for piece in pieces(group)] for group in group_lines(runs)]
    found: list[Table | Line] = []
    at = 0
    while at < len(levels):
        end = _region_end(levels, at) if len(levels[at]) > 1 else at + 1
        found += _region(levels[at:end])
        at = end
    return found


def _region_end(levels: list[Level], begin: int) -> int:
    """Return where the levels that share the columns of ``levels[begin]`` end."""
    end = begin + 1
    most = len(levels[begin])
    while end < len(levels):
        level = levels[end]
        if level[0].base - levels[end - 1][0].base > _FAR * level[0].size:
            break
        most = max(most, len(level))
        if len(_columns(levels[begin : end + 1])) < most:
            break
        end += 1
    steps = [two[0].base - one[0].base for one, two in pairwise(levels[begin:end])]
    while end - begin > 1 and len(levels[end - 1]) == 1 and steps[-1] > _APART * min(steps):
        end, steps = end - 1, steps[:-1]
    return end


def _columns(levels: list[Level]) -> list[tuple[float, float]]:
    """Return the stretches that the levels' pieces cover together."""
    merged: list[tuple[float, float]] = []
    for x0, x1 in sorted((piece.x0, piece.x1) for level in levels for piece in level):
        if merged and x0 <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], x1))
        else:
            merged.append((x0, x1))
    return merged


def _region(levels: list[Level]) -> list[Table | Line]:
    columns = _columns(levels)
    if _side_by_side(levels, columns):
        return [piece for x0, x1 in columns for level in levels for piece in level if x0 <= piece.x0 <= x1]
    several = sum(1 for level in levels if len(level) > 1)
    if several < _MIN_ROWS or several * 3 < len(levels) or len(columns) < 2:
        return [_whole(level) for level in levels]
    cells = [_sorted(group, columns) for group in _rows(levels, columns)]
    first, last = levels[0], levels[-1]
    table = Table(first[0].page, columns[0][0], first[0].y0, columns[-1][1], last[0].y1)
    widths = [x1 - x0 for x0, x1 in columns]
    table.rows = [
        Row([in_cell(lines, width) for lines, width in zip(row, widths, strict=True)]) for row in cells
    ]
    return [table]


def _sorted(levels: list[Level], columns: list[tuple[float, float]]) -> list[list[Line]]:
    """Return the pieces of some levels by column."""
    return [[piece for level in levels for piece in level if x0 <= piece.x0 <= x1] for x0, x1 in columns]


def _rows(levels: list[Level], columns: list[tuple[float, float]]) -> list[list[Level]]:
    """Part levels into rows: at wider gaps where there are such, else where a level does not wrap on."""
    steps = [two[0].base - one[0].base for one, two in pairwise(levels)]
    middle = (min(steps) + max(steps)) / 2
    told_by_gaps = max(steps) > _APART * min(steps) and any(len(level) == 1 for level in levels)
    rows = [[levels[0]]]
    for step, level in zip(steps, levels[1:], strict=True):
        lone = not told_by_gaps and len(level) == 1
        if (told_by_gaps and step < middle) or (lone and _wraps_on(rows[-1], level[0], columns)):
            rows[-1].append(level)
        else:
            rows.append([level])
    return rows


def _wraps_on(row: list[Level], piece: Line, columns: list[tuple[float, float]]) -> bool:
    """Tell whether a lone piece carries on the cell above it."""
    for (x0, x1), above in zip(columns, _sorted(row, columns), strict=True):
        if x0 <= piece.x0 <= x1:
            return bool(above) and wraps(above[-1], piece, x1 - x0)
    return False


def _side_by_side(levels: list[Level], columns: list[tuple[float, float]]) -> bool:
    """Tell columns of running text, which the page draws one after the other, from a table's rows."""
    both = [level for level in levels if len(level) == 2]
    if len(both) < 3 or len(columns) != 2:
        return False
    length = sum(len(piece.text) for level in both for piece in level) / (2 * len(both))
    later = sum(1 for one, two in pairwise(both) if one[1].first > two[0].first)
    return length >= _COLUMN_TEXT and later * 2 > len(both)


def _whole(level: Level) -> Line:
    """Put a level's pieces back together with one space in each wide gap."""
    first = level[0]
    for piece in level[1:]:
        first.text += " " + piece.text
        first.indices = [*first.indices, -1, *piece.indices]
        first.x1, first.y0, first.y1 = piece.x1, min(first.y0, piece.y0), max(first.y1, piece.y1)
    return first
