"""Finds the clauses for a question and says how well they support an answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.index.asked import lacks_answer
from assistant.index.library import Library
from assistant.index.policies import BALANCE, policy_entries
from assistant.index.query import Question, understand
from assistant.index.space import Ranked, Space
from assistant.index.support import NOTHING, Evidence, coverage, missing_subject, spoken, unknown
from assistant.index.tokens import content_tokens
from assistant.policy import Policy
from assistant.policy.load import COUNTRY

# In standard deviations: enough to bring the named province's clause before its likes elsewhere.
_NAMED_PLACE = 3.0
_OTHER_PLACE = -3.0
_NAMED_YEAR = 1.0
_CANDIDATES = 60
_LOOKED_AT = 5
_SUBJECT_IN = 3
_REST = 20
# One rare word in common can stand out by fifteen deviations; beyond this it tells nothing more.
_SCORE_LIMIT = 12.0


@dataclass(frozen=True, slots=True)
class Clauses:
    """The ranked rows of the policy space for a question, best first, an article once."""

    question: Question
    ranked: tuple[Ranked, ...]
    evidence: Evidence


@dataclass(frozen=True)
class Finder:
    """Search over the policy corpus."""

    library: Library
    policy: Policy

    @cached_property
    def space(self) -> Space:
        """The corpus, opened."""
        texts = {name: document.text for name, document in self.policy.documents.items()}
        return self.library.open("policy", policy_entries(self.policy), texts, balance=BALANCE)

    def find(self, text: str, count: int = _CANDIDATES) -> Clauses:
        """Return the best clauses for a question."""
        question = understand(self.policy, text)
        vector = self.library.vector(text)
        ranked = self.space.rank(text, vector, _CANDIDATES, question.expansion)
        weighed = [replace(one, score=one.score + self._bonus(question, one.row)) for one in ranked]
        weighed.sort(key=lambda one: (-one.score, one.row))
        best = tuple(self._once(weighed)[:count])
        return Clauses(question, best, self._evidence(question, tuple(self._once(weighed)), text))

    def _bonus(self, question: Question, row: int) -> float:
        """Return what a clause gains by being of the place and the year that the question names."""
        place = self.jurisdiction(row)
        named_year = question.years and any(year in self.words(row) for year in question.years)
        return self._place_bonus(question, place) + (_NAMED_YEAR if named_year else 0.0)

    def _place_bonus(self, question: Question, place: str) -> float:
        if place in question.places:
            return _NAMED_PLACE
        if place != COUNTRY and (question.elsewhere or set(question.places) - {COUNTRY}):
            return _OTHER_PLACE
        return 0.0

    def jurisdiction(self, row: int) -> str:
        """Return whose document a row is in."""
        return self.policy.documents[self.space.chunks[row].document].jurisdiction

    def _once(self, ranked: Sequence[Ranked]) -> list[Ranked]:
        """Keep the best passage of each article."""
        seen: set[tuple[str, str]] = set()
        kept = []
        for one in ranked:
            chunk = self.space.chunks[one.row]
            if (chunk.document, chunk.article) not in seen:
                seen.add((chunk.document, chunk.article))
                kept.append(one)
        return kept

    def words(self, row: int) -> str:
        """Return an article under its headings and with its document's date: all that it speaks of."""
        chunk = self.space.chunks[row]
        document = self.policy.documents[chunk.document]
        dates = " ".join(str(day.year) for day in (document.date, document.in_force_from) if day)
        return "\n".join([dates, chunk.context, self.article(row)])

    def article(self, row: int) -> str:
        """Return all passages of a row's article."""
        chunk = self.space.chunks[row]
        return "\n".join(self.space.passage(one) for one in self._articles[chunk.document, chunk.article])

    @cached_property
    def _articles(self) -> dict[tuple[str, str], list[int]]:
        found: dict[tuple[str, str], list[int]] = {}
        for row, chunk in enumerate(self.space.chunks):
            found.setdefault((chunk.document, chunk.article), []).append(row)
        return found

    def _evidence(self, question: Question, found: Sequence[Ranked], text: str) -> Evidence:
        if not found:
            return NOTHING
        best = found[:_LOOKED_AT]
        passages = [self.words(one.row) for one in best]
        covered = [coverage(question, passage, self.space.lexical) for passage in passages]
        official = content_tokens(" ".join(question.expansion))
        said = (
            max(len(official & spoken(passage)) / len(official) for passage in passages) if official else 0.0
        )
        top_place = self.jurisdiction(best[0].row)
        foreign = question.elsewhere or (set(question.places) - {COUNTRY})
        return Evidence(
            coverage=covered[0],
            best_coverage=max(covered),
            unknown=unknown(question, self.space.lexical),
            prominence=best[0].lexical,
            similarity=self._similarity(text, best),
            expansion=said,
            subject_missing=float(missing_subject(question, passages[:_SUBJECT_IN])),
            elsewhere=float(any(name not in passages[0] for name in question.localities)),
            year_missing=float(any(year not in passages[0] for year in question.years)),
            wrong_place=float(bool(foreign) and top_place != COUNTRY and top_place not in question.places),
            answer_missing=float(
                all(lacks_answer(text, self.article(one.row)) for one in best[:_SUBJECT_IN])
            ),
            score=min(best[0].score, _SCORE_LIMIT),
            lead=_lead(found),
            agreement=_agreement(found),
            breadth=math.log1p(max(len(question.tokens & spoken(passage)) for passage in passages)),
        )

    def _similarity(self, text: str, best: Sequence[Ranked]) -> float:
        """Return by how many standard deviations the best cosine stands out of the whole corpus."""
        vector = self.library.vector(text)
        cosines = [one.similarity for one in best if one.similarity is not None]
        if vector is None or self.space.dense is None or not cosines:
            return 0.0
        mean, spread = self.space.dense.background(vector)
        return (max(cosines) - mean) / max(spread, 1e-6)


def _lead(found: Sequence[Ranked]) -> float:
    """Return how far the best hit lies ahead of those that are merely near."""
    rest = [one.score for one in found[_LOOKED_AT:_REST]]
    return found[0].score - sum(rest) / len(rest) if rest else found[0].score


def _agreement(found: Sequence[Ranked]) -> float:
    """Return 1 / the best hit's rank by meaning alone; 0 without vectors."""
    own = found[0].dense
    if own is None:
        return 0.0
    return 1.0 / (1 + sum(one.dense is not None and one.dense > own for one in found))
