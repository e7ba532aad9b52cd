"""The labelled queries of ``evals/suites/retrieval``, by kind and half."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from evals.suite import load_suite

SUITE = Path(__file__).resolve().parents[2] / "suites" / "retrieval"


@dataclass(frozen=True)
class Query:
    """One labelled query; ``articles`` empty: the corpus does not say. ``half`` is dev or test."""

    text: str
    kind: str
    half: str
    articles: frozenset[tuple[str, str]] = frozenset()
    scene: int | None = None
    tags: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def load() -> tuple[Query, ...]:
    """Return every labelled query of the suite."""
    found = []
    for case in load_suite(SUITE).cases:
        kind, half, *tags = case.tags
        for label in case.expect.retrieval or ():
            articles = frozenset((place.document, place.article or "") for place in label.places)
            found.append(Query(label.query, kind, half, articles, label.scene, tuple(tags)))
    return tuple(found)


def of(kind: str, half: str | None = None) -> list[Query]:
    """Return the queries of a kind (policy, unanswerable, scenes-2024, scenes-2025)."""
    return [query for query in load() if query.kind == kind and half in (None, query.half)]
