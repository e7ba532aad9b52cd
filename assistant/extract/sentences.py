"""Sentences and clauses with offsets, and whether a place speaks of a plan or denies something.

Offsets are code points into the text given, half-open; a piece never begins or ends with blank
space and ``text[start:end]`` is the piece. Plans are kept apart from achievements because the
contract lets plans count in no check.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from assistant.extract.plan_cues import governed_by_plan, heading_level, is_plan_heading

_CLOSERS = "”’」』）)]】》〉\"'"
_OPENERS = {"“": "”", "（": "）", "(": ")", "【": "】", "《": "》", "「": "」", "『": "』"}
_SENTENCE_END = re.compile(rf"[。！？!?]+[{re.escape(_CLOSERS)}]*|…{{2,}}|\n")
_CLAUSE_END = re.compile(r"[，；;：。！？!?\n\t|]|,(?!\d{3}(?!\d))|:(?!\d)")
_LIST_MARK = re.compile(
    r"\s*(?:[-*•●◆■▪·※➢✓√]|[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|[（(]?\d{1,2}(?:[)）、．]|\.(?!\d))|[①-⑳]|#{1,6}\s"
    r"|第[一二三四五六七八九十\d]+[章节条步])"
)
# A wrapped line is at least this wide; shorter lines end where their author ended them.
_WRAP_WIDTH = 22
# How far a plan cue reaches at most, in characters; longer sentences are lists without full stops.
_PLAN_REACH = 400


class Piece(NamedTuple):
    """A stretch of the text: ``text[start:end]``."""

    start: int
    end: int


def _trim(text: str, start: int, end: int) -> Piece | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Piece(start, end) if start < end else None


def is_wrap(text: str, newline: int) -> bool:
    """Return whether the line break at ``newline`` only wraps a line that goes on below it."""
    begin = text.rfind("\n", 0, newline) + 1
    line = text[begin:newline].rstrip()
    stop = text.find("\n", newline + 1)
    following = text[newline + 1 : stop if stop >= 0 else len(text)]
    if len(line) < _WRAP_WIDTH or not following.strip():
        return False
    if "\t" in line or "|" in line or "\t" in following or "|" in following:
        return False
    if line.endswith(".") and line[-2:-1].isalpha():
        return False  # an English sentence has ended
    return line[-1] not in "。！？!?；;：:" and not _LIST_MARK.match(following)


def sentences(text: str, start: int = 0, end: int | None = None) -> tuple[Piece, ...]:
    """Return the sentences of ``text[start:end]`` in order.

    A sentence ends at 。！？ (with the closing quotes that follow) or at a line break that is no
    mere wrap; decimals, ASCII full stops and semicolons do not end it.
    """
    stop = len(text) if end is None else end
    pieces: list[Piece] = []
    begin = start
    for match in _SENTENCE_END.finditer(text, start, stop):
        if match.group() == "\n" and is_wrap(text, match.start()):
            continue
        if piece := _trim(text, begin, match.end()):
            pieces.append(piece)
        begin = match.end()
    if piece := _trim(text, begin, stop):
        pieces.append(piece)
    return tuple(pieces)


def clauses(text: str, start: int = 0, end: int | None = None) -> tuple[Piece, ...]:
    """Return the clauses of ``text[start:end]``: split at commas, semicolons, colons, cells, sentence ends.

    、 does not split, nor does a comma inside a number (1,200) or a colon inside a time (8:30). The
    closing mark belongs to no clause.
    """
    stop = len(text) if end is None else end
    pieces: list[Piece] = []
    begin = start
    for match in _CLAUSE_END.finditer(text, start, stop):
        if match.group() == "\n" and is_wrap(text, match.start()):
            continue
        if piece := _trim(text, begin, match.start()):
            pieces.append(piece)
        begin = match.end()
    if piece := _trim(text, begin, stop):
        pieces.append(piece)
    return tuple(pieces)


def bracketed(text: str, start: int, end: int) -> tuple[Piece, ...]:
    """Return the outermost bracketed stretches of ``text[start:end]``, brackets included."""
    found: list[Piece] = []
    stack: list[tuple[str, int]] = []
    for at in range(start, end):
        mark = text[at]
        if mark in _OPENERS:
            stack.append((_OPENERS[mark], at))
        elif stack and mark == stack[-1][0]:
            _, opened = stack.pop()
            if not stack:
                found.append(Piece(opened, at + 1))
    return tuple(found)


class _Outline(NamedTuple):
    """The sentence starts and the stretches under a heading that announces plans."""

    pieces: tuple[Piece, ...]
    starts: tuple[int, ...]
    planned: tuple[Piece, ...]


def _planned_sections(text: str) -> tuple[Piece, ...]:
    headings: list[tuple[int, int, bool]] = []
    offset = 0
    for line in text.split("\n"):
        level = heading_level(line)
        if level is not None:
            headings.append((offset, level, is_plan_heading(line)))
        offset += len(line) + 1
    found: list[Piece] = []
    for index, (at, level, planned) in enumerate(headings):
        # A title over the whole text (…发展规划) is no section of plans.
        if planned and (text[:at].strip() or "后续" in text[at : at + 12]):
            later = (other for other, depth, _ in headings[index + 1 :] if depth <= level)
            found.append(Piece(at, next(later, len(text))))
    return tuple(found)


@lru_cache(maxsize=4)
def _outline(text: str) -> _Outline:
    pieces = sentences(text)
    return _Outline(pieces, tuple(piece.start for piece in pieces), _planned_sections(text))


def sentence_at(text: str, offset: int) -> Piece:
    """Return the sentence that holds ``offset``; an empty piece there when it lies between sentences."""
    outline = _outline(text)
    index = bisect_right(outline.starts, offset) - 1
    if index >= 0 and offset < outline.pieces[index].end:
        return outline.pieces[index]
    return Piece(offset, offset)


def plan_scope(text: str, start: int, end: int) -> bool:
    """Return whether ``text[start:end]`` is said as a plan, a target or a forecast.

    True under a heading such as 后续实施计划, after a cue that governs it (将, 拟, 力争, 预计, 到2027年 …)
    in the same sentence, or before 的目标. Not for 将 as a preposition (将不良率从3%降至1%), for nouns
    such as 生产计划, nor for targets that are met (超额完成…目标).
    """
    outline = _outline(text)
    if any(piece.start <= start < piece.end for piece in outline.planned):
        return True
    sentence = sentence_at(text, start)
    if sentence.start == sentence.end:
        return False
    begin = max(sentence.start, start - _PLAN_REACH)
    stop = min(sentence.end, end + _PLAN_REACH)
    return governed_by_plan(text[begin:stop], start - begin, min(end, stop) - begin)


_DENIAL = re.compile(
    r"尚未|暂未|并未|从未|未能|未曾|尚不|尚无|暂无|没有|并无|不具备|不涉及|缺乏|缺少"
    r"|未(?:建|实施|开展|应用|部署|上线|使用|实现|采用|配备|配置|引入|达到|完成|覆盖|接入|涉及|设)"
    r"|无(?=此|该|相关|对应)|无法|难以|不能(?!耗)|未予"
)
# What a denial in front of the place reaches past: a contrast turns the sentence round.
_CONTRAST = re.compile(r"但|然而|不过|而是|如今|现在|目前|改造后|之后|后来|现已|已经|解决")


def negated(text: str, start: int, end: int) -> bool:
    """Return whether the clause that holds ``text[start:end]`` denies it (尚未建设…, 没有…, …尚未实现).

    A denial in an earlier clause of the sentence does not count; nor does one that a contrast
    (但, 如今, 已) turns round before the place.
    """
    sentence = sentence_at(text, start)
    holding = [piece for piece in clauses(text, *sentence) if piece.start <= start < piece.end]
    if not holding:
        return False
    clause = holding[0]
    for match in _DENIAL.finditer(text, clause.start, clause.end):
        if match.end() <= start and not _CONTRAST.search(text, match.end(), start):
            return True
        if match.start() >= end and not _CONTRAST.search(text, end, match.start()):
            return True
    return False


def gaps(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Return the stretches between consecutive pieces (their separators)."""
    return tuple(Piece(left.end, right.start) for left, right in pairwise(pieces))
