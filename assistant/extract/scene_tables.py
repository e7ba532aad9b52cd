"""Scenes in tables and tick lists: which column names them, which says whether they are built."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby

from assistant.extract.scene_claims import Anchor
from assistant.extract.scene_layout import Unit
from assistant.extract.scene_names import Mention, near
from assistant.extract.scene_status import State, of_cell, of_section
from assistant.extract.scene_text import Placed
from assistant.extract.sentences import Piece

_NAME_COLUMN = re.compile(r"场景")
_NOT_NAME = re.compile(r"编号|序号|数量|描述|说明|内容|情况|成效|是否|个数|状态|比例")
_STATUS_COLUMN = re.compile(
    r"是否(?:已)?(?:建|实施|应用|覆盖|涉及|完成|具备|投)|建设(?:情况|状态|进度|进展|与否|阶段)|完成(?:情况|状态)|实施(?:情况|状态|进度|进展)|状态|进展|进度$|建成(?:情况|与否|时间)|投用(?:情况|状态|时间)|覆盖情况|自评|达标|现状|有无|投运|上线(?:情况|时间|状态)|备注|(?:建设|实施|完成|投入|启用)时间"
)
_AI_COLUMN = re.compile(r"人工智能|AI|大模型|智能算法", re.IGNORECASE)
_TICKED = "☑☒√✓✔⊠"
# Filled shapes are bullets unless empty ones stand beside them.
_FILLED = "■◼●▣"
_OPEN = "□○☐◻▢×✗✕✘"
# Beside cells that say 已建成, a bare 2026年建设 says when it is to be built.
_SAID_BUILT = re.compile(r"已|建成|完成")
_YEAR_TO_COME = re.compile(
    r"20\d\d年(?:\d{1,2}月)?(?:[上下]半年|[初底末中])?(?:计划|拟)?(?:建设|实施|启动|开工|推进|开展)"
)
_MARK = re.compile(rf"[{_TICKED}{_OPEN}]")
_EMPTY = re.compile("[□○☐◻▢]")


def ticks(text: str, start: int, end: int, mention: Mention) -> State:
    """Return whether the box in front of (or behind) a name is ticked; UNSAID where there are no boxes."""
    if not _MARK.search(text, start, end):
        return State.UNSAID
    ticked = _TICKED + (_FILLED if _EMPTY.search(text, start, end) else "")
    before = text[max(start, mention.start - 8) : mention.start].rstrip(" \t（()）.、0123456789")
    if before and before[-1] in ticked:
        return State.BUILT
    if before and before[-1] in _OPEN:
        return State.ABSENT
    behind = text[mention.end : min(end, mention.end + 4)].strip()
    if behind[:1] and behind[0] in ticked + _OPEN:
        return State.BUILT if behind[0] in ticked else State.ABSENT
    return State.UNSAID


class _Columns:
    """The roles of a table's columns, read from its header row."""

    def __init__(self, text: str, header: Unit | None) -> None:
        titles = ["".join(text[a:b].split()) for a, b in header.cells] if header else []
        self.name = self._find(titles, lambda t: bool(_NAME_COLUMN.search(t)) and not _NOT_NAME.search(t))
        self.status = [
            i
            for i, title in enumerate(titles)
            if i != self.name and _STATUS_COLUMN.search(title) and not _AI_COLUMN.search(title)
        ]
        self.ai = self._find(titles, lambda t: bool(_AI_COLUMN.search(t)))

    @staticmethod
    def _find(titles: list[str], fits: Callable[[str], bool]) -> int | None:
        return next((i for i, title in enumerate(titles) if fits(title)), None)


def _header_of(text: str, rows: Sequence[Unit]) -> Unit | None:
    for row in rows[:3]:
        titles = "".join(text[row.start : row.end].split())
        short = all(b - a <= 24 for a, b in row.cells)
        if row.header or (
            short
            and len(row.cells) >= 2
            and "场景" in titles
            and re.search("序号|环节|名称|情况|是否|状态|描述|内容|时间|编号|说明", titles)
        ):
            return row
    return None


def _status(text: str, row: Unit, columns: _Columns, name_cell: int) -> State:
    said = [of_cell(text[slice(*row.cells[i])]) for i in columns.status if i < len(row.cells)]
    state = next((one for one in said if one is not State.UNSAID), State.UNSAID)
    if state is State.ABSENT and any(of_cell(text[a:b]) is State.PLAN for a, b in row.cells[name_cell + 1 :]):
        return State.PLAN
    if state is not State.UNSAID:
        return state
    for index, (start, end) in enumerate(row.cells):
        if index in (name_cell, columns.ai) or end - start > 16 or index < name_cell:
            continue
        state = of_cell(text[start:end])
        spoken = re.search(r"[一-鿿]", text[start:end])
        last = not columns.status and index == len(row.cells) - 1
        if state in (State.ABSENT, State.PLAN) and (spoken or last):
            return state
    return State.UNSAID


def _long_cells(row: Unit, skip: int) -> Piece | None:
    longest = max(((b - a, a, b) for i, (a, b) in enumerate(row.cells) if i != skip), default=(0, 0, 0))
    return Piece(row.start, row.end) if longest[0] >= 8 else None


def _row_anchors(text: str, row: Unit, columns: _Columns, names: Sequence[Mention]) -> list[Anchor]:
    found: list[Anchor] = []
    cells = [columns.name] if columns.name is not None else range(len(row.cells))
    for index in cells:
        if index is None or index >= len(row.cells):
            continue
        start, end = row.cells[index]
        inside = [m for m in names if start <= m.start and m.end <= end]
        named = [m for m in inside if m.name.official or columns.name is not None]
        for mention in named:
            if columns.name is None and (end - start > 3 * (mention.end - mention.start) + 6):
                continue
            found.append(_anchor(text, row, columns, index, (mention.start, mention.end, mention)))
        if not named and columns.name is not None and end > start:
            close = near(text[start:end])
            if close is not None:
                anchor = _anchor(text, row, columns, index, (start, end, Mention(start, end, close, False)))
                found.append(anchor)
    return found


def _anchor(text: str, row: Unit, columns: _Columns, index: int, place: tuple[int, int, Mention]) -> Anchor:
    start, end, mention = place
    state = ticks(text, *row.cells[index], mention)
    if state is State.UNSAID:
        state = _status(text, row, columns, index)
    body = _long_cells(row, index)
    if state is State.UNSAID and body:
        told, _ = of_section(text, row.cells[index][1], row.end, (mention.name.text,))
        state = told if told in (State.ABSENT, State.PLAN) else state
    if row.zone == "plan" and state is not State.ABSENT:
        state = State.PLAN
    ai, ai_at = None, None
    if columns.ai is not None and columns.ai < len(row.cells):
        a, b = row.cells[columns.ai]
        said = of_cell(text[a:b]) if b > a else State.ABSENT
        ai = said not in (State.ABSENT, State.PLAN)
        ai_at = Piece(a, b) if ai and b > a else None
    return Anchor(
        "row",
        start,
        end,
        mention.name.activities,
        body,
        state,
        mention.name.official or columns.name is not None,
        (),
        ai,
        ai_at,
    )


def anchors(text: str, units: Sequence[Unit], names: Placed[Mention]) -> list[Anchor]:
    """Return the scenes that table rows name, each with what its row says about it.

    In a table with a status column, rows that leave it empty while others tick it are not built.
    """
    found: list[Anchor] = []
    for is_row, run in groupby(units, key=lambda unit: (bool(unit.cells), unit.table)):
        rows = list(run)
        if not is_row[0] or rows[0].zone == "guide":
            continue
        header = _header_of(text, rows)
        columns = _Columns(text, header)
        table: list[Anchor] = []
        for row in rows:
            if row is not header and row.zone != "guide":
                inside = [m for m in names.within(row.start, row.end) if not m.unit]
                table += _row_anchors(text, row, columns, inside)
        if columns.status and any(_SAID_BUILT.match(_state_cell(text, rows, a, columns)) for a in table):
            table = [
                _planned(a) if _YEAR_TO_COME.fullmatch(_state_cell(text, rows, a, columns)) else a
                for a in table
            ]
        ticked = columns.status and any(a.state is State.BUILT for a in table)
        for anchor in table:
            blank = ticked and anchor.state is State.UNSAID and anchor.body is None
            found.append(_absent(anchor) if blank else anchor)
    return found


def _state_cell(text: str, rows: Sequence[Unit], anchor: Anchor, columns: _Columns) -> str:
    """Return the words of the first status cell in an anchor's row."""
    row = next(row for row in rows if row.start <= anchor.start < row.end)
    cells = [text[slice(*row.cells[i])].strip() for i in columns.status if i < len(row.cells)]
    return cells[0] if cells else ""


def _planned(anchor: Anchor) -> Anchor:
    return replace(anchor, state=State.PLAN)


def _absent(anchor: Anchor) -> Anchor:
    return replace(anchor, state=State.ABSENT)
