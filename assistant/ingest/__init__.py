"""Reading: a file becomes a Document with one canonical text, its pages, blocks and hidden text."""

from __future__ import annotations

from pathlib import Path

from assistant.ingest.reader import read, read_bytes

__all__ = ["page_image", "read", "read_bytes"]


def page_image(source: Path | bytes, page: int, scale: float = 1.5) -> bytes:
    """Return one page of a PDF as PNG; ``page`` counts from 1, ``scale`` is pixels a point.

    Raises:
        InputError: no such page, an unusable scale, or a file that cannot be opened.
    """
    from assistant.ingest.pdf import page_image as render

    return render(source, page, scale)
