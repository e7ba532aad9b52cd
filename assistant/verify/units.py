"""The units of quantities: a written one, one that a row's label names, or one said just before.

Offsets are code points of the text given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from assistant.verify.lexicon import lexicon
from assistant.verify.roles import Quantity

_BRACKETED = re.compile(r"[（(]([^（()）\d]{1,8})[）)]")
_LIST_THEN_UNIT = re.compile(r"(?:[、,，]\s*\d+(?:\.\d+)?)*\s*[（(]([^（()）\d]{1,8})[）)]")
# 1.12升到1.51: the verb 升 is no volume.
_NOT_BEFORE = {"升": r"(?![到至为高级])"}
_LATIN_END = r"(?![A-Za-z])"


@cache
def unit_pattern() -> re.Pattern[str]:
    """Return the pattern of the known units, the longest first."""
    names = sorted(lexicon().units, key=lambda u: (-len(u), u))
    return re.compile(
        "|".join(
            re.escape(n) + _NOT_BEFORE.get(n, _LATIN_END if n.isascii() and n.isalpha() else "")
            for n in names
        )
    )


def make_quantity(start: int, end: int, value: float, unit: str, *, tolerance: float = 0.0) -> Quantity:
    """Return a quantity in the base unit of its family; an unknown unit makes the family ``other``."""
    info = lexicon().units.get(unit)
    factor = info.factor if info else 1.0
    base = value * factor
    return Quantity(start, end, base, base, base, tolerance * factor, info.family if info else "other", unit)


def with_units(text: str, found: list[Quantity]) -> list[Quantity]:
    """Give quantities without a unit of their own the one that is meant."""
    return list(_carried(text, [_labelled(text, q) for q in found]))


def _labelled(text: str, q: Quantity) -> Quantity:
    """Give a bare number the unit that its row or list names in brackets: 耗水（立方米）：3.9, or 61、63(%)."""
    if q.unit or q.family != "other":
        return q
    row = re.split(r"[。；;\n]", text[max(0, q.start - 80) : q.start])[-1]
    named = _BRACKETED.findall(row)
    after = _LIST_THEN_UNIT.match(text, q.end)
    unit = named[-1] if named else after[1] if after else ""
    if unit not in lexicon().units:
        return q
    made = make_quantity(q.start, q.end, q.value, unit, tolerance=q.tolerance)
    return replace(made, compare=q.compare)


def _carried(text: str, found: list[Quantity]) -> Iterator[Quantity]:
    """Give a bare number the unit said just before it for the same thing: 单耗0.110千瓦时，去年同日0.125."""
    last: Quantity | None = None
    for bare in found:
        q = bare
        between = text[last.end : q.start] if last else ""
        if last and q.family == "other" and not q.unit and last.unit:
            if len(between) <= 14 and not re.search(r"[。；;\n]", between):
                made = make_quantity(q.start, q.end, q.value, last.unit, tolerance=q.tolerance)
                q = replace(made, compare=q.compare)
        elif last and q.unit == "个" and last.unit[1:] and last.unit[0] == "个" and len(between) <= 6:
            q = make_quantity(q.start, q.end, q.value, last.unit, tolerance=q.tolerance)
        yield q
        last = q
