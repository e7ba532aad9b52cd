"""The parts of a review that every format shows: heading facts, scenes, KPIs, in words."""

from __future__ import annotations

from assistant.labels import STRENGTHS, label
from assistant.records import Declaration, KpiClaim, Review, SceneClaim
from assistant.report.findings import place

NOTICE = "本报告由程序生成，供评审人员参考；是否符合以主管部门和评审专家的判断为准，程序不作否决。"
SILENT = "文中未说明"


def heading_facts(review: Review) -> list[tuple[str, str]]:
    """Return (name, value) pairs for the top of a report; says what was read and what was assumed."""
    declaration, policy = review.declaration, review.checks.policy
    document, enterprise, application = declaration.document, declaration.enterprise, declaration.application
    return [
        ("文件", (document.name if document else None) or SILENT),
        ("企业", (enterprise.name if enterprise else None) or SILENT),
        ("工厂", (application.factory_name if application else None) or SILENT),
        ("地区", policy.jurisdiction or f"{SILENT}，按国家规则"),
        ("申报层级", policy.tier or SILENT),
        ("适用日期", policy.as_of.isoformat() if policy.as_of else f"{SILENT}，按最新规则"),
        ("场景目录", f"{policy.catalog}年版" if policy.catalog else SILENT),
        ("政策库版本", policy.version or SILENT),
    ]


def summary_line(review: Review) -> str:
    """Return the counts of the checks and flags in one line."""
    summary = review.checks.summary
    return (
        f"检查：不符合 {summary.fail}、需研判 {summary.advisory}、缺少依据 {summary.unknown}、"
        f"符合 {summary.passed}、不适用 {summary.not_applicable}；疑点 {len(review.flags)} 条"
    )


def scene_row(scene: SceneClaim) -> tuple[str, str, str, str, str]:
    """Return number, name, state, use of AI, place of a scene."""
    number = "" if scene.number is None else f"{scene.number:02d}"
    state = "计划中" if scene.plan else label(STRENGTHS, scene.strength or "claimed")
    uses = {True: "是", False: "否", None: "未说明"}[scene.uses_ai]
    return (
        number,
        scene.name or scene.as_written or "",
        state,
        uses,
        place(scene.spans[0]) if scene.spans else "",
    )


def kpi_row(kpi: KpiClaim) -> tuple[str, str, str, str, str, str]:
    """Return name, baseline, current, stated change, recomputed change, place of a KPI."""
    name = kpi.name or kpi.as_written or ""
    unit = kpi.unit or ""
    return (
        f"{name}（计划）" if kpi.plan else name,
        number(kpi.baseline, unit),
        number(kpi.current, unit),
        stated(kpi),
        recomputed(kpi),
        place(kpi.spans[0]) if kpi.spans else "",
    )


def number(value: float | None, unit: str) -> str:
    """Return a number as written with its unit, empty for None."""
    return "" if value is None else f"{value:g}{unit}"


def stated(kpi: KpiClaim) -> str:
    """Return the change as stated, with its sense of direction."""
    if kpi.stated_change is None:
        return ""
    arrow = {"up": "↑", "down": "↓", None: ""}[kpi.direction]
    unit = "个百分点" if kpi.basis == "points" else (kpi.unit if kpi.unit in ("%", "倍") else "%")
    return f"{arrow}{kpi.stated_change:g}{unit}"


def recomputed(kpi: KpiClaim) -> str:
    """Return the change computed from baseline and current, relative and in points for shares."""
    if kpi.baseline is None or kpi.current is None or kpi.baseline == 0:
        return ""
    change = kpi.current - kpi.baseline
    relative = f"{change / abs(kpi.baseline) * 100:+.1f}%"
    return f"{relative}（{change:+.4g}个百分点）" if kpi.unit in ("%", "％") else relative


def scenes_of(declaration: Declaration) -> tuple[SceneClaim, ...]:
    """Return the scenes, none when the document was not read for them."""
    return declaration.scenes or ()


def kpis_of(declaration: Declaration) -> tuple[KpiClaim, ...]:
    """Return the KPIs, none when the document was not read for them."""
    return declaration.kpis or ()
