"""The Word 预审意见 that an office sends to an enterprise."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from assistant.labels import STAGES, STATUSES, TOPICS, label
from assistant.records import Review
from assistant.report import facts
from assistant.report.citation import cite
from assistant.report.findings import Finding, findings, place

_EPOCH = (1980, 1, 1, 0, 0, 0)


def render_docx(review: Review) -> bytes:
    """Return a .docx file; the same review gives the same bytes."""
    document = docx.Document()
    _prepare(document, review)
    _title(document, review)
    _conclusion(document, review)
    _matters(document, findings(review))
    _claims(document, review)
    _checks(document, review)
    document.add_paragraph(facts.NOTICE)
    stream = io.BytesIO()
    document.save(stream)
    return _fixed_times(stream.getvalue())


def _prepare(document: Any, review: Review) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.6), Cm(2.4)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(12)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "仿宋")
    for level in (1, 2):
        heading = document.styles[f"Heading {level}"]
        heading.font.size = Pt(15 if level == 1 else 13)
        heading.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "黑体")
    moment = datetime.fromisoformat(review.manifest.started).replace(tzinfo=None)
    properties = document.core_properties
    properties.title, properties.author = "智能工厂申报材料预审意见", "智能工厂申报审查助手"
    properties.created = properties.modified = moment
    properties.revision = 1


def _title(document: Any, review: Review) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run("智能工厂申报材料预审意见")
    run.bold, run.font.size = True, Pt(20)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "黑体")
    _table(document, None, facts.heading_facts(review), widths=(3.2, 12.6))


def _conclusion(document: Any, review: Review) -> None:
    document.add_heading("一、总体情况", level=1)
    document.add_paragraph(facts.summary_line(review) + "。")
    for problem in review.problems:
        document.add_paragraph(f"未能完成的环节：{label(STAGES, problem.stage)}。{problem.message}")


def _matters(document: Any, shown: tuple[Finding, ...]) -> None:
    document.add_heading("二、需要处理的事项", level=1)
    if not shown:
        document.add_paragraph("未发现需要处理的事项。")
    for number, finding in enumerate(shown, start=1):
        document.add_heading(f"{number}. 【{finding.grade_label}】{finding.title}", level=2)
        document.add_paragraph(finding.message)
        for span in finding.spans[:3]:
            document.add_paragraph(f"原文：{place(span, 120)}")
        for clause in finding.clauses[:3]:
            document.add_paragraph(f"依据：{cite(clause)}")
        if finding.suggestion:
            document.add_paragraph(f"建议：{finding.suggestion}")
        if finding.author != "rule":
            document.add_paragraph(
                f"（本条由模型 {finding.author.removeprefix('model:')} 提示，请人工核实。）"
            )


def _claims(document: Any, review: Review) -> None:
    document.add_heading("三、申报的典型场景", level=1)
    scenes = [facts.scene_row(scene) for scene in facts.scenes_of(review.declaration)]
    _table(document, ("序号", "场景", "状态", "人工智能", "原文"), scenes, widths=(1.2, 4, 2, 2, 6.6))
    document.add_heading("四、绩效指标", level=1)
    kpis = [facts.kpi_row(kpi) for kpi in facts.kpis_of(review.declaration)]
    titles = ("指标", "基线", "现状", "自述变化", "复算", "原文")
    _table(document, titles, kpis, widths=(3.4, 1.8, 1.8, 2, 2.4, 4.4))


def _checks(document: Any, review: Review) -> None:
    document.add_heading("五、逐条检查结果", level=1)
    applying = [r for r in review.checks.results if r.status != "not_applicable"]
    rows = [(label(TOPICS, r.topic), label(STATUSES, r.status), r.message) for r in applying]
    _table(document, ("事项", "结论", "说明"), rows, widths=(3.8, 2, 10))
    others = dict.fromkeys(
        label(TOPICS, r.topic) for r in review.checks.results if r.status == "not_applicable"
    )
    if others:
        document.add_paragraph(f"不适用的事项：{'、'.join(others)}。")


def _table(
    document: Any, titles: tuple[str, ...] | None, rows: Iterable[tuple[str, ...]], widths: tuple[float, ...]
) -> None:
    content = list(rows)
    if not content:
        document.add_paragraph("（无）")
        return
    lines = [*([titles] if titles else []), *content]
    table = document.add_table(rows=len(lines), cols=len(widths))
    table.style, table.autofit = "Table Grid", False
    for column, width in zip(table.columns, widths, strict=True):
        # Word reads the cells' widths, LibreOffice the columns'.
        column.width = Cm(width)
    for row, cells in zip(table.rows, lines, strict=True):
        for cell, words, width in zip(row.cells, cells, widths, strict=True):
            cell.width = Cm(width)
            cell.text = _printable(words)
            for paragraph in cell.paragraphs:
                for run in paragraph.runs:
                    run.font.size = Pt(10.5)
                    run.bold = titles is not None and cells is titles
    document.add_paragraph()


def _printable(words: str) -> str:
    """Drop control characters, which XML cannot carry."""
    return "".join(c for c in words if c >= " " or c in "\n\t")


def _fixed_times(data: bytes) -> bytes:
    """Repack the file with one constant time on every part, so that equal reviews are equal bytes."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _EPOCH), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
