"""Which parts of a prescribed application form the document holds.

The forms stand in the policy rules (topic ``materials.sections``): id and title of each part. A part is
there when a heading names it and text follows; the form's own instructions, copied without an answer, are
no part. ``sections.<id>`` in the evidence points at the heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from assistant import policy
from assistant.extract.field_lexicon import bare_label, read_lexicon
from assistant.extract.field_notes import Notes
from assistant.extract.field_text import Passage, fold
from assistant.records import Span

_MIN_CONTENT = 30
_MAX_HEADING = 45
_SHARED_BIGRAMS = 0.6
_NUMBERED = re.compile(
    r"^(?:第[一二三四五六七八九十\d]+(?:部分|章|节)|[一二三四五六七八九十]{1,3}[、.]|[(][一二三四五六七八九十\d]{1,3}[)]|\d{1,2}(?:\.\d{1,2})*[、.]?(?=[^\d%年月.]))"
)
_RUN_IN = re.compile(r"^(?P<head>[^。;]{2,45}?)(?:[:。]|$)")
_TEMPLATE = re.compile(r"必填项?|依据附件|等方面$|请企业|选填")
_PART = re.compile(r"^第[一二三四五六七八九十\d]+部分")


@dataclass(frozen=True)
class _Heading:
    """A heading with the number of characters that belong to it."""

    text: str
    piece: Passage
    end: int
    depth: int
    content: int


def find_sections(notes: Notes) -> dict[str, tuple[Span, ...]]:
    """Return ``sections.<id>`` → where the part stands, for every form of the corpus; () where it is missing."""
    headings = [heading for heading in _headings(notes) if heading.content >= _MIN_CONTENT]
    found: dict[str, tuple[Span, ...]] = {}
    for ident, title in _parts():
        places = [heading for heading in headings if _names(heading, title)]
        best = max(
            places, key=lambda heading: (_overlap(heading.text, title), -heading.piece.block), default=None
        )
        found[f"sections.{ident}"] = (notes.document.span(*best.piece.place(0, best.end)),) if best else ()
    return found


@lru_cache(maxsize=1)
def _parts() -> tuple[tuple[str, str], ...]:
    """Return (id, title) of every part that some rule asks for."""
    parts: dict[tuple[str, str], None] = {}
    for rules in policy.load().rule_book.rows.values():
        for rule in rules:
            if rule.topic == "materials.sections":
                for kind in ("mandatory", "optional"):
                    for ident, title in dict(rule.params.get(kind) or {}).items():
                        parts[str(ident), str(title)] = None
    return tuple(parts)


@lru_cache(maxsize=1)
def _wordings() -> dict[str, re.Pattern[str]]:
    return dict(read_lexicon("sections.yaml", "headings"))


def _names(heading: _Heading, title: str) -> bool:
    wording = _wordings().get(title)
    if wording is not None:
        return wording.search(heading.text) is not None
    return _overlap(heading.text, title) >= _SHARED_BIGRAMS


def _overlap(text: str, title: str) -> float:
    """Return the share of the title's neighbouring character pairs that a heading has."""
    folded = fold(title)
    pairs = {folded[i : i + 2] for i in range(len(folded) - 1)} - {"、"}
    return sum(pair in text for pair in pairs) / len(pairs) if pairs else 0.0


def _headings(notes: Notes) -> Iterator[_Heading]:
    passages = notes.reading.passages
    heads = [(index, head) for index, piece in enumerate(passages) if (head := _head_of(notes, piece))]
    lengths = [0, *accumulate(len(piece.text) for piece in passages)]
    headed = [0, *accumulate(end for _, (_, end, _) in heads)]
    for number, (index, (text, end, depth)) in enumerate(heads):
        after = next((n for n in range(number + 1, len(heads)) if heads[n][1][2] <= depth), len(heads))
        stop = heads[after][0] if after < len(heads) else len(passages)
        # Headings further down are no content; what stands behind their words in the same line is.
        body = lengths[stop] - lengths[index] - (headed[after] - headed[number])
        yield _Heading(text, passages[index], end, depth, body)


def _head_of(notes: Notes, piece: Passage) -> tuple[str, int, int] | None:
    """Return (words, where they end, depth) of a heading, None for running text."""
    numbered = _NUMBERED.match(piece.text)
    styled = piece.kind == "heading"
    if piece.kind in ("table_row", "caption", "footnote") and not numbered:
        return None
    match = _RUN_IN.match(piece.text)
    if match is None or not (styled or numbered) or len(match["head"]) > _MAX_HEADING:
        return None
    end = match.end("head")
    part = _PART.match(piece.text)
    if part and match.end() < len(piece.text) and piece.text[match.end() - 1] == ":":
        # 第一部分：申报企业基本情况介绍
        end = min(len(piece.text), match.end() + _MAX_HEADING)
    words = piece.text[:end]
    if _TEMPLATE.search(words) and not styled:
        words = _TEMPLATE.sub("", words)
    return bare_label(words), end, _depth(notes, piece, numbered)


def _depth(notes: Notes, piece: Passage, numbered: re.Match[str] | None) -> int:
    """Return how deep a heading stands: by its numbering where it has one, else by its style."""
    if numbered:
        mark = numbered.group()
        if mark.startswith("第"):
            return 1 if "节" not in mark else 2
        if re.match(r"[一二三四五六七八九十]", mark):
            return 3
        if mark.startswith("("):
            return 4 if re.search(r"[一二三四五六七八九十]", mark) else 8
        return 5 + mark.rstrip("、.").count(".")
    return 2 * (notes.reading.blocks[piece.block].level or 1)
