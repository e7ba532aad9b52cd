"""KPI statements in tables: rows of indicators with columns 改造前, 改造后, 提升幅度, 目标值, or years.

Tables come from the document's blocks; a plain text without table blocks has its tabbed, piped or
evenly spaced lines read as tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.document import Document
from assistant.extract.kpi_filter import is_kpi
from assistant.extract.kpi_grammar import strip_phrase
from assistant.extract.kpi_lexicon import Direction, lexicon
from assistant.extract.kpi_prose import Draft, quantities_of
from assistant.extract.kpi_text import compact
from assistant.extract.numbers import Quantity, find_quantities

Cell = tuple[int, int]
_COLUMNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("plan", re.compile(r"目标|计划|预期|预计|规划|预测|达产后")),
    ("base", re.compile(r"(?:改造|实施|建设|项目|上线|应用|优化|升级|转型|投产|部署|提升|改善|转型升级|智能化|数字化)\w{0,4}?(?:之)?前|^原|基期|基准|初始|以前|过去|传统|上年|上期|去年")),
    ("change", re.compile(r"幅度|变化|增减|提升|提高|降低|下降|改善|增幅|降幅|增长|差值|对比|同比|成效|效果|改进|变动|比率$")),
    ("current", re.compile(r"(?:改造|实施|建设|项目|上线|应用|优化|升级|转型|投产|部署|转型升级|智能化|数字化)\w{0,4}?(?:之)?后|现状|当前|目前|现值|现在|实际|完成|数值|指标值|达成|达到|结果|本年|本期|今年|自评|申报|^值$|^数据$|实绩|取值|填报")),
    ("unit", re.compile(r"单位$|计量单位")),
    ("number", re.compile(r"序号|编号|^#$|^No")),
    ("note", re.compile(r"备注|说明|依据|佐证|来源|计算|公式|定义|口径|方法")),
    ("name", re.compile(r"指标|名称|项目|内容|类别|绩效|参数|维度|要素")),
)  # fmt: skip
_YEAR = re.compile(r"^(?:19|20)\d\d年?(?:度|末|底)?$")
_BLANK = re.compile(r"^[\s\-—–/／\\无]*$")
_NUMERIC = re.compile(
    r"^(?:约|近|超过?|≥|≤|>|<|=|\+|-|−|↑|↓|达到?|提升|提高|增加|增长|上升|降低|下降|减少|缩短|压缩|节约|节省|了|由|从|至|到|\s|[\d.,%‰]|[（()）]|\S{1,6}$)*"
)
_NAME_VERB = re.compile(r"(?:率|幅度|比例|值|量)?$")
_ROW_RULE = re.compile(r"^[\s|:\-—+=]+$")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, each a half-open stretch of the text; blank cells have zero length."""

    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class TableDraft:
    """A draft read from a row: its place in the text and what the columns say about it."""

    draft: Draft
    place: Cell
    plan: bool
    period: str


def tables_of(document: Document) -> tuple[Table, ...]:
    """Return the tables of a document in order."""
    blocks: dict[int, list[tuple[Cell, ...]]] = {}
    for block in document.blocks:
        if block.kind == "table_row" and block.cells:
            blocks.setdefault(block.table or 0, []).append(block.cells)
    if blocks:
        return tuple(Table(tuple(rows)) for rows in blocks.values())
    return tuple(_text_tables(document.text))


def _text_tables(text: str) -> Iterator[Table]:
    rows: list[tuple[Cell, ...]] = []
    offset = 0
    for line in text.split("\n"):
        cells = _split_row(line, offset)
        if cells:
            rows.append(cells)
        elif not (rows and _ROW_RULE.match(line) and line.strip()):
            if len(rows) > 1:
                yield Table(tuple(rows))
            rows = []
        offset += len(line) + 1
    if len(rows) > 1:
        yield Table(tuple(rows))


def _split_row(line: str, offset: int) -> tuple[Cell, ...] | None:
    """Return the cells of a tabbed, piped or spaced line, None when it is no row."""
    if _ROW_RULE.match(line):
        return None
    if "|" in line:
        pattern = r"\|"
    elif "\t" in line.strip("\t"):
        pattern = r"\t"
    else:
        pattern = r"[ \u3000]{2,}"
    begin = len(line) - len(line.lstrip(" |\u3000" if "|" in line else " \u3000"))
    stop = len(line.rstrip(" |\u3000" if "|" in line else " \u3000\t"))
    cells: list[Cell] = []
    at = begin
    for match in re.finditer(pattern, line[:stop]):
        if match.start() < begin:
            continue
        cells.append(_trimmed(line, at, match.start(), offset))
        at = match.end()
    cells.append(_trimmed(line, at, stop, offset))
    return tuple(cells) if len(cells) > 1 else None


def _trimmed(line: str, start: int, end: int, offset: int) -> Cell:
    while start < end and line[start].isspace():
        start += 1
    while end > start and line[end - 1].isspace():
        end -= 1
    return start + offset, end + offset


@dataclass(frozen=True, slots=True)
class _Row:
    """A row's words by column role; ``name`` is the indicator."""

    table: Table
    cells: tuple[Cell, ...]
    words: tuple[str, ...]
    roles: tuple[str, ...]
    titles: tuple[str, ...]


def table_drafts(text: str, table: Table) -> tuple[list[TableDraft], list[Cell]]:
    """Return the KPI statements of a table and the cells that are left to be read as prose."""
    found: list[TableDraft] = []
    prose: list[Cell] = []
    roles: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    for cells in table.rows:
        words = tuple(compact(text, *cell).text for cell in cells)
        heading = _roles(words)
        if heading:
            roles, titles = heading, words
            continue
        row = _Row(table, cells, words, roles if len(roles) == len(cells) else (), titles)
        drafts = _read_row(row) or _read_headed(row)
        found.extend(drafts)
        if not drafts:
            prose.extend(cell for cell, word in zip(cells, words, strict=True) if word)
    return found, prose


def _roles(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the role of each column when the row is a row of titles, else nothing."""
    if len(words) < 2 or any(
        quantity.kind == "percent" for word in words for quantity in find_quantities(word)
    ):
        return ()
    roles = [_role(word) for word in words]
    years = [index for index, word in enumerate(words) if _YEAR.match(word)]
    if len(years) >= 2:
        roles[years[0]] = "base"
        for index in years[1:-1]:
            roles[index] = "between"
        roles[years[-1]] = "current"
    valued = sum(role in {"plan", "base", "current", "change"} for role in roles)
    named = sum(role in {"name", "number", "unit"} for role in roles)
    short = all(len(word) <= 16 for word in words)
    return tuple(roles) if short and valued and (named or valued >= 2) else ()


def _role(word: str) -> str:
    if re.fullmatch(r"\S*(?:关键)?绩效指标(?:名称)?|\S*指标(?:名称|项)?", word):
        return "name"
    head = lexicon().head(strip_phrase(re.sub(r"\(.*?\)", "", word)))
    if head and head.kind in {"rate", "plain_rate", "cost", "time"}:
        return "heading"
    return next((role for role, pattern in _COLUMNS if pattern.search(word)), "")


def _read_row(row: _Row) -> list[TableDraft]:
    """Read a row whose first telling cell names an indicator."""
    at = _name_at(row)
    if at is None:
        return []
    name, unit, verb = split_name(row.words[at])
    values: dict[str, tuple[int, Quantity, Direction | None]] = {}
    unit = unit or next((row.words[i] for i, role in enumerate(row.roles) if role == "unit"), "")
    for index in range(at + 1, len(row.cells)):
        role = row.roles[index] if row.roles else ("change" if verb else "current")
        if role in {"unit", "number", "note", "between", "name"} or role in values:
            continue
        read = _value(row, index, unit)
        if read is None:
            continue
        if role == "" and not row.roles:
            continue
        role, quantity, direction = _placed(role or "current", verb, *read)
        values.setdefault(role, (index, quantity, direction))
    return _drafts_of(row, at, (name, verb), values)


def _placed(
    role: str, verb: Direction | None, quantity: Quantity, direction: Direction | None
) -> tuple[str, Quantity, Direction | None]:
    """An indicator that is itself a change (生产效率提升) has its change in the value column."""
    if role == "current" and verb is not None:
        return "change", quantity, direction or verb
    if role == "plan" and verb is not None:
        return "plan_change", quantity, direction or verb
    return role, quantity, direction


def _name_at(row: _Row) -> int | None:
    if row.roles and "name" in row.roles:
        at = len(row.roles) - 1 - row.roles[::-1].index("name")
        if row.words[at] and not _BLANK.match(row.words[at]):
            return at
    for index, word in enumerate(row.words[:-1]):
        if word and not re.fullmatch(r"[\d.、()（）一二三四五六七八九十]+", word):
            named, _, verb = split_name(word)
            head = lexicon().head(strip_phrase(named))
            fits = head is not None and head.end == len(strip_phrase(named))
            return index if len(word) <= 30 and (fits or row.roles or verb) else None
    return None


def split_name(word: str) -> tuple[str, str, Direction | None]:
    """Return an indicator's name without unit and verb: 产品不良率下降(%) is (产品不良率, %, down)."""
    unit = ""
    units = re.findall(r"[(（\[]([^()（）\[\]]{1,12})[)）\]]", word)
    for inside in reversed(units):
        if re.fullmatch(r"%|‰|ppm|个|家|倍|个百分点|百分点", inside, re.IGNORECASE) or find_quantities(
            "1" + inside
        ):
            probe = find_quantities("1" + inside)
            if inside in {"个", "家"} or (probe and probe[0].unit):
                unit = inside
                break
    name = re.sub(r"[(（\[][^()（）\[\]]*[)）\]]", "", word).strip("：: *＊①②③④")
    name = re.sub(r"^\d{1,2}[、.．]?(?=[^\d%])", "", name)
    match = re.search(rf"(?P<verb>{lexicon().verb})(?:了)?(?:率|幅度|比例|百分比|值|量)?$", name)
    if match and match.start() > 1:
        return name[: match.start()], unit, lexicon().direction_of(match["verb"])
    return name, unit, None


def _value(row: _Row, index: int, unit: str) -> tuple[Quantity, Direction | None] | None:
    """Return the single figure of a value cell with its unit and the direction it is marked with."""
    word = row.words[index]
    if _BLANK.match(word) or len(word) > 24:
        return None
    title = re.search(r"[(（]([^()（）]{1,10})[)）]", row.titles[index]) if index < len(row.titles) else None
    bare = re.fullmatch(r"[+\-−↑↓≥≤<>约近达超过]*\d[\d,.]*(?:以上|以下|左右)?", word)
    if bare:
        unit = (title[1] if title and find_quantities("1" + title[1]) else "") or unit
        shown = re.sub(r"(?<=\d)(?=以上|以下|左右|$)", unit, word, count=1)
        found = find_quantities(shown) or find_quantities(word)
    else:
        found = quantities_of(word)
    if len(found) != 1:
        return None
    quantity = found[0]
    if bare and quantity.unit is None and unit:
        quantity = replace(quantity, unit=unit)
    falls = "↓" in word or quantity.sign < 0 or re.search(lexicon().down, word)
    rises = "↑" in word or "+" in word or re.search(lexicon().up, word)
    return quantity, "down" if falls else "up" if rises else None


def _drafts_of(
    row: _Row,
    at: int,
    named: tuple[str, Direction | None],
    values: dict[str, tuple[int, Quantity, Direction | None]],
) -> list[TableDraft]:
    name, verb = named
    head = lexicon().head(strip_phrase(name))
    found: list[TableDraft] = []
    achieved = {role: values[role] for role in ("base", "current", "change") if role in values}
    plans = {role: values[role] for role in ("plan", "plan_change") if role in values}
    for part, planned in ((achieved, False), (plans, True)):
        if not part:
            continue
        slots = {
            "plan": "current",
            "plan_change": "change",
            "base": "baseline",
            "current": "current",
            "change": "change",
        }
        figures = {slots[role]: value for role, (_, value, _) in part.items()}
        direction = next((way for role, (_, _, way) in part.items() if way and "change" in role), verb)
        start = row.cells[at][0]
        end = max(row.cells[index][1] for index, _, _ in part.values())
        draft = Draft(0, 0, name, head, direction, "提升" if verb == "up" else "降低", **figures)
        if is_kpi(draft, "") and _telling(draft):
            found.append(TableDraft(draft, (start, end), planned, ""))
    return found


def _telling(draft: Draft) -> bool:
    """A row with a change or a pair speaks of an effect; a lone level must be of a known quantity."""
    return draft.change is not None or draft.baseline is not None or draft.head is not None


def _read_headed(row: _Row) -> list[TableDraft]:
    """Read a row whose columns are the indicators (年度, 设备联网率, 合格率)."""
    if len(row.titles) != len(row.cells) or row.roles == ():
        return []
    found: list[TableDraft] = []
    for index in range(1, len(row.cells)):
        if row.roles[index] != "heading":
            continue
        name, unit, verb = split_name(row.titles[index])
        read = _value(row, index, unit)
        if read is None:
            continue
        slot = "change" if verb else "current"
        draft = Draft(0, 0, name, lexicon().head(strip_phrase(name)), verb, "", **{slot: read[0]})
        if is_kpi(draft, ""):
            found.append(TableDraft(draft, row.cells[index], False, row.words[0]))
    return found
