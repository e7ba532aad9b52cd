"""Decide by arithmetic whether the evidence's numbers bear a claim's numbers out.

A claim's number may stand in the evidence, or follow from it: a change from its two ends, a rest to 100 %,
a sum, a share, a difference between two years. Where the evidence says another value of the same sort, the
claim's number is in conflict; where it says nothing of the sort, it is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from math import inf
from typing import Literal

from assistant.verify.passages import When, find_dates
from assistant.verify.quantities import find_quantities
from assistant.verify.roles import Direction, Quantity, Role

Outcome = Literal["match", "derived", "conflict", "role", "date", "per", "direction", "missing"]
_CLOSE = 1e-6
# A value many times a bound is about something else (超过 0.5 % is not borne out by 99 %).
_FAR = 3.0
_TOTAL = re.compile(r"合计|总计|共计|一共|总共|累计|共有|共|总")
_SHARE = re.compile(r"占|比例|率|比重|分之|半数|一半|覆盖|[成％%]的")
_OF_BEFORE = re.compile(r"[为到至](?:改造前|实施前|原来|原先|之前|以前|过去|上年|去年|[^，。；]{0,8}的)")
_REST = re.compile(r"还有|仍有|其余|剩|尚有|余下|之差|相差")


@dataclass(frozen=True, slots=True)
class Dated:
    """A quantity with the date that is said beside it."""

    quantity: Quantity
    when: When | None


@dataclass(frozen=True, slots=True)
class NumberVerdict:
    """What became of one of the claim's numbers; ``by`` is the evidence's quantity that decided it."""

    claim: Quantity
    outcome: Outcome
    by: Quantity | None = None


def compare_numbers(claim: str, evidence: str) -> tuple[NumberVerdict, ...]:
    """Return a verdict for each number of ``claim``."""
    mine, theirs = dated(claim), dated(evidence)
    wanted = frozenset(when for _, when in find_dates(claim))
    derived = tuple(_derived(theirs, wanted, claim))
    verdicts = (_judge(item, theirs, derived) for item in mine)
    return tuple(v for v in verdicts if v.outcome in ("match", "derived") or not _incidental(claim, v.claim))


def _incidental(claim: str, q: Quantity) -> bool:
    """Return whether a number only counts the things spoken of (两个基地, 三条线)."""
    return q.family == "count" and q.value <= 4 and not claim[q.start].isdigit()


def dated(text: str) -> tuple[Dated, ...]:
    """Return the quantities of ``text``, each with the nearest date of its clause or the one before it."""
    dates = find_dates(text)
    return tuple(Dated(q, _date_of(text, q, dates)) for q in find_quantities(text))


def _date_of(text: str, q: Quantity, dates: tuple[tuple[int, When], ...]) -> When | None:
    after = [when for at, when in dates if at >= q.end and text[q.end : at].lstrip().startswith(("（", "("))]
    if after and len(text[q.end :].split("（", maxsplit=1)[0].split("(", maxsplit=1)[0]) < 6:
        return after[0]
    before = [
        when for at, when in dates if at < q.start and not any(c in text[at : q.start] for c in "。；;\n")
    ]
    return before[-1] if before else None


def _tolerance(claim: Quantity) -> float:
    return max(claim.tolerance if claim.compare == "~" else 0.0, abs(claim.value) * _CLOSE)


def _within(claim: Quantity, low: float, high: float, slack: float) -> bool:
    """Return whether an evidence interval lies inside what the claim says.

    Where both only bound a value (以内, 不低于), a statement about the bound itself must repeat it.
    """
    if claim.compare == ">=" and high == inf:
        return abs(low - claim.value) <= slack
    if claim.compare == "<=" and low == -inf:
        return abs(high - claim.value) <= slack
    if claim.compare == ">=":
        return claim.value - slack <= low <= _FAR * claim.value + slack
    if claim.compare == "<=":
        return claim.value / _FAR - slack <= high <= claim.value + slack
    want_low, want_high = (claim.low, claim.high) if claim.low != claim.high else (claim.value, claim.value)
    if low == -inf or high == inf:
        bound = low if high == inf else high
        return abs(bound - claim.value) <= slack
    return low >= want_low - slack and high <= want_high + slack


def _same_family(a: Quantity, b: Quantity) -> bool:
    return a.family == b.family and (a.family != "other" or (a.unit == b.unit))


def _judge(item: Dated, theirs: tuple[Dated, ...], derived: tuple[Quantity, ...]) -> NumberVerdict:
    claim = item.quantity
    same = [t for t in theirs if _same_family(claim, t.quantity)]
    hits = [t for t in same if _within(claim, t.quantity.low, t.quantity.high, _tolerance(claim))]
    faults: list[tuple[Outcome, Quantity]] = []
    # A value that stands there for another date or another base is not saved by a lucky derivation.
    for hit in hits:
        fault = _fault(item, hit)
        if fault is None:
            return NumberVerdict(claim, "match", hit.quantity)
        faults.append((fault, hit.quantity))
    for q in () if any(f in ("date", "per") for f, _ in faults) else derived:
        slack = max(claim.tolerance, _tolerance(claim))
        if q.family == claim.family and _may_derive(claim, q) and _within(claim, q.value, q.value, slack):
            if claim.direction and q.direction and claim.direction != q.direction and claim.role == "change":
                faults.append(("direction", q))
                continue
            return NumberVerdict(claim, "derived", q)
    if faults:
        return NumberVerdict(claim, *faults[0])
    if same or (claim.role == "change" and any(_comparable(claim, q) for q in derived)):
        return NumberVerdict(claim, "conflict", same[0].quantity if same else None)
    return NumberVerdict(claim, "missing")


def _fault(item: Dated, hit: Dated) -> Outcome | None:
    """Return why an equal number does not bear the claim's number out, None when it does."""
    claim, found = item.quantity, hit.quantity
    if claim.per and found.per and claim.per != found.per:
        return "per"
    if item.when and hit.when and item.when.conflicts(hit.when):
        return "date"
    if (
        claim.role == "change"
        and found.role == "change"
        and claim.direction != found.direction
        and claim.direction
        and found.direction
    ):
        return "direction"
    if {claim.role, found.role} in ({"change", "level"}, {"change", "to"}, {"change", "from"}):
        return "role"
    if {claim.role, found.role} in ({"from", "to"}, {"from", "level"}) and not _past(item):
        return "direction" if claim.pair >= 0 and found.pair >= 0 else "role"
    return None


def _past(item: Dated) -> bool:
    """A claim about an earlier date may state the old value as a level."""
    return item.when is not None


def _comparable(claim: Quantity, q: Quantity) -> bool:
    return q.family == claim.family


def _may_derive(claim: Quantity, q: Quantity) -> bool:
    return (q.role == "change") is (claim.role == "change")


def _derived(items: tuple[Dated, ...], wanted: frozenset[When], claim: str) -> Iterator[Quantity]:
    """Yield what follows from the evidence's numbers: changes, rests, sums and shares."""
    for a, b in _pairs(items, wanted):
        ordered = a.pair >= 0 or (_when(items, a) != _when(items, b))
        changes = _changes(a, b, share=bool(_OF_BEFORE.search(claim)))
        yield from (q if ordered else replace(q, direction="") for q in changes)
    yield from _ends_from_changes(items)
    for item in items:
        q = item.quantity
        if q.family == "percent" and 0 <= q.value <= 100:
            yield _value(q, 100 - q.value, "percent", "level")
    for family in sorted({i.quantity.family for i in items}):
        group = [i.quantity for i in items if i.quantity.family == family and i.quantity.role != "change"]
        if family in ("count", "money", "energy", "coal", "mass") and 2 <= len(group) <= 6:
            yield from _sums_and_shares(group, cues=claim)


def _pairs(items: tuple[Dated, ...], wanted: frozenset[When]) -> Iterator[tuple[Quantity, Quantity]]:
    for x, y in combinations(items, 2):
        a, b = x.quantity, y.quantity
        if not _same_family(a, b) or "change" in (a.role, b.role):
            continue
        if a.pair >= 0 and b.pair >= 0 and a.pair != b.pair:
            continue
        if a.pair < 0 and b.pair < 0 and not _dates_wanted(x, y, wanted):
            continue
        earlier_first = a.role == "from" or not (
            x.when and y.when and (x.when.year or 0) > (y.when.year or 0)
        )
        yield (a, b) if earlier_first and b.role != "from" else (b, a)


def _dates_wanted(x: Dated, y: Dated, wanted: frozenset[When]) -> bool:
    """Return whether two dated values are the ones that the claim compares."""
    if not x.when or not y.when or not wanted:
        return True
    ends = sum(any(not when.conflicts(w) for w in wanted) for when in (x.when, y.when))
    return ends >= min(2, len(wanted))


def _when(items: tuple[Dated, ...], q: Quantity) -> When | None:
    return next((item.when for item in items if item.quantity is q), None)


def _value(like: Quantity, value: float, family: str, role: Role, direction: Direction = "") -> Quantity:
    return Quantity(
        like.start,
        like.end,
        value,
        value,
        value,
        0.0,
        family,
        "",
        role=role,
        direction=direction,
    )


def _changes(a: Quantity, b: Quantity, *, share: bool) -> Iterator[Quantity]:
    """Yield every way of stating the change from ``a`` to ``b``."""
    gap = abs(b.value - a.value)
    way: Direction = "up" if b.value > a.value else "down"
    if a.family == "percent":
        yield _value(b, gap, "points", "change", way)
    else:
        yield _value(b, gap, a.family, "change", way)
    if a.value > 0:
        yield _value(b, 100 * gap / a.value, "percent", "change", way)
        if share:
            yield _value(b, 100 * b.value / a.value, "percent", "level", way)
        yield _value(b, b.value / a.value, "times", "level", way)
        yield _value(b, gap / a.value, "times", "change", way)
    if a.family == "percent":
        for q in (a, b):
            yield _value(
                b, 100 - q.value, "percent", "from" if q is a else "to", "down" if way == "up" else "up"
            )


def _ends_from_changes(items: tuple[Dated, ...]) -> Iterator[Quantity]:
    """Yield the value before a change, where the evidence says the value after it and the change."""
    for x, y in combinations(items, 2):
        level, change = x.quantity, y.quantity
        fits = change.family == level.family or (change.family == "points" and level.family == "percent")
        if (
            change.role == "change"
            and level.role in ("level", "plain")
            and change.direction
            and fits
            and level.family != "percent"
        ) or (
            change.role == "change"
            and change.family == "points"
            and level.family == "percent"
            and change.direction
        ):
            sign = -1 if change.direction == "up" else 1
            yield _value(level, level.value + sign * change.value, level.family, "from", change.direction)


def _sums_and_shares(group: list[Quantity], cues: str) -> Iterator[Quantity]:
    family = group[0].family
    for size in range(2, len(group) + 1) if _TOTAL.search(cues) else ():
        for part in combinations(group, size):
            yield _value(part[-1], sum(q.value for q in part), family, "plain")
    for a, b in combinations(group, 2):
        low, high = sorted((a.value, b.value))
        if high > 0 and _SHARE.search(cues):
            yield _value(b, 100 * low / high, "percent", "level")
        if low > 0:
            yield _value(b, high / low, "times", "level")
        if _REST.search(cues):
            yield _value(b, high - low, family, "plain")
