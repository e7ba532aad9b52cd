"""Agreement between reviewers on nominal judgements, with missing data.

Input everywhere is ``ratings``: one mapping per item, reviewer -> category; a reviewer who did not judge an
item is simply absent from it. All statistics return None where they are undefined (nothing to compare, or
chance agreement is total), never a misleading 0 or 1.

Sources: Cohen 1960; Fleiss 1971 (here with a varying number of raters, after Fleiss, Levin & Paik 2003);
Gwet 2008, AC1; Krippendorff 2011, nominal alpha through the coincidence matrix.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

Ratings = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Agreement:
    """The statistics of one panel. ``items`` counts items judged at least twice."""

    items: int
    raters: int
    observed: float | None
    fleiss_kappa: float | None
    gwet_ac1: float | None
    krippendorff_alpha: float | None
    cohen_kappa: dict[tuple[str, str], float | None]


def agreement(ratings: Ratings) -> Agreement:
    """Return all statistics of a panel; Cohen's kappa for every pair of reviewers."""
    raters = sorted({rater for item in ratings for rater in item})
    pairs = [(a, b) for position, a in enumerate(raters) for b in raters[position + 1 :]]
    return Agreement(
        items=len(_paired(ratings)),
        raters=len(raters),
        observed=observed_agreement(ratings),
        fleiss_kappa=fleiss_kappa(ratings),
        gwet_ac1=gwet_ac1(ratings),
        krippendorff_alpha=krippendorff_alpha(ratings),
        cohen_kappa={pair: cohen_kappa(ratings, *pair) for pair in pairs},
    )


def cohen_kappa(ratings: Ratings, first: str, second: str) -> float | None:
    """Return Cohen's kappa of two reviewers over the items that both judged."""
    both = [(item[first], item[second]) for item in ratings if first in item and second in item]
    if not both:
        return None
    observed = sum(a == b for a, b in both) / len(both)
    left, right = Counter(a for a, _ in both), Counter(b for _, b in both)
    expected = sum(left[c] * right[c] for c in left) / len(both) ** 2
    return _corrected(observed, expected)


def observed_agreement(ratings: Ratings) -> float | None:
    """Return the mean share of agreeing pairs of judgements per item."""
    items = _paired(ratings)
    return sum(map(_item_agreement, items)) / len(items) if items else None


def fleiss_kappa(ratings: Ratings) -> float | None:
    """Return Fleiss' kappa; items may have different numbers of judgements, at least two."""
    items = _paired(ratings)
    if not items:
        return None
    shares = _shares(items, weighted=True)
    return _corrected(_mean_agreement(items), sum(p * p for p in shares.values()))


def gwet_ac1(ratings: Ratings) -> float | None:
    """Return Gwet's AC1, which stays meaningful when one category is very common."""
    items = _paired(ratings)
    categories = {category for item in ratings for category in item.values()}
    if not items or len(categories) < 2:
        # With a single category in use chance agreement is zero by Gwet's formula and all agree.
        return 1.0 if items else None
    # Chance comes from every item that has a judgement, agreement from those with two or more.
    shares = _shares([item for item in ratings if item], weighted=False)
    expected = sum(p * (1 - p) for p in shares.values()) / (len(categories) - 1)
    return _corrected(_mean_agreement(items), expected)


def krippendorff_alpha(ratings: Ratings) -> float | None:
    """Return Krippendorff's nominal alpha from the coincidence matrix."""
    coincidences: defaultdict[tuple[str, str], float] = defaultdict(float)
    for item in _paired(ratings):
        values = list(item.values())
        for a, b in permutations(values, 2):
            coincidences[a, b] += 1 / (len(values) - 1)
    totals: defaultdict[str, float] = defaultdict(float)
    for (a, _), count in coincidences.items():
        totals[a] += count
    n = sum(totals.values())
    expected = n * n - sum(count * count for count in totals.values())
    if n <= 1 or expected == 0:
        return None
    disagreement = sum(count for (a, b), count in coincidences.items() if a != b)
    return 1 - (n - 1) * disagreement / expected


def _paired(ratings: Ratings) -> list[Mapping[str, str]]:
    return [item for item in ratings if len(item) >= 2]


def _item_agreement(item: Mapping[str, str]) -> float:
    size = len(item)
    return sum(count * (count - 1) for count in Counter(item.values()).values()) / (size * (size - 1))


def _mean_agreement(items: Sequence[Mapping[str, str]]) -> float:
    return sum(map(_item_agreement, items)) / len(items)


def _shares(items: Sequence[Mapping[str, str]], *, weighted: bool) -> dict[str, float]:
    """Return each category's share: over all judgements, or (unweighted) averaged over items."""
    shares: defaultdict[str, float] = defaultdict(float)
    total = sum(len(item) for item in items) if weighted else len(items)
    for item in items:
        for category in item.values():
            shares[category] += 1 / total if weighted else 1 / (len(item) * total)
    return dict(shares)


def _corrected(observed: float, expected: float) -> float | None:
    return None if abs(1 - expected) < 1e-12 else (observed - expected) / (1 - expected)
