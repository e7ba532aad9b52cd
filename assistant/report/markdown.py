"""The report as Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.labels import STAGES, STATUSES, TOPICS, label
from assistant.records import Review
from assistant.report import facts
from assistant.report.citation import cite
from assistant.report.findings import findings, place

_SPECIAL = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]<>#|~"})


def escape(text: str) -> str:
    """Return text that Markdown shows as it is (documents must not format the report)."""
    return " ".join(text.split()).translate(_SPECIAL)


def render_markdown(review: Review) -> str:
    """Return the review as Markdown with tables."""
    lines = ["# 智能工厂申报材料预审报告", ""]
    lines += _table(("项目", "内容"), facts.heading_facts(review))
    lines += [escape(facts.summary_line(review)), ""]
    if review.problems:
        lines += [
            "## 未能完成的环节",
            "",
            *(f"- **{escape(label(STAGES, p.stage))}**：{escape(p.message)}" for p in review.problems),
            "",
        ]
    lines += ["## 需要处理的事项", ""]
    for finding in findings(review):
        lines.append(f"### [{finding.grade_label}] {escape(finding.title)}")
        lines += ["", escape(finding.message), ""]
        lines += [f"- 原文：{escape(place(span))}" for span in finding.spans]
        lines += [f"- 条款：{escape(cite(c))}" for c in finding.clauses]
        if finding.suggestion:
            lines.append(f"- 建议：{escape(finding.suggestion)}")
        lines += [f"- 提示者：{escape(finding.author)}", ""]
    lines += ["## 典型场景", ""]
    scenes = map(facts.scene_row, facts.scenes_of(review.declaration))
    lines += _table(("序号", "场景", "状态", "人工智能", "原文"), scenes)
    lines += ["## 绩效指标", ""]
    kpis = map(facts.kpi_row, facts.kpis_of(review.declaration))
    lines += _table(("指标", "基线", "现状", "自述变化", "复算", "原文"), kpis)
    lines += ["## 全部检查", ""]
    rows = [
        (label(TOPICS, r.topic), label(STATUSES, r.status), r.required, r.observed, r.message)
        for r in review.checks.results
    ]
    lines += _table(("事项", "结论", "要求", "实际", "说明"), rows)
    lines += ["", f"> {facts.NOTICE}"]
    return "\n".join(lines) + "\n"


def _table(titles: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    head = ["| " + " | ".join(titles) + " |", "|" + " --- |" * len(titles)]
    return head + ["| " + " | ".join(escape(cell) for cell in row) + " |" for row in rows] + [""]
