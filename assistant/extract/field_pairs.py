"""Labels with their values: in table cells (to the right or below), in lines, across line breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from assistant.document import Block
from assistant.extract.field_found import Place
from assistant.extract.field_lexicon import leaf_of_text
from assistant.extract.field_text import Reading

_COLON = re.compile(r"[：:]")
_GAP = re.compile(r"\t|\||[ \u3000\xa0]{2,}")
_STOP = re.compile(r"[。；;\n\t|]|[ \u3000\xa0]{2,}")
_BEFORE = "，,。；;、|\t\n \u3000\xa0"
_MAX_LABEL = 40
_EDGE = " \u3000\xa0\t\n，,。；;、：:"


@dataclass(frozen=True)
class Pair:
    """A known label and its value: canonical offsets, ``rest`` reaches to the end of the row or line.

    ``more`` holds what a table without ruled lines put into the row below: the cell's wrapped rest;
    ``asked`` are the places of the label.
    """

    leaf: str
    label: str
    start: int
    end: int
    rest: int
    place: Place
    asked: tuple[tuple[int, int], ...]
    more: tuple[tuple[int, int], ...] = ()


def find_pairs(reading: Reading) -> tuple[Pair, ...]:
    """Return all labelled values in reading order; a label without a value gives no pair."""
    rows: dict[int, list[Block]] = {}
    found: list[Pair] = []
    for index, block in enumerate(reading.blocks):
        if block.kind == "table_row" and block.cells:
            rows.setdefault(-1 if block.table is None else block.table, []).append(block)
        elif block.kind not in ("header", "footer"):
            following = reading.blocks[index + 1] if index + 1 < len(reading.blocks) else None
            found += _line_pairs(reading, block.start, block.end, following)
    for table in rows.values():
        found += _table_pairs(reading, table)
    return tuple(sorted(found, key=lambda pair: (pair.start, pair.end)))


@dataclass(frozen=True)
class _Cell:
    """A cell with its wrapped rest in the rows below."""

    start: int
    end: int
    more: tuple[tuple[int, int], ...]
    words: str


def _cells(text: str, block: Block, below: list[Block]) -> list[_Cell]:
    """Return a row's cells, a merged cell that is repeated only once."""
    found: dict[tuple[int, int], _Cell] = {}
    for index, (start, end) in enumerate(block.cells):
        rest = tuple(row.cells[index] for row in below if row.cells[index][0] < row.cells[index][1])
        if start < end:
            words = "".join(text[a:b] for a, b in ((start, end), *rest))
            found.setdefault((start, end), _Cell(start, end, rest, words))
    return list(found.values())


def _wrapped(text: str, rows: list[Block], number: int) -> list[Block]:
    """Return the rows below that only carry on the cells of a row (their first cell empty, or half a label)."""
    first = rows[number]
    below: list[Block] = []
    for row in rows[number + 1 :]:
        if len(row.cells) != len(first.cells) or not row.cells:
            break
        pairs = list(zip(row.cells, first.cells, strict=True))
        if any(start < end and not a < b for (start, end), (a, b) in pairs):
            break
        if row.cells[0][0] < row.cells[0][1] and not _halves(text, pairs):
            break
        below.append(row)
    return below


def _halves(text: str, pairs: list[tuple[tuple[int, int], tuple[int, int]]]) -> bool:
    """Tell 近三年是否发生重大 above 及以上安全事故, with an empty cell beside it, from a row of its own."""
    (start, end), (a, b) = pairs[0]
    lone = any(begin >= stop for (begin, stop), _ in pairs)
    return (
        lone
        and leaf_of_text(text[start:end]) is None
        and leaf_of_text(text[a:b] + text[start:end]) is not None
    )


def _table_pairs(reading: Reading, rows: list[Block]) -> Iterator[Pair]:
    text = reading.document.text
    for number, block in enumerate(rows):
        below = _wrapped(text, rows, number) if block.cells and block.cells[0][0] < block.cells[0][1] else []
        cells = _cells(text, block, below)
        leaves = [leaf_of_text(cell.words) for cell in cells]
        if _is_title_row(block, leaves):
            if number + 1 < len(rows):
                yield from _pairs_below(reading, block, rows[number + 1])
            continue
        yield from _row_pairs(reading, cells, leaves)


def _row_pairs(reading: Reading, cells: list[_Cell], leaves: list[str | None]) -> Iterator[Pair]:
    for index, cell in enumerate(cells):
        leaf = leaves[index]
        if leaf is None:
            yield from _line_pairs(reading, cell.start, cell.end, None, Place.CELL)
        elif index and leaves[index - 1] == leaf:
            continue
        elif index + 1 < len(cells) and leaves[index + 1] in (None, leaf):
            last = next((i for i in range(index + 2, len(cells)) if leaves[i]), len(cells)) - 1
            value = cells[index + 1]
            asked = tuple(
                _trim(reading.document.text, *place) for place in ((cell.start, cell.end), *cell.more)
            )
            end = cells[last].end
            yield Pair(leaf, cell.words, value.start, value.end, end, Place.CELL, asked, value.more)


def _is_title_row(block: Block, leaves: list[str | None]) -> bool:
    """Tell a row of column titles: all its cells are labels, or it is marked so and most of them are.

    企业规模 | 规模以上 is no such row: the value merely reads like a label of the same field.
    """
    known = [leaf for leaf in leaves if leaf]
    if len(known) < 2 or len(set(known)) < len(known):
        return False
    side_by_side = any(a and b for a, b in pairwise(leaves))
    return len(known) == len(leaves) or (side_by_side and block.header_row and 2 * len(known) > len(leaves))


def _pairs_below(reading: Reading, titles: Block, row: Block) -> Iterator[Pair]:
    text = reading.document.text
    if len(titles.cells) != len(row.cells):
        return
    for (start, end), (begin, stop) in zip(titles.cells, row.cells, strict=True):
        leaf = leaf_of_text(text[start:end])
        if leaf and begin < stop:
            yield Pair(leaf, text[start:end], begin, stop, stop, Place.CELL, (_trim(text, start, end),))


def _line_pairs(
    reading: Reading, start: int, end: int, following: Block | None, place: Place = Place.LINE
) -> Iterator[Pair]:
    """Find ``label：value`` anywhere in a paragraph, and ``label  value`` set apart by blanks."""
    text = reading.document.text
    heads = _heads(text, start, end)
    for index, (leaf, begin, colon) in enumerate(heads):
        limit = heads[index + 1][1] if index + 1 < len(heads) else end
        value = _value(text, colon, limit)
        if value is None and limit == end and following is not None:
            value = _next_line(reading, following)
        if value is not None:
            rest = _trim(text, value[0], max(limit, value[1]))[1]
            asked = _trim(text, begin, colon)
            yield Pair(leaf, text[slice(*asked)].rstrip("：: "), *value, rest, place, (asked,))


def _heads(text: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """Return (leaf, label start, value start) of each known label of a paragraph."""
    heads: list[tuple[str, int, int]] = []
    for match in _COLON.finditer(text, start, end):
        begin = _label_before(text, max(start, match.start() - _MAX_LABEL), match.start())
        if begin is not None:
            heads.append((begin[0], begin[1], match.end()))
    line = start
    while line < end:
        stop = text.find("\n", line, end)
        stop = end if stop < 0 else stop
        heads += _spaced_heads(text, line, stop, heads)
        line = stop + 1
    return sorted(heads, key=lambda head: head[1])


def _label_before(text: str, floor: int, colon: int) -> tuple[str, int] | None:
    """Return the shortest known label that ends at ``colon`` and begins after a separator."""
    for begin in range(colon - 2, floor - 1, -1):
        if begin > floor and text[begin - 1] not in _BEFORE:
            continue
        if text[begin] not in _BEFORE and (leaf := leaf_of_text(text[begin:colon])):
            return _widen(text, floor, begin, colon) or (leaf, begin)
    return None


def _widen(text: str, floor: int, begin: int, colon: int) -> tuple[str, int] | None:
    """Prefer a longer label where blanks stand between its characters (企 业 名 称)."""
    best = None
    for start in range(begin - 1, floor - 1, -1):
        if text[start:begin].strip(_BEFORE) == "" or text[start] in "。；;\n\t|，,":
            if text[start] in "。；;\n\t|，,":
                break
            continue
        if start > floor and text[start - 1] not in _BEFORE:
            continue
        if leaf := leaf_of_text(text[start:colon]):
            best = (leaf, start)
    return best


def _spaced_heads(
    text: str, start: int, end: int, heads: list[tuple[str, int, int]]
) -> list[tuple[str, int, int]]:
    """Find labels of one line that blanks, not a colon, part from their value."""
    found = []
    taken = [(begin, value) for _, begin, value in heads]
    at = start
    for gap in [*_GAP.finditer(text, start, end), None]:
        stop = gap.start() if gap else end
        leaf = leaf_of_text(text[at:stop]) if at < stop else None
        if leaf and not any(begin <= at < value for begin, value in taken):
            found.append((leaf, at, stop))
        elif at == start and leaf is None and not any(begin == at for begin, _ in taken):
            found += _first_word_head(text, at, stop)
        at = gap.end() if gap else end
    return found


def _first_word_head(text: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """A PDF's table row comes as ``企业名称 某某公司 所属行业 食品``: single blanks between all."""
    words = [(start + m.start(), start + m.end()) for m in re.finditer(r"[^ \u3000\xa0]+", text[start:end])]
    if "。" in text[start:end] or len(words) < 2:
        return []
    leaves = [leaf_of_text(text[a:b]) for a, b in words]
    found = []
    for index, (begin, stop) in enumerate(words[:-1]):
        leaf = leaves[index]
        # Inside a line a short word (电话, 日期) is too common to part label from value.
        if (
            leaf
            and leaves[index + 1] is None
            and (index == 0 or stop - begin >= 4 or "/" in text[begin:stop])
        ):
            found.append((leaf, begin, stop))
    return found


def _value(text: str, start: int, limit: int) -> tuple[int, int] | None:
    begin, end = _trim(text, start, limit)
    if begin < end and text[begin] == "|":
        # 是否发生死亡事故 | 否: the bar parts the label from its value; a second one closes an empty cell.
        begin, end = _trim(text, begin + 1, end)
    if begin >= end:
        return None
    stop = _STOP.search(text, begin, end)
    return _trim(text, begin, stop.start() if stop else end)


def _next_line(reading: Reading, block: Block) -> tuple[int, int] | None:
    """Take the next paragraph as the value where a label stands alone on its line."""
    text = reading.document.text
    if (
        block.kind == "table_row"
        or block.end - block.start > 80
        or _COLON.search(text, block.start, block.end)
    ):
        return None
    if leaf_of_text(text[block.start : block.end]) or block.kind == "heading":
        return None
    return _trim(text, block.start, block.end)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    return start, end
