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
        result["mrr"] = {"value": round(sum(reciprocal) / len(reciprocal), 4), "items": len(reciprocal)}
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
    row: dict[str, Any] = {"items": len(items), "right": right}
    if name not in _SET_METRICS:
        return {"value": round(right / len(items), 4), **row, "interval": _interval(right, len(items))}
    row["labelled"] = labelled = len(items) - extra
    precision = right / (right + extra) if right + extra else 1.0
    recall = right / labelled if labelled else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    # F1 = TP / (TP + (FP + FN) / 2), so Wilson's interval with that denominator is about its own.
    row["interval"] = _interval(right, (right + extra + labelled) / 2)
    return {"value": round(f1, 4), "precision": round(precision, 4), "recall": round(recall, 4), **row}


def _interval(right: float, total: float) -> list[float] | None:
    interval = wilson(right, total)
    return None if interval is None else [round(interval.low, 4), round(interval.high, 4)]
