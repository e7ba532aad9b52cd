"""A sentence without the blanks and line breaks that layout put into it, with the way back.

PDF text breaks words over lines and sets blanks around figures; the grammar of KPI statements is read
on the compact form, the spans are given in the original.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.extract.numbers import widen


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
