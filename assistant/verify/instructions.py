"""Find text that instructs the reviewer, a person or a program, instead of describing the factory.

Judged by intent: an address, a demand and a verdict have to meet in a passage of one or two sentences.
A mere mention of 评审专家 or of 合格 is none of it. Source of the lists: ``corpus/verify/instructions.yaml``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from assistant.resources import corpus
from assistant.verify.lexicon import load_yaml
from assistant.verify.score import sigmoid
from assistant.verify.unmask import Plain, encoded, turned, unmask

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*|[。！？!?；;\n]+")
_QUOTED_LIMIT = 400
_ENOUGH = 3.0
# Where only the fitted score speaks, a passage scores between this and ``_ENOUGH``.
_FITTED = 2.0
# How sure the fitted score must be, in plain sight and where text hides.
_LIKELY, _LIKELY_HIDDEN, _LIKELY_UNRELATED, _ORDINARY_MORE = 0.45, 0.35, 0.6, 0.1


@dataclass(frozen=True, slots=True)
class Instruction:
    """An instruction found: offsets in the text given, the plain wording, and how sure (score ≥ 3).

    ``plainly`` is True where address, demand and verdict were all found in words, False where only the
    fitted score speaks.
    """

    start: int
    end: int
    wording: str
    score: float
    plainly: bool = True


CUES = (
    "override", "control", "output", "to_model", "to_person", "second", "demand", "rating", "judging",
    "document", "reported", "production", "courtesy", "mention",
)  # fmt: skip


@cache
def _lists() -> dict[str, list[str]]:
    """Return the lists of ``instructions.yaml``."""
    data: dict[str, list[str]] = load_yaml("instructions.yaml")
    return data


@cache
def _cues(name: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in _lists()[name]), re.MULTILINE)


def _hits(name: str, text: str) -> int:
    return sum(1 for _ in _cues(name).finditer(text))


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return the offsets of the sentences of plain text."""
    return tuple(m.span() for m in _SENTENCE.finditer(text) if m[0].strip(" \n。！？!?；;"))


def cue_values(passage: str) -> list[float]:
    """Return what is counted of each cue (two at most), and the rule score: input of the fitted score."""
    return [*(float(min(_hits(name, passage), 2)) for name in CUES), score(passage)]


@cache
def _weights() -> tuple[float, tuple[float, ...], dict[str, float]]:
    data = json.loads((corpus() / "verify" / "instruction-weights.json").read_text("utf-8"))
    return float(data["intercept"]), tuple(data["cues"][name] for name in (*CUES, "score")), data["grams"]


def likelihood(passage: str) -> float:
    """Return the fitted probability, 0..1, that a plain passage instructs its reviewer."""
    intercept, cues, grams = _weights()
    parts = {passage[i : i + n] for n in (1, 2) for i in range(len(passage) - n + 1)}
    total = intercept + sum(w * v for w, v in zip(cues, cue_values(passage), strict=True))
    return sigmoid(total + sum(grams.get(part, 0.0) for part in sorted(parts)))


def score(passage: str, *, hidden: bool = False) -> float:
    """Return how strongly a plain passage instructs its reviewer; 3 and more is an instruction."""
    hits = {name: _hits(name, passage) for name in CUES}
    strong = 3.0 * (hits["override"] > 0) + 2.0 * (hits["control"] > 0) + 2.0 * (hits["output"] > 0)
    addressed = 1.5 if hits["to_model"] else 1.0 if hits["to_person"] else 0.7 if hits["second"] else 0.0
    verdict = _verdict(hits, anyone=addressed > 0 or strong > 0 or hidden)
    total = addressed + strong + (1.0 if hits["demand"] else 0.0) + verdict + _by_sound(passage)
    if hidden and (verdict or addressed):
        total += 1.5
    return max(0.0, total - _doubt(hits, verdict, strong))


def _verdict(hits: dict[str, int], *, anyone: bool) -> float:
    """Weigh the verdict asked for; a finding about nothing in particular counts only if someone is addressed."""
    about = hits["document"] > 0
    value = (2.0 if about else 1.5) if hits["rating"] else 0.0
    if hits["judging"] and (about or anyone):
        value += 1.5 if about else 1.0
    return value + (0.5 if hits["rating"] + hits["judging"] > 1 else 0.0)


def _doubt(hits: dict[str, int], verdict: float, strong: float) -> float:
    """Return what speaks for an ordinary passage: a report, a product, a courtesy, or no verdict at all."""
    if hits["mention"]:
        return 3.0
    if strong:
        return 1.0 if hits["production"] and not verdict else 0.0
    doubt = 0.0 if verdict else 2.0
    doubt += sum(1.0 for name in ("reported", "production") if hits[name])
    if hits["courtesy"] and not hits["rating"]:
        doubt += 0.5
    # Without a demand a finding is only told of; an address makes up for half of that.
    if not hits["demand"]:
        doubt += 0.5 if hits["to_model"] or hits["to_person"] else 1.0
    return doubt


def _by_sound(passage: str) -> float:
    """Return the weight of an instruction spelled in pinyin: its words name a reviewer and a verdict."""
    kinds = _lists()["pinyin"]
    found = [len(re.findall(pattern, passage)) for pattern in kinds]
    return 3.0 if sum(found) >= 4 and sum(n > 0 for n in found) >= 3 else 0.0


def find_instructions(text: str, *, hidden: bool = False) -> tuple[Instruction, ...]:
    """Return the instructions in ``text``, also disguised or encoded ones, in order and not overlapping."""
    plain = unmask(text)
    found = list(_in_plain(plain, hidden=hidden))
    for start, end, secret in encoded(text):
        inner = max((score(part) for part in (secret.lower(), *re.split(r"[。.\n]", secret.lower()))), default=0.0)
        if inner >= _ENOUGH - 0.5:
            found.append(Instruction(start, end, secret[:_QUOTED_LIMIT], max(inner, _ENOUGH)))
    for start, end, secret in turned(text):
        value = score(secret.lower())
        if value >= _ENOUGH:
            found.append(Instruction(start, end, secret[:_QUOTED_LIMIT], value))
    return _apart(found)


def _in_plain(plain: Plain, *, hidden: bool) -> Iterator[Instruction]:
    spans = sentences(plain.text)
    alone = set()
    for number, (start, end) in enumerate(spans):
        value = _score_span(plain, start, end, hidden=hidden)
        if value > _FITTED:
            alone.add(number)
            yield _instruction(plain, start, end, value)
    for number in range(len(spans) - 1):
        if number in alone or number + 1 in alone:
            continue
        start, end = spans[number][0], spans[number + 1][1]
        if end - start > _QUOTED_LIMIT:
            continue
        value = _score_span(plain, start, end, hidden=hidden)
        if value >= _ENOUGH + 0.5:
            yield _instruction(plain, start, end, value)


def _score_span(plain: Plain, start: int, end: int, *, hidden: bool) -> float:
    passage = plain.text[start:end]
    # Table cells part words without meaning anything by it.
    places = plain.places[start:end]
    # Letters set apart by signs, invisible characters and the like: nobody writes so without a reason.
    hidden = hidden or (len(places) > 8 and places[-1] - places[0] + 1 >= 1.5 * len(places))
    passage = re.sub(r"(?<!<)\s*[|｜\t]\s*(?!>)", "，", passage).strip()
    value = score(passage, hidden=hidden)
    if value >= _ENOUGH or len(passage) > _QUOTED_LIMIT:
        return value
    # The fitted score finds what the cues have no words for; it speaks in the same unit as they do.
    sure = likelihood(passage)
    return _FITTED + sure if sure >= _needed(passage, hidden=hidden) else min(value, _FITTED)


def _needed(passage: str, *, hidden: bool) -> float:
    """Return how sure the fitted score must be: more where a passage speaks of products, not of a review."""
    if hidden:
        return _LIKELY_HIDDEN
    speaks = any(_hits(name, passage) for name in ("to_model", "rating", "output", "override", "control", "review"))
    if not speaks:
        return _LIKELY_UNRELATED
    ordinary = _hits("production", passage) + _hits("reported", passage) + _hits("courtesy", passage)
    return _LIKELY + (_ORDINARY_MORE if ordinary else 0.0)


def _instruction(plain: Plain, start: int, end: int, value: float) -> Instruction:
    passage = plain.text[start:end]
    left = start + len(passage) - len(passage.lstrip())
    right = end - (len(passage) - len(passage.rstrip()))
    first, last = plain.span(left, max(right, left + 1))
    wording = plain.text[left:right][:_QUOTED_LIMIT]
    return Instruction(first, last, wording, round(value, 2), value >= _ENOUGH)


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
