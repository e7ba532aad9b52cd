"""Find quantities in a sentence: value, unit, bounds, and the part each plays in a change.

Values are brought to the base unit of their family (seconds, kilograms, kWh, …), so that 45 分钟 and
0.75 小时 are the same. Offsets are code points of the text given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from math import inf

from assistant.verify.lexicon import lexicon
from assistant.verify.numerals import ARABIC, CHINESE, MAGNITUDES, decimals, parse_number
from assistant.verify.roles import Quantity, clause_before, with_roles

_FRACTION = re.compile(rf"(百|千|万|{CHINESE})分之({ARABIC}|{CHINESE})")
_HALF = re.compile(r"(?:一半|减半|对半|半数|过半|腰斩)")
_DOUBLE = re.compile(r"(?:翻了?一番|翻番|翻倍)")
_TENTHS = re.compile(rf"({ARABIC}|[一二两三四五六七八九十]|近)?成(半)?(?![本为功立果就品员效型分套熟都份交])")
_PER_N = re.compile(rf"每(百|千|万)([\u4e00-\u9fff])({ARABIC})[\u4e00-\u9fff]")
_AND_HALF = re.compile(rf"({ARABIC}|[一二两三四五六七八九十])个半(小时|月)")
_AT_LEAST = re.compile(r"(?:超过|超|逾|不低于|不少于|不小于|至少|高于|大于|突破|达到?)$")
_AT_MOST = re.compile(r"(?:不超过|不高于|不大于|至多|(?<!不)(?:低于|小于|少于)|不足|不到|控制在)$")
_ABOUT = re.compile(r"(?:约|近|大约|接近|将近|大概|约为)$")
_AFTER_LEAST = re.compile(r"^(?:以上|及以上|多[台套个名条种家项万]?|余)")
_AFTER_MOST = re.compile(r"^(?:以内|以下|之内|及以下)")
_AFTER_ABOUT = re.compile(r"^(?:左右|上下)")
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


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of ``text`` in order; dates, ordinals and names such as 5G are left out."""
    found = sorted(_special(text), key=lambda q: q.start)
    taken = [(q.start, q.end) for q in found]
    found += [q for q in _plain(text) if not any(s < q.end and q.start < e for s, e in taken)]
    found.sort(key=lambda q: q.start)
    return with_roles(text, [_bounded(text, q) for q in found])


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
        if not base or top is None:
            continue
        # 三分之一小时 is a time, 三分之一的产线 a share.
        unit = _units().match(text, m.end())
        if unit and lexicon().units[unit[0]].family not in ("count", "percent", "money"):
            yield _make(m.start(), unit.end(), top / base, unit[0])
        else:
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
    if unit is None and re.search(r"[A-Z]/?T?\s*$", text[: m.start()]):
        return True  # GB/T 39116, ISO 9001
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


def _bounded(text: str, q: Quantity) -> Quantity:
    """Read the words around a number that bound it, and what it is counted per."""
    before, after = clause_before(text, q.start), text[q.end : q.end + 6]
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
