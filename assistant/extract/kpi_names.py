"""Which indicator of the KPI list a statement is about, by its name, its aliases and its former names."""

from __future__ import annotations

import re
from functools import cache

from assistant import policy
from assistant.policy import KpiDef

_IGNORED = re.compile(r"[\s“”\"‘’'·・、/()（）\[\]【】:：]|的")
_SUBSCRIPT = str.maketrans("₂Ｃ０Ｏ", "2C0O")
# What may trail a quantity word without making it another quantity (研制周期平均, 生产效率水平).
_TRAILING = re.compile(r"(?:水平|指标|数值|情况|数量|平均|整体|总体|幅度|比率)$")


@cache
def _names(catalog: str) -> tuple[dict[str, KpiDef], frozenset[str], int]:
    """Return name to indicator, the look-alikes that stay unmapped, and the longest length of either."""
    known: dict[str, KpiDef] = {}
    unlike: set[str] = set()
    for kpi in policy.load().kpis(catalog):
        for name in (kpi.name, kpi.quantity, *kpi.aliases, *kpi.former_names):
            known.setdefault(_plain(name), kpi)
        unlike.update(_plain(name) for name in kpi.ambiguous)
    unlike -= known.keys()
    longest = max((len(name) for name in (*known, *unlike)), default=0)
    return known, frozenset(unlike), longest


def _plain(name: str) -> str:
    return _IGNORED.sub("", name.translate(_SUBSCRIPT)).upper()


def find_indicator(phrase: str, catalog: str) -> KpiDef | None:
    """Return the indicator of ``catalog`` whose name ends ``phrase``, None for a quantity on no list.

    The longest name wins (供应商准时交付率 before 准时交付率); a look-alike that the list marks as
    ambiguous (合格率 for 不良率) stops a shorter name inside it.
    """
    known, unlike, longest = _names(catalog)
    for form in (phrase, re.sub(r"[（(][^（()）]*[)）]", "", phrase)):
        plain = _plain(form)
        while plain:
            for size in range(min(longest, len(plain)), 1, -1):
                suffix = plain[-size:]
                if suffix in unlike:
                    return None
                if suffix in known:
                    return known[suffix]
            shorter = _TRAILING.sub("", plain)
            if shorter == plain:
                break
            plain = shorter
    return None
