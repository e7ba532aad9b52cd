"""Find text that instructs the reviewer, a person or a program, instead of describing the factory.

Judged by intent: what is asked for, of whom and about what have to meet in a passage (``steering``); a fitted
score over the same signs and the letters themselves finds the phrasings that the signs alone do not carry.
Disguises are undone first (``unmask``). A mere mention of 评审专家 or of 合格 is none of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from assistant.resources import corpus
from assistant.verify.score import sigmoid
from assistant.verify.steering import (
    CUES,
    ENOUGH,
    courteous,
    cue_values,
    in_plain_letters,
    ordinary,
    shown_only,
    unrelated,
    weigh,
)
from assistant.verify.unmask import Plain, encoded, turned, unmask

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*|[。！？!?；;\n]+")
_CELL_BREAK = re.compile(r"(?<!<)\s*[|｜\t]\s*(?!>)")
_QUOTED_LIMIT = 400
# A longer sentence hides an instruction among other words: it is read clause by clause too.
_LONG = 90
# Where only the fitted score speaks, a passage scores between this and ``ENOUGH``.
_FITTED = 2.0
# How sure the fitted score must be: where text hides, of a review, of the works as well, of no review or only
# as an example.
_LIKELY_HIDDEN, _LIKELY, _LIKELY_ORDINARY, _LIKELY_UNRELATED = 0.35, 0.45, 0.6, 0.7
# From this score on a passage is kept from scores and models.
_SURE = 2.75
# What the rules find must not look wholly ordinary to the fitted score.
_UNLIKELY = 0.3


@dataclass(frozen=True, slots=True)
class Instruction:
    """An instruction found: offsets in the text given, the plain wording, and how sure.

    ``plainly`` is True where the rules found what makes an instruction (score 3 and more), False where only
    the fitted score speaks (2 to 3).
    """

    start: int
    end: int
    wording: str
    score: float
    plainly: bool = True


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return the offsets of the sentences of plain text."""
    return tuple(m.span() for m in _SENTENCE.finditer(text) if m[0].strip(" \n。！？!?；;"))


@cache
def _weights() -> tuple[float, tuple[float, ...], dict[str, float]]:
    data = json.loads((corpus() / "verify" / "instruction-weights.json").read_text("utf-8"))
    return float(data["intercept"]), tuple(data["cues"][name] for name in CUES), data["grams"]


def likelihood(passage: str) -> float:
    """Return the fitted probability, 0..1, that a plain passage instructs its reviewer."""
    intercept, cues, grams = _weights()
    parts = {passage[i : i + n] for n in (1, 2) for i in range(len(passage) - n + 1)}
    total = intercept + sum(w * v for w, v in zip(cues, cue_values(passage), strict=True))
    return sigmoid(total + sum(grams.get(part, 0.0) for part in sorted(parts)))


@lru_cache(maxsize=8192)
def judged(passage: str, *, hidden: bool = False) -> float:
    """Return how surely a plain passage instructs: 0 not at all, 2 to 3 by the fitted score, 3 and more plainly."""
    passage = _CELL_BREAK.sub("，", passage).strip(" \n，,")
    if len(passage) < 4 or courteous(passage):
        return 0.0
    value = weigh(passage, hidden=hidden)
    if value >= ENOUGH and not in_plain_letters(passage):
        return value
    sure = likelihood(passage)
    if value >= ENOUGH and (hidden or sure >= _UNLIKELY):
        return value
    return _FITTED + sure if sure >= _needed(passage, hidden=hidden) else 0.0


def _needed(passage: str, *, hidden: bool) -> float:
    """Return how sure the fitted score must be: more where a passage speaks of products, not of a review."""
    if hidden:
        return _LIKELY_HIDDEN
    if unrelated(passage) or shown_only(passage):
        return _LIKELY_UNRELATED
    return _LIKELY_ORDINARY if ordinary(passage) else _LIKELY


def find_instructions(text: str, *, hidden: bool = False) -> tuple[Instruction, ...]:
    """Return the instructions in ``text``, also disguised or encoded ones, in order and not overlapping."""
    return _found(text, hidden)


@lru_cache(maxsize=256)
def _found(text: str, hidden: bool) -> tuple[Instruction, ...]:
    plain = unmask(text)
    found = [*_in_sentences(plain, hidden=hidden), *_in_fragments(plain)]
    for start, end, secret in (*encoded(text), *turned(text)):
        folded = unmask(secret).text
        value = max(
            (judged(part, hidden=False) for part in (folded, *re.split(r"[。.\n]", folded))), default=0.0
        )
        if value:
            found.append(_one(start, end, secret, value))
    return _apart(found)


def _in_sentences(plain: Plain, *, hidden: bool) -> Iterator[Instruction]:
    spans = sentences(plain.text)
    alone = set()
    for number, (start, end) in enumerate(spans):
        for left, right in _clauses(plain.text, start, end):
            value = _judged_span(plain, left, right, hidden=hidden)
            if value:
                alone.add(number)
                yield _instruction(plain, left, right, value)
                break
    for number in range(len(spans) - 1):
        start, end = spans[number][0], spans[number + 1][1]
        if alone & {number, number + 1} or end - start > _QUOTED_LIMIT:
            continue
        value = _judged_span(plain, start, end, hidden=hidden)
        if value >= ENOUGH + 0.5:
            yield _instruction(plain, start, end, value)


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the whole sentence and, of a long one, every two neighbouring clauses."""
    if end - start <= _QUOTED_LIMIT:
        yield start, end
    if end - start > _LONG:
        cuts = [start, *(m.end() for m in re.compile(r"[，,：:\t|]").finditer(text, start, end)), end]
        for first, last in zip(cuts, cuts[2:], strict=False):
            yield first, min(last, first + _QUOTED_LIMIT)


def _judged_span(plain: Plain, start: int, end: int, *, hidden: bool) -> float:
    places = plain.places[start:end]
    # Letters set apart by signs, invisible characters and the like: nobody writes so without a reason.
    disguised = len(places) > 8 and max(places) - min(places) + 1 >= 1.5 * len(places)
    return judged(plain.text[start:end], hidden=hidden or disguised)


def _in_fragments(plain: Plain) -> Iterator[Instruction]:
    """Yield instructions broken over short lines, or read down a column of a table."""
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\n]+", plain.text)]
    run: list[tuple[int, int]] = []
    for start, end in (*lines, (len(plain.text), len(plain.text))):
        if start < end and end - start <= 24:
            run.append((start, end))
            continue
        if 3 <= len(run) <= 60:
            yield from _read_down(plain, run)
        run = []


def _read_down(plain: Plain, run: list[tuple[int, int]]) -> Iterator[Instruction]:
    rows = [re.split(r"\t|\s[|｜]\s", plain.text[start:end].strip(" |｜")) for start, end in run]
    for column in range(max(map(len, rows))):
        cells = [row[column].strip() for row in rows if len(row) > column]
        joined = "".join(cells)
        if len(cells) < 3 or len(joined) > _QUOTED_LIMIT or any(judged(cell) for cell in cells):
            continue
        value = judged(joined)
        # Whole words one below the other are a list; only pieces of words make a sentence out of it.
        if value >= ENOUGH:
            first, last = plain.span(run[0][0], run[-1][1])
            yield _one(first, last, joined, value)


def _instruction(plain: Plain, start: int, end: int, value: float) -> Instruction:
    passage = plain.text[start:end]
    left = start + len(passage) - len(passage.lstrip())
    right = end - (len(passage) - len(passage.rstrip()))
    first, last = plain.span(left, max(right, left + 1))
    return _one(first, last, plain.text[left:right], value)


def _one(start: int, end: int, wording: str, value: float) -> Instruction:
    return Instruction(start, end, wording[:_QUOTED_LIMIT], round(value, 2), value >= ENOUGH)


def _apart(found: list[Instruction]) -> tuple[Instruction, ...]:
    kept: list[Instruction] = []
    for one in sorted(found, key=lambda i: (-i.score, i.start, i.end)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return tuple(sorted(kept, key=lambda i: i.start))


def without_instructions(text: str) -> str:
    """Return ``text`` with instructions blanked out, so that they reach no score and no model.

    Only what is nearly certain goes: a plain sentence taken for one would be missing from the evidence.
    The length stays, so that offsets keep their meaning.
    """
    for one in find_instructions(text):
        if one.score < _SURE:
            continue
        text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]
    return text
