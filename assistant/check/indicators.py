"""What a KPI statement is about: its entry in the KPI list, its unit, the precision of its numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from assistant.check.case import Case
from assistant.check.placing import fold
from assistant.policy import KpiDef, Policy
from assistant.records import KpiClaim

_UNIT_IN_NAME = re.compile(r"[（(](?:%|％|个|家|百分点)[)）]")
_YEAR = re.compile(r"20\d\d")
TIMES = "倍"


@dataclass(frozen=True)
class KpiList:
    """A KPI list with its names folded; ``aliases`` excludes the official names."""

    id: str
    by_number: Mapping[int, KpiDef]
    official: Mapping[str, int]
    aliases: Mapping[str, int]


def kpi_lists(policy: Policy) -> Mapping[str, KpiList]:
    """Return both KPI lists by catalogue."""
    return _lists(policy)


@lru_cache(maxsize=8)
def _lists(policy: Policy) -> Mapping[str, KpiList]:
    walk = policy.crosswalk
    return {catalog: _list(policy, catalog) for catalog in (walk.older, walk.newer)}


def _list(policy: Policy, catalog: str) -> KpiList:
    defs = policy.kpis(catalog)
    official = {fold_kpi(one.name): one.number for one in defs}
    aliases = {
        folded: one.number
        for one in defs
        for alias in one.aliases
        if (folded := fold_kpi(alias)) not in official
    }
    return KpiList(catalog, {one.number: one for one in defs}, official, aliases)


def fold_kpi(name: str) -> str:
    """Return a KPI name without unit, width, case and punctuation."""
    return fold(_UNIT_IN_NAME.sub("", name))


def stated_list(case: Case, kpi: KpiClaim) -> KpiList:
    """Return the list that a claim is recorded under, the one in force when it does not say."""
    lists = kpi_lists(case.policy)
    found = _YEAR.search(kpi.catalog) if kpi.catalog else None
    return lists[found.group() if found and found.group() in lists else case.catalog]


def definition(case: Case, kpi: KpiClaim) -> KpiDef | None:
    """Return the list entry of a claim, by number or by name; None for a KPI on no list."""
    book = stated_list(case, kpi)
    if kpi.number is not None:
        return book.by_number.get(kpi.number)
    if not kpi.name:
        return None
    name = fold_kpi(kpi.name)
    for one in (book, *kpi_lists(case.policy).values()):
        number = one.official.get(name, one.aliases.get(name))
        if number is not None:
            return one.by_number[number]
    return None


_PREDICATE = re.compile(
    r"[\d\t|(（,，。；;:：]|(?:平均|累计|同比|较|比|已|均|仅|最高|最低)?(?:由|从|自|达到?|高达|为|是|保持|稳定|控制|不到|不足|超过?|约|近|"
    r"提升|提高|增长|增加|上升|改善|降低|下降|降至|降到|减少|缩短|压缩|节约|节省|升至|升到)"
)
_PLACE = re.compile(
    r"[一-龥A-Za-z0-9]{0,8}?(?:车间|产线|生产线|工序|基地|厂区|分厂|机组|[一二三四五六七八九]期)"
)


def subject(kpi: KpiClaim) -> str:
    """Return what a claim is about: its name, else the words of the statement before what it says of it."""
    if kpi.name or not kpi.as_written:
        return kpi.name or ""
    words = kpi.as_written.strip(" “\"'（(《、，,")
    found = _PREDICATE.search(words)
    return words[: found.start()] if found else words


def place(kpi: KpiClaim) -> frozenset[str]:
    """Return the workshops, lines and sites that a statement names: two places may differ in a KPI."""
    return frozenset(_PLACE.findall(kpi.as_written or ""))


def label(index: int, kpi: KpiClaim) -> str:
    """Return what to call a claim in a message."""
    return kpi.name or kpi.as_written or f"第{index + 1}项指标"


def is_percent(unit: str | None) -> bool:
    """Return whether numbers are percentages; a missing unit is taken for one."""
    return unit is None or unicodedata.normalize("NFKC", unit).strip() in (
        "%",
        "百分点",
        "个百分点",
        "百分比",
        "pct",
    )


def decimals(value: float) -> int:
    """Return how many decimal places a number is written with (25 and 25.0: none)."""
    exponent = exact(value).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def exact(value: float) -> Decimal:
    """Return a number as it is written, without binary rounding."""
    return Decimal(str(value))


def last_digit(value: float) -> Decimal:
    """Return one unit of the last written digit: 1 for 25, 0.1 for 25.3."""
    return Decimal(1).scaleb(-decimals(value))
