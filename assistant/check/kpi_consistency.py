"""Is the same KPI stated with the same numbers everywhere, and does the AI share fit the scenes?"""

from __future__ import annotations

from collections.abc import Hashable
from itertools import combinations

from assistant.check.case import Case
from assistant.check.indicators import TIMES, definition, exact, fold_kpi, label, last_digit, place, subject
from assistant.check.scenes import ai_bounds
from assistant.check.verdict import Verdict, not_applicable, passed, unknown, unmet
from assistant.policy import Rule
from assistant.records import KpiClaim

_AI_SHARE = "应用人工智能技术场景比例"
_FIELDS = {"baseline": "基期值", "current": "现值", "stated_change": "变化幅度"}


def kpi_consistency(case: Case, rule: Rule) -> tuple[Verdict, ...]:
    """Pass when no KPI is stated twice with different numbers or directions.

    Two statements are about the same thing when KPI, unit and period agree (what is not given agrees
    with everything); changes are compared only on the same basis. Roundings of one number agree. A second
    result compares the stated share of AI scenes with the scenes counted.
    """
    if case.kpis is None:
        return (unknown(("kpis",), "材料没有给出绩效指标，无法核对前后是否一致。"),)
    if not case.kpis:
        return (not_applicable("没有绩效指标，无须核对。", "没有绩效指标"),)
    groups: dict[Hashable, list[tuple[int, KpiClaim]]] = {}
    for index, kpi in case.kpis:
        key = _identity(case, kpi)
        if key is not None:
            groups.setdefault(key, []).append((index, kpi))
    clashes = [
        (one, two, why)
        for group in groups.values()
        for one, two in combinations(group, 2)
        if (why := _clash(one[1], two[1]))
    ]
    return (_same_numbers(rule, len(case.kpis), clashes), *ai_share(case, rule))


def _same_numbers(
    rule: Rule, total: int, clashes: list[tuple[tuple[int, KpiClaim], tuple[int, KpiClaim], str]]
) -> Verdict:
    if not clashes:
        return passed(f"{total}项指标", "同一指标前后一致。")
    said = "；".join(dict.fromkeys(f"{label(*one)}：{why}" for one, _, why in clashes))
    spans = dict.fromkeys(span for one, two, _ in clashes for span in (*one[1].spans, *two[1].spans))
    message = f"同一指标出现不同数值：{said}。请核对原始数据，全文统一。"
    return unmet(rule, f"{len(clashes)}处不一致", message, spans)


def _identity(case: Case, kpi: KpiClaim) -> Hashable | None:
    """Return what tells a KPI from another; None when the claim names none."""
    known = definition(case, kpi)
    if known is not None:
        return fold_kpi(known.quantity)
    if kpi.number is not None:
        return (kpi.catalog, kpi.number)
    return fold_kpi(subject(kpi)) or None


def _clash(one: KpiClaim, two: KpiClaim) -> str:
    """Return how two claims of one KPI contradict each other, empty when they do not."""
    if not (_agree(one.unit, two.unit) and _agree(one.period, two.period)):
        return ""
    here, there = place(one), place(two)
    if here and there and not here & there:
        return ""
    if one.direction and two.direction and one.direction != two.direction:
        return "一处写上升，一处写下降"
    same_basis = _agree(one.basis, two.basis)
    for name, title in _FIELDS.items():
        first, second = getattr(one, name), getattr(two, name)
        if first is None or second is None or (name == "stated_change" and not same_basis):
            continue
        if not _same_number(first, second):
            return f"{title}一处为{first:g}，一处为{second:g}"
    return _derived(one, two)


def _derived(one: KpiClaim, two: KpiClaim) -> str:
    """Return how a change that one claim states contradicts the values that the other gives."""
    for stating, valued in ((one, two), (two, one)):
        if stating.stated_change is None or stating.baseline is not None or stating.current is not None:
            continue
        if valued.baseline in (None, 0) or valued.current is None or valued.stated_change is not None:
            continue
        if stating.basis not in ("relative", "points"):
            continue
        moved = abs(exact(valued.current) - exact(valued.baseline))
        counted = moved if stating.basis == "points" else moved * 100 / abs(exact(valued.baseline))
        if stating.unit == TIMES:
            counted /= 100
        if abs(counted - abs(exact(stating.stated_change))) >= last_digit(stating.stated_change):
            return f"一处写变化{stating.stated_change:g}，另一处的数值算出来是{float(counted):.4g}"
    return ""


def _same_number(one: float, two: float) -> bool:
    """Return whether two numbers are equal or one rounds the other."""
    return abs(exact(one) - exact(two)) < max(last_digit(one), last_digit(two)) if one != two else True


def _agree(one: str | None, two: str | None) -> bool:
    return one is None or two is None or one.strip() == two.strip()


def ai_share(case: Case, rule: Rule) -> tuple[Verdict, ...]:
    """Compare the stated share of AI scenes with the scenes counted; nothing where none is stated."""
    claims = [(index, kpi) for index, kpi in case.kpis or () if _statesai_share(case, kpi)]
    if not claims:
        return ()
    if case.placed is None:
        message = "写明了应用人工智能技术场景比例，但没有场景清单，无法核对，请列出场景。"
        return (unknown(("scenes",), message),)
    total, sure, open_ = ai_bounds(case.placed)
    if total == 0:
        message = "写明了应用人工智能技术场景比例，但没有列出已建成场景，无法核对，请列出场景。"
        return (unknown(("scenes",), message, "没有已建成场景"),)
    low, high = exact(sure) * 100 / total, exact(sure + len(open_)) * 100 / total
    counted = f"{sure}/{total}＝{low:.1f}%" if low == high else f"{low:.1f}%至{high:.1f}%"
    off = [
        (index, kpi)
        for index, kpi in claims
        if not low - last_digit(kpi.current or 0)
        < exact(kpi.current or 0)
        < high + last_digit(kpi.current or 0)
    ]
    spans = tuple(span for _, kpi in (off or claims) for span in kpi.spans)
    stated = "、".join(f"{kpi.current:g}%" for _, kpi in (off or claims) if kpi.current is not None)
    if off:
        message = f"写明应用人工智能技术场景比例为{stated}，按所列场景计为{counted}，两者不符，请核对。"
        return (unmet(rule, f"写{stated}，计{counted}", message, spans),)
    return (passed(f"写{stated}，计{counted}", "应用人工智能技术场景比例与所列场景相符。", spans),)


def _statesai_share(case: Case, kpi: KpiClaim) -> bool:
    known = definition(case, kpi)
    if known is None or known.quantity != _AI_SHARE:
        return False
    return kpi.current is not None and kpi.unit != TIMES
