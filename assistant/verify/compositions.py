"""What follows from several numbers: sums and rests, shares and parts, averages, values for a month or a unit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from assistant.verify.dated import Dated, Derived, addable, follow, same_family
from assistant.verify.passages import When, find_dates
from assistant.verify.roles import Quantity

TOTAL = re.compile(
    r"合计|总计|共计|一共|总共|累计|共有|合起来|加起来|合在一起|相加|已有|现有|两处|两批|两地|[共总合]"
)
_SHARE = re.compile(r"占|比例|率|比重|分之|半数|一半|过半|覆盖|每[一-龥\d]{1,4}里|[成％%]")
_REST = re.compile(
    r"未|没|不|还有|仍有|其余|剩|尚有|余下|之差|相差|其他|另外|除|自己|非|此前|之前|余|净|相抵|部分"
)
_IN_TEXT_REST = re.compile(r"其余|剩余|余下|其中|另有|另外|除")
_AVERAGE = re.compile(r"平均|均值|月均|年均|日均|拉平|均为|平摊|摊到")
_YEARLY = re.compile(r"一年|每年|全年|年(?!\d)")
_MONTHLY = re.compile(r"每个?月|月均|一个?月|摊到")
_PER = re.compile(r"每|单位|单|人均|均|算|按|照|一年|全年|合计|共|总")
# More members than this make a list of figures, not parts that a reader adds up.
LONGEST_LIST = 6


def compositions(
    claim: Quantity, words: str, items: Sequence[Dated], levels: Sequence[Dated], evidence: str
) -> Iterator[Derived]:
    """Yield what several of ``items`` make together, as ``words`` ask for; ``levels`` are those that are no change."""
    alike = [i.quantity for i in levels if same_family(i.quantity, claim)]
    if claim.role != "change":
        rest = bool(_REST.search(words)) or bool(_IN_TEXT_REST.search(evidence))
        yield from _sums(_by_sentence(levels, claim), total=bool(TOTAL.search(words)), rest=rest)
        if claim.family == "percent" and _SHARE.search(words):
            yield from _shares(levels)
        if _AVERAGE.search(words) and len(alike) > 2:
            yield from _averages(alike)
    yield from _for_a_month(alike, words, evidence)
    yield from _parts(claim, items)
    if _PER.search(words) and claim.family not in ("percent", "points", "times"):
        yield from _products(claim, items)


def _by_sentence(levels: Sequence[Dated], claim: Quantity) -> Iterator[list[Quantity]]:
    """Yield the figures of the claim's family that a reader would add up: a sentence's, or two sentences'."""
    found = [i for i in levels if addable(i.quantity, claim)]
    last = max((i.sentence for i in found), default=-1)
    seen: set[tuple[Quantity, ...]] = set()
    for first in range(last + 1):
        for width in (0, 1):
            group = tuple(i.quantity for i in found if first <= i.sentence <= first + width)
            if 2 <= len(group) <= LONGEST_LIST and group not in seen:
                seen.add(group)
                yield list(group)


def _sums(groups: Iterator[list[Quantity]], *, total: bool, rest: bool) -> Iterator[Derived]:
    for group in groups:
        if total:
            for size in range(2, len(group) + 1):
                for part in combinations(group, size):
                    yield Derived(follow(part[-1], sum(q.value for q in part)), "sum")
        if rest:
            for a, b in combinations(group, 2):
                yield Derived(follow(a, abs(a.value - b.value)), "rest")
            whole = max(group, key=lambda q: q.value)
            others = [q for q in group if q is not whole]
            for size in range(2, len(others) + 1):
                for part in combinations(others, size):
                    left = whole.value - sum(q.value for q in part)
                    if left > 0:
                        yield Derived(follow(whole, left), "rest")


def _shares(levels: Sequence[Dated]) -> Iterator[Derived]:
    for x, y in combinations(levels, 2):
        a, b = x.quantity, y.quantity
        if addable(a, b) and a.family not in ("percent", "months") and abs(x.sentence - y.sentence) <= 1:
            low, high = sorted((a.value, b.value))
            if high <= 0:
                continue
            together = (low, high) if a.family == "count" and x.sentence == y.sentence else ()
            shares = [low / high, 1 - low / high, *(part / (low + high) for part in together)]
            yield from (Derived(follow(b, 100 * share, "percent", "level"), "share") for share in shares)
    for sentence in sorted({i.sentence for i in levels}):
        yield from _shares_of_two([i.quantity for i in levels if i.sentence == sentence])


def _shares_of_two(found: Sequence[Quantity]) -> Iterator[Derived]:
    """Yield what two counts of a sentence make of its largest: 14条线，9条已接入，又接入3条."""
    group = [q for q in found if q.family == "count"]
    whole = max(group, key=lambda q: q.value, default=None)
    if whole is None or whole.value <= 0 or not 2 < len(group) <= LONGEST_LIST:
        return
    for a, b in combinations((q for q in group if q is not whole), 2):
        yield Derived(follow(b, 100 * (a.value + b.value) / whole.value, "percent", "level"), "share")


def _averages(alike: Sequence[Quantity]) -> Iterator[Derived]:
    for first in range(len(alike)):
        for last in range(first + 3, len(alike) + 1):
            part = alike[first:last]
            yield Derived(follow(part[-1], sum(q.value for q in part) / len(part), role="level"), "average")


def _for_a_month(alike: Sequence[Quantity], words: str, evidence: str) -> Iterator[Derived]:
    """Yield a month's or a year's value, and the mean over the months that the evidence's dates span."""
    monthly, averaged = bool(_MONTHLY.search(words)), bool(_AVERAGE.search(words))
    months = {m for m in spans_between([when for _, when in find_dates(evidence)]) if m > 1}
    for q in alike:
        if monthly and q.per != "月":
            yield Derived(follow(q, q.value / 12), "product")
        if _YEARLY.search(words) and q.per == "月":
            yield Derived(follow(q, q.value * 12), "product")
        for count in sorted(months) if monthly or averaged else ():
            yield Derived(follow(q, q.value / count, role="level"), "average")


def _parts(claim: Quantity, items: Sequence[Dated]) -> Iterator[Derived]:
    """Yield what a share or a multiple said nearby makes of a quantity."""
    for item in items:
        q = item.quantity
        for other in items if same_family(q, claim) else ():
            share = other.quantity
            if abs(other.sentence - item.sentence) > 1:
                continue
            if share.family == "percent" and claim.family != "percent":
                yield Derived(follow(q, q.value * share.value / 100), "part")
            elif share.family == "times" and share.role == "change":
                yield Derived(follow(q, q.value * (1 + share.value)), "part")


def _products(claim: Quantity, items: Sequence[Dated]) -> Iterator[Derived]:
    """Yield a quantity times or over a count, and a change times a count."""
    alike = [i.quantity for i in items if same_family(i.quantity, claim)]
    counts = [i.quantity for i in items if i.quantity.family == "count" and i.quantity.value > 1]
    for q in alike if claim.family != "count" else ():
        for count in counts:
            yield Derived(follow(q, q.value * count.value), "product")
            yield Derived(follow(q, q.value / count.value), "product")
    for a, b in combinations(alike, 2):
        if a.pair >= 0 and a.pair == b.pair:
            for count in counts:
                yield Derived(follow(b, abs(a.value - b.value) * count.value, role="change"), "product")


def spans_between(dates: Sequence[When]) -> Iterator[float]:
    """Yield the months between any two of ``dates``, with and without the last one counted."""
    for a, b in combinations(dates, 2):
        if a.year and b.year and a.month and b.month:
            months = abs((b.year - a.year) * 12 + b.month - a.month)
            yield from (float(months), float(months + 1))
        elif a.year and b.year:
            yield float(12 * abs(b.year - a.year))
        elif a.month and b.month:  # 2024年1月至6月: the second month's year is the first's
            yield from (float(abs(b.month - a.month)), float(abs(b.month - a.month) + 1))
