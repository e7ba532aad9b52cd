"""Recall and MRR of the product and of what it is made of, on the test half of the labelled queries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from assistant import index
from assistant.index.space import Space
from assistant.settings import Settings
from evals.bench.retrieval import labels

Rank = Callable[[str], Sequence[int]]
DEPTH = 60


def summary(ranks: Sequence[int], depth: int) -> dict[str, float]:
    """Return R@1, R@depth and MRR of 1-based ranks, 0 for not found."""
    found = np.array(ranks, dtype=float)
    reciprocal = np.divide(1.0, found, out=np.zeros_like(found), where=found > 0)
    return {
        "n": len(found),
        "R@1": round(float((found == 1).mean()), 3),
        f"R@{depth}": round(float(((found > 0) & (found <= depth)).mean()), 3),
        "MRR": round(float(reciprocal.mean()), 3),
    }


def rankers(space: Space, settings: Settings) -> dict[str, Rank]:
    """Return the ways to rank a space's rows: ours, its parts, and what people use instead."""
    embeddings = index.answerer(settings).finder.library.embeddings
    if embeddings is None:
        raise SystemExit("this bench needs the embedded model: assistant models install")
    texts = [space.passage(row) for row in range(len(space))]

    def ours(query: str) -> list[int]:
        return [one.row for one in space.rank(query, embeddings.encode_query(query), DEPTH)]

    def words(query: str) -> list[int]:
        return [one.row for one in space.rank(query, None, DEPTH)]

    def vectors(query: str) -> list[int]:
        only = Space(space.chunks, space.texts, space.lexical, space.dense, space.owners, balance=0.0)
        return [one.row for one in only.rank(query, embeddings.encode_query(query), DEPTH)]

    return {
        "ours": ours,
        "BM25 alone (bigrams)": words,
        "vectors alone": vectors,
        "(a) rank_bm25 with jieba": _jieba(texts),
        "(b) langchain vector store": _store(texts, embeddings),
    }


def _jieba(texts: Sequence[str]) -> Rank:
    import jieba
    from rank_bm25 import BM25Okapi

    jieba.setLogLevel(60)
    model = BM25Okapi([jieba.lcut(text) for text in texts])
    return lambda query: np.argsort(-model.get_scores(jieba.lcut(query)), kind="stable")[:DEPTH].tolist()


def _store(texts: Sequence[str], embeddings: Any) -> Rank:
    """Langchain's own in-memory store: exact cosines, as its FAISS store gives them, without the pickle."""
    from langchain_core.vectorstores import InMemoryVectorStore

    store = InMemoryVectorStore(embeddings)
    store.add_texts(list(texts), metadatas=[{"row": row} for row in range(len(texts))])
    return lambda query: [found.metadata["row"] for found in store.similarity_search(query, k=DEPTH)]


def scenes(catalog: str, settings: Settings, half: str = "test") -> dict[str, dict[str, float]]:
    """Return each ranker's figures for enterprise sentences -> scenes."""
    searcher: Any = index.searcher(f"scenes-{catalog}", settings)
    space = searcher.space
    queries = labels.of(f"scenes-{catalog}", half)
    table = {}
    for name, rank in rankers(space, settings).items():
        ranks = []
        for query in queries:
            numbers = [space.chunks[row].scene for row in rank(query.text)]
            ranks.append(numbers.index(query.scene) + 1 if query.scene in numbers else 0)
        table[name] = summary(ranks, 3)
    return table


def questions(settings: Settings, half: str = "test") -> dict[str, dict[str, float]]:
    """Return each ranker's figures for policy questions -> articles, and the product's whole pipeline."""
    finder = index.answerer(settings).finder
    queries = labels.of("policy", half)
    ways = rankers(finder.space, settings)
    ways["ours, with places, years and terms"] = lambda query: [one.row for one in finder.find(query).ranked]
    table = {}
    for name, rank in ways.items():
        ranks = []
        for query in queries:
            chunks = [finder.space.chunks[row] for row in rank(query.text)]
            names = list(dict.fromkeys((chunk.document, chunk.article) for chunk in chunks))
            ranks.append(next((i + 1 for i, one in enumerate(names) if one in query.articles), 0))
        table[name] = summary(ranks, 5)
    return table


def answers(settings: Settings, half: str = "test") -> dict[str, float]:
    """Return how many questions are answered when they can be, and recognised when they cannot."""
    answerer = index.answerer(settings)
    answered = [not answerer.ask(query.text)["abstained"] for query in labels.of("policy", half)]
    recognised = [answerer.ask(query.text)["abstained"] for query in labels.of("unanswerable", half)]
    return {
        "answerable": len(answered),
        "answered": round(float(np.mean(answered)), 3),
        "unanswerable": len(recognised),
        "recognised": round(float(np.mean(recognised)), 3),
    }
