"""Stretches that set out requirements instead of reporting: tables and lists of what each tier asks for.

Jiangsu describes its 40 scenes for four tiers; declarations paste the table to show what they go by.
A table that ticks the tier reached is a claim and stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from assistant.extract.scene_layout import Unit

# Any mark that somebody fills in.
MARK = re.compile("[☑☒√✓✔⊠□○☐◻▢×✗✕✘]")
_TIER = re.compile(r"基础级|先进级|卓越级|领航级")
_LEVEL = re.compile(r"(?:等级|水平|级别)?[ⅠⅡⅢⅣ一二三四1-4]级|(?:等级|水平|级别)[一二三四1-4]")
_TIER_LINE = re.compile(r"[（(【\[]?(基础级|先进级|卓越级|领航级)[)）】\]]?(?:要求|水平)?\s*[：:——\s]")
_REACHED = re.compile(r"达到|满足|自评|符合|本企业|我司|公司|已")
# A table with this many columns of tiers, some cell longer than this, sets out requirements.
_COLUMNS = 2
_WORDED = 4
_LINES = 2


def _is_tier_table(text: str, rows: Sequence[Unit]) -> bool:
    for number, row in enumerate(rows[:3]):
        titles = ["".join(text[a:b].split()) for a, b in row.cells]
        tiers = [i for i, title in enumerate(titles) if _TIER.search(title)]
        levels = [i for i, title in enumerate(titles) if _LEVEL.fullmatch(title)]
        columns = tiers if len(tiers) >= _COLUMNS else levels
        if len(columns) < _COLUMNS:
            continue
        below = [text[slice(*r.cells[i])] for r in rows[number + 1 :] for i in columns if i < len(r.cells)]
        return not any(MARK.search(cell) for cell in below) and any(
            len(cell.strip()) > _WORDED for cell in below
        )
    return False


def _tier_lines(text: str, units: Sequence[Unit]) -> set[int]:
    """Return the places of units that list one scene's tiers, with the title right above them."""
    found: set[int] = set()
    run: list[int] = []
    for number in range(len(units) + 1):
        line = text[units[number].title : units[number].end] if number < len(units) else ""
        if _TIER_LINE.match(line) and not MARK.search(line) and not _REACHED.search(line[:16]):
            run.append(number)
            continue
        if len(run) >= _LINES:
            found.update(run)
            above = run[0] - 1
            if above >= 0 and units[above].end - units[above].start <= 40:
                found.add(above)
        run = []
    return found


def without_guidance(text: str, units: Sequence[Unit]) -> list[Unit]:
    """Return the units, those that only set out the tiers' requirements moved to the guide zone."""
    marked = _tier_lines(text, units)
    number = 0
    for is_row, run in groupby(units, key=lambda unit: (bool(unit.cells), unit.table)):
        rows = list(run)
        if is_row[0] and _is_tier_table(text, rows):
            marked.update(range(number, number + len(rows)))
        number += len(rows)
    return [replace(unit, zone="guide") if i in marked else unit for i, unit in enumerate(units)]
