"""``assistant search``: one door to the policy corpus, a scene catalogue, or one document's own space."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from assistant.document import Document
from assistant.index.calibrated import HOPELESS, likelihood
from assistant.index.chunks import passages
from assistant.index.finder import Finder
from assistant.index.library import Library
from assistant.index.query import Question, understand
from assistant.index.rerank import DEPTH, second_look
from assistant.index.scenes import BALANCE, scene_entries
from assistant.index.space import Entry, Ranked, Space
from assistant.index.support import coverage
from assistant.policy import Policy
from assistant.records import Span


class Searcher(Protocol):
    """What ``index.searcher`` returns."""

    def search(self, query: str, k: int = 5) -> dict[str, Any]:
        """Return ``{"hits": [...]}``, best first, at most ``k``."""


def hit(document: str, article: str, scene: int | None, span: Span, score: float) -> dict[str, Any]:
    """Return one hit as the contract prints it."""
    return {
        "document": document,
        "article": article,
        "scene": scene,
        "span": span.model_dump(mode="json"),
        "score": round(score, 4),
    }


@dataclass(frozen=True)
class PolicySearcher:
    """Search over the policy documents: every article once, the best first."""

    finder: Finder

    def search(self, query: str, k: int = 5) -> dict[str, Any]:
        """Return ``{"hits": [...]}``; no hits when nothing in the corpus speaks of the query."""
        space = self.finder.space
        found = self.finder.find(query, max(k, DEPTH))
        if likelihood(found.evidence, vectors=space.dense is not None) < HOPELESS:
            return {"hits": []}
        ranked = second_look(self.finder.library.settings.reranker, space, query, found.ranked)
        return {"hits": [plain_hit(space, one) for one in ranked[:k]]}


def plain_hit(space: Space, one: Ranked) -> dict[str, Any]:
    """Return the hit of a row of a space whose texts have no pages."""
    chunk = space.chunks[one.row]
    span = Span(start=chunk.start, end=chunk.end, quote=space.passage(one.row))
    return hit(chunk.document, chunk.article, chunk.scene, span, one.score)


@dataclass(frozen=True)
class SceneSearcher:
    """Search over one catalogue: which scene does a sentence describe?"""

    library: Library
    policy: Policy
    catalog: str

    @cached_property
    def space(self) -> Space:
        """The catalogue, opened."""
        entries = scene_entries(self.policy, self.catalog)
        names = dict.fromkeys(entry.chunk.document for entry in entries)
        texts = {name: self.policy.documents[name].text for name in names}
        return self.library.open(f"scenes-{self.catalog}", entries, texts, balance=BALANCE)

    def search(self, query: str, k: int = 5) -> dict[str, Any]:
        """Return ``{"hits": [...]}``, a scene once; no hits when the query speaks of no scene's business."""
        ranked = self.space.rank(query, self.library.vector(query), max(k, DEPTH))
        if not ranked or not _speaks(self.space, understand(self.policy, query), ranked):
            return {"hits": []}
        ranked = second_look(self.library.settings.reranker, self.space, query, ranked)
        return {"hits": [plain_hit(self.space, one) for one in ranked[:k]]}


# Share of a query's content that must occur in the catalogue at all.
_LEAST_SPOKEN = 0.2


def _speaks(space: Space, question: Question, ranked: Sequence[Ranked]) -> bool:
    """Say whether a query is about anything that the space knows; a calibrated vector alone cannot tell."""
    known = [token for token in question.tokens if token in space.lexical.vocabulary]
    return bool(ranked) and len(known) >= _LEAST_SPOKEN * max(len(question.tokens), 1)


@dataclass(frozen=True)
class DocumentSearcher:
    """Search over one document, in a space of its own that holds nothing else."""

    library: Library
    policy: Policy
    document: Document

    @cached_property
    def space(self) -> Space:
        """The document's own space; its name is a hash of what it holds."""
        entries = document_entries(self.document)
        identity = f"{self.document.name}\n{self.document.sha256}\n{self.document.text}"
        name = f"document-{hashlib.sha256(identity.encode()).hexdigest()[:32]}"
        return self.library.open(name, entries, {self.document.name: self.document.text})

    def rank(self, query: str, count: int) -> tuple[Question, list[Ranked]]:
        """Return the question as understood and the best passages, none when nothing supports it."""
        question = understand(self.policy, query)
        ranked = self.space.rank(query, self.library.vector(query), max(count, DEPTH), question.expansion)
        supported = [one for one in ranked if self.support(question, one) >= _LEAST_SUPPORT]
        return question, second_look(self.library.settings.reranker, self.space, query, supported)[:count]

    def support(self, question: Question, one: Ranked) -> float:
        """Return how much of the question a passage speaks of, 0..1."""
        words = f"{self.space.chunks[one.row].context} {self.space.passage(one.row)}"
        return coverage(question, words, self.space.lexical)

    def search(self, query: str, k: int = 5) -> dict[str, Any]:
        """Return ``{"hits": [...]}``; no hits when nothing in the document supports the query."""
        _, ranked = self.rank(query, k)
        return {"hits": [self._hit(one) for one in ranked]}

    def _hit(self, one: Ranked) -> dict[str, Any]:
        chunk = self.space.chunks[one.row]
        span = self.document.span(chunk.start, chunk.end)
        return hit(chunk.document, chunk.article, None, span, one.score)


# A passage that speaks of less of the query than this is the least bad, not evidence.
_LEAST_SUPPORT = 0.2


def document_entries(document: Document) -> tuple[Entry, ...]:
    """Return a submission's passages as entries; headings are searched with them."""
    entries = []
    for chunk in passages(document):
        words = f"{chunk.context} {document.text[chunk.start : chunk.end]}".strip()
        entries.append(Entry(chunk, words, (words,)))
    return tuple(entries)
