"""Finds the clauses for a question and says how well they support an answer."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.index.asked import lacks_answer, wants_fact
from assistant.index.library import Library
from assistant.index.policies import BALANCE, Said, everyday_words, policy_entries
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
_REPEATS = 4
_SAME = 0.7
_REST = 20
# One rare word in common can stand out by fifteen deviations; beyond this it tells nothing more.
_SCORE_LIMIT = 12.0
_YEARS = re.compile(r"(20\d\d)\s*[-—–~至到]\s*(20\d\d)")


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
        found = self._varied(self._once(weighed))
        return Clauses(question, tuple(found[:count]), self._evidence(question, tuple(found), text))

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

    def _varied(self, ranked: Sequence[Ranked]) -> list[Ranked]:
        """Let one rule that many documents repeat take no more than ``_REPEATS`` of the places shown first.

        What steps back comes right behind them; scores are handed out again in the new order.
        """
        first: list[Ranked] = []
        back: list[Ranked] = []
        for at, one in enumerate(ranked):
            if len(first) == _LOOKED_AT:
                back.extend(ranked[at:])
                break
            alike = sum(_alike(self._tokens(one.row), self._tokens(other.row)) for other in first)
            (back if alike >= _REPEATS else first).append(one)
        slots = [one.score for one in ranked]
        return [replace(one, score=slot) for one, slot in zip([*first, *back], slots, strict=True)]

    def _tokens(self, row: int) -> frozenset[str]:
        return spoken(self.space.passage(row))

    def words(self, row: int) -> str:
        """Return an article under its headings and with its document's date: all that it says.

        A span of years (2021-2023) is spelled out, so that each of them is found.
        """
        chunk = self.space.chunks[row]
        document = self.policy.documents[chunk.document]
        dates = " ".join(str(day.year) for day in (document.date, document.in_force_from) if day)
        text = "\n".join([dates, chunk.context, self.article(row)])
        spans = [range(int(first), int(last) + 1) for first, last in _YEARS.findall(text)]
        return " ".join([text, *(str(year) for years in spans for year in years)])

    def everyday(self, row: int) -> str:
        """Return an article with what people say for it: what it may be asked by."""
        chunk = self.space.chunks[row]
        said = self._everyday.get((chunk.document, chunk.article))
        return "\n".join([self.words(row), *(said.sentences if said else ())])

    @cached_property
    def _everyday(self) -> Mapping[tuple[str, str], Said]:
        return everyday_words(self.policy)

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
        everyday = [self.everyday(one.row) for one in best]
        covered = [coverage(question, passage, self.space.lexical) for passage in everyday]
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
            year_missing=float(_missing(question.years, passages[:1])),
            city_missing=float(wants_fact(text) and _missing(question.cities, passages[:_SUBJECT_IN])),
            wrong_place=float(bool(foreign) and top_place != COUNTRY and top_place not in question.places),
            answer_missing=float(self._lacks_answer(text, best)),
            score=min(best[0].score, _SCORE_LIMIT),
            lead=_lead(found),
            agreement=_agreement(found),
            breadth=math.log1p(max(len(question.tokens & spoken(passage)) for passage in everyday)),
        )

    def _lacks_answer(self, text: str, best: Sequence[Ranked]) -> bool:
        """Say whether a fact is wanted that no good clause has; another place's number is no answer."""
        home = self.jurisdiction(best[0].row)
        own = [one for one in best[:_SUBJECT_IN] if self.jurisdiction(one.row) == home]
        return all(lacks_answer(text, self.article(one.row)) for one in own)

    def _similarity(self, text: str, best: Sequence[Ranked]) -> float:
        """Return by how many standard deviations the best cosine stands out of the whole corpus."""
        vector = self.library.vector(text)
        cosines = [one.similarity for one in best if one.similarity is not None]
        if vector is None or self.space.dense is None or not cosines:
            return 0.0
        mean, spread = self.space.dense.background(vector)
        return (max(cosines) - mean) / max(spread, 1e-6)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Say whether two passages are the same rule, by the bigrams and numbers that they share."""
    return len(one & other) >= _SAME * len(one | other)


def _missing(names: Sequence[str], passages: Sequence[str]) -> bool:
    """Say whether something is named and none of it stands in any of the passages."""
    return bool(names) and not any(name in passage for name in names for passage in passages)


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
