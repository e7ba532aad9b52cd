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
from assistant.verify.shares import worded
from assistant.verify.units import make_quantity, unit_pattern, with_units

_AT_LEAST = re.compile(r"(?:超过|超|逾|不低于|不少于|不小于|至少|高于|大于|突破|达到?)$")
_AT_MOST = re.compile(r"(?:不超过|不高于|不大于|至多|(?<!不)(?:低于|小于|少于)|不足|不到|控制在)$")
_ABOUT = re.compile(r"(?:约|近|大约|接近|将近|大概|约为)$")
# 不足全部料号的一成: the bound stands before the whole that the share is of.
_BOUND_BEFORE_WHOLE = re.compile(r"(不足|不到|低于|少于|超过|逾|至少|不低于|高于)[^，。；\d]{1,10}的$")
_AFTER_LEAST = re.compile(r"^(?:以上|及以上|还多|有余|多[台套个名条种家项万]?(?!出)|余)")
_AFTER_MOST = re.compile(r"^(?:以内|以下|之内|及以下)")
_AFTER_ABOUT = re.compile(r"^(?:左右|上下)")
_LATIN_UNIT = re.compile(r"[A-Za-z]{2,6}(?![A-Za-z\d])")
_CLOCK = re.compile(r"(?<![\d.])([01]?\d|2[0-3])[:：]([0-5]\d)(?!\d)")
_ISO_DATE = re.compile(r"(?<!\d)(?:19|20)\d{2}[-./](?:1[0-2]|0?[1-9])(?:[-./]\d{1,2})?(?![\d.])")
_TO_MONTH = re.compile(r"\s*(?:[-—–~～]+|至|到)\s*\d{1,2}月")
_LISTED = re.compile(r"(?:^|[。；;：:\n])\s*\d{1,2}[.、．]\s*(?=\D)")
_PER_BEFORE = re.compile(
    r"(?:每(?:平均)?(秒|分钟|小时|天|日|班|周|月|季度|年|吨|平方米|公斤|立方米|千双|件|台|套|人)|([日月年周班])均)[^，。；;、\d]{0,8}$"
)
_PER_AFTER = re.compile(
    r"^/(秒|分钟|分|小时|天|日|班|周|月|季度|年|kg|t|吨|m²|㎡|m³|m|h|s|min|件|台|套|人|块|片|班次)"
)


@cache
def _number() -> re.Pattern[str]:
    magnitude = "|".join(sorted(MAGNITUDES, key=len, reverse=True))
    return re.compile(
        rf"(?<![A-Za-z\d.\-/])({ARABIC}|{CHINESE})\s*(?:余|多|来)?((?:{magnitude})(?![瓦克米焦卡]))?(余|多|来)?\s*"
    )


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of ``text`` in order; dates, ordinals and names such as 5G are left out."""
    found = sorted(worded(text), key=lambda q: q.start)
    taken = [(q.start, q.end) for q in found]
    found += [q for q in _plain(text) if not any(s < q.end and q.start < e for s, e in taken)]
    found = with_units(text, sorted(found, key=lambda q: q.start))
    return with_roles(text, [_bounded(text, q) for q in found])


def find_clocks(text: str) -> tuple[int, ...]:
    """Return the clock times of ``text`` (14:05) in minutes of the day."""
    return tuple(60 * int(m[1]) + int(m[2]) for m in _CLOCK.finditer(text))


def _plain(text: str) -> Iterator[Quantity]:
    for m in _number().finditer(text):
        raw = m[1]
        unit = unit_pattern().match(text, m.end())
        if _not_a_quantity(text, m, unit):
            continue
        value = parse_number(raw)
        if value is None:
            continue
        scale = MAGNITUDES.get(m[2] or "", 1.0)
        name, end = (unit[0], unit.end()) if unit else ("", m.end(1) if not m[2] else m.end(2))
        latin = None if unit else _LATIN_UNIT.match(text, m.end())
        if latin:
            name, end = latin[0].upper(), latin.end()
        if name == "年" and text[end : end + 1] == "半":
            value, end = value + 0.5, end + 1
        tolerance = 0.5 * 10.0 ** -decimals(raw) * scale
        quantity = make_quantity(m.start(), end, value * scale, name, tolerance=tolerance)
        yield replace(quantity, compare=">=") if re.search("[余多来]", m[0]) else quantity


def _not_a_quantity(text: str, m: re.Match[str], unit: re.Match[str] | None) -> bool:
    raw, after = m[1], text[m.end() : m.end() + 2]
    if unit is None and _TO_MONTH.match(text, m.end()):
        return True
    if unit is None and any(
        s <= m.start() < e
        for p in (_CLOCK, _LISTED, _ISO_DATE)
        for s, e in (f.span() for f in p.finditer(text))
    ):
        return True
    if unit is None and re.search(r"[A-Z]/?T?\s*$", text[: m.start()]):
        return True  # GB/T 39116, ISO 9001
    before = text[max(0, m.start() - 1) : m.start()]
    if (
        before == "第"
        or (after[:1] in "号#" and after[:1])
        or (re.match(r"[α-ωΑ-Ω]|[A-Za-z](?![A-Za-z])", after) and unit is None)
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
    whole = _BOUND_BEFORE_WHOLE.search(before)
    if whole:
        least = whole[1] in ("超过", "逾", "至少", "不低于", "高于")
        return replace(q, high=inf, compare=">=") if least else replace(q, low=-inf, compare="<=")
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
