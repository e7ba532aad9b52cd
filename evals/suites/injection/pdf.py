"""Small PDF files with one text in a chosen place; the same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

_FONT = "STSong-Light"  # named, not embedded: a reader brings it, the file stays small
_LEFT, _TOP, _LINE, _WIDTH = 72, 770, 22, 36


def pdf_bytes(paragraphs: list[str], place: str, text: str) -> bytes:
    """Return one page of ``paragraphs`` with ``text`` put into ``place``."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, pageCompression=1)
    canvas.setTitle(paragraphs[0].lstrip("# "))
    y = float(_TOP)
    lines = list(paragraphs)
    if place == "body":
        lines.insert(len(lines) // 2, text)
    for line in lines:
        words = line.lstrip("# ")
        canvas.setFont(_FONT, 14 if line.startswith("#") else 12)
        for start in range(0, len(words), _WIDTH):
            canvas.drawString(_LEFT, y, words[start : start + _WIDTH])
            y -= _LINE
    if place != "body":
        _PLACES[place](canvas, text, y)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _white(canvas: Any, text: str, y: float) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    canvas.setFont(_FONT, 10)
    canvas.drawString(_LEFT, y, text)


def _tiny(canvas: Any, text: str, y: float) -> None:
    canvas.setFont(_FONT, 0.8)
    canvas.drawString(_LEFT, y, text)


def _offpage(canvas: Any, text: str, _y: float) -> None:
    canvas.setFont(_FONT, 10)
    canvas.drawString(_LEFT, -60, text)


def _metadata(canvas: Any, text: str, _y: float) -> None:
    canvas.setSubject(text)


def _invisible(canvas: Any, text: str, y: float) -> None:
    words = canvas.beginText(_LEFT, y)
    words.setFont(_FONT, 10)
    words.setTextRenderMode(3)
    words.textOut(text)
    canvas.drawText(words)


def _annotation(canvas: Any, text: str, y: float) -> None:
    canvas.textAnnotation(text, Rect=[_LEFT, y - 20, _LEFT + 20, y], addtopage=1)


def _covered(canvas: Any, text: str, y: float) -> None:
    canvas.setFont(_FONT, 10)
    canvas.drawString(_LEFT, y, text)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(_LEFT - 5, y - 5, 460, 20, stroke=0, fill=1)


_PLACES: dict[str, Callable[[Any, str, float], None]] = {
    "white": _white,
    "tiny": _tiny,
    "offpage": _offpage,
    "metadata": _metadata,
    "invisible": _invisible,
    "annotation": _annotation,
    "covered": _covered,
}
