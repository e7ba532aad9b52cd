"""Highlights lie on the words: compared with the ink of the page as it is rendered, word by word."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant import ingest
from assistant.document import Document
from assistant.settings import Settings
from assistant.ui.pageview import document_view
from tests.ui.conftest import SAMPLES

PDFS = sorted(SAMPLES.glob("*.pdf"))
SCALE = 8
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
Rect = tuple[float, float, float, float]


def read(path: Path) -> Document:
    return ingest.read(path, settings=Settings())


def words(path: Path) -> list[list[tuple[Rect, str]]]:
    """Return every page's words with their cells, as poppler sees them: a second program's opinion."""
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext (Debian: apt-get install poppler-utils)")
    text = subprocess.run(
        ["pdftotext", "-bbox", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout
    pages = text.split("<page ")[1:]
    return [
        [(tuple(map(float, found[:4])), html.unescape(found[4])) for found in WORD.findall(page)]  # type: ignore[misc]
        for page in pages
    ]


def ink_of(image: Any, cell: Rect) -> Rect | None:
    """Return the bounds of what is drawn in a word's cell, the rules of a table left out."""
    left, top, right, bottom = (round(value * SCALE) for value in cell)
    dark = image[max(top, 0) : bottom, max(left, 0) : right] < 170
    if not dark.size:
        return None
    dark = dark & ~(dark.mean(axis=1) > 0.97)[:, None]
    dark = dark & ~(dark.mean(axis=0) > 0.97)[None, :]
    rows, columns = np.where(dark)
    if not len(rows):
        return None
    edges = (left + columns.min(), top + rows.min(), left + columns.max() + 1, top + rows.max() + 1)
    return tuple(float(value) / SCALE for value in edges)  # type: ignore[return-value]


def overlap(a: Rect, b: Rect) -> float:
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    both = max(wide, 0) * max(high, 0)
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.stem)
def test_boxes_cover_the_words(path: Path) -> None:
    import pypdfium2

    document, pdf = read(path), pypdfium2.PdfDocument(str(path))
    found: list[tuple[float, str]] = []
    for number, listed in enumerate(words(path), start=1):
        image = pdf[number - 1].render(scale=SCALE, grayscale=True).to_numpy().squeeze()
        page = document.pages[number - 1]
        text = document.text[page.start : page.end]
        for cell, word in listed:
            if len(word) < 2 or text.count(word) != 1:
                continue  # which of several is meant would be a guess
            start = page.start + text.index(word)
            boxes = document.boxes(document.span(start, start + len(word)))
            ink = ink_of(image, cell)
            assert len(boxes) == 1 and boxes[0].page == number, word
            if ink is not None:
                box = boxes[0]
                found.append((overlap((box.x0, box.y0, box.x1, box.y1), ink), word))
    assert len(found) > 50
    assert [pair for pair in found if pair[0] < 0.9] == []


def test_a_span_over_two_pages_is_marked_on_both() -> None:
    document = read(SAMPLES / "hubei-excellent-2026.pdf")
    first, second = document.pages[:2]
    span = document.span(first.end - 12, second.start + 12)
    assert {box.page for box in document.boxes(span)} == {1, 2}
    view = document_view(document, "/pages/x", [("flag-1", span)])
    one, two = view.split('id="page-2"')[0], view.split('id="page-2"')[1].split('id="page-3"')[0]
    assert 'data-f="flag-1"' in one and 'data-f="flag-1"' in two


def test_every_finding_of_the_samples_has_its_marks() -> None:
    from assistant.pipeline import review
    from assistant.report.findings import findings

    for path in PDFS:
        outcome = review(path)
        for finding in findings(outcome.review):
            for span in finding.spans:
                assert outcome.document.text[span.start : span.end] == span.quote
                if span.quote.strip():
                    assert outcome.document.boxes(span), (path.name, finding.key, span.quote)


def test_text_without_pages_keeps_every_character() -> None:
    document = read(SAMPLES / "shanghai-advanced-poor.docx")
    span = document.span(30, 45)
    view = document_view(document, "/pages/x", [("check-1", span), ("flag-2", document.span(40, 60))])
    plain = html.unescape(re.sub(r"<[^>]+>", "", view))
    squeeze = re.compile(r"\s+")
    assert squeeze.sub("", plain) == squeeze.sub("", document.text)
    assert 'data-f="check-1 flag-2"' in view
