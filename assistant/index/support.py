"""Does what was found answer what was asked? A calibrated probability, so that silence can be told.

e5's cosines lie close together for everything, so no cosine threshold means anything. What tells is how
much of the question the passage speaks of: characters of the question that stand in a bigram of the passage
(or whose official word does), weighed by rarity; what the whole corpus never speaks of; how far the hit
stands out; and plain contradictions: another province, another year, a subject (money, tax, pages) that the
passage does not touch.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.index.lexical import Lexical
from assistant.index.query import Question
from assistant.index.tokens import content_tokens, is_han, normalise

# Share of a synonym's bigrams that a passage must hold to count as saying it.
_SAID = 0.6


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the probability is worked out from.

    ``coverage``, ``best_coverage``, ``unknown`` and ``expansion`` are shares (0..1); ``prominence``,
    ``similarity``, ``score`` and ``lead`` count standard deviations; ``agreement`` is 1 when the best hit is
    also the nearest by meaning, 1/2 when second; ``breadth`` is ln(1 + how many of the question's bigrams and
    words the best hit shares); the others are 1 for yes.
    """

    coverage: float
    best_coverage: float
    unknown: float
    prominence: float
    similarity: float
    expansion: float
    subject_missing: float
    elsewhere: float
    year_missing: float
    wrong_place: float
    answer_missing: float
    city_missing: float = 0.0
    score: float = 0.0
    lead: float = 0.0
    agreement: float = 0.0
    breadth: float = 0.0

    def features(self) -> tuple[float, ...]:
        """Return the values in the order of the weights."""
        return tuple(getattr(self, name) for name in self.__slots__)


NOTHING = Evidence(0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0)


@lru_cache(maxsize=8192)
def spoken(text: str) -> frozenset[str]:
    """Return what a passage speaks of: its content tokens."""
    return content_tokens(text)


def coverage(question: Question, passage: str, lexical: Lexical) -> float:
    """Return the share of the question's content that a passage speaks of, weighed by rarity."""
    tokens = spoken(passage)
    covered = total = 0.0
    for weight, options in _parts(question, lexical):
        total += weight
        if any(option in tokens for option in options) or _says(question, options, tokens):
            covered += weight
    return covered / total if total else 0.0


def _says(question: Question, options: Sequence[str], tokens: frozenset[str]) -> bool:
    """Say whether the passage uses the official words for what ``options`` are a part of."""
    for said, means in question.synonyms:
        if any(option in said for option in options if len(option) > 1):
            for word in means:
                wanted = content_tokens(word)
                if wanted and len(wanted & tokens) / len(wanted) >= _SAID:
                    return True
    return False


def _parts(question: Question, lexical: Lexical) -> list[tuple[float, tuple[str, ...]]]:
    """Return (weight, bigrams that hold it) for every character, word and number of the question."""
    rarest = math.log1p((len(lexical) + 0.5) / 0.5)
    found: list[tuple[float, tuple[str, ...]]] = []
    text = question.content
    for at, char in enumerate(text):
        if not is_han(char):
            continue
        options = tuple(
            text[i : i + 2]
            for i in (at - 1, at)
            if 0 <= i < len(text) - 1 and all(map(is_han, text[i : i + 2]))
        )
        known = [float(lexical.idf[lexical.vocabulary[one]]) for one in options if one in lexical.vocabulary]
        if known:
            found.append((max(known), options))
        elif char not in question.light:
            found.append((rarest, options or (char,)))
    for token in question.tokens:
        if token.isascii():
            number = lexical.vocabulary.get(token)
            found.append((2 * (rarest if number is None else float(lexical.idf[number])), (token,)))
    return found


def unknown(question: Question, lexical: Lexical) -> float:
    """Return the share of the question that no document speaks of."""
    unheard = total = 0.0
    said = "".join(word for word, _ in question.synonyms)
    for weight, options in _parts(question, lexical):
        total += weight
        if not any(option in lexical.vocabulary or option in said for option in options):
            unheard += weight
    return unheard / total if total else 1.0


def missing_subject(question: Question, passages: Sequence[str]) -> bool:
    """Say whether the question names a subject that none of the passages touches."""
    asked = normalise(question.text)
    together = normalise(" ".join(passages))
    return any(
        any(word in asked for word in subject) and not any(word in together for word in subject)
        for subject in question.subjects
    )


@dataclass(frozen=True)
class Calibration:
    """A logistic model: probability = 1 / (1 + exp(-(bias + weights . features)))."""

    bias: float
    weights: Mapping[str, float]
    threshold: float

    def probability(self, evidence: Evidence) -> float:
        """Return how likely it is that the passages answer the question."""
        score = self.bias + sum(self.weights[name] * getattr(evidence, name) for name in self.weights)
        return 1.0 / (1.0 + math.exp(-score))
