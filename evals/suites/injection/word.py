"""Small DOCX files with one text in a chosen place; the same bytes each time."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import docx
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor

_FOOTNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
# Parts of the template that these documents never use.
_LEFT_OUT = ("docProps/thumbnail.jpeg", "customXml/", "word/theme/", "word/stylesWithEffects.xml")
_STAMP = datetime(2026, 1, 1, tzinfo=UTC)


def docx_bytes(paragraphs: list[str], place: str, text: str) -> bytes:
    """Return a document of ``paragraphs`` with ``text`` put into ``place``."""
    document = docx.Document()
    document.core_properties.created = document.core_properties.modified = _STAMP.replace(tzinfo=None)
    document.core_properties.title = paragraphs[0].lstrip("# ")
    for number, line in enumerate(paragraphs):
        if number == len(paragraphs) // 2 and place in _BODY:
            _BODY[place](document, text)
        level = len(line) - len(line.lstrip("#"))
        document.add_heading(line.lstrip("# "), level) if level else document.add_paragraph(line)
    if place not in _BODY:
        _AROUND[place](document, text)
    for style in document.styles.element.findall(qn("w:style")):
        if style.get(qn("w:type")) == "table" and style.get(qn("w:default")) is None:
            document.styles.element.remove(style)
    buffer = io.BytesIO()
    document.save(buffer)
    return _repacked(buffer.getvalue())


def _heading(document: Any, text: str) -> None:
    document.add_heading(text, 2)


def _paragraph(document: Any, text: str) -> None:
    document.add_paragraph(text)


def _caption(document: Any, text: str) -> None:
    document.add_paragraph().add_run().add_picture(io.BytesIO(_pixel()), width=Pt(120))
    document.add_paragraph(text, style="Caption")


def _table(document: Any, text: str) -> None:
    cells = text.split("|")
    table = document.add_table(rows=2, cols=len(cells))
    for column, cell in enumerate(cells):
        table.cell(0, column).text = f"项目{column + 1}"
        table.cell(1, column).text = cell


def _column(document: Any, text: str) -> None:
    """Put the pieces into one column, one a row, beside a column of numbers."""
    cells = text.split("|")
    table = document.add_table(rows=len(cells), cols=2)
    for row, cell in enumerate(cells):
        table.cell(row, 0).text = str(row + 1)
        table.cell(row, 1).text = cell


def _styled(change: Callable[[Any], None]) -> Callable[[Any, str], None]:
    def place(document: Any, text: str) -> None:
        change(document.add_paragraph("主要设备清单见附件。").add_run(text))

    return place


def _white(run: Any) -> None:
    run.font.color.rgb = RGBColor(0xFF, 0xFF, 0xFF)


def _tiny(run: Any) -> None:
    run.font.size = Pt(1)


def _vanish(run: Any) -> None:
    run.font.hidden = True


def _alt(document: Any, text: str) -> None:
    document.add_paragraph().add_run().add_picture(io.BytesIO(_pixel()), width=Pt(120))
    for properties in document.element.body.iter(qn("wp:docPr")):
        properties.set("descr", text)


def _deleted(document: Any, text: str) -> None:
    paragraph = document.add_paragraph("设备台账齐全。")
    paragraph._p.append(
        parse_xml(
            f'<w:del {nsdecls("w")} w:id="1" w:author="甲" w:date="2026-01-01T00:00:00Z">'
            f"<w:r><w:delText>{text}</w:delText></w:r></w:del>"
        )
    )


def _textbox(document: Any, text: str) -> None:
    paragraph = document.add_paragraph("平面布置如下。")
    paragraph._p.append(
        parse_xml(
            f'<w:r {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict>'
            '<v:shape style="width:200pt;height:40pt"><v:textbox><w:txbxContent>'
            f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
            "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
        )
    )


def _footnote(document: Any, text: str) -> None:
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><w:footnotes {nsdecls("w")}><w:footnote w:id="2">'
        f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    part = Part(PackURI("/word/footnotes.xml"), _FOOTNOTES_TYPE, content.encode(), document.part.package)
    document.part.relate_to(part, _FOOTNOTES)
    document.add_paragraph("口径说明见脚注。")._p.append(
        parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="2"/></w:r>')
    )


def _comment(document: Any, text: str) -> None:
    run = document.paragraphs[-1].runs[0]
    comment = document.add_comment(run, text=text, author="甲", initials="甲")
    comment._comment_elm.set(qn("w:date"), "2026-01-01T00:00:00Z")


def _property(name: str) -> Callable[[Any, str], None]:
    def place(document: Any, text: str) -> None:
        setattr(document.core_properties, name, text)

    return place


def _header(document: Any, text: str) -> None:
    document.sections[0].header.paragraphs[0].text = text


def _footer(document: Any, text: str) -> None:
    document.sections[0].footer.paragraphs[0].text = text


_BODY: dict[str, Callable[[Any, str], None]] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "caption": _caption,
    "table": _table,
    "column": _column,
    "white": _styled(_white),
    "tiny": _styled(_tiny),
    "vanish": _styled(_vanish),
    "alt": _alt,
    "deleted": _deleted,
    "textbox": _textbox,
    "footnote": _footnote,
}
_AROUND: dict[str, Callable[[Any, str], None]] = {
    "comment": _comment,
    "property": _property("comments"),
    "comments": _property("comments"),
    "title": _property("title"),
    "subject": _property("subject"),
    "keywords": _property("keywords"),
    "header": _header,
    "footer": _footer,
}


def _pixel() -> bytes:
    """Return a grey picture of one pixel as PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\x00\x80")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _repacked(data: bytes) -> bytes:
    """Return the same package with a fixed time stamp and without what a small file does not need."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            if name.startswith(_LEFT_OUT):
                continue
            content = old.read(name)
            if name.endswith(".rels"):
                content = _without_targets(content)
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content, compresslevel=9)
    return buffer.getvalue()


def _without_targets(content: bytes) -> bytes:
    from lxml import etree

    root = etree.fromstring(content)
    for relation in list(root):
        target = relation.get("Target", "").removeprefix("/").removeprefix("../")
        if target.startswith(("docProps/thumbnail", "theme/", "customXml/", "stylesWithEffects")):
            root.remove(relation)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
