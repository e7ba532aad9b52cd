"""Retrieval that finds the clause and the evidence: policy corpus, scene catalogues, submissions.

``searcher(where, settings).search(query, k)`` and ``answerer(settings).ask(question)`` are the doors;
``evidence_for`` is what the later stages use, ``assistant.index.langchain`` is for other people's chains.
Without vectors everything works by words alone, and says so on stderr.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from assistant.document import Document
from assistant.errors import UsageError
from assistant.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from langchain_core.embeddings import Embeddings

    from assistant.index.answer import Answerer, Writer
    from assistant.index.evidence import Evidence
    from assistant.index.finder import Finder
    from assistant.index.library import Library
    from assistant.index.searching import DocumentSearcher, SceneSearcher, Searcher
    from assistant.policy import Policy

__all__ = ["answerer", "document_index", "evidence_for", "prepare", "scenes_near", "searcher"]

_CATALOGS = {"scenes-2024": "2024", "scenes-2025": "2025"}


def searcher(
    where: str | Document, settings: Settings | None = None, *, embeddings: Embeddings | None = None
) -> Searcher:
    """Return a searcher over ``policy``, ``scenes-2024``, ``scenes-2025`` or a document.

    Args:
        where: the name, or the document as read.
        settings: where the cache is and which model embeds; None reads the environment.
        embeddings: langchain embeddings of the caller's own instead of those the settings name.

    Raises:
        UsageError: there is nothing of that name to search.
    """
    from assistant import policy
    from assistant.index.searching import PolicySearcher

    if isinstance(where, Document):
        return document_index(where, settings, embeddings=embeddings)
    corpus = policy.load()
    if where == "policy":
        return PolicySearcher(_finder(settings, embeddings))
    if where in _CATALOGS:
        return _scenes(_library(settings, embeddings), corpus, _CATALOGS[where])
    raise UsageError(f"没有可检索的范围：{where}", "可用：policy、scenes-2024、scenes-2025，或一个文件")


def document_index(
    document: Document, settings: Settings | None = None, *, embeddings: Embeddings | None = None
) -> DocumentSearcher:
    """Return the searcher over one document, in a space of its own."""
    from assistant import policy
    from assistant.index.searching import DocumentSearcher

    return DocumentSearcher(_library(settings, embeddings), policy.load(), document)


def scenes_near(catalog: str, words: str) -> tuple[tuple[int | None, float, float], ...]:
    """Return (scene number or None, standard deviations ahead, BM25 score) of the scenes nearest to some words.

    By words alone, whatever is installed: what is extracted must not hang on a model.
    """
    from assistant.index.by_words import by_words

    return by_words(catalog).near(words)


def evidence_for(index: DocumentSearcher, claim: str, k: int = 3) -> tuple[Evidence, ...]:
    """Return the places of a document that bear on a claim, best first; none when none does."""
    from assistant.index import evidence

    return evidence.evidence_for(index, claim, k)


def answerer(
    settings: Settings | None = None,
    *,
    writer: Writer | None = None,
    embeddings: Embeddings | None = None,
) -> Answerer:
    """Return who answers policy questions; ``writer`` words the answers from the clauses."""
    from assistant.index.answer import Answerer

    return Answerer(_finder(settings, embeddings), writer)


def prepare(settings: Settings | None = None, note: Callable[[str], None] | None = None) -> None:
    """Build the indexes of the corpus now rather than at the first question."""
    from assistant import policy
    from assistant.index.finder import Finder
    from assistant.index.library import Library, to_stderr
    from assistant.index.searching import SceneSearcher

    library = Library(settings or Settings.from_env(), note=note or to_stderr)
    corpus = policy.load()
    _ = Finder(library, corpus).space
    for catalog in _CATALOGS.values():
        _ = SceneSearcher(library, corpus, catalog).space


def _library(settings: Settings | None, embeddings: Embeddings | None) -> Library:
    return _opened(settings or Settings.from_env(), embeddings)


@lru_cache(maxsize=4)
def _opened(settings: Settings, embeddings: Embeddings | None) -> Library:
    from assistant.index.library import Library

    return Library(settings, embeddings)


def _finder(settings: Settings | None, embeddings: Embeddings | None) -> Finder:
    from assistant import policy

    return _policy_finder(_library(settings, embeddings), policy.load())


@lru_cache(maxsize=4)
def _policy_finder(library: Library, corpus: Policy) -> Finder:
    from assistant.index.finder import Finder

    return Finder(library, corpus)


@lru_cache(maxsize=8)
def _scenes(library: Library, corpus: Policy, catalog: str) -> SceneSearcher:
    from assistant.index.searching import SceneSearcher

    return SceneSearcher(library, corpus, catalog)
