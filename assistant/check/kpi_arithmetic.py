"""Do the stated change and the numbers before and after agree?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from assistant.check.case import Case
from assistant.check.indicators import TIMES, definition, exact, is_percent, label, last_digit
from assistant.check.verdict import Verdict, advisory, not_applicable, passed, unknown, unmet
from assistant.policy import Rule
from assistant.records import KpiClaim, Status

# 提高到3倍, 是原来的3倍, 为原来的3倍: the new value is three times the old one.
_RATIO = re.compile(r"(?:到|至|达|为|是|相当于)[^，,。；;]{0,6}?[0-9.]+\s*倍|原来的|以前的|之前的")


@dataclass(frozen=True, slots=True)
class _Finding:
    """The outcome for one claim; ``why`` is empty when it adds up."""

    index: int
    kpi: KpiClaim
    status: Status
    why: str = ""


def kpi_arithmetic(case: Case, rule: Rule) -> Verdict:
    """Pass when every computable stated change agrees with baseline and current.

    Fails when the numbers do not give the stated change, when per cent and percentage points are mixed
    up, or when the direction is the other way. Advisory when only a second reading fits. A claim that
    lacks numbers is not computable: unknown only if none is.
    """
    if case.kpis is None:
        return unknown(("kpis",), "材料没有给出绩效指标，无法核算，请补充量化的建设成效。")
    findings = [found for index, kpi in case.kpis if (found := _judge(case, rule, index, kpi))]
    bare = [
        (index, kpi)
        for index, kpi in case.kpis
        if kpi.stated_change is not None and None in (kpi.baseline, kpi.current)
    ]
    wrong = [one for one in findings if one.status == "fail"]
    doubtful = [one for one in findings if one.status == "advisory"]
    note = f"另有{len(bare)}项只写了变化幅度，没有前后数值，无法核算。" if bare else ""
    if wrong or doubtful:
        return _faults(rule, wrong, doubtful, len(findings), note)
    if any(one.kpi.stated_change is not None for one in findings):
        spans = (span for one in findings for span in one.kpi.spans)
        return passed(f"核算{len(findings)}项，均相符", f"所写变化与前后数值相符。{note}", spans)
    if bare:
        missing = [
            f"kpis[{index}].{name}"
            for index, kpi in bare
            for name in ("baseline", "current")
            if getattr(kpi, name) is None
        ]
        names = "、".join(dict.fromkeys(label(index, kpi) for index, kpi in bare))
        return unknown(missing, f"只写了变化幅度，没有前后数值，无法核算：{names}。请补充基期值和现值。")
    return not_applicable("没有写明变化幅度的指标，无须核算。", "没有可核算的指标")


def _faults(rule: Rule, wrong: list[_Finding], doubtful: list[_Finding], total: int, note: str) -> Verdict:
    seen = f"核算{total}项，{len(wrong)}项不符" + (f"，{len(doubtful)}项存疑" if doubtful else "")
    said = "；".join(f"{label(one.index, one.kpi)}：{one.why}" for one in (*wrong, *doubtful))
    spans = tuple(span for one in (*wrong, *doubtful) for span in one.kpi.spans)
    message = f"{said}。请核对原始数据后更正。{note}"
    return unmet(rule, seen, message, spans) if wrong else advisory(seen, message, spans)


def _judge(case: Case, rule: Rule, index: int, kpi: KpiClaim) -> _Finding | None:
    if kpi.baseline is None or kpi.current is None:
        return None
    before, after = exact(kpi.baseline), exact(kpi.current)
    moved = "up" if after > before else "down" if after < before else None
    if kpi.direction and moved and kpi.direction != moved:
        said = "上升" if kpi.direction == "up" else "下降"
        why = f"写的是{said}，但由{kpi.baseline:g}到{kpi.current:g}是{'上升' if moved == 'up' else '下降'}"
        return _Finding(index, kpi, "fail", why)
    if kpi.stated_change is None:
        return _Finding(index, kpi, "pass")
    status, why = _compare(case, rule, kpi, before, after)
    return _Finding(index, kpi, status, why)


def _compare(case: Case, rule: Rule, kpi: KpiClaim, before: Decimal, after: Decimal) -> tuple[Status, str]:
    stated = kpi.stated_change or 0
    points = abs(after - before)
    if kpi.unit == TIMES:
        return _compare_times(rule, kpi, before, after)
    fits_points = _fits(rule, kpi, points)
    pair = f"由{kpi.baseline:g}到{kpi.current:g}"
    if kpi.basis == "points":
        if fits_points:
            return "pass", ""
        return "fail", f"{pair}相差{points:g}个百分点，写的是{stated:g}个百分点"
    if before == 0:
        if fits_points and kpi.basis != "relative":
            return _as_points(case, kpi, stated)
        return "advisory", f"基期值为0，无法计算变化幅度，写的是{stated:g}"
    relative = points / abs(before) * 100
    if _fits(rule, kpi, relative):
        return "pass", ""
    if fits_points and kpi.basis != "relative":
        return _as_points(case, kpi, stated)
    mixed = "（与百分点数相同，疑把百分点写成了百分比）" if fits_points and is_percent(kpi.unit) else ""
    return "fail", f"{pair}变化{relative:.1f}%，写的是{stated:g}{_unit(kpi)}{mixed}"


def _as_points(case: Case, kpi: KpiClaim, stated: float) -> tuple[Status, str]:
    """A change that fits only as a plain difference: right for a quantity, unclear for a percentage."""
    known = definition(case, kpi)
    if not is_percent(kpi.unit) or (kpi.unit is None and known is not None and not known.share):
        return "pass", ""
    return "advisory", f"变化{stated:g}只在按百分点理解时成立，应写明“{stated:g}个百分点”"


def _compare_times(rule: Rule, kpi: KpiClaim, before: Decimal, after: Decimal) -> tuple[Status, str]:
    if before == 0 or after == 0:
        return "advisory", "前后数值有0，无法计算倍数"
    larger, smaller = max(before, after), min(before, after)
    ratio = larger / smaller
    as_ratio, as_increase = _fits(rule, kpi, ratio), _fits(rule, kpi, ratio - 1)
    stated = kpi.stated_change or 0
    pair = f"由{kpi.baseline:g}到{kpi.current:g}"
    if not as_ratio and not as_increase:
        return "fail", f"{pair}是原来的{ratio:.2f}倍，写的是{stated:g}倍"
    if after < before:
        return "advisory", f"{pair}是减少，不宜用“{stated:g}倍”表示，请改写为百分比"
    if not kpi.as_written or (as_ratio and as_increase):
        return "pass", ""
    if bool(_RATIO.search(kpi.as_written)) == as_ratio:
        return "pass", ""
    return (
        "advisory",
        f"{pair}是原来的{ratio:.2f}倍、提高了{ratio - 1:.2f}倍，写的是{stated:g}倍，请写明是“提高到”还是“提高了”",
    )


def _fits(rule: Rule, kpi: KpiClaim, computed: Decimal) -> bool:
    """Return whether a computed change is the stated one, within the last digit or the author's hedge."""
    stated_number = kpi.stated_change or 0
    stated = abs(exact(stated_number))
    tolerance = last_digit(stated_number)
    if abs(computed - stated) < tolerance:
        return True
    hedge = _hedge(rule, kpi)
    if hedge == "at_least":
        return computed >= stated
    if hedge == "at_most":
        return computed <= stated
    if hedge == "about":
        return abs(computed - stated) <= stated * exact(rule.params["hedge_percent"]) / 100
    return False


def _hedge(rule: Rule, kpi: KpiClaim) -> str | None:
    """Return how the author hedged the stated number: at_least, at_most, about, or not at all."""
    if not kpi.as_written:
        return None
    number = rf"{re.escape(f'{abs(kpi.stated_change or 0):g}')}(?:\.0+)?"
    place = re.search(
        rf"(.{{0,4}}?)(?<![\d.]){number}(?!\d|\.\d)\s*(?:%|％|个?百分点|倍|[a-zA-Z]+)?(.{{0,2}})",
        kpi.as_written,
    )
    if place is None:
        return None
    before, after = place.group(1).rstrip(), place.group(2).lstrip()
    found = [
        (len(word), kind)
        for kind in ("at_least", "at_most", "about")
        for word in rule.params[kind]
        if before.endswith(word) or after.startswith(word)
    ]
    # 不低于 ends with 低于, 不超过 with 超过: the longer word is the one that was written.
    return max(found)[1] if found else None


def _unit(kpi: KpiClaim) -> str:
    return "%" if kpi.basis == "relative" or kpi.unit is None else kpi.unit
