"""The labelled queries of ``evals/suites/retrieval``, with every article that answers a question."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

SUITE = Path(__file__).resolve().parents[2] / "suites" / "retrieval" / "cases.jsonl"
ALTERNATIVES = Path(__file__).resolve().parent / "alternatives.jsonl"


@dataclass(frozen=True)
class Query:
    """One labelled query; ``articles`` empty: the corpus does not say. ``half`` is dev or test."""

    text: str
    kind: str
    half: str
    articles: frozenset[tuple[str, str]] = frozenset()
    scene: int | None = None


def load() -> tuple[Query, ...]:
    """Return every labelled query of the suite."""
    also = {
        row["query"]: {(one["document"], one["article"]) for one in row["also"]}
        for row in map(json.loads, ALTERNATIVES.read_text("utf-8").splitlines())
    }
    return tuple(_query(json.loads(line), also) for line in SUITE.read_text("utf-8").splitlines())


def _query(case: dict, also: dict[str, set[tuple[str, str]]]) -> Query:
    (label,) = case["expect"]["retrieval"]
    kind, half = case["tags"][:2]
    articles: set[tuple[str, str]] = set()
    if label.get("document"):
        articles = {(label["document"], label["article"])} | also.get(label["query"], set())
    return Query(label["query"], kind, half, frozenset(articles), label.get("scene"))


def of(kind: str, half: str | None = None) -> list[Query]:
    """Return the queries of a kind (policy, unanswerable, scenes-2024, scenes-2025)."""
    return [query for query in load() if query.kind == kind and half in (None, query.half)]
