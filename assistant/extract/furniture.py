"""The text without running headers and footers, every other character in its place."""

from __future__ import annotations

from assistant.document import Document


def running_text(document: Document) -> str:
    """Return the text with page headers and footers blanked out, their line breaks too.

    Offsets stay. A sentence that a page break cuts goes on behind the blanks as one that a line end cuts.
    """
    text, parts, at = document.text, [], 0
    for block in sorted(document.blocks, key=lambda block: block.start):
        if block.kind in ("header", "footer") and block.start >= at:
            end = block.end + text.startswith("\n", block.end)
            parts += [text[at : block.start], " " * (end - block.start)]
            at = end
    return "".join([*parts, text[at:]])
