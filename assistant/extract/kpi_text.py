"""A sentence without the blanks and line breaks that layout put into it, with the way back.

PDF text breaks words over lines and sets blanks around figures; the grammar of KPI statements is read
on the compact form, the spans are given in the original.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.extract.kpi_grammar import BLOT
from assistant.extract.numbers import Quantity, find_quantities, widen

_DATE = re.compile(
    r"(?:19|20)\d\d(?:年度?|[-/.](?=\d{1,2}[-/.月]))(?:(?:前|后)?(?:\d{1,2}|[一二三四上下])(?:个?月份?|季度|半年))?(?:\d{1,2}日)?"
    r"|(?<!\d)(?:19|20)\d\d(?=[—\-~至]20\d\d)|(?<![\d.])\d{1,2}月(?:\d{1,2}日)?(?!内|的时间)"
    r"|(?<!\d)\d{1,2}日(?=[，,（(上下凌晨电讯至])|\d{1,2}:\d{2}(?::\d{2})?|20\d\d-\d\d?-\d\d?"
)
# 一条产线, 一次合格率, 两台: counted in words, part of the noun phrase and no figure of a statement.
_COUNTED_WORD = re.compile(
    r"[一二两三四五六七八九十]+(?!万|亿)[条台套个次件种款支座栋间处颗只组类架块张枚份单批起路道节站层列人名家项辆部艘]"
)


@dataclass(frozen=True, slots=True)
class Compact:
    """``text`` without layout blanks, ASCII width; ``offsets[i]`` is where character i stood."""

    text: str
    offsets: tuple[int, ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the original half-open offsets of ``text[start:end]`` (not empty)."""
        return self.offsets[start], self.offsets[end - 1] + 1


def compact(text: str, start: int, end: int) -> Compact:
    """Return ``text[start:end]`` compacted; a blank stays only where two words or figures would run together."""
    kept: list[str] = []
    offsets: list[int] = []
    blank = -1
    for at in range(start, end):
        char = text[at]
        if char.isspace():
            blank = at if blank < 0 else blank
            continue
        if blank >= 0 and kept and _runs_together(kept[-1], char):
            kept.append(" ")
            offsets.append(blank)
        blank = -1
        kept.append(char)
        offsets.append(at)
    return Compact(widen("".join(kept)), tuple(offsets))


def _runs_together(left: str, right: str) -> bool:
    return (
        left.isascii()
        and right.isascii()
        and left.isalnum()
        and right.isalnum()
        and left.isdigit() == right.isdigit()
    )


def mask_dates(text: str) -> str:
    """Return ``text`` with its dates and times of day blotted out, the same length."""
    return _DATE.sub(lambda match: BLOT * len(match.group()), text)


def quantities_of(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of a compact sentence that are no dates and no counting words."""
    masked = mask_dates(text)
    return tuple(
        found
        for found in _shared_units(text, find_quantities(text))
        if BLOT not in masked[found.start : found.end]
        and not _COUNTED_WORD.fullmatch(text, found.start, found.end)
    )


def _shared_units(text: str, found: tuple[Quantity, ...]) -> tuple[Quantity, ...]:
    """Give figures listed before a shared unit that unit (提高30.7个和25.9个百分点)."""
    fixed = list(found)
    for index in range(len(fixed) - 2, -1, -1):
        here, following = fixed[index], fixed[index + 1]
        joined = re.fullmatch(r"、|和|与|及", text[here.end : following.start])
        if joined and here.unit in {None, "个"} and following.kind in {"percent", "points", "times"}:
            fixed[index] = replace(here, unit=following.unit, kind=following.kind)
    return tuple(fixed)
