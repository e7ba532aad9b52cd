"""``assistant ask``: the clauses that answer a policy question, or that the corpus does not say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.index.calibrated import is_answered, likelihood
from assistant.index.conflicts import conflicts
from assistant.index.finder import Clauses, Finder
from assistant.index.rerank import second_look
from assistant.index.space import Ranked
from assistant.index.support import coverage

_MOST = 5
# Below this even the nearest clauses are about something else, and showing them would mislead. No answerable
# question of the dev half lies below 0.05.
_NEAR = 0.03


class Writer(Protocol):
    """Who words an answer from clauses; None when it cannot."""

    def answer(self, question: str, clauses: Sequence[str]) -> str | None:
        """Return the answer in words, from these clauses alone."""


@dataclass(frozen=True)
class Answerer:
    """Answers policy questions from the corpus, with quotes; ``writer`` words them if there is one."""

    finder: Finder
    writer: Writer | None = None

    def ask(self, question: str) -> dict[str, Any]:
        """Return ``{"abstained", "answer", "clauses", "conflicts"}``: best clause first, at most five.

        When the corpus does not say, ``abstained`` is true and the clauses are only the nearest ones, none
        when nothing comes near.
        """
        found = self.finder.find(question)
        vectors = self.finder.space.dense is not None
        abstained = not is_answered(found.evidence, vectors=vectors)
        is_near = likelihood(found.evidence, vectors=vectors) >= _NEAR
        reranker = self.finder.library.settings.reranker
        shown = second_look(reranker, self.finder.space, question, found.ranked)[:_MOST] if is_near else []
        clauses = [self._clause(one) for one in shown]
        return {
            "abstained": abstained,
            "answer": None if abstained else self._worded(question, clauses),
            "clauses": clauses,
            "conflicts": [] if abstained or not shown else self._conflicts(question, found, shown[0]),
        }

    def _worded(self, question: str, clauses: list[dict[str, Any]]) -> str | None:
        if self.writer is None:
            return None
        documents = self.finder.policy.documents
        quoted = [
            f"《{documents[clause['document']].title}》{clause['article']}：{clause['quote']}"
            for clause in clauses
        ]
        return self.writer.answer(question, quoted)

    def _clause(self, one: Ranked) -> dict[str, Any]:
        chunk = self.finder.space.chunks[one.row]
        return {
            "document": chunk.document,
            "article": chunk.article,
            "quote": self.finder.space.passage(one.row),
            "score": round(one.score, 4),
        }

    def _conflicts(self, question: str, found: Clauses, best: Ranked) -> list[dict[str, Any]]:
        chunk = self.finder.space.chunks[best.row]

        def fit(quote: str) -> float:
            return coverage(found.question, quote, self.finder.space.lexical)

        return conflicts(self.finder.policy, question, (chunk.document, chunk.article), chunk.scene, fit)
