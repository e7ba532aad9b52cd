"""Read a PDF into a document."""

from __future__ import annotations

from array import array

import pypdfium2 as pdfium

from assistant.document import Document, Page
from assistant.errors import InputError
from assistant.ingest.build import TextBuilder
from assistant.ingest.pdf.boxes import BoxFinder, reference
from assistant.ingest.pdf.chars import PageChars, page_chars
from assistant.ingest.pdf.flow import Paragraph, paragraphs
from assistant.ingest.pdf.lines import Line, group_lines, make_line
from assistant.ingest.pdf.native import opened
from assistant.ingest.source import Source

PDF = "application/pdf"


def read_pdf(source: Source) -> Document:
    """Read a PDF file.

    Raises:
        InputError: the file is locked, damaged, scanned without text, or over a limit.
    """
    with opened(source) as file:
        pages = [_read_page(file, index) for index in range(len(file))]
    if not any(page.raw.strip() for page in pages):
        raise InputError(
            f"{source.name}：PDF 共 {len(pages)} 页，没有文字层（疑似扫描件）",
            "请先做文字识别（OCR），或提交可复制文字的 PDF",
        )
    lines = [_lines(page) for page in pages]
    builder = TextBuilder(source.name, source.settings.max_chars)
    references: array[int] = array("q")
    starts: dict[int, int] = {}
    for paragraph in paragraphs(lines, [page.width for page in pages]):
        _write(builder, references, starts, paragraph)
    text = builder.text()
    return Document(
        name=source.name,
        sha256=source.sha256(),
        media_type=PDF,
        text=text,
        pages=_page_table(pages, starts, len(text)),
        blocks=tuple(builder.blocks),
        hidden=builder.all_hidden(),
        find_boxes=BoxFinder(source, references),
    )


def _read_page(file: pdfium.PdfDocument, index: int) -> PageChars:
    page = file[index]
    try:
        return page_chars(page, index + 1)
    finally:
        page.close()


def _lines(page: PageChars) -> list[Line]:
    return [make_line(group, page.number, order) for order, group in enumerate(group_lines(page.runs))]


def _write(
    builder: TextBuilder, references: array[int], starts: dict[int, int], paragraph: Paragraph
) -> None:
    """Add one paragraph and keep the references in step with the text."""
    begin = len(paragraph.text) - len(paragraph.text.lstrip(" \t\n\u3000\xa0"))
    start = builder.add(paragraph.kind, paragraph.text, paragraph.level)
    if start is None:
        return
    references.extend([-1] * (start - len(references)))
    kept = paragraph.places[begin : begin + builder.length - start]
    for offset, (page, index) in enumerate(kept):
        if page not in starts:
            starts[page] = start + offset
        references.append(-1 if index < 0 else reference(page, index))


def _page_table(pages: list[PageChars], starts: dict[int, int], length: int) -> tuple[Page, ...]:
    """Return the pages with where their text begins and ends; a page without text is empty."""
    begins: list[int] = []
    following = length
    for page in reversed(pages):
        following = starts.get(page.number, following)
        begins.append(following)
    begins.reverse()
    begins[0] = 0
    ends = [*begins[1:], length]
    return tuple(
        Page(page.number, begin, end, page.width, page.height)
        for page, begin, end in zip(pages, begins, ends, strict=True)
    )
