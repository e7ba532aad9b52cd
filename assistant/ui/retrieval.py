"""Search and questions for the rooms and the API; searchers are opened once and kept."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from assistant import index
from assistant.errors import UsageError
from assistant.settings import Settings
from assistant.ui.pageview import Shelf

PLACES = ("policy", "scenes-2024", "scenes-2025")
_opened: Shelf[Any] = Shelf(8)


def search(query: str, where: str, k: int, settings: Settings) -> dict[str, Any]:
    """Return ``{"hits": [...]}`` from the policy corpus or a scene catalogue, never from anybody's files.

    Raises:
        UsageError: there is no such place to search.
    """
    if where not in PLACES:
        raise UsageError(f"不能在这里检索：{where}", f"可用：{'、'.join(PLACES)}")
    searcher = _opened.take(("search", where, settings.digest()), lambda: index.searcher(where, settings))
    return _plain(searcher.search(query, max(1, min(int(k), 50))))


def ask(question: str, settings: Settings) -> dict[str, Any]:
    """Answer a policy question by its clauses; ``abstained`` when the corpus does not say."""

    def open_answerer() -> Any:
        if settings.model == "off":
            return index.answerer(settings)
        from assistant import models

        return index.answerer(settings, writer=models.writer(settings))

    return _plain(_opened.take(("ask", settings.digest()), open_answerer).ask(question))


def _plain(answer: Any) -> dict[str, Any]:
    return answer.model_dump(mode="json") if isinstance(answer, BaseModel) else dict(answer)
