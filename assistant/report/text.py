"""The report for a terminal."""

from __future__ import annotations

from assistant.labels import STAGES, STATUSES, TOPICS, label
from assistant.records import CheckReport, Review
from assistant.report import facts
from assistant.report.citation import cite
from assistant.report.findings import Finding, findings, place

_RULE = "─" * 60


def render_text(review: Review) -> str:
    """Return the review as plain text, findings first, worst first."""
    lines = ["智能工厂申报材料预审报告", _RULE]
    lines += [f"{name}：{value}" for name, value in facts.heading_facts(review)]
    lines += ["", facts.summary_line(review), ""]
    if review.problems:
        lines += [
            "未能完成的环节",
            _RULE,
            *(f"! [{label(STAGES, p.stage)}] {p.message}" for p in review.problems),
            "",
        ]
    shown = findings(review)
    lines += [f"需要处理的事项（{len(shown)}）", _RULE]
    for position, finding in enumerate(shown, start=1):
        lines += _finding(position, finding)
    lines += _scenes(review) + _kpis(review)
    lines += [_RULE, facts.NOTICE]
    return "\n".join(lines) + "\n"


def checks_text(report: CheckReport) -> str:
    """Return a check report as plain text, one rule a paragraph."""
    lines: list[str] = []
    for result in report.results:
        lines.append(f"[{label(STATUSES, result.status)}] {label(TOPICS, result.topic)}：{result.message}")
        lines += [f"    条款：{cite(c)}" for c in result.clauses]
    return "\n".join(lines) + "\n"


def _finding(position: int, finding: Finding) -> list[str]:
    lines = [f"{position}. [{finding.grade_label}] {finding.title}：{finding.message}"]
    lines += [f"   原文：{place(span)}" for span in finding.spans[:3]]
    lines += [f"   条款：{cite(c)}" for c in finding.clauses[:2]]
    if finding.suggestion:
        lines.append(f"   建议：{finding.suggestion}")
    if finding.author != "rule":
        lines.append(f"   提示者：{finding.author}")
    return lines


def _scenes(review: Review) -> list[str]:
    scenes = facts.scenes_of(review.declaration)
    lines = ["", f"典型场景（{len(scenes)}）", _RULE]
    for scene in scenes:
        number, name, state, uses, where = facts.scene_row(scene)
        lines.append(f"{number} {name}  {state}  人工智能：{uses}  {where}")
    return lines


def _kpis(review: Review) -> list[str]:
    kpis = facts.kpis_of(review.declaration)
    lines = ["", f"绩效指标（{len(kpis)}）", _RULE]
    for kpi in kpis:
        name, baseline, current, stated, computed, where = facts.kpi_row(kpi)
        change = f"{baseline or '—'} → {current or '—'}"
        extra = "  ".join(
            part for part in (stated and f"自述 {stated}", computed and f"复算 {computed}") if part
        )
        lines.append(f"{name}  {change}  {extra}  {where}")
    return [*lines, ""]
