"""The numbering of Chinese documents: which line opens which level, and how a place is called.

A place is named as the documents and the rules name it: 第十六条, 附件1 四（二）1, 二（一）2, 附件2 16.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_HAN = "一二三四五六七八九十百零〇"
# Kinds of numbering, in the usual order of depth.
ANNEX, PART, SECTION, ARTICLE, HAN, PIECE, HAN_PAREN, NUMBER, DECIMAL2, DECIMAL3, NUMBER_PAREN, CIRCLED = (
    range(12)
)

_PATTERNS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (
        ANNEX,
        re.compile(
            r"(附(?:件|表|录)?\s*[0-9０-９一二三四五六七八九十]{1,2}|附[表录])(?=\s*$|\s*[：:]\s*\S{0,30}$)"
        ),
    ),
    (PART, re.compile(rf"(第[{_HAN}]+[编章])")),
    (PIECE, re.compile(rf"(第[{_HAN}]+部分)")),
    (SECTION, re.compile(rf"(第[{_HAN}]+节)")),
    (ARTICLE, re.compile(rf"(第[{_HAN}]+条)(?![款第])")),
    (HAN, re.compile(rf"([{_HAN}]{{1,3}})(?:、|[．.](?!\d))")),
    (HAN_PAREN, re.compile(rf"([（(][{_HAN}]{{1,3}}[)）])")),
    (NUMBER, re.compile(r"(\d{1,2})(?:[、．]|\.(?!\d))")),
    (NUMBER_PAREN, re.compile(r"([（(]\d{1,2}[)）]|\d{1,2}[)）])")),
    (CIRCLED, re.compile(r"([①-⑳])")),
)
_NOTE = re.compile(r"(?:注[：:]?\s*)?[\[［](\d{1,2})[\]］]")
_DECIMAL = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,3})(?=[\s、.．\u4e00-\u9fff])")
_ORNAMENT = re.compile(r"\s+|#{1,6}\s+|[-*•]\s+(?=\S)|\*\*")


@dataclass(frozen=True, slots=True)
class Opening:
    """A line that opens a place: its kind, its label, and where the words after the label begin."""

    kind: int
    label: str
    after: int


def opening(line: str) -> Opening | None:
    """Return what ``line`` opens, None for a line without a number."""
    at = 0
    while match := _ORNAMENT.match(line, at):
        at = match.end()
    if match := _NOTE.match(line, at):
        return Opening(PART, f"注[{match.group(1)}]", match.end())
    if match := _DECIMAL.match(line, at):
        depth = min(match.group(1).count("."), 2)
        return Opening(NUMBER + depth, match.group(1), match.end())
    for kind, pattern in _PATTERNS:
        if match := pattern.match(line, at):
            return Opening(kind, _tidy(match.group(1)), match.end())
    return None


def _tidy(label: str) -> str:
    label = "".join(label.split())
    return label.replace("(", "（").replace(")", "）")


@dataclass
class Place:
    """Where reading has come to: a stack of (kind, label, heading words)."""

    stack: list[tuple[int, str, str]] = field(default_factory=list)

    def enter(self, kind: int, label: str, words: str = "") -> None:
        """Open a place: close its like and all that lies deeper.

        第一部分 stands above 一 in most documents and below it in some forms: whichever came first.
        """
        kinds = [entry[0] for entry in self.stack]
        if kind == PIECE and kind not in kinds and HAN not in kinds:
            cut = sum(1 for other in kinds if other < HAN)
        elif kind in kinds:
            cut = kinds.index(kind)
        elif kind == HAN and PIECE in kinds:
            cut = kinds.index(PIECE) + 1
        else:
            cut = sum(1 for other in kinds if other < kind)
        self.stack[cut:] = [(kind, label, words)]

    @property
    def headings(self) -> tuple[str, ...]:
        """The words of the places that are open, the outermost first."""
        return tuple(words for _, _, words in self.stack if words)

    @property
    def name(self) -> str:
        """How the place is called; empty before the first number.

        An article (第十六条) needs no chapter before it, its number being unique in the document; 一 takes a
        、 before an Arabic number (一、5), a bracket does not (二（一）5).
        """
        kinds = [entry[0] for entry in self.stack]
        annex = "".join(label for kind, label, _ in self.stack if kind == ANNEX)
        inner = ""
        for kind, label, _ in self.stack:
            if kind in (ANNEX, SECTION) or (kind == PART and len(kinds) > kinds.index(PART) + 1):
                continue
            # 一.1 and 1.1 carry their parents' numbers in themselves.
            if kind in (DECIMAL2, DECIMAL3):
                inner = label
            elif inner and inner[-1] not in "）)" and label[0] not in "（(":
                inner += f"、{label}"
            else:
                inner += label
        return f"{annex} {inner}".strip()
