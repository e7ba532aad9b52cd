"""Which parts of a prescribed application form the document holds."""

from __future__ import annotations

from assistant.extract.field_notes import Notes
from assistant.records import Span


def find_sections(notes: Notes) -> dict[str, tuple[Span, ...]]:
    """Return ``sections.<id>`` → where the part stands, for every form of the corpus."""
    return {}
