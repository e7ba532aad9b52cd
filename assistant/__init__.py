"""Review assistant for smart-factory tier declarations: the front door.

Everything a user of the library needs is named here and imported on first use, so that
``import assistant`` costs nothing. Names never repeat a subpackage's (``assistant.check`` is the
stage, :func:`check_declaration` the door to it). Records are in :mod:`assistant.records`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.check import flip, score
    from assistant.document import Document
    from assistant.errors import AssistantError
    from assistant.index import answerer, searcher
    from assistant.ingest import read
    from assistant.pipeline import Options, Outcome, check_declaration, extract_declaration, review
    from assistant.records import CheckReport, Declaration, Flag, Review, Span
    from assistant.report import render
    from assistant.settings import Settings
    from assistant.verify import judge_claims

__all__ = [
    "AssistantError",
    "CheckReport",
    "Declaration",
    "Document",
    "Flag",
    "Options",
    "Outcome",
    "Review",
    "Settings",
    "Span",
    "answerer",
    "check_declaration",
    "extract_declaration",
    "flip",
    "judge_claims",
    "read",
    "render",
    "review",
    "score",
    "searcher",
]

_PLACES = {
    "assistant.check": ("flip", "score"),
    "assistant.document": ("Document",),
    "assistant.errors": ("AssistantError",),
    "assistant.index": ("answerer", "searcher"),
    "assistant.ingest": ("read",),
    "assistant.pipeline": ("Options", "Outcome", "check_declaration", "extract_declaration", "review"),
    "assistant.records": ("CheckReport", "Declaration", "Flag", "Review", "Span"),
    "assistant.report": ("render",),
    "assistant.settings": ("Settings",),
    "assistant.verify": ("judge_claims",),
}


def __getattr__(name: str) -> Any:
    for place, names in _PLACES.items():
        if name in names:
            return getattr(import_module(place), name)
    raise AttributeError(f"module 'assistant' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
