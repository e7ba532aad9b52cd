"""Ours in other people's chains: langchain's ``BaseRetriever`` over any of our searchers."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as Passage
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict


class AssistantRetriever(BaseRetriever):
    """A retriever over what ``assistant.index.searcher`` returns.

    ``page_content`` is the exact quote; ``metadata`` holds document, article, scene, span and score.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    searcher: Any
    k: int = 5

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Passage]:
        """Return the passages that answer a query, best first; none when nothing does."""
        del run_manager  # nothing in here calls back
        return [
            Passage(page_content=found["span"]["quote"], metadata=found)
            for found in self.searcher.search(query, self.k)["hits"]
        ]
