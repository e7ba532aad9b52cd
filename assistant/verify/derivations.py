"""What follows from the evidence's numbers by arithmetic a reader does in the head.

Changes between two values and the other end of a change are derived here, what several numbers make together
in ``compositions``. A number is only derived in the ways that the claim's own words ask for (合计, 其余, 占,
平均, 每月), because with enough ways any number follows from something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from assistant.verify.compositions import LONGEST_LIST, TOTAL, compositions
from assistant.verify.dated import Dated, Derived, addable, follow
from assistant.verify.passages import When
from assistant.verify.roles import Direction, Quantity

_OF_BEFORE = re.compile(r"[为到至](?:改造前|实施前|原来|原先|之前|以前|过去|上年|去年|[^，。；]{0,8}的)")


def derive(
    claim: Quantity, words: str, items: Sequence[Dated], wanted: frozenset[When], evidence: str
) -> Iterator[Derived]:
    """Yield what follows from ``items`` in the ways that ``words``, the claim's own, ask for.

    ``wanted`` are the dates that the claim names; ``evidence`` is the text that the items come from.
    """
    levels = [i for i in items if i.quantity.role != "change"]
    yield from _changes_of(levels, wanted, words)
    yield from _ends(items)
    yield from _complements(items)
    yield from compositions(claim, words, items, levels, evidence)


def _changes_of(levels: Sequence[Dated], wanted: frozenset[When], words: str) -> Iterator[Derived]:
    gaps: dict[str, list[Quantity]] = {}
    for x, y in _pairs(levels, wanted):
        a, b = x.quantity, y.quantity
        ordered = a.pair >= 0 or x.when != y.when
        for q in _changes(a, b, share=bool(_OF_BEFORE.search(words))):
            found = q if ordered else replace(q, direction="")
            yield Derived(found, "change")
        if a.pair >= 0 and a.family != "percent":
            gaps.setdefault(a.family, []).append(follow(b, abs(b.value - a.value), role="change"))
    if TOTAL.search(words):
        for group in gaps.values():
            if 2 <= len(group) <= LONGEST_LIST:
                yield Derived(follow(group[-1], sum(q.value for q in group), role="change"), "sum")


def _pairs(items: Sequence[Dated], wanted: frozenset[When]) -> Iterator[tuple[Dated, Dated]]:
    for x, y in combinations(items, 2):
        a, b = x.quantity, y.quantity
        if not addable(a, b) or (a.pair >= 0 and b.pair >= 0 and a.pair != b.pair):
            continue
        if a.pair < 0 and b.pair < 0 and not _dates_wanted(x, y, wanted):
            continue
        earlier_first = a.role == "from" or not _later(x, y)
        yield (x, y) if earlier_first and b.role != "from" else (y, x)


def _later(x: Dated, y: Dated) -> bool:
    """Return whether ``x`` is said of a later time than ``y``: by year, or because ``y`` is last year's."""
    if not y.when:
        return False
    if y.when.last and not (x.when and x.when.last):
        return True
    return bool(x.when and (x.when.year or 0) > (y.when.year or 0))


def _dates_wanted(x: Dated, y: Dated, wanted: frozenset[When]) -> bool:
    """Return whether two dated values are the ones that the claim compares."""
    if not x.when or not y.when or not wanted:
        return True
    ends = sum(any(not when.conflicts(w) for w in wanted) for when in (x.when, y.when))
    return ends >= min(2, len(wanted))


def _changes(a: Quantity, b: Quantity, *, share: bool) -> Iterator[Quantity]:
    """Yield every way of stating the change from ``a`` to ``b``."""
    gap = abs(b.value - a.value)
    way: Direction = "up" if b.value > a.value else "down"
    back: Direction = "down" if way == "up" else "up"
    yield follow(b, gap, "points" if a.family == "percent" else "", "change", way)
    if a.value > 0:
        yield follow(b, 100 * gap / a.value, "percent", "change", way)
        yield follow(b, b.value / a.value, "times", "level", way)
        yield follow(b, gap / a.value, "times", "change", way)
        if share:
            yield follow(b, 100 * b.value / a.value, "percent", "level", way)
    if b.value > 0 and a.family in ("time", "workdays", "months"):
        # A beat of 36 instead of 48 seconds makes a third more pieces in the same time.
        yield follow(b, 100 * abs(a.value / b.value - 1), "percent", "change", back)
        yield follow(b, a.value / b.value, "times", "level", back)
    if a.family == "percent":
        for q, role in ((a, "from"), (b, "to")):
            yield follow(b, 100 - q.value, "percent", "from" if role == "from" else "to", back)


def _ends(items: Sequence[Dated]) -> Iterator[Derived]:
    """Yield the value at the other end of a change, where one value and the change are said."""
    for x, y in combinations(items, 2):
        level, change = (x.quantity, y.quantity) if y.quantity.role == "change" else (y.quantity, x.quantity)
        if (
            change.role != "change"
            or level.role == "change"
            or not change.direction
            or abs(x.sentence - y.sentence) > 1
        ):
            continue
        sign = 1 if change.direction == "up" else -1
        if change.family == level.family != "percent" or (change.family, level.family) == (
            "points",
            "percent",
        ):
            yield Derived(
                follow(level, level.value - sign * change.value, role="from", way=change.direction), "end"
            )
            yield Derived(
                follow(level, level.value + sign * change.value, role="level", way=change.direction), "end"
            )
        elif change.family == "percent" and level.family != "percent":
            share = 1 + sign * change.value / 100
            yield Derived(follow(level, level.value * share, role="level", way=change.direction), "end")
            if share > 0:
                yield Derived(follow(level, level.value / share, role="from", way=change.direction), "end")
        elif change.family == "times":
            yield Derived(
                follow(level, level.value * (1 + change.value), role="level", way=change.direction), "end"
            )


def _complements(items: Sequence[Dated]) -> Iterator[Derived]:
    for item in items:
        q = item.quantity
        if q.family == "percent" and 0 <= q.value <= 100:
            yield Derived(follow(q, 100 - q.value, role="level"), "rest")
