"""Quantities that are not written as a number and a unit: shares, multiples, halves, compound durations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.verify.lexicon import lexicon
from assistant.verify.numerals import ARABIC, CHINESE, parse_number
from assistant.verify.roles import Quantity
from assistant.verify.units import make_quantity, unit_pattern

_FRACTION = re.compile(rf"(百|千|万|{CHINESE})分之({ARABIC}|{CHINESE})")
_HALF = re.compile(r"(?:一半|减半|对半|半数|过半|腰斩)")
_DOUBLE = re.compile(r"(?:翻了?一番|翻番|翻倍)")
_TENTHS = re.compile(
    rf"({ARABIC}|[一二两三四五六七八九十]|近)?成(半|[一二三四五六七八九])?(?![本为功立果就品员效型分套熟都份交])"
)
_PER_N = re.compile(rf"每(百|千|万)([\u4e00-\u9fff])({ARABIC})[\u4e00-\u9fff]")
_IN_EVERY = re.compile(
    rf"每({ARABIC}|{CHINESE})([\u4e00-\u9fff])[^，。；;\d]{{0,10}}?(?:就有|便有|里有|中有|有)({ARABIC}|{CHINESE})\2"
)
_AND_HALF = re.compile(rf"({ARABIC}|[一二两三四五六七八九十])个半(小时|月)")
_HALF_UNIT = re.compile(r"(?<![一二两三四五六七八九十个\d])半个?(小时|钟头|天|月|年)(?!度|会|报)")
_COMPOUND = re.compile(r"(\d+)(小时|分钟?|天)零?(\d+)(分钟?|秒钟?|小时)")
_SECONDS = {"天": 86400.0, "小时": 3600.0, "分": 60.0, "秒": 1.0}
_TIMES_HUNDRED = {"百": 100.0, "千": 1000.0, "万": 10_000.0}


def worded(text: str) -> Iterator[Quantity]:
    """Yield the shares, multiples and durations of ``text`` that words make."""
    yield from _durations(text)
    yield from _fractions(text)
    yield from _tenths(text)
    yield from _ratios(text)


def _durations(text: str) -> Iterator[Quantity]:
    for m in _COMPOUND.finditer(text):
        total = int(m[1]) * _SECONDS[m[2].removesuffix("钟")] + int(m[3]) * _SECONDS[m[4].removesuffix("钟")]
        yield make_quantity(m.start(), m.end(), total, "秒")
    for m in _AND_HALF.finditer(text):
        value = parse_number(m[1])
        if value is not None:
            yield make_quantity(m.start(), m.end(), value + 0.5, m[2])
    for m in _HALF_UNIT.finditer(text):
        if text[m.start() - 1 : m.start()] not in ("上", "下"):
            yield make_quantity(m.start(), m.end(), 0.5, m[1])


def _fractions(text: str) -> Iterator[Quantity]:
    for m in _FRACTION.finditer(text):
        base = _TIMES_HUNDRED.get(m[1]) or parse_number(m[1])
        top = parse_number(m[2])
        if not base or top is None:
            continue
        # 三分之一小时 is a time, 三分之一的产线 a share.
        unit = unit_pattern().match(text, m.end())
        if unit and lexicon().units[unit[0]].family not in ("count", "percent", "money"):
            yield make_quantity(m.start(), unit.end(), top / base, unit[0])
        else:
            slack = 0.5 if base > 10 else 1.0
            yield make_quantity(m.start(), m.end(), 100.0 * top / base, "%", tolerance=slack)


def _tenths(text: str) -> Iterator[Quantity]:
    for m in _HALF.finditer(text):
        yield make_quantity(m.start(), m.end(), 50.0, "%", tolerance=0.5)
    for m in _DOUBLE.finditer(text):
        yield make_quantity(m.start(), m.end(), 1.0, "倍", tolerance=0.05)
    for m in _TENTHS.finditer(text):
        value = 1.0 if m[1] == "近" else parse_number(m[1] or "")
        if m[1] and value is not None and value <= 10:
            share = 10 * value + (5 if m[2] == "半" else parse_number(m[2] or "零") or 0)
            yield make_quantity(m.start(), m.end(), share, "%", tolerance=1.0)


def _ratios(text: str) -> Iterator[Quantity]:
    for m in _IN_EVERY.finditer(text):
        base, part = parse_number(m[1]), parse_number(m[3])
        if base and part is not None and part <= base:
            yield make_quantity(m.start(), m.end(), 100.0 * part / base, "%", tolerance=1.0)
    for m in _PER_N.finditer(text):
        value = parse_number(m[3])
        if value is not None:
            share = 100.0 * value / _TIMES_HUNDRED[m[1]]
            yield make_quantity(m.start(), m.end(), share, "%", tolerance=0.0)
