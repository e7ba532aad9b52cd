"""Tables as rows of cells with offsets, and what each column holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.document import Document
from assistant.extract.kpi_grammar import strip_phrase
from assistant.extract.kpi_lexicon import lexicon
from assistant.extract.numbers import find_quantities

Cell = tuple[int, int]
_BEFORE_AFTER = r"(?:改造|实施|建设|项目|上线|应用|优化|升级|转型|投产|部署|提升|改善|转型升级|智能化|数字化)\w{0,4}?(?:之)?"
# The first pattern that fits a title says what its column holds.
_COLUMNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("plan", re.compile(r"目标|计划|预期|预计|规划|预测|达产后")),
    (
        "change",
        re.compile(
            r"^(?:提升|提高|改善|改进|优化|降低|下降|减少|缩短|节约|变化|变动|增减|升降|增|减|升|降)+(?:幅度|率|比例|值|量|%)*$"
        ),
    ),
    (
        "base",
        re.compile(rf"{_BEFORE_AFTER}前|(?<![目当提])前$|^原|基期|基准|初始|以前|过去|传统|上年|上期|去年"),
    ),
    (
        "change",
        re.compile(
            r"幅度|变化|增减|提升|提高|降低|下降|改善|增幅|降幅|增长|差值|对比|同比|成效|效果|改进|变动|比率$"
        ),
    ),
    (
        "current",
        re.compile(
            rf"{_BEFORE_AFTER}后|后$|现状|当前|目前|现值|现在|实际|完成|数值|指标值|达成|达到|结果|本年|本期|今年|自评|申报"
            r"|^值$|^数据$|实绩|取值|填报"
        ),
    ),
    ("unit", re.compile(r"单位$|计量单位")),
    ("number", re.compile(r"序号|编号|^#$|^No")),
    ("note", re.compile(r"备注|说明|依据|佐证|来源|计算|公式|定义|口径|方法")),
    ("name", re.compile(r"指标|名称|项目|内容|类别|绩效|参数|维度|要素")),
)
_NAME_TITLE = re.compile(r"\S*(?:关键)?绩效指标(?:名称)?|\S*指标(?:名称|项)?")
_VALUED = {"plan", "base", "current", "change"}
_YEAR = re.compile(r"^(?:19|20)\d\d年?(?:度|末|底)?$")
_RULE = re.compile(r"^[\s|:\-—+=]+$")
_TITLE_WIDTH = 16


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, each a half-open stretch of the text; blank cells have zero length."""

    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells and words, with the roles and the titles of its columns (empty without a title row)."""

    cells: tuple[Cell, ...]
    words: tuple[str, ...]
    roles: tuple[str, ...]
    titles: tuple[str, ...]


def tables_of(document: Document) -> tuple[Table, ...]:
    """Return the tables of a document in order.

    From its table blocks; a text without any has its tabbed, piped or evenly spaced lines read as tables.
    """
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
        elif not (rows and line.strip() and _RULE.match(line)):
            if len(rows) > 1:
                yield Table(tuple(rows))
            rows = []
        offset += len(line) + 1
    if len(rows) > 1:
        yield Table(tuple(rows))


def _split_row(line: str, offset: int) -> tuple[Cell, ...] | None:
    """Return the cells of a tabbed, piped or spaced line, None when it is no row."""
    if _RULE.match(line):
        return None
    blank, pattern = " \u3000", r"[ \u3000]{2,}"
    if "|" in line:
        blank, pattern = " |\u3000", r"\|"
    elif "\t" in line.strip("\t"):
        pattern = r"\t"
    at = len(line) - len(line.lstrip(blank))
    stop = len(line.rstrip(blank + "\t"))
    cells: list[Cell] = []
    for match in re.finditer(pattern, line[:stop]):
        if match.start() >= at:
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


def column_roles(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return what each column holds when the row is a row of titles, else nothing.

    Roles: ``name unit number note base between current change plan heading``; ``heading`` is a column
    that is itself an indicator, "" one that says nothing. Of several years the first is the base.
    """
    if len(words) < 2 or any(len(word) > _TITLE_WIDTH for word in words):
        return ()
    if any(quantity.kind == "percent" for word in words for quantity in find_quantities(word)):
        return ()
    roles = [_role(word) for word in words]
    years = [index for index, word in enumerate(words) if _YEAR.match(word)]
    if len(years) >= 2:
        roles[years[0]] = "base"
        for index in years[1:-1]:
            roles[index] = "between"
        roles[years[-1]] = "current"
    valued = sum(role in _VALUED for role in roles)
    headed = sum(role == "heading" for role in roles)
    named = any(role in {"name", "number", "unit"} for role in roles)
    if valued and (named or valued >= 2):
        return tuple(roles)
    return tuple(roles) if headed >= 2 and not any(map(find_quantities, words)) else ()


def _role(word: str) -> str:
    if _NAME_TITLE.fullmatch(word):
        return "name"
    plain = re.sub(r"[(（].*?[)）]|[/／]", "", word)
    if plain and _COLUMNS[1][1].search(plain):
        return "change"  # 提升（下降）率 is no indicator, though it ends like one
    bare = strip_phrase(plain)
    head = lexicon().head(bare)
    if head and head.end == len(bare) and head.kind in {"rate", "plain_rate", "cost", "time", "burden"}:
        return "heading"
    return next((role for role, pattern in _COLUMNS if pattern.search(word)), "")
