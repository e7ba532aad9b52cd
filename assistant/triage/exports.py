"""What a panel sends on: the 推荐汇总表 as XLSX, and one submission's opinions as DOCX."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from assistant import policy
from assistant.records import Declaration
from assistant.triage.decisions import Conflict, Opinion
from assistant.triage.submissions import Opened

# The record carries no address and no contact's name: the office that recommends fills these in.
LEFT_TO_THE_OFFICE = ("工厂地址", "联系人")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def recommendation_list(submissions: Sequence[Opened], recommender: str = "") -> bytes:
    """Return the recommendation list, in the order given, in the form of Shanghai's 推荐汇总表.

    Source: 上海市先进级智能工厂推荐汇总表 (annex 5); columns and notes come from the policy corpus.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.utils import get_column_letter

    form: Any = policy.load().form("上海")
    table = form["summary_table"]
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "推荐汇总表"
    sheet.append([table["title"]])
    sheet.append([f"推荐单位（盖章）：{_plain(recommender)}"])
    sheet.append([column["name"] + column.get("hint", "") for column in table["columns"]])
    for number, opened in enumerate(submissions, start=1):
        facts = _facts(number, opened.review.declaration)
        sheet.append([_plain(facts.get(column["name"], "")) for column in table["columns"]])
    sheet.append(["注：" + "；".join(str(note) for note in table["notes"])])
    width = len(table["columns"])
    side = Side(style="thin")
    for row in sheet.iter_rows(min_row=3, max_row=3 + len(submissions), max_col=width):
        for cell in row:
            cell.border = Border(side, side, side, side)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
    for row_number in (1, 2, sheet.max_row):
        sheet.merge_cells(start_row=row_number, end_row=row_number, start_column=1, end_column=width)
    sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=16), Alignment(horizontal="center")
    for position in range(1, width + 1):
        sheet.column_dimensions[get_column_letter(position)].width = 6 if position == 1 else 20
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _facts(number: int, declaration: Declaration) -> dict[str, Any]:
    enterprise, application, maturity = declaration.enterprise, declaration.application, declaration.maturity
    scenes = [scene.name for scene in declaration.scenes or () if scene.name and not scene.plan]
    return {
        "序号": number,
        "单位名称": enterprise.name if enterprise else None,
        "工厂名称": application.factory_name if application else None,
        "统一社会信用代码": enterprise.uscc if enterprise else None,
        "所属行业": enterprise.industry if enterprise else None,
        "智能制造能力成熟度评估分数得分": maturity.score if maturity else None,
        "智能制造能力成熟度评估结果": f"L{maturity.level}" if maturity and maturity.level else None,
        "智能制造典型场景名称": "、".join(scenes),
        "联系方式": enterprise.contact_phone if enterprise else None,
    }


def _plain(value: Any) -> Any:
    """Keep text from a declaration from becoming a formula when the list is opened."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return "" if value is None else value


def opinions_docx(opened: Opened, opinions: Sequence[Opinion], conflicts: Sequence[Conflict]) -> bytes:
    """Return one submission's expert opinions as a Word file."""
    import docx
    from docx.oxml.ns import qn
    from docx.shared import Pt

    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    declaration = opened.review.declaration
    name = declaration.enterprise.name if declaration.enterprise else None
    document.add_heading("智能工厂评审专家意见", level=0)
    document.add_paragraph(f"企业：{name or '文中未说明'}")
    document.add_paragraph(f"材料：{opened.file_name}（SHA-256 {opened.file_sha256}）")
    for opinion in opinions:
        document.add_heading(f"{opinion.reviewer}：{opinion.recommendation}", level=1)
        if opinion.first != opinion.recommendation:
            document.add_paragraph(f"（独立评审阶段的意见为：{opinion.first}）")
        document.add_paragraph(opinion.text or "（未写文字意见）")
        if opinion.scores:
            scores = "；".join(f"{key} {score:g}" for key, score in opinion.scores.items())
            document.add_paragraph(f"评分：{scores}")
    if conflicts:
        document.add_heading("分歧与裁定", level=1)
    for conflict in conflicts:
        said = "；".join(f"{reviewer}：{verdict}" for reviewer, verdict in conflict.verdicts.items())
        ruling = f"裁定：{conflict.settled}。{conflict.reason}" if conflict.settled else "尚未裁定"
        document.add_paragraph(f"{conflict.finding or '总体意见'}　{said}。{ruling}")
    document.add_paragraph("（签字）　　　　　　年　　月　　日")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
