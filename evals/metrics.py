"""From item outcomes to the numbers of a run: precision, recall, F1 or accuracy, with intervals, by tag."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from evals.score import EXTRA, CaseScore
from evals.stats import wilson

# Metrics in which the product can also say too much: reported as F1.
_SET_METRICS = ("scenes", "kpis", "planned_kpis", "flags", "not_supported")


def aggregate(scores: Iterable[CaseScore]) -> dict[str, dict[str, Any]]:
    """Return for every metric its value, interval and counts."""
    outcomes: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    reciprocal: list[float] = []
    for score in scores:
        for metric, items in score.items.items():
            outcomes[metric].extend(items.items())
        reciprocal += [value for key, value in score.scores.items() if key.startswith("mrr ")]
    result = {metric: _metric(metric, items) for metric, items in sorted(outcomes.items()) if items}
    if reciprocal:
        result["mrr"] = {"value": sum(reciprocal) / len(reciprocal), "items": len(reciprocal)}
    return result


def by_tag(scores: Iterable[CaseScore]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the metrics of every slice."""
    slices: dict[str, list[CaseScore]] = defaultdict(list)
    for score in scores:
        for tag in score.tags:
            slices[tag].append(score)
    return {tag: aggregate(rows) for tag, rows in sorted(slices.items())}


def _metric(name: str, items: list[tuple[str, bool]]) -> dict[str, Any]:
    right = sum(ok for _, ok in items)
    extra = sum(key.startswith(EXTRA) for key, _ in items)
    interval = wilson(right, len(items))
    row: dict[str, Any] = {"items": len(items), "right": right}
    if interval is not None:
        row["interval"] = [round(interval.low, 4), round(interval.high, 4)]
    if name not in _SET_METRICS:
        return {"value": right / len(items), **row}
    labelled = len(items) - extra
    precision = right / (right + extra) if right + extra else 1.0
    recall = right / labelled if labelled else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"value": f1, "precision": precision, "recall": recall, **row}
