"""Makes small real files: Word packages from XML, PDFs with reportlab."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
from docx.oxml import parse_xml
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from assistant.document import Document
from assistant.ingest import read_bytes
from assistant.settings import Settings

SETTINGS = Settings()
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_PDF_FONT = "STSong-Light"


def read(data: bytes, name: str) -> Document:
    return read_bytes(data, name, settings=SETTINGS)


def saved(document: docx.document.Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def word(body: str, **parts: str) -> bytes:
    """Return a DOCX whose body is the given XML; ``parts`` add or replace parts (``footnotes=...``)."""
    document = docx.Document()
    element = document.element.body
    for child in list(element)[:-1]:
        element.remove(child)
    for child in parse_xml(f"<w:body {NAMESPACES}>{body}</w:body>"):
        element.insert(len(element) - 1, child)
    return _with_parts(saved(document), parts)


def _with_parts(data: bytes, parts: dict[str, str]) -> bytes:
    if not parts:
        return data
    old = zipfile.ZipFile(io.BytesIO(data))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/_rels/document.xml.rels":
                content = content.replace(b"</Relationships>", _relations(parts) + b"</Relationships>")
            if name != f"word/{name.split('/')[-1].removesuffix('.xml')}.xml" or name[5:-4] not in parts:
                new.writestr(name, content)
        for name, xml in parts.items():
            new.writestr(f"word/{name}.xml", xml.replace("NS", NAMESPACES))
    return buffer.getvalue()


def _relations(parts: dict[str, str]) -> bytes:
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    present = {"styles", "numbering", "settings"}
    lines = [
        f'<Relationship Id="rIdX{name}" Type="{base}/{name.rstrip("0123456789")}" Target="{name}.xml"/>'
        for name in parts
        if name not in present
    ]
    return "".join(lines).encode()


def p(text: str, properties: str = "", run: str = "") -> str:
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def pdf(*pages: Callable[[Canvas], None], size: tuple[float, float] = A4) -> bytes:
    """Return a PDF; each page is drawn by a function that gets a canvas with a Chinese font set."""
    if _PDF_FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(_PDF_FONT))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size, invariant=1)
    for draw in pages:
        canvas.setFont(_PDF_FONT, 12)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def lines(*texts: str, x: float = 72, y: float = 760, step: float = 20) -> Callable[[Canvas], None]:
    """Return a page that writes one text a line."""

    def draw(canvas: Canvas) -> None:
        for number, text in enumerate(texts):
            canvas.drawString(x, y - step * number, text)

    return draw


def wrapped(text: str, width: int = 37) -> list[str]:
    return [text[at : at + width] for at in range(0, len(text), width)]


def kinds(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def cells(document: Document) -> list[list[str]]:
    return [
        [document.text[a:b] for a, b in block.cells] for block in document.blocks if block.kind == "table_row"
    ]
