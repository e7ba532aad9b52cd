"""Which words of a claim the evidence has, and where.

Texts are folded first (full width, synonyms, spaces), so that 换产 meets 换型. Coverage counts the claim's
content characters that stand in the evidence as part of a run of at least two.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from assistant.verify.lexicon import lexicon
from assistant.verify.passages import Clause, cut

_NUMBER = re.compile(r"[±约近]?\d[\d.,]*\s*(?:%|％|个百分点|万|亿)?")


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Return ``text`` with one form for each synonym, half width, no spaces."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    for pattern, first in lexicon().synonyms:
        text = pattern.sub(first, text)
    return text


@dataclass(frozen=True, slots=True)
class Aligned:
    """A claim laid over its evidence: shares of the claim's content characters, 0..1.

    ``gaps`` are the claim's own words, verbatim, that the evidence lacks; ``novel`` is the longest run of characters that the evidence does not have at all.
    """

    clauses: tuple[Clause, ...]
    scores: tuple[float, ...]
    best: int
    local: float
    sentence: float
    everywhere: float
    elsewhere: float
    longest_gap: int
    gaps: tuple[str, ...]
    novel: int
    characters: float


def content(text: str) -> str:
    """Return the folded text without numbers."""
    return _NUMBER.sub("#", folded(text))


def covered(claim: str, evidence: str) -> tuple[bool, ...]:
    """Return for each character of ``claim`` whether it lies in a bigram that ``evidence`` has."""
    grams = {evidence[i : i + 2] for i in range(len(evidence) - 1)}
    marks = [False] * len(claim)
    for i in range(len(claim) - 1):
        if claim[i : i + 2] in grams:
            marks[i] = marks[i + 1] = True
    return tuple(marks)


def _weights(claim: str) -> tuple[float, ...]:
    stop = lexicon().stop
    return tuple(
        0.0 if c in stop or c in "#〇" else 0.5 if c.isascii() and c.islower() else 1.0 for c in claim
    )


def _share(marks: tuple[bool, ...], weights: tuple[float, ...]) -> float:
    total = sum(weights)
    return sum(w for w, m in zip(weights, marks, strict=True) if m) / total if total else 1.0


def align(claim: str, evidence: str) -> Aligned:
    """Lay ``claim`` over ``evidence`` and return how much of it stands where."""
    text, weights = content(claim), _weights(content(claim))
    clauses = cut(evidence)
    marks = [covered(text, content(c.text)) for c in clauses]
    scores = tuple(_distinct(i, marks, weights) for i in range(len(clauses)))
    best = max(range(len(clauses)), key=lambda i: (scores[i], -i), default=-1)
    all_marks = covered(text, content(evidence))
    everywhere = _share(all_marks, weights)
    if best < 0:
        return Aligned((), (), -1, 0.0, 0.0, everywhere, 0.0, len(text), (text,), len(text), 0.0)
    whole = _sentence_marks(clauses, best, text, evidence)
    sentence = _share(whole, weights)
    gaps = _gaps(text, all_marks, weights)
    known = set(content(evidence))
    single = tuple(c in known for c in text)
    return Aligned(
        clauses=clauses,
        scores=scores,
        best=best,
        local=_share(marks[best], weights),
        sentence=sentence,
        everywhere=everywhere,
        elsewhere=max(0.0, everywhere - sentence),
        longest_gap=max(map(len, gaps), default=0),
        gaps=tuple(gap for gap in _shown(text, all_marks, weights) if gap in claim),
        novel=max(map(len, _gaps(text, single, weights)), default=0),
        characters=_share(single, weights),
    )


def _distinct(index: int, marks: list[tuple[bool, ...]], weights: tuple[float, ...]) -> float:
    """Score a clause: characters that few clauses have count more, as a reader looks for what is particular."""
    score = 0.0
    for position, weight in enumerate(weights):
        if marks[index][position]:
            score += weight / sum(m[position] for m in marks)
    return round(score, 6)


def _sentence_marks(clauses: tuple[Clause, ...], best: int, claim: str, evidence: str) -> tuple[bool, ...]:
    start, end = clauses[best].sentence
    return covered(claim, content(evidence[start:end]))


def _gaps(text: str, marks: tuple[bool, ...], weights: tuple[float, ...]) -> tuple[str, ...]:
    """Return the runs of content that the evidence nowhere has."""
    out, run = [], ""
    for c, mark, weight in zip(text, marks, weights, strict=True):
        if not mark and weight > 0:
            run += c
        elif run and (mark or c in "#〇，,。"):
            out.append(run)
            run = ""
    return tuple(gap for gap in (*out, run) if gap)


def _shown(text: str, marks: tuple[bool, ...], weights: tuple[float, ...]) -> tuple[str, ...]:
    """Return the same runs as they are written, with the small words inside them: what is shown is quoted."""
    out: list[str] = []
    start, end = -1, -1
    for i, (c, mark, weight) in enumerate(zip(text, marks, weights, strict=True)):
        if not mark and weight > 0:
            start, end = (i if start < 0 else start), i + 1
        elif start >= 0 and (mark or c in "#〇，,。"):
            out.append(text[start:end])
            start = -1
    return (*out, text[start:end]) if start >= 0 else tuple(out)


def share_of(claim: str, context: str) -> float:
    """Return the share of the content characters of ``claim`` (see ``content``) that ``context`` has."""
    marks = covered(claim, content(context))
    stop = lexicon().stop
    wanted = [m for m, c in zip(marks, claim, strict=True) if c not in stop and c != "#"]
    return sum(wanted) / len(wanted) if wanted else 0.0
