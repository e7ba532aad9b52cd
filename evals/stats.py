"""Statistics that hold for small numbers: Wilson intervals, exact McNemar, calibration.

Sources: Wilson 1927; McNemar 1947 in its exact (binomial) form; Newcombe 1998 for a paired difference.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist


@dataclass(frozen=True)
class Interval:
    """A closed interval of shares."""

    low: float
    high: float


def wilson(successes: float, total: float, alpha: float = 0.05) -> Interval | None:
    """Return the Wilson score interval of a share, None without cases."""
    if total <= 0:
        return None
    z = NormalDist().inv_cdf(1 - alpha / 2)
    share = successes / total
    centre = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return Interval(max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale))


def mcnemar_worse(lost: int, won: int) -> float:
    """Return the exact one-sided p-value that a run which lost ``lost`` and won ``won`` items is not worse."""
    total = lost + won
    if total == 0:
        return 1.0
    return sum(math.comb(total, k) for k in range(lost, total + 1)) / 2**total


def loss_upper_bound(lost: int, won: int, items: int, alpha: float = 0.05) -> float:
    """Return an upper bound of the true net loss (share of items), one-sided at ``alpha``.

    Newcombe's square-and-add on the Wilson limits of the two discordant shares.
    """
    if items == 0:
        return 1.0
    down, up = wilson(lost, items, 2 * alpha), wilson(won, items, 2 * alpha)
    assert down is not None and up is not None  # noqa: S101  items > 0
    p, q = lost / items, won / items
    return (p - q) + math.hypot(down.high - p, q - up.low)


def bootstrap_difference(
    first: Sequence[float], second: Sequence[float], *, rounds: int = 2000, alpha: float = 0.05
) -> Interval | None:
    """Return the paired bootstrap interval of mean(second) - mean(first), fixed seed."""
    if not first or len(first) != len(second):
        return None
    differences = [b - a for a, b in zip(first, second, strict=True)]
    draw = random.Random(20260101)  # noqa: S311  a reproducible resampling, not a secret
    means = sorted(
        sum(draw.choices(differences, k=len(differences))) / len(differences) for _ in range(rounds)
    )
    return Interval(means[int(rounds * alpha / 2)], means[min(rounds - 1, int(rounds * (1 - alpha / 2)))])


def cases_to_decide(lost: int, won: int, items: int, *, margin: float, alpha: float) -> int | None:
    """Return how many items at the same rates would decide, None when more than 100,000."""
    if items == 0:
        return None
    size = items
    while size <= 100_000:
        down, up = round(lost * size / items), round(won * size / items)
        if mcnemar_worse(down, up) <= alpha or loss_upper_bound(down, up, size, alpha) <= margin:
            return size
        size += max(1, items // 4)
    return None


@dataclass(frozen=True)
class Bin:
    """One row of a reliability table: scores in [low, high), their mean, and the share that came true."""

    low: float
    high: float
    count: int
    mean_score: float
    share: float


def reliability(
    scores: Sequence[float], outcomes: Sequence[bool], bins: int = 10
) -> tuple[tuple[Bin, ...], float]:
    """Return the reliability table and the expected calibration error."""
    rows: list[Bin] = []
    error = 0.0
    for number in range(bins):
        low, high = number / bins, (number + 1) / bins
        last = number == bins - 1
        inside = [
            (s, o) for s, o in zip(scores, outcomes, strict=True) if low <= s < high or (last and s >= high)
        ]
        if not inside:
            continue
        mean = sum(s for s, _ in inside) / len(inside)
        share = sum(o for _, o in inside) / len(inside)
        error += abs(mean - share) * len(inside) / len(scores)
        rows.append(Bin(low, high, len(inside), mean, share))
    return tuple(rows), error


@dataclass(frozen=True)
class OperatingPoint:
    """At ``threshold`` a panel looks at ``flagged`` of all claims and finds ``recall`` of the bad ones."""

    threshold: float
    flagged: float
    recall: float
    precision: float


def operating_points(scores: Sequence[float], bad: Sequence[bool]) -> tuple[OperatingPoint, ...]:
    """Return the triage curve, one point for every distinct score, from strict to lenient."""
    total = sum(bad)
    points: list[OperatingPoint] = []
    for threshold in sorted(set(scores), reverse=True):
        chosen = [b for s, b in zip(scores, bad, strict=True) if s >= threshold]
        hits = sum(chosen)
        recall = hits / total if total else 0.0
        points.append(OperatingPoint(threshold, len(chosen) / len(scores), recall, hits / len(chosen)))
    return tuple(points)


def work_saved_at(points: Sequence[OperatingPoint], recall: float = 0.95) -> float | None:
    """Return WSS@recall: the share of claims a panel need not look at, beyond chance (Cohen 2006)."""
    reached = [point for point in points if point.recall >= recall]
    return (1 - min(p.flagged for p in reached)) - (1 - recall) if reached else None
