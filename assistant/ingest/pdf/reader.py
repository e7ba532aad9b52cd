"""Read a PDF into a document."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable

import pypdfium2 as pdfium
from pypdfium2 import raw

from assistant.document import Document, HiddenText
from assistant.errors import InputError
from assistant.ingest.build import TextBuilder
from assistant.ingest.count import char_count
from assistant.ingest.hygiene import hidden_in
from assistant.ingest.pdf.boxes import BoxFinder
from assistant.ingest.pdf.compose import Composer
from assistant.ingest.pdf.fields import hidden_notes
from assistant.ingest.pdf.native import opened
from assistant.ingest.pdf.opinion import second_opinion
from assistant.ingest.pdf.pages import PageLayout, read_page
from assistant.ingest.pdf.quality import judge, page_table
from assistant.ingest.source import Source
from assistant.records import FormFacts

PDF = "application/pdf"
_PROPERTIES = ("Title", "Author", "Subject", "Keywords")
_MAX_ATTACHMENTS = 100
_BASE_SECONDS = 10.0
_PAGE_SECONDS = 0.5


def read_pdf(source: Source) -> Document:
    """Read a PDF file.

    Raises:
        InputError: the file is locked, damaged, scanned without text, or over a limit.
    """
    with opened(source) as file:
        count = len(file)
    opinion = second_opinion(source.data, count)
    with opened(source) as file:
        layouts, notes = _layouts(file, opinion.off)
        notes += _properties(file)
    if not any(page.raw.strip() for page in layouts):
        raise InputError(
            f"{source.name}：PDF 共 {len(layouts)} 页，没有文字层（疑似扫描件）",
            "请先做文字识别（OCR），或提交可复制文字的 PDF",
        )
    quality, problems = judge(layouts, opinion)
    builder = TextBuilder(source.name, source.settings.max_chars)
    composer = Composer(builder, layouts)
    composer.write()
    for hidden in (*(h for page in layouts for h in page.hidden), *notes):
        builder.hide(hidden)
    text = builder.text()
    if not text:
        raise InputError(f"{source.name}：PDF 中没有可见的文字（文字均被隐藏）", "请提交正常显示的文件")
    return Document(
        name=source.name,
        sha256=source.sha256(),
        media_type=PDF,
        text=text,
        pages=page_table(layouts, composer.starts, len(text)),
        blocks=tuple(builder.blocks),
        hidden=(*builder.all_hidden(), *_zero_width(layouts)),
        quality=quality,
        form=_form(layouts, char_count(text, builder.blocks)),
        problems=problems,
        find_boxes=BoxFinder(source, composer.references),
    )


def _layouts(file: pdfium.PdfDocument, off: frozenset[str]) -> tuple[list[PageLayout], list[HiddenText]]:
    layouts: list[PageLayout] = []
    notes: list[HiddenText] = []
    begun, allowed = time.thread_time(), _BASE_SECONDS + _PAGE_SECONDS * len(file)
    for index in range(len(file)):
        if time.thread_time() - begun > allowed:
            layouts.append(PageLayout(index + 1, 0.0, 0.0, problem="处理时间过长，本页未读取"))
            continue
        try:
            page = file[index]
        except pdfium.PdfiumError:
            layouts.append(PageLayout(index + 1, 0.0, 0.0, problem="本页已损坏，无法打开"))
            continue
        try:
            layouts.append(read_page(page, index + 1, off))
            notes += hidden_notes(page, index + 1)
        except pdfium.PdfiumError:
            layouts.append(PageLayout(index + 1, 0.0, 0.0, problem="本页内容已损坏，无法读取"))
        finally:
            page.close()
    return layouts, notes


def _properties(file: pdfium.PdfDocument) -> list[HiddenText]:
    """Return the texts in the file's properties, and the names of files inside it."""
    values = ((key, file.get_metadata_value(key)) for key in _PROPERTIES)
    found = [HiddenText(value, "property", None, f"文件属性 {key}") for key, value in values if value.strip()]
    for index in range(min(raw.FPDFDoc_GetAttachmentCount(file.raw), _MAX_ATTACHMENTS)):
        name = file.get_attachment(index).get_name()
        found.append(HiddenText(name, "property", None, "PDF 内嵌附件（内容未读取）"))
    return found


def _zero_width(layouts: Iterable[PageLayout]) -> list[HiddenText]:
    return [hidden for page in layouts for hidden in hidden_in(page.removed, page.number)]


def _form(layouts: Iterable[PageLayout], chars: int) -> FormFacts:
    """Return the font and size that most characters are set in; a PDF says no more about its form."""
    weights: Counter[tuple[str, float]] = Counter()
    for layout in layouts:
        weights.update(layout.fonts)
    if not weights:
        return FormFacts(char_count=chars)
    (font, size), _ = max(weights.items(), key=lambda item: (item[1], item[0]))
    return FormFacts(char_count=chars, font=font.rpartition("+")[2] or None, font_size_pt=size)
