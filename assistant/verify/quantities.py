"""Find quantities in a sentence: value, unit, bounds, and the part each plays in a change.

Values are brought to the base unit of their family (seconds, kilograms, kWh, …), so that 45 分钟 and
0.75 小时 are the same. Offsets are code points of the text given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from math import inf
from typing import Literal

from assistant.verify.lexicon import any_of, lexicon
from assistant.verify.numerals import ARABIC, CHINESE, MAGNITUDES, decimals, parse_number

Role = Literal["plain", "from", "to", "level", "change"]
Direction = Literal["up", "down", ""]
Compare = Literal["=", ">=", "<=", "~"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit. ``low``/``high`` bound it; ``tolerance`` is half its last digit."""

    start: int
    end: int
    value: float
    low: float
    high: float
    tolerance: float
    family: str
    unit: str
    per: str = ""
    role: Role = "plain"
    compare: Compare = "="
    direction: Direction = ""
    pair: int = -1

    @property
    def kind(self) -> str:
        """Return what must be equal for two quantities to be comparable."""
        return self.family


_FRACTION = re.compile(rf"(百|千|万|{CHINESE})分之({ARABIC}|{CHINESE})")
_HALF = re.compile(r"(?:一半|减半|对半|半数|过半|腰斩)")
_DOUBLE = re.compile(r"(?:翻了?一番|翻番|翻倍)")
_TENTHS = re.compile(rf"({ARABIC}|[一二两三四五六七八九十]|近)?成(半)?(?![本为功立果就品员效型分套熟都份交])")
_PER_N = re.compile(rf"每(百|千|万)([\u4e00-\u9fff])({ARABIC})[\u4e00-\u9fff]")
_AND_HALF = re.compile(rf"({ARABIC}|[一二两三四五六七八九十])个半(小时|月)")
_OLD = re.compile(r"(?:以前|原来|原先|过去|此前|改造前|实施前|上线前)")
_NEW = re.compile(r"(?:现在|如今|改造后|实施后|上线后|目前|而今)")
_AT_LEAST = re.compile(r"(?:超过|超|逾|不低于|不少于|不小于|至少|高于|大于|突破|达到?)$")
_AT_MOST = re.compile(r"(?:不超过|不高于|不大于|至多|(?<!不)(?:低于|小于|少于)|不足|不到|控制在)$")
_ABOUT = re.compile(r"(?:约|近|大约|接近|将近|大概|约为)$")
_AFTER_LEAST = re.compile(r"^(?:以上|及以上|多[台套个名条种家项万]?|余)")
_AFTER_MOST = re.compile(r"^(?:以内|以下|之内|及以下)")
_AFTER_ABOUT = re.compile(r"^(?:左右|上下)")
_TO = re.compile(r"(?:到|至|达到?|为|成|达|→|变为)[了约近每±平均人工]{0,4}$")
_FROM = re.compile(
    r"(?:由|从|自|原来的?|原先的?|以往的?|过去的?|以前[^，。；]{0,8}|较[^，。；]{0,8}的|比[^，。；]{0,8}的)[^，。；、\d]{0,12}$"
)
_BETWEEN = re.compile(r"^[^，。；;\d]{0,12}(?:到|至|为|成|→|-+>)[^，。；;\d]{0,6}$")
_RANGE = re.compile(r"^\s*(?:[~～\-—–]|至|到)\s*[±]?$")
_CLAUSE = re.compile(r"[，。；;！？\n|：:]")
_PER_BEFORE = re.compile(
    r"(?:每(?:平均)?(秒|分钟|小时|天|日|班|周|月|季度|年|吨|平方米|公斤|立方米|千双|件|台|套|人)|([日月年周班])均)[^，。；;、\d]{0,8}$"
)
_PER_AFTER = re.compile(
    r"^/(秒|分钟|分|小时|天|日|班|周|月|季度|年|kg|t|吨|m²|㎡|m³|m|h|s|min|件|台|套|人|块|片|班次)"
)


@cache
def _units() -> re.Pattern[str]:
    names = sorted(lexicon().units, key=lambda u: (-len(u), u))
    return re.compile(
        "|".join(re.escape(n) + (r"(?![A-Za-z])" if n.isascii() and n.isalpha() else "") for n in names)
    )


@cache
def _number() -> re.Pattern[str]:
    magnitude = "|".join(sorted(MAGNITUDES, key=len, reverse=True))
    return re.compile(
        rf"(?<![A-Za-z\d.\-/])({ARABIC}|{CHINESE})\s*((?:{magnitude})(?![瓦克米焦卡]))?(余|多|来)?\s*"
    )


@cache
def _directions() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return any_of(lexicon().words["up"]), any_of(lexicon().words["down"])


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of ``text`` in order; dates, ordinals and names such as 5G are left out."""
    found = sorted(_special(text), key=lambda q: q.start)
    taken = [(q.start, q.end) for q in found]
    found += [q for q in _plain(text) if not any(s < q.end and q.start < e for s, e in taken)]
    found.sort(key=lambda q: q.start)
    return _with_roles(text, [_bounded(text, q) for q in found])


def _make(start: int, end: int, value: float, unit: str, *, tolerance: float = 0.0) -> Quantity:
    info = lexicon().units.get(unit)
    factor = info.factor if info else 1.0
    base = value * factor
    return Quantity(start, end, base, base, base, tolerance * factor, info.family if info else "other", unit)


def _special(text: str) -> Iterator[Quantity]:
    """Shares and multiples that are not written as a number and a unit."""
    for m in _FRACTION.finditer(text):
        base = {"百": 100.0, "千": 1000.0, "万": 10_000.0}.get(m[1]) or parse_number(m[1])
        top = parse_number(m[2])
        if base and top is not None:
            yield _make(m.start(), m.end(), 100.0 * top / base, "%", tolerance=0.5 if base > 10 else 1.0)
    for m in _HALF.finditer(text):
        yield _make(m.start(), m.end(), 50.0, "%", tolerance=0.5)
    for m in _DOUBLE.finditer(text):
        yield _make(m.start(), m.end(), 1.0, "倍", tolerance=0.05)
    for m in _TENTHS.finditer(text):
        value = 1.0 if m[1] == "近" else parse_number(m[1] or "")
        if m[1] and value is not None and value <= 10:
            yield _make(m.start(), m.end(), 10 * value + (5 if m[2] else 0), "%", tolerance=1.0)
    for m in _AND_HALF.finditer(text):
        value = parse_number(m[1])
        if value is not None:
            yield _make(m.start(), m.end(), value + 0.5, m[2])
    for m in _PER_N.finditer(text):
        value = parse_number(m[3])
        if value is not None:
            share = value / {"百": 1.0, "千": 10.0, "万": 100.0}[m[1]]
            yield _make(m.start(), m.end(), share, "%", tolerance=0.0)


def _plain(text: str) -> Iterator[Quantity]:
    for m in _number().finditer(text):
        raw = m[1]
        unit = _units().match(text, m.end())
        if _not_a_quantity(text, m, unit):
            continue
        value = parse_number(raw)
        if value is None:
            continue
        scale = MAGNITUDES.get(m[2] or "", 1.0)
        name, end = (unit[0], unit.end()) if unit else ("", m.end(1) if not m[2] else m.end(2))
        if name == "年" and text[end : end + 1] == "半":
            value, end = value + 0.5, end + 1
        tolerance = 0.5 * 10.0 ** -decimals(raw) * scale
        quantity = _make(m.start(), end, value * scale, name, tolerance=tolerance)
        yield replace(quantity, compare=">=") if m[3] else quantity


def _not_a_quantity(text: str, m: re.Match[str], unit: re.Match[str] | None) -> bool:
    raw, after = m[1], text[m.end() : m.end() + 2]
    before = text[max(0, m.start() - 1) : m.start()]
    if (
        before == "第"
        or (after[:1] in "号#" and after[:1])
        or (re.match(r"[A-Za-z]", after) and unit is None)
    ):
        return True
    if (
        unit
        and unit[0] in ("年", "月", "周", "天")
        and not raw[0].isdigit()
        and (
            before == "上"
            or text[unit.end() : unit.end() + 1] in ("间", "内", "来")
            or (parse_number(raw) == 1 and not text[unit.end() :].startswith("半"))
        )
    ):
        return True
    if unit and unit[0] in ("年", "月", "日", "季度") and _is_date(text, m, unit):
        return True
    if raw[0].isdigit():
        return False
    # Chinese numerals are also parts of words (一体化, 统一, 三维): only a measure word makes them numbers.
    value = parse_number(raw)
    if raw[0] in "千万亿":
        return True
    counts = unit is not None and (
        unit[0] not in ("维", "期", "路", "层", "点", "部", "道", "位", "日", "度")
    )
    return (
        not counts
        or value is None
        or (value == 1 and lexicon().units[unit[0]].family == "count" if unit else True)
    )


def _is_date(text: str, m: re.Match[str], unit: re.Match[str]) -> bool:
    raw, after = m[1], text[unit.end() : unit.end() + 1]
    before = text[max(0, m.start() - 1) : m.start()]
    if unit[0] == "年":
        return (raw.isdigit() and len(raw) == 4 and not m[2]) or (len(raw) == 4 and raw[0] in "二一")
    if unit[0] == "月":
        return before != "个" and after not in ("均",)
    if unit[0] == "日":
        return before in ("月", "") or bool(re.search(r"月\s*$", text[: m.start()]))
    return unit[0] == "季度" and before != "个" and not text[m.start() - 2 : m.start()].endswith("续")


def _clause_before(text: str, start: int) -> str:
    return _CLAUSE.split(text[max(0, start - 40) : start])[-1]


def _bounded(text: str, q: Quantity) -> Quantity:
    """Read the words around a number that bound it, and what it is counted per."""
    before, after = _clause_before(text, q.start), text[q.end : q.end + 6]
    per = _PER_BEFORE.search(before)
    slash = _PER_AFTER.match(after)
    name = (per[1] or per[2]) if per else (slash[1] if slash else "")
    q = replace(q, per={"日": "天", "分": "分钟", "m2": "㎡", "m²": "㎡", "吨": "t"}.get(name, name))
    tight = before.rstrip("了 ±在为")
    if _AT_MOST.search(tight) or _AFTER_MOST.match(after):
        return replace(q, low=-inf, compare="<=")
    if (
        _AFTER_LEAST.match(after)
        or (_AT_LEAST.search(tight) and not tight.endswith(("达", "达到")))
        or q.compare == ">="
    ):
        return replace(q, high=inf, compare=">=")
    if _ABOUT.search(tight) or _AFTER_ABOUT.match(after):
        return replace(q, compare="~", tolerance=max(q.tolerance, abs(q.value) * 0.06))
    return q


def _direction(before: str) -> Direction:
    """Return the direction that the nearest verb before a number gives."""
    best: tuple[int, int, Direction] = (-1, 0, "")
    for pattern, name in zip(_directions(), ("up", "down"), strict=True):
        for m in pattern.finditer(before):
            if (m.end(), len(m[0])) > best[:2]:
                best = (m.end(), len(m[0]), "up" if name == "up" else "down")
    return best[2]


def _role(text: str, q: Quantity) -> Role:
    before = _clause_before(text, q.start)
    if _FROM.search(before) and re.match(r"[^，。；\d]{0,6}(?:到|至|为|成)", text[q.end :]):
        return "from"
    tight = re.sub(
        r"(?:不?低于|不?超过|不?高于|约|近|了|超|±|大|不足|不到|[日月年周班]均|平均|人工|成本|幅度|均|均为|至少|逾|每\S{1,2})+$",
        "",
        before.rstrip(),
    )
    if _TO.search(tight):
        return "level"
    if q.family in ("points",):
        return "change"
    verbs = "|".join(map(re.escape, lexicon().words["up"] + lexicon().words["down"]))
    if re.search(rf"(?:{verbs})(?:了|约|近|大约|超过|超|逾|为|达|幅度|[^\d，。；]{{0,3}})?$", tight):
        return "change"
    return "plain"


def _with_roles(text: str, quantities: list[Quantity]) -> tuple[Quantity, ...]:
    out = [
        replace(q, role=_role(text, q), direction=_direction(_clause_before(text, q.start)))
        for q in quantities
    ]
    columns = re.search(
        r"(?:改造|实施|建设|应用|优化|项目|升级)前\s*[|｜]\s*(?:改造|实施|建设|应用|优化|项目|升级)后", text
    )
    for i in range(len(out) - 1):
        a, b = out[i], out[i + 1]
        between = text[a.end : b.start]
        if columns and re.fullmatch(r"\s*[|｜]\s*", between) and a.start > columns.end():
            out[i], out[i + 1] = _as_pair(a, b, i)
        elif _RANGE.match(between) and a.role != "from" and not _FROM.search(_clause_before(text, a.start)):
            merged = replace(b, start=a.start, low=min(a.value, b.value), high=max(a.value, b.value))
            out[i], out[i + 1] = merged, merged
        elif (
            _BETWEEN.match(between) and (_FROM.search(_clause_before(text, a.start)) or _direction(between))
        ) or (a.family == b.family and _then_and_now(text, a, b)):
            out[i], out[i + 1] = _as_pair(a, b, i)
        elif re.search(r"[较比][^，。；]{0,8}的$", _clause_before(text, b.start)) and b.family == a.family:
            out[i + 1], out[i] = _as_pair(b, a, i)
    return tuple(dict.fromkeys(out))


def _then_and_now(text: str, a: Quantity, b: Quantity) -> bool:
    before, between = text[max(0, a.start - 30) : a.start], text[a.end : b.start]
    return bool(_OLD.search(_CLAUSE.split(before)[-1]) and _NEW.search(between)) and "。" not in between[:-30]


def _as_pair(a: Quantity, b: Quantity, index: int) -> tuple[Quantity, Quantity]:
    """Return the two ends of a change; a missing unit is taken from the other end."""
    if a.family == "other" and b.family != "other":
        factor = lexicon().units[b.unit].factor
        a = replace(
            a, family=b.family, unit=b.unit, value=a.value * factor, low=a.low * factor, high=a.high * factor
        )
    a, b = replace(a, per=a.per or b.per), replace(b, per=b.per or a.per)
    direction: Direction = "up" if b.value > a.value else "down" if b.value < a.value else ""
    return replace(a, role="from", direction=direction, pair=index), replace(
        b, role="to", direction=direction, pair=index
    )
