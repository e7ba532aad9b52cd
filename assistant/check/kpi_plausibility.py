"""Can the numbers be true at all?"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.check.case import Case
from assistant.check.indicators import TIMES, definition, is_percent, label, subject
from assistant.check.kpi_consistency import ai_share
from assistant.check.verdict import Verdict, advisory, not_applicable, passed, unknown, unmet
from assistant.policy import KpiDef, Rule
from assistant.records import KpiClaim

_WHOLE = 100


@dataclass(frozen=True, slots=True)
class _Doubt:
    """What is odd about a claim: impossible, or merely unusual."""

    impossible: bool
    why: str


def kpi_plausibility(case: Case, rule: Rule) -> tuple[Verdict, ...]:
    """Pass when nothing is impossible or unusual.

    A stated share of AI scenes that the scenes counted make impossible fails here as well as under
    consistency: it is both a contradiction and a number that cannot be.

    Fails for a share above 100 % or below 0, and for a decrease of more than 100 %. Advisory for a value
    outside the range that the KPI list gives, or one that only a second reading makes possible.
    """
    impossible = (verdict for verdict in ai_share(case, rule) if verdict.status == "fail")
    return (_numbers(case, rule), *impossible)


def _numbers(case: Case, rule: Rule) -> Verdict:
    if case.kpis is None:
        return unknown(("kpis",), "材料没有给出绩效指标，无法判断是否合理。")
    if not case.kpis:
        return not_applicable("没有绩效指标，无须判断。", "没有绩效指标")
    found = [
        (index, kpi, doubt) for index, kpi in case.kpis for doubt in _doubts(rule, kpi, definition(case, kpi))
    ]
    if not found:
        return passed(f"{len(case.kpis)}项指标", "数值都在合理范围内。")
    wrong = [one for one in found if one[2].impossible]
    said = "；".join(dict.fromkeys(f"{label(index, kpi)}：{doubt.why}" for index, kpi, doubt in found))
    spans = tuple(span for _, kpi, _ in found for span in kpi.spans)
    message = f"{said}。请核对数据和口径。"
    seen = f"{len(wrong)}项不可能，{len(found) - len(wrong)}项少见"
    return unmet(rule, seen, message, spans) if wrong else advisory(seen, message, spans)


def _doubts(rule: Rule, kpi: KpiClaim, known: KpiDef | None) -> list[_Doubt]:
    share = known.share if known else _is_share(rule, kpi)
    found = [*_levels(kpi, known, share=share), *_change(kpi, known, share=share)]
    return found or _unusual(kpi, known)


def _is_share(rule: Rule, kpi: KpiClaim) -> bool:
    """Return whether a KPI on no list is a share, told by its name."""
    name = subject(kpi)
    return any(word in name for word in rule.params["share_words"]) and not any(
        word in name for word in rule.params["not_share_words"]
    )


def _levels(kpi: KpiClaim, known: KpiDef | None, *, share: bool) -> list[_Doubt]:
    """Judge baseline and current: a share lies within 0..100 %, a listed quantity is not negative."""
    found = []
    for value, title in ((kpi.baseline, "基期值"), (kpi.current, "现值")):
        if value is None:
            continue
        if share and is_percent(kpi.unit) and value > _WHOLE:
            found.append(_Doubt(True, f"{title}{value:g}%，比率不会超过100%"))
        elif value < 0 and (share or (known is not None and known.quantity != "销售额")):
            found.append(_Doubt(True, f"{title}{value:g}为负，不可能"))
    return found


def _change(kpi: KpiClaim, known: KpiDef | None, *, share: bool) -> list[_Doubt]:
    if kpi.stated_change is None:
        return []
    size, down = abs(kpi.stated_change), _goes_down(kpi, known)
    if kpi.unit == TIMES:
        why = f"减少{size:g}倍说不通，请改写为百分比"
        return [_Doubt(False, why)] if down and size >= 1 else []
    if kpi.basis == "points":
        why = f"变化{size:g}个百分点，比率的变化不会超过100个百分点"
        return [_Doubt(True, why)] if share and size > _WHOLE else []
    relative = kpi.basis == "relative" or is_percent(kpi.unit)
    if relative and down and size > _WHOLE:
        return [_Doubt(True, f"下降{size:g}%，降幅不会超过100%")]
    if relative and share and kpi.basis != "relative" and size > _WHOLE:
        return [_Doubt(False, f"变化{size:g}%，按百分点理解不可能，请写明口径")]
    return []


def _unusual(kpi: KpiClaim, known: KpiDef | None) -> list[_Doubt]:
    """Compare the value that the KPI list asks for with the list's own range."""
    if known is None:
        return []
    value = kpi.current if known.measure == "level" else kpi.stated_change
    counts = known.unit != "%"
    if value is None or kpi.basis == "points" or (not counts and not is_percent(kpi.unit)):
        return []
    if known.measure == "change":
        value = abs(value)
    low, high, unusual = known.plausible.min, known.plausible.max, known.unusual_above
    if (low is not None and value < low) or (high is not None and value > high):
        return [_Doubt(False, f"{value:g}{known.unit}，超出合理范围（{known.plausible.reason}）")]
    if unusual is not None and value > unusual:
        return [_Doubt(False, f"{value:g}{known.unit}，少见（一般不超过{unusual:g}{known.unit}），请附依据")]
    return []


def _goes_down(kpi: KpiClaim, known: KpiDef | None) -> bool:
    if kpi.direction:
        return kpi.direction == "down"
    if kpi.baseline is not None and kpi.current is not None and kpi.baseline != kpi.current:
        return kpi.current < kpi.baseline
    return known is not None and known.measure == "change" and known.direction == "down"
