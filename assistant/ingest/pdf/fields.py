"""What people typed into a PDF form, and notes pinned to a page: neither is part of the page's own text."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pypdfium2 as pdfium
from pypdfium2 import raw

from assistant.document import HiddenText
from assistant.ingest.hygiene import clean
from assistant.ingest.pdf.chars import PAGE
from assistant.ingest.pdf.runs import Run
from assistant.ingest.pdf.space import Rect, Space

FIELD = 1 << 24
"""Added to an annotation's number to make the character number of what it shows."""
_MAX_ANNOTATIONS = 2_000
_UNSEEN = 0x1 | 0x2 | 0x20
_SHOWN = frozenset({raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT})
_KINDS = {
    raw.FPDF_ANNOT_TEXT: "附注",
    raw.FPDF_ANNOT_FREETEXT: "文本框",
    raw.FPDF_ANNOT_HIGHLIGHT: "高亮",
    raw.FPDF_ANNOT_POPUP: "弹出注释",
    raw.FPDF_ANNOT_WIDGET: "表单域",
}


def every_annotation(page: pdfium.PdfPage) -> Iterator[tuple[int, raw.FPDF_ANNOTATION]]:
    """Yield the annotations of a page with their numbers."""
    for index in range(min(raw.FPDFPage_GetAnnotCount(page.raw), _MAX_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, index)
        if annotation:
            try:
                yield index, annotation
            finally:
                raw.FPDFPage_CloseAnnot(annotation)


def _string(annotation: raw.FPDF_ANNOTATION, key: bytes) -> str:
    size = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if not 2 < size < 200_000:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    raw.FPDFAnnot_GetStringValue(annotation, key, buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace")


def place_of(annotation: raw.FPDF_ANNOTATION, space: Space) -> Rect:
    """Return where an annotation stands."""
    rect = raw.FS_RECTF()
    raw.FPDFAnnot_GetRect(annotation, rect)
    return space.place((rect.left, rect.bottom, rect.right, rect.top))


def _shown(annotation: raw.FPDF_ANNOTATION) -> bool:
    return raw.FPDFAnnot_GetSubtype(annotation) in _SHOWN and not raw.FPDFAnnot_GetFlags(annotation) & _UNSEEN


def field_runs(page: pdfium.PdfPage, number: int, space: Space) -> list[Run]:
    """Return the values of form fields and free text notes as runs at their places."""
    found = []
    for index, annotation in every_annotation(page):
        if not _shown(annotation):
            continue
        widget = raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_WIDGET
        text = " ".join(clean(_string(annotation, b"V" if widget else b"Contents")).text.split())
        x0, y0, x1, y1 = place_of(annotation, space)
        if not text or (widget and text in {"Off", "Yes", "On"}) or y1 - y0 < 1:
            continue
        size = min(0.7 * (y1 - y0), 12.0)
        base = (y0 + y1) / 2 + 0.35 * size
        numbers = [number * PAGE + FIELD + index] * len(text)
        found.append(Run(text, numbers, x0, x1, y0, y1, base, size))
    return found


def hidden_notes(page: pdfium.PdfPage, number: int) -> list[HiddenText]:
    """Return the words of notes, and of fields that are not shown."""
    found = []
    for _, annotation in every_annotation(page):
        if _shown(annotation):
            continue
        kind = _KINDS.get(raw.FPDFAnnot_GetSubtype(annotation), "注释")
        for key in (b"Contents", b"V", b"TU"):
            text = _string(annotation, key).strip()
            if text:
                found.append(HiddenText(text, "annotation", number, f"PDF {kind}"))
    return found
