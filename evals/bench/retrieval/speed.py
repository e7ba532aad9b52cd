"""Throughput, latency, size and memory at 20,000 passages."""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from assistant import index, policy
from assistant.document import Document
from assistant.index import store
from assistant.index.library import Library
from assistant.index.searching import DocumentSearcher
from assistant.index.space import Space
from assistant.settings import Settings
from evals.bench.retrieval import labels

SIZE = 20_000
ENCODED = 400


def corpus_sentences() -> list[str]:
    """Return the sentences that the big space is mixed from."""
    return [query.text for query in labels.load()] + [
        part
        for document in policy.load().documents.values()
        for part in document.text.split("\n")
        if 40 <= len(part) <= 300
    ]


def big_document(passages: int, seed: int = 0) -> Document:
    """Return a document of about ``passages`` passages of some 190 characters, no two alike."""
    random = np.random.default_rng(seed)
    sentences = corpus_sentences()
    paragraphs = []
    for number in range(passages):
        chosen = random.choice(len(sentences), size=5, replace=False)
        text = f"{number}号产线" + "，".join(sentences[i].rstrip("。？?")[:60] for i in chosen)
        paragraphs.append(text[:200] + "。")
    text = "\n".join(paragraphs)
    return Document(name=f"big-{passages}", sha256=str(seed), media_type="text/plain", text=text)


def timed(run: Callable[[str], Any], queries: list[str]) -> dict[str, float]:
    """Return median and p95 milliseconds a query, each query asked once after a warm-up."""
    for query in queries[:10]:
        run(f"{query}？")
    took = []
    for query in queries:
        start = time.perf_counter()
        run(query)
        took.append((time.perf_counter() - start) * 1000)
    return {"median_ms": round(float(np.median(took)), 1), "p95_ms": round(float(np.percentile(took, 95)), 1)}


def _seconds(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def throughput(settings: Settings) -> dict[str, float]:
    """Return texts per second: building an index, our encoder, and the bare sentence-transformers model."""
    from assistant.models import e5_install

    document = big_document(ENCODED, seed=1)
    searcher: Any = index.document_index(document, settings)
    library: Library = searcher.library
    encoder: Any = library.embeddings
    from assistant.index.searching import document_entries

    texts = [entry.passages[0] for entry in document_entries(document)]
    encoder.encode_documents(texts[:50])
    from sentence_transformers import SentenceTransformer

    bare = SentenceTransformer(str(e5_install.folder(settings)), local_files_only=True, device="cpu")
    bare.encode(texts[:50], prompt="passage: ")

    def build() -> None:
        with tempfile.TemporaryDirectory() as cache:
            place = settings.model_copy(update={"cache_dir": Path(cache)})
            fresh = Library(place, encoder, note=lambda _: None)
            _ = DocumentSearcher(fresh, searcher.policy, document).space

    # In turns and the best of three: what else runs on the machine must not decide the ratio.
    took: dict[str, list[float]] = {"build": [], "own": [], "bare": []}
    for _ in range(3):
        took["build"].append(_seconds(build))
        took["own"].append(_seconds(lambda: encoder.encode_documents(texts)))
        took["bare"].append(_seconds(lambda: bare.encode(texts, prompt="passage: ", batch_size=32)))
    building, own, plain = (min(took[name]) for name in ("build", "own", "bare"))
    return {
        "texts": len(texts),
        "characters_each": round(float(np.mean([len(text) for text in texts]))),
        "building_per_s": round(len(texts) / building, 1),
        "encoder_per_s": round(len(texts) / own, 1),
        "(d) bare_model_per_s": round(len(texts) / plain, 1),
        "building_over_own_encoder": round(own / building, 3),
        "building_over_bare_model": round(plain / building, 3),
    }


def at_size(settings: Settings) -> dict[str, Any]:
    """Return latency, disk and opening time of a space of 20,000 passages (vectors drawn at random)."""
    from assistant.index import space as spaces
    from assistant.index.searching import document_entries

    finder = index.answerer(settings).finder
    encoder: Any = finder.library.embeddings
    document = big_document(SIZE)
    entries = document_entries(document)
    random = np.random.default_rng(0)
    vectors = random.normal(size=(len(entries), len(encoder.encode_query("维数")))).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    space = spaces.build(entries, {document.name: document.text}, vectors)
    queries = [query.text for query in labels.of("policy")]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "space"
        keys = tuple(bytes(row) for row in random.integers(0, 256, (len(entries), 16), dtype=np.uint8))
        store.write(folder, store.Identity("bench", "bench", 1.0), space, keys)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        store.read(folder)
        start = time.perf_counter()
        opened = store.read(folder)
        opening = time.perf_counter() - start
        _ = opened.space.lexical.scores("热身")  # type: ignore[union-attr]
        first = time.perf_counter() - start
    return {
        "passages": len(space),
        "disk_bytes_each": round(size / len(space)),
        "opening_s": round(opening, 3),
        "opening_with_bm25_s": round(first, 3),
        "query_with_embedding": timed(
            lambda query: space.rank(query, encoder.encode_query(query), 10), queries
        ),
        "embedding_alone": timed(lambda query: encoder.encode_queries([query]), queries),
        "search_alone": _search_alone(space, encoder, queries),
        "(a) rank_bm25 with jieba": _rank_bm25(space, queries[:20]),
    }


def _search_alone(space: Space, encoder: Any, queries: list[str]) -> dict[str, float]:
    known = {query: encoder.encode_query(query) for query in queries}
    return timed(lambda query: space.rank(query, known.get(query, known[queries[0]]), 10), queries)


def _rank_bm25(space: Space, queries: list[str]) -> dict[str, float]:
    import jieba
    from rank_bm25 import BM25Okapi

    jieba.setLogLevel(60)
    model = BM25Okapi([jieba.lcut(space.passage(row)) for row in range(len(space))])
    return timed(lambda query: model.get_scores(jieba.lcut(query)), queries)


def memory_mb() -> int:
    """Return the most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
