"""Find text that instructs the reviewer, a person or a program, instead of describing the factory.

Judged by intent: an address, a demand and a verdict have to meet in a passage of one or two sentences.
A mere mention of 评审专家 or of 合格 is none of it. Source of the lists: ``corpus/verify/instructions.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from assistant.verify.lexicon import load_yaml
from assistant.verify.unmask import Plain, encoded, unmask

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*|[。！？!?；;\n]+")
_QUOTED_LIMIT = 400
_ENOUGH = 3.0


@dataclass(frozen=True, slots=True)
class Instruction:
    """An instruction found: offsets in the text given, the plain wording, and how sure (score ≥ 3)."""

    start: int
    end: int
    wording: str
    score: float


@cache
def _cues(name: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in load_yaml("instructions.yaml")[name]), re.MULTILINE)


def _hits(name: str, text: str) -> int:
    return sum(1 for _ in _cues(name).finditer(text))


def score(passage: str, *, hidden: bool = False) -> float:
    """Return how strongly a plain passage instructs its reviewer; 3 and more is an instruction."""
    override, control = _hits("override", passage), _hits("control", passage)
    rating, judging = _hits("rating", passage), _hits("judging", passage)
    model, person, you = (_hits(name, passage) for name in ("to_model", "to_person", "second"))
    demand = _hits("demand", passage)
    about = _hits("document", passage) > 0
    addressed = 1.5 if model else 1.0 if person else 0.7 if you else 0.0
    verdict = _verdict(rating, judging, about=about, addressed=addressed > 0 or override > 0 or hidden)
    total = (
        addressed
        + (3.0 if override else 0.0)
        + (2.0 if control else 0.0)
        + (1.0 if demand else 0.0)
        + verdict
    )
    if hidden and verdict:
        total += 1.0
    return max(0.0, total - _doubt(passage, override, control, verdict))


def _verdict(rating: int, judging: int, *, about: bool, addressed: bool) -> float:
    """Weigh the verdict asked for; a finding about nothing in particular counts only if someone is addressed."""
    value = 0.0
    if rating:
        value += 1.5
    if judging and (about or addressed):
        value += 1.5 if about else 1.0
    return value + (0.5 if rating + judging > 1 else 0.0)


def _doubt(passage: str, override: int, control: int, verdict: float) -> float:
    """Return what speaks for an ordinary passage: a report, a product, a courtesy, or no verdict at all."""
    if override or control:
        return 0.0
    doubt = 0.0
    if not verdict:
        doubt += 2.0
    if _hits("reported", passage):
        doubt += 1.0
    if _hits("production", passage):
        doubt += 1.0
    if _hits("courtesy", passage) and _hits("rating", passage) == 0:
        doubt += 0.5
    if not _hits("demand", passage):
        doubt += 1.0
    return doubt


def find_instructions(text: str, *, hidden: bool = False) -> tuple[Instruction, ...]:
    """Return the instructions in ``text``, also disguised or encoded ones, in order and not overlapping."""
    plain = unmask(text)
    found = list(_in_plain(plain, hidden=hidden))
    for start, end, secret in encoded(text):
        inner = max((i.score for i in find_instructions(secret, hidden=True)), default=0.0)
        if inner >= _ENOUGH:
            found.append(Instruction(start, end, secret[:_QUOTED_LIMIT], inner))
    return _apart(found)


def _in_plain(plain: Plain, *, hidden: bool) -> Iterator[Instruction]:
    sentences = [m.span() for m in _SENTENCE.finditer(plain.text) if m[0].strip(" \n。！？!?；;")]
    alone = set()
    for number, (start, end) in enumerate(sentences):
        value = _score_span(plain, start, end, hidden=hidden)
        if value >= _ENOUGH:
            alone.add(number)
            yield _instruction(plain, start, end, value)
    for number in range(len(sentences) - 1):
        if number in alone or number + 1 in alone:
            continue
        start, end = sentences[number][0], sentences[number + 1][1]
        if end - start > _QUOTED_LIMIT:
            continue
        value = _score_span(plain, start, end, hidden=hidden)
        if value >= _ENOUGH + 0.5:
            yield _instruction(plain, start, end, value)


def _score_span(plain: Plain, start: int, end: int, *, hidden: bool) -> float:
    passage = plain.text[start:end]
    # Table cells part words without meaning anything by it.
    return score(re.sub(r"(?<!<)\s*[|｜\t]\s*(?!>)", "，", passage), hidden=hidden)


def _instruction(plain: Plain, start: int, end: int, value: float) -> Instruction:
    passage = plain.text[start:end]
    left = start + len(passage) - len(passage.lstrip())
    right = end - (len(passage) - len(passage.rstrip()))
    first, last = plain.span(left, max(right, left + 1))
    return Instruction(first, last, plain.text[left:right][:_QUOTED_LIMIT], round(value, 2))


def _apart(found: list[Instruction]) -> tuple[Instruction, ...]:
    kept: list[Instruction] = []
    for one in sorted(found, key=lambda i: (-i.score, i.start, i.end)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return tuple(sorted(kept, key=lambda i: i.start))


def without_instructions(text: str) -> str:
    """Return ``text`` with instructions blanked out, so that they reach no score and no model.

    The length stays, so that offsets keep their meaning.
    """
    for one in find_instructions(text):
        text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]
    return text
