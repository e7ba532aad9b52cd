"""Decide by arithmetic whether the evidence's numbers bear a claim's numbers out.

A claim's number may stand in the evidence or follow from it (``derivations``). Where the evidence says another
value of the same sort, the claim's number is in conflict; where it says nothing of the sort, it is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import inf
from typing import Literal

from assistant.verify.alignment import folded
from assistant.verify.compositions import spans_between
from assistant.verify.dated import WEAK, Dated, Derived, Kind, addable, same_family
from assistant.verify.derivations import derive
from assistant.verify.passages import When, find_dates, has_plan
from assistant.verify.quantities import find_clocks, find_quantities
from assistant.verify.roles import Quantity, clause_before

Outcome = Literal["match", "derived", "conflict", "role", "date", "per", "direction", "missing"]
_CLOSE = 1e-6
# A value many times a bound is about something else (超过 0.5 % is not borne out by 99 %).
_FAR = 3.0
_PER_ONE = re.compile(r"每[\u4e00-\u9fff]{0,4}$")
_PERIOD_BEFORE = re.compile(r"[头首前近这过]|半年|过去|连续|此后|随后$")
_PERIOD_AFTER = re.compile(r"^(?:里|内|来|间|以来|之内|下来|后|前|时间)")
_LINK = re.compile(
    r"(?:不足|不到|不少于|不低于|不超过|超过|只有|仅有|共有|约为|约|近|为|是|有|达到|达|在|了|共|仅|只|已|现|均)+$"
)
# So many characters before two numbers have to agree for both to be the number of one thing.
_LABEL = 4
_NEAR_BOUND = 0.2
_SENTENCE_END = re.compile(r"[。！？!?；;\n]")


@dataclass(frozen=True, slots=True)
class NumberVerdict:
    """What became of one of the claim's numbers; ``by`` is the evidence's quantity that decided it."""

    claim: Quantity
    outcome: Outcome
    by: Quantity | None = None
    how: Kind | None = None


def compare_numbers(claim: str, evidence: str) -> tuple[NumberVerdict, ...]:
    """Return a verdict for each number of ``claim``."""
    mine, theirs = dated(claim), dated(evidence)
    wanted = frozenset(when for _, when in find_dates(claim))
    # Nothing real follows from what is only planned.
    real = theirs if has_plan(claim) else tuple(t for t in theirs if not has_plan(_clause(evidence, t)))
    verdicts = (
        _judge(item, theirs, (*derive(item.quantity, claim, real, wanted, evidence), *_spans(item, evidence)))
        for item in mine
    )
    return tuple(v for v in verdicts if v.outcome in ("match", "derived") or not _incidental(claim, v.claim))


def _clause(text: str, item: Dated) -> str:
    q = item.quantity
    return clause_before(text, q.start) + text[q.start : q.end]


def _incidental(claim: str, q: Quantity) -> bool:
    """Return whether a number only counts the things spoken of (两个基地), a unit (每一吨) or the time (三个月里)."""
    if q.family == "count" and q.value <= 4 and not claim[q.start].isdigit():
        return True
    before = clause_before(claim, q.start)
    if claim[q.start : q.start + 1] in "一1" and _PER_ONE.search(before):
        return True
    return q.family == "months" and bool(
        _PERIOD_BEFORE.search(before[-2:]) or _PERIOD_AFTER.match(claim[q.end :])
    )


def _spans(item: Dated, evidence: str) -> Iterator[Derived]:
    """Yield the time between two dates or two clock times of the evidence, for a claim about a duration."""
    claim = item.quantity
    if claim.family == "months":
        values = spans_between([when for _, when in find_dates(evidence)])
    elif claim.family == "time":
        clocks = find_clocks(evidence)
        values = (60.0 * abs(a - b) for a, b in combinations(clocks, 2))
    else:
        return
    for value in values:
        yield Derived(Quantity(0, 0, value, value, value, 0.0, claim.family, "", role=claim.role), "span")


def dated(text: str) -> tuple[Dated, ...]:
    """Return the quantities of ``text``, each with the nearest date of its clause or the one before it."""
    dates = find_dates(text)
    ends = [m.start() for m in _SENTENCE_END.finditer(text)]
    return tuple(
        Dated(q, _date_of(text, q, dates), sum(end < q.start for end in ends), _words_before(text, q))
        for q in find_quantities(text)
    )


def _words_before(text: str, q: Quantity) -> str:
    """Return what stands before a number in its clause, folded, without the verb or bound next to it."""
    return _LINK.sub("", folded(clause_before(text, q.start)))


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


def _judge(item: Dated, theirs: tuple[Dated, ...], derived: tuple[Derived, ...]) -> NumberVerdict:
    claim = item.quantity
    same = [t for t in theirs if same_family(claim, t.quantity)]
    hits = [t for t in same if _within(claim, t.quantity.low, t.quantity.high, _tolerance(claim))]
    faults: list[tuple[Outcome, Quantity]] = []
    # A value that stands there for another date or another base is not saved by a lucky derivation.
    for hit in hits:
        fault = _fault(item, hit)
        if fault is None:
            return NumberVerdict(claim, "match", hit.quantity)
        faults.append((fault, hit.quantity))
    named = _same_thing(item.words, same)
    for way in () if any(f in ("date", "per") for f, _ in faults) else derived:
        q = way.quantity
        # What the evidence gives another value for does not follow by adding up others.
        if way.kind in WEAK and (named is not None or not _near_bound(claim, q.value)):
            continue
        slack = max(claim.tolerance, _tolerance(claim))
        if addable(q, claim) and _may_derive(claim, q) and _within(claim, q.value, q.value, slack):
            if claim.direction and q.direction and claim.direction != q.direction and claim.role == "change":
                faults.append(("direction", q))
                continue
            return NumberVerdict(claim, "derived", q, way.kind)
    if faults:
        return NumberVerdict(claim, *faults[0])
    if same or (claim.role == "change" and any(w.quantity.family == claim.family for w in derived)):
        return NumberVerdict(claim, "conflict", named or (same[0].quantity if same else None))
    return NumberVerdict(claim, "missing")


def _near_bound(claim: Quantity, value: float) -> bool:
    """Return whether a value is what a bound speaks of (不足400 is not said of 322)."""
    return claim.compare not in (">=", "<=") or abs(value - claim.value) <= _NEAR_BOUND * abs(claim.value)


def _same_thing(words: str, same: list[Dated]) -> Quantity | None:
    """Return the evidence's quantity that has the very label of the claim's, None where there is none."""
    if len(words) < _LABEL:
        return None
    return next((t.quantity for t in same if t.words[-_LABEL:] == words[-_LABEL:]), None)


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


def _may_derive(claim: Quantity, q: Quantity) -> bool:
    return (q.role == "change") is (claim.role == "change")
