"""KPI names against the KPI list in force."""

from __future__ import annotations

from assistant.check.case import Case
from assistant.check.indicators import fold_kpi, kpi_lists, label, stated_list
from assistant.check.verdict import Verdict, passed, unknown, unmet
from assistant.policy import Rule
from assistant.records import KpiClaim


def kpi_catalog(case: Case, rule: Rule) -> Verdict:
    """Pass when every listed KPI stands under the list in force; a KPI on no list is allowed.

    Advisory for a KPI of the other list, an old name, a number that the list has not or that belongs to
    another name, and when no KPI is stated at all.
    """
    if case.kpis is None:
        message = f"要求：{rule.required}。材料没有给出绩效指标，无法判断，请补充量化的建设成效。"
        return unknown(("kpis",), message)
    if not case.kpis:
        return unmet(
            rule, "没有量化指标", f"要求：{rule.required}。材料没有已实现的量化指标，请补充建设成效数据。"
        )
    found = [(index, kpi, why) for index, kpi in case.kpis if (why := _oddity(case, kpi))]
    seen = f"{len(case.kpis)}项指标" + (f"，{len(found)}项与清单不一致" if found else "")
    if found:
        said = "；".join(dict.fromkeys(f"{label(index, kpi)}（{why}）" for index, kpi, why in found))
        message = f"现行是{case.catalog}年版指标清单，请核对并改用其名称和口径：{said}。"
        return unmet(rule, seen, message, (span for _, kpi, _ in found for span in kpi.spans))
    return passed(
        seen,
        f"指标与{case.catalog}年版清单一致；清单外的指标可以自列。",
        (span for _, kpi in case.kpis for span in kpi.spans),
    )


def _oddity(case: Case, kpi: KpiClaim) -> str:
    """Return why a claim does not fit the list in force, empty when it does."""
    book = stated_list(case, kpi)
    if book.id != case.catalog:
        return f"按{book.id}年版清单填写"
    if kpi.number is not None and kpi.number not in book.by_number:
        return f"序号{kpi.number}不在清单中"
    if not kpi.name:
        return ""
    name = fold_kpi(kpi.name)
    here = book.official.get(name)
    if here is not None:
        return "" if kpi.number in (None, here) else f"序号{kpi.number}是另一项指标"
    former = {fold_kpi(old): one for one in book.by_number.values() for old in one.former_names}
    others = {old for other in kpi_lists(case.policy).values() if other is not book for old in other.official}
    if name in others or name in former:
        now = former.get(name)
        return f"旧版名称，现为“{now.name}”" if now else "另一版清单的名称"
    return ""
