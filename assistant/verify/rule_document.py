"""Flags on the document itself: markings, hidden text, instructions to the reviewer, repeats, unreadable pages."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.document import HiddenText
from assistant.models.privacy import marking_spans
from assistant.records import Severity, Span
from assistant.verify.case import DOCUMENT, Case, Draft, short
from assistant.verify.instructions import Instruction, find_instructions
from assistant.verify.repeats import repeats

# Ordinary documents carry these; they matter only if they say something to the reviewer.
_ORDINARY = frozenset({"property", "comment", "deleted", "annotation"})
_WHY = {
    "white": "白色或与底色相同的文字",
    "tiny": "极小的文字",
    "off_page": "页面之外的文字",
    "hidden_run": "设为隐藏的文字",
    "zero_width": "零宽字符",
    "invisible": "不可见的文字",
    "covered": "被遮盖的文字",
    "deleted": "修订中删除的文字",
    "comment": "批注",
    "property": "文件属性",
    "annotation": "注释",
}
_LEFTOVER = "请清除隐藏内容、批注和修订痕迹后重新提交。"


def marking_flags(case: Case) -> Iterator[Draft]:
    """Yield a flag for each confidentiality marking."""
    for start, end in marking_spans(case.document.text):
        span = case.document.span(start, end)
        yield Draft(
            "confidentiality_marking",
            "high",
            f"文件带有保密标识“{short(span.quote, 20)}”。",
            "请由企业保密部门确认可以公开报送；涉密内容应删除或脱密后再提交。确认前不要发送给外部模型服务。",
            DOCUMENT,
            (span,),
        )


def instruction_flags(case: Case) -> Iterator[Draft]:
    """Yield a flag for each instruction to the reviewer, in sight or hidden."""
    text = case.document.text
    for one in find_instructions(text):
        yield _instruction_draft(one, "正文中", (case.document.span(one.start, one.end),))
    for piece in case.document.hidden:
        for one in find_instructions(piece.text, hidden=True):
            where = _WHY.get(piece.reason, "隐藏文字") + _where(piece)
            yield _instruction_draft(one, where, ())
    for one in find_instructions(case.document.name, hidden=True):
        if one.plainly:
            yield _instruction_draft(one, "文件名中", ())


def _instruction_draft(one: Instruction, where: str, spans: tuple[Span, ...]) -> Draft:
    what = "有指示评审人员或程序如何下结论的文字" if one.plainly else "疑似有引导评审结论的文字"
    return Draft(
        "instruction_to_reviewer",
        "high" if one.plainly else "medium",
        f"{where}{what}：“{short(one.wording, 80)}”。它没有影响任何判断。",
        "请删除这类文字；是否构成不当行为由评审组认定。",
        DOCUMENT,
        spans,
    )


def _where(piece: HiddenText) -> str:
    place = piece.where or ""
    page = f"，第{piece.page}页" if piece.page else ""
    return f"（{place}{page}）" if place or page else ""


def hidden_flags(case: Case) -> Iterator[Draft]:
    """Yield a flag for each piece of text that a reader does not see."""
    for piece in case.document.hidden:
        words = "".join(c for c in piece.text if c.isalnum())
        if piece.reason in ("property", "annotation") or (len(words) < 4 and piece.reason != "zero_width"):
            continue
        severity: Severity = "low" if piece.reason in _ORDINARY else "medium"
        yield Draft(
            "hidden_text",
            severity,
            f"文件中有读者看不到的内容（{_WHY.get(piece.reason, '隐藏文字')}{_where(piece)}）：“{short(piece.text, 60)}”。",
            _LEFTOVER,
        )


def repeat_flags(case: Case) -> Iterator[Draft]:
    """Yield a flag for each long passage that stands more than once."""
    for group in repeats(case.document):
        spans = tuple(case.document.span(start, end) for start, end in group)
        yield Draft(
            "duplicate_text",
            "low",
            f"同一段文字出现了{len(spans)}次：“{short(spans[0].quote)}”。",
            "请删去重复内容；若用在不同场景，请分别写明各自的做法和数据。",
            DOCUMENT,
            spans,
        )


def unreadable_flags(case: Case) -> Iterator[Draft]:
    """Yield a flag for each page that could not be read well."""
    for page in case.document.quality.pages:
        if page.grade in ("poor", "unreadable"):
            yield Draft(
                "unreadable_page",
                "high" if page.grade == "unreadable" else "medium",
                f"第{page.page}页{'无法识读' if page.grade == 'unreadable' else '识读质量差'}：{page.reason or '原因不明'}。",
                "请提交文字版（可复制文字的 PDF 或 Word），或人工核对该页。",
            )
