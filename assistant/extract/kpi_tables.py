"""KPI statements in tables: rows of indicators with columns 改造前, 改造后, 提升幅度, 目标值, or years."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.extract.kpi_filter import is_kpi
from assistant.extract.kpi_grammar import strip_phrase
from assistant.extract.kpi_lexicon import Direction, lexicon
from assistant.extract.kpi_prose import Draft
from assistant.extract.kpi_rows import Cell, Row, Table, column_roles
from assistant.extract.kpi_text import compact, quantities_of
from assistant.extract.numbers import Quantity, find_quantities

_BLANK = re.compile(r"^[\s\-—–/／\\无]*$")
_COUNTER = re.compile(r"[\d.、()（）一二三四五六七八九十]+")
_BARE_FIGURE = re.compile(r"[+\-−↑↓≥≤<>约近达超过]*\d[\d,.]*(?:以上|以下|左右)?")
_BRACKETED = re.compile(r"[(（\[]([^()（）\[\]]{1,12})[)）\]]")
_PLAIN_UNIT = re.compile(r"%|‰|ppm|个|家|倍|个百分点|百分点", re.IGNORECASE)
_NAME_WIDTH = 30
_VALUE_WIDTH = 24
_SKIPPED = {"unit", "number", "note", "between", "name"}


@dataclass(frozen=True, slots=True)
class TableDraft:
    """A draft read from a row: its place in the text and what the columns say about it."""

    draft: Draft
    place: Cell
    plan: bool
    period: str


@dataclass(frozen=True, slots=True)
class _Name:
    """An indicator's name without its unit and without the verb it ends in (产品不良率下降)."""

    name: str
    unit: str
    way: Direction | None


@dataclass(frozen=True, slots=True)
class _Value:
    """A value cell: its column, its figure and the direction it is marked with."""

    column: int
    quantity: Quantity
    way: Direction | None


def table_drafts(text: str, table: Table) -> tuple[list[TableDraft], list[Cell]]:
    """Return the KPI statements of a table and the cells that are left to be read as prose."""
    found: list[TableDraft] = []
    prose: list[Cell] = []
    roles: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    for cells in table.rows:
        words = tuple(compact(text, *cell).text for cell in cells)
        heading = column_roles(words)
        if heading:
            roles, titles = heading, words
            continue
        fits = len(roles) == len(cells)
        row = Row(cells, words, roles if fits else (), titles if fits else ())
        drafts = _read_row(row) or _read_headed(row)
        found.extend(drafts)
        if not drafts:
            prose.extend(cell for cell, word in zip(cells, words, strict=True) if word)
    return found, prose


def _read_row(row: Row) -> list[TableDraft]:
    """Read a row whose first telling cell names an indicator."""
    at = _name_at(row)
    if at is None:
        return []
    name = split_name(row.words[at])
    unit = name.unit or next((row.words[i] for i, role in enumerate(row.roles) if role == "unit"), "")
    values: dict[str, _Value] = {}
    for column in range(at + 1, len(row.cells)):
        role = row.roles[column] if row.roles else "current"
        if not role or role in _SKIPPED:
            continue
        value = _value(row, column, unit)
        if value is not None:
            slot = "change" if role == "current" and _says_change(row.words[column]) else _slot(role, name)
            values.setdefault(slot, replace(value, way=value.way or name.way))
    return _drafts_of(row, at, name, values)


def _says_change(word: str) -> bool:
    """运营成本 | 下降12%: the verb in the cell makes its figure a change, whatever the column is called."""
    return re.match(rf"{lexicon().verb}(?:了|约|近|超过?|幅度)*[\d一二三四五六七八九十百]", word) is not None


def _slot(role: str, name: _Name) -> str:
    """An indicator that is itself a change (生产效率提升) has its change in the value column."""
    if name.way is None:
        return role
    return {"current": "change", "heading": "change", "plan": "plan_change"}.get(role, role)


def _name_at(row: Row) -> int | None:
    """Return the column of the indicator's name: under the last title for names, else the first telling cell."""
    if "name" in row.roles:
        at = len(row.roles) - 1 - row.roles[::-1].index("name")
        if not _BLANK.match(row.words[at]):
            return at
    for index, word in enumerate(row.words[:-1]):
        if not word or _COUNTER.fullmatch(word):
            continue
        name = split_name(word)
        bare = strip_phrase(name.name)
        head = lexicon().head(bare)
        telling = bool(row.roles) or name.way is not None or (head is not None and head.end == len(bare))
        return index if telling and len(word) <= _NAME_WIDTH else None
    return None


def split_name(word: str) -> _Name:
    """Return an indicator's name, unit and way: 产品不良率下降(%) is (产品不良率, %, down)."""
    unit = ""
    for inside in reversed(_BRACKETED.findall(word)):
        probe = find_quantities("1" + inside)
        if _PLAIN_UNIT.fullmatch(inside) or (probe and probe[0].unit):
            unit = inside
            break
    name = _BRACKETED.sub("", word).strip("：: *＊①②③④")
    name = re.sub(r"^\d{1,2}[、.．]?(?=[^\d%])", "", name)
    verb = re.search(rf"(?P<verb>{lexicon().verb})(?:了)?(?:率|幅度|比例|百分比|值|量)?$", name)
    if verb and verb.start() > 1:
        return _Name(name[: verb.start()], unit, lexicon().direction_of(verb["verb"]))
    return _Name(name, unit, None)


def _value(row: Row, column: int, unit: str) -> _Value | None:
    """Return the single figure of a value cell, its unit from the cell, the title or the name."""
    word = row.words[column]
    if _BLANK.match(word) or len(word) > _VALUE_WIDTH:
        return None
    bare = _BARE_FIGURE.fullmatch(word) is not None
    if bare:
        title = _BRACKETED.search(row.titles[column]) if row.titles else None
        unit = (
            title[1] if title and not title[1][0].isdigit() and find_quantities("1" + title[1]) else ""
        ) or unit
        word = re.sub(r"(?<=\d)(?=以上|以下|左右|$)", unit, word, count=1)
    found = (find_quantities(word) or find_quantities(row.words[column])) if bare else quantities_of(word)
    if len(found) != 1:
        return None
    quantity = found[0]
    if bare and quantity.unit is None and unit:
        quantity = replace(quantity, unit=unit)
    return _Value(column, quantity, _way(row.words[column], quantity))


def _way(word: str, quantity: Quantity) -> Direction | None:
    if "↓" in word or quantity.sign < 0 or re.search(lexicon().down, word):
        return "down"
    return "up" if "↑" in word or "+" in word or re.search(lexicon().up, word) else None


def _drafts_of(row: Row, at: int, name: _Name, values: dict[str, _Value]) -> list[TableDraft]:
    """Return the achieved statement of a row and, apart from it, the planned one."""
    found: list[TableDraft] = []
    for planned, slots in ((False, ("base", "current", "change")), (True, ("", "plan", "plan_change"))):
        base, current, change = (values.get(slot) for slot in slots)
        present = [value for value in (base, current, change) if value is not None]
        if not present:
            continue
        draft = Draft(
            0,
            0,
            name.name,
            lexicon().head(strip_phrase(name.name)),
            change.way if change else name.way,
            "降低" if change and change.way == "down" else "提升",
            base.quantity if base else None,
            current.quantity if current else None,
            change.quantity if change else None,
        )
        place = row.cells[at][0], max(row.cells[value.column][1] for value in present)
        if is_kpi(draft, ""):
            found.append(TableDraft(draft, place, planned, ""))
    return found


def _read_headed(row: Row) -> list[TableDraft]:
    """Read a row whose columns are the indicators (年度, 设备联网率, 合格率)."""
    found: list[TableDraft] = []
    for column, role in enumerate(row.roles):
        value = _value(row, column, split_name(row.titles[column]).unit) if role == "heading" else None
        if value is None:
            continue
        name = split_name(row.titles[column])
        head = lexicon().head(strip_phrase(name.name))
        draft = Draft(0, 0, name.name, head, name.way, current=value.quantity)
        if name.way is not None:
            draft = replace(draft, current=None, change=value.quantity)
        if is_kpi(draft, ""):
            found.append(TableDraft(draft, row.cells[column], False, row.words[0]))
    return found
