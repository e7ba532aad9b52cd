"""From a judged draft to the record: numbers in one unit, basis, direction, period, catalogue number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.document import Document
from assistant.extract.kpi_names import find_indicator
from assistant.extract.kpi_prose import Draft
from assistant.extract.number_units import common_unit
from assistant.records import KpiClaim

Basis = Literal["relative", "points", "level", "unknown"]
_YEAR_PART = r"(?:前[一二三]季度|第?[一二三四1-4]季度|[上下]半年|\d{1,2}(?:[-—~至]\d{1,2})?月份?)"
_PERIOD = re.compile(
    rf"(?:截至|截止|到|至)?(?:20\d\d年?[-—~至](?:20\d\d)年|20\d\d年(?:度|底|末|初)?{_YEAR_PART}?(?:底|末)?|(?:今年|去年|上年|本年度?){_YEAR_PART}?|"
    rf"近(?:[一二两三四五六七八九十]|\d)年(?:来)?|过去(?:[一二两三四五六七八九十]|\d)年|“?十[三四五六]五”?(?:期间|末|以来)|{_YEAR_PART}|报告期内?)"
)
_AGAINST = re.compile(
    r"同比|环比|(?:相?较|比|与|同)(?:于)?(?:上年|去年|前年|20\d\d年|改造前|实施前|建设前|上线前|上年同期|去年同期|过去|以前|传统[^，,。；\d]{0,6})(?:同期|末|底)?"
)
_LOWER_IS_BETTER = re.compile(r"精度|误差|偏差|公差|粗糙度")


@dataclass(frozen=True, slots=True)
class Said:
    """Where and how a draft is said: its place, whether as a plan, and the words that may give its period."""

    place: tuple[int, int]
    plan: bool
    words: str


def make_claim(document: Document, draft: Draft, said: Said, catalog: str) -> KpiClaim:
    """Return the record of ``draft``, mapped to the KPI list of ``catalog``."""
    indicator = find_indicator(draft.phrase, catalog) or find_indicator(draft.left, catalog)
    baseline, current, unit = _values(draft)
    span = document.span(*said.place)
    return KpiClaim(
        catalog=catalog,
        number=indicator.number if indicator else None,
        name=indicator.name if indicator else None,
        as_written=span.quote,
        baseline=baseline,
        current=current,
        stated_change=draft.change.value if draft.change else None,
        unit=unit,
        basis=basis_of(draft),
        direction=_direction(draft, baseline, current),
        plan=said.plan,
        period=period_of(said.words),
        spans=(span,),
    )


def _values(draft: Draft) -> tuple[float | int | None, float | int | None, str | None]:
    """Return value before, value after and unit; the smaller unit where the two differ."""
    before, after, change = draft.baseline, draft.current, draft.change
    if before is not None and after is not None:
        shared = common_unit(before, after)
        if shared is not None:
            return shared[0], shared[1], shared[2] or None
        return before.value, after.value, after.unit
    leading = after or before or change
    unit = leading.unit if leading else None
    if unit in {"百分点", "个点", "pct", "pp"}:
        unit = "个百分点"
    return (before.value if before else None), (after.value if after else None), unit


def is_share(draft: Draft) -> bool:
    """Return whether the quantity is itself a rate (合格率), whose change in % leaves the basis open."""
    return draft.head is not None and draft.head.kind == "rate"


def basis_of(draft: Draft) -> Basis:
    """Return the contract's basis of the change, or ``level`` where none is written."""
    if draft.change is None:
        return "level"
    kind = draft.change.kind
    if kind == "points":
        return "points"
    if kind in {"times", "doubling"}:
        return "relative"
    if kind == "percent":
        return "unknown" if is_share(draft) else "relative"
    # 节约300万元: an amount is neither relative nor points.
    return "unknown"


def _direction(
    draft: Draft, baseline: float | int | None, current: float | int | None
) -> Literal["up", "down"] | None:
    if baseline is None or current is None or baseline == current:
        return draft.direction
    counted: Literal["up", "down"] = "up" if current > baseline else "down"
    # 精度从0.04毫米提升至0.003毫米: the verb praises, the number falls.
    if draft.direction is None or (_LOWER_IS_BETTER.search(draft.phrase) and not is_share(draft)):
        return counted
    return draft.direction


def period_of(words: str) -> str | None:
    """Return the period that the words before a statement give, the last one said; else what it is compared with."""
    found = list(_PERIOD.finditer(words)) or list(_AGAINST.finditer(words))
    return found[-1].group() if found else None
