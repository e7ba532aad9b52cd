"""Dates as declarations write them: 2026年3月5日, 2026-03-05, 2026.3.5, 二〇二六年三月五日.

A month without a day is no date (the contract wants a day), and is never completed by a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_DIGITS = {char: str(value) for value, char in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
    "O": "0",
}
_CN = "〇零○O一二三四五六七八九十"
_PATTERN = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d{2})(?:年|[-./])(?P<m>\d{1,2})(?:月|[-./])(?P<d>\d{1,2})(?:日|号|(?!\d))"
    r"|(?<!\d)(?P<cy>(?:19|20)\d{2})(?P<cm>[01]\d)(?P<cd>[0-3]\d)(?!\d)"
    rf"|(?P<hy>[一二][{_CN}]{{3}})年(?P<hm>[{_CN}]{{1,3}})月(?P<hd>[{_CN}]{{1,3}})(?:日|号)"
)


@dataclass(frozen=True)
class Dated:
    """A date in a folded text; ``value`` is None for a day that no calendar has (2月30日)."""

    value: date | None
    start: int
    end: int


def chinese_number(text: str) -> int:
    """Return 二十一 → 21, 二〇二六 → 2026, 十 → 10."""
    if "十" in text:
        tens, _, ones = text.partition("十")
        return 10 * int(_DIGITS.get(tens, "1") if tens else "1") + int(
            _DIGITS.get(ones, "0") if ones else "0"
        )
    return int("".join(_DIGITS[char] for char in text))


def find_dates(text: str) -> tuple[Dated, ...]:
    """Return every full date of a folded text in order."""
    found = []
    for match in _PATTERN.finditer(text):
        groups = match.groupdict()
        if groups["y"] or groups["cy"]:
            parts = [int(groups[f"{'c' if groups['cy'] else ''}{key}"]) for key in "ymd"]
        else:
            parts = [chinese_number(groups[f"h{key}"]) for key in "ymd"]
        found.append(Dated(_date(*parts), match.start(), match.end()))
    return tuple(found)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
