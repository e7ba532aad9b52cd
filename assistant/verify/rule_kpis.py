"""Flags on KPIs: what the checks found, and figures without a baseline or a period."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.records import FlagKind, KpiClaim, RuleResult, Severity
from assistant.verify.case import DOCUMENT, Case, Draft, kpi_ref, overlaps, short

_TOPICS: dict[str, tuple[FlagKind, Severity, str]] = {
    "kpi.arithmetic": (
        "kpi_arithmetic",
        "high",
        "请按原始数据重新计算变化幅度，分清“%”与“个百分点”，改正后附计算过程。",
    ),
    "kpi.consistency": ("kpi_inconsistent", "high", "请核对同一指标在各处的数值，统一为一个有数据来源的值。"),
    "kpi.plausibility": (
        "kpi_implausible",
        "medium",
        "请核对数值、单位与口径；如确属实，请附计算口径和原始记录。",
    ),
}
# One statement of the period may serve a whole table or chapter.
_GENERAL_PERIOD = re.compile(
    r"(?:统计(?:期|期间|周期|区间|时间|口径)|数据(?:时间|区间|周期|期间)|以[上下](?:数据|指标)[^。]{0,10}(?:为|取自|来自))[^。\n]{0,30}(?:19|20)\d{2}"
)
_PERIOD = re.compile(
    r"(?:19|20)\d{2}\s*(?:年|[-—/.])|(?:上|去|本|前|近[一二两三])(?:年|半年|季度)|同比|环比|较(?:上|去|20)|[一二三四1-4]季度|(?:上|下)半年|截至|改造前后|(?:月|季|年)均|年度|近?[一二三两]年(?:来|间|内)"
)


def kpi_flags(case: Case) -> Iterator[Draft]:
    """Yield the flags on KPIs."""
    for result in case.checks.results:
        if result.topic in _TOPICS and result.status in ("fail", "advisory"):
            yield from _from_check(case, result)
    general = bool(_GENERAL_PERIOD.search(case.document.text))
    for index, kpi in enumerate(case.declaration.kpis or ()):
        if not kpi.plan:
            yield from _bare(case, index, kpi, general_period=general)


def _from_check(case: Case, result: RuleResult) -> Iterator[Draft]:
    """One flag for each KPI that the check speaks of; one for the document where it names no place."""
    kind, severity, suggestion = _TOPICS[result.topic]
    severity = severity if result.status == "fail" else "medium" if severity == "high" else "low"
    touched = [
        index
        for index, kpi in enumerate(case.declaration.kpis or ())
        if any(overlaps(span, result.spans) for span in kpi.spans)
    ]
    parts = [part for part in re.split(r"(?<=[；。])", result.message) if part.strip()]
    for index in touched:
        kpi = (case.declaration.kpis or ())[index]
        own = [part for part in parts if _speaks_of(part, kpi)]
        message = "".join(own).strip("；") or result.message
        spans = tuple(s for s in result.spans if overlaps(s, kpi.spans)) or kpi.spans
        yield Draft(kind, severity, message, suggestion, kpi_ref(index), spans, result.clauses)
    if not touched:
        yield Draft(kind, severity, result.message, suggestion, DOCUMENT, result.spans, result.clauses)


def _speaks_of(part: str, kpi: KpiClaim) -> bool:
    names = [name for name in (kpi.name, kpi.as_written) if name]
    return any(name in part or part.strip("；。") in name for name in names)


def _bare(case: Case, index: int, kpi: KpiClaim, *, general_period: bool) -> Iterator[Draft]:
    what = short(kpi.as_written or kpi.name or "该指标")
    if kpi.stated_change is not None and kpi.baseline is None and kpi.basis != "level":
        yield Draft(
            "kpi_no_baseline",
            "medium",
            f"“{what}”只写了变化幅度，没有改造前的基期数值，无法核算。",
            "请补充改造前后的数值（由多少到多少）和计算口径。",
            kpi_ref(index),
            kpi.spans,
        )
    if kpi.period is None and not general_period and not _period_nearby(case, kpi):
        yield Draft(
            "kpi_no_period",
            "low",
            f"“{what}”没有写明统计时间。",
            "请补充统计起止时间（如“2025年1月至12月”）和数据来源系统。",
            kpi_ref(index),
            kpi.spans,
        )


def _period_nearby(case: Case, kpi: KpiClaim) -> bool:
    for span in kpi.spans:
        start, end = case.around(span.start, span.end, 0)
        block = case.block_at(span.start)
        if block is not None and block.table is not None:
            start, end = min(start, block.start), max(end, block.end)
            header = [b for b in case.document.blocks if b.table == block.table and b.header_row]
            if any(_PERIOD.search(case.document.text[b.start : b.end]) for b in header):
                return True
        if _PERIOD.search(case.document.text[start:end]):
            return True
    return False
