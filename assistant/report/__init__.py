"""Reports: a review as text, JSON, Markdown, one self-contained HTML file, or a Word 预审意见."""

from __future__ import annotations

from assistant.document import Document
from assistant.errors import UsageError
from assistant.records import Review
from assistant.report.findings import Finding, findings, place
from assistant.report.text import checks_text

__all__ = ["FORMATS", "Finding", "checks_text", "findings", "place", "render"]

FORMATS = ("text", "json", "markdown", "html", "docx")


def render(review: Review, document: Document, form: str) -> bytes:
    """Return the report; text formats are UTF-8.

    Args:
        review: what the pipeline found.
        document: the text that the spans point into.
        form: one of ``FORMATS``.

    Raises:
        UsageError: there is no such format.
    """
    if form == "json":
        return (review.model_dump_json(indent=2) + "\n").encode()
    if form == "text":
        from assistant.report.text import render_text

        return render_text(review).encode()
    if form == "markdown":
        from assistant.report.markdown import render_markdown

        return render_markdown(review).encode()
    if form == "html":
        from assistant.report.html import render_html

        return render_html(review, document).encode()
    if form == "docx":
        from assistant.report.docx import render_docx

        return render_docx(review)
    raise UsageError(f"不支持的报告格式：{form}", f"可用：{'、'.join(FORMATS)}")
