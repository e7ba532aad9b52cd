"""Lines become paragraphs: wrapped lines are joined where a sentence plainly goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.document import BlockKind
from assistant.ingest.outline import classify, list_marker
from assistant.ingest.pdf.lines import Line

_FULL = 2.2
_ENDS = "。！？；：!?"


@dataclass(slots=True)
class Paragraph:
    """One block of text; ``places`` runs beside ``text``: (page, pdfium's number or -1)."""

    kind: BlockKind
    text: str
    places: list[tuple[int, int]]
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Margins:
    """Where the running text of a page begins and ends."""

    left: float
    right: float


def margins(lines: list[Line], width: float) -> Margins:
    """Return the text's margins as most long lines show them."""
    long = [line for line in lines if len(line.text) >= 12] or lines
    if not long:
        return Margins(0.0, width)
    left = min(line.x0 for line in long)
    right = max(line.x1 for line in long)
    near = sum(1 for line in long if right - line.x1 < _FULL * line.size)
    plausible = width - right < 1.8 * left + 24
    return Margins(left, right if near >= 3 or plausible else width)


def continues(current: Line, following: Line, first: Line, page: Margins) -> bool:
    """Tell whether ``following`` carries on the sentence of ``current`` in the paragraph begun by ``first``."""
    size = current.size
    if page.right - current.x1 > _FULL * size or abs(following.size - size) > 0.12 * size:
        return False
    if following.x0 > page.left + 0.6 * size and following.x0 > current.x0 + 0.6 * size:
        return False
    if list_marker(following.text.strip()):
        return False
    if current.text.rstrip()[-1:] in _ENDS:
        return first.x0 > following.x0 + size
    indented = following.x0 > page.left + 1.2 * size
    return not (indented and abs(following.x0 - first.x0) < 0.5 * size and current is not first)


def paragraphs(pages: list[list[Line]], widths: list[float]) -> Iterator[Paragraph]:
    """Yield the paragraphs of all pages in order."""
    block: list[Line] = []
    for lines, width in zip(pages, widths, strict=True):
        page = margins(lines, width)
        for line in lines:
            if not line.text.strip():
                continue
            if block and _near(block[-1], line) and continues(block[-1], line, block[0], page):
                block.append(line)
                continue
            if block:
                yield _paragraph(block)
            block = [line]
    if block:
        yield _paragraph(block)


def _near(current: Line, following: Line) -> bool:
    """Tell whether no more than an ordinary line gap lies between two lines (or a page break)."""
    return following.page != current.page or following.base - current.base < 2.6 * current.size


def _paragraph(lines: list[Line]) -> Paragraph:
    text: list[str] = []
    places: list[tuple[int, int]] = []
    for line in lines:
        stripped = line.text.strip(" \u3000\xa0")
        begin = line.text.find(stripped) if stripped else 0
        if text and text[-1][-1:].isascii() and stripped[:1].isascii() and text[-1][-1:].isalnum():
            text.append(" ")
            places.append((line.page, -1))
        text.append(stripped)
        places += [(line.page, index) for index in line.indices[begin : begin + len(stripped)]]
    joined = "".join(text)
    kind, level = classify(joined) if len(lines) == 1 else classify(joined)
    return Paragraph(kind, joined, places, level)
