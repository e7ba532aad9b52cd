"""How well a score ranks bad claims: reliability, operating points, WSS@95, what a threshold costs.

So that a panel can choose its own threshold: what share of the claims it reads, what share of the bad ones
it then finds, and what that costs when a missed bad claim is worth ``ratio`` needless looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from evals.score import CaseScore
from evals.stats import OperatingPoint, operating_points, reliability, wilson, work_saved_at
from evals.suite import Suite

# What a missed bad claim may cost a panel, in needless looks at good ones.
RATIOS = (1, 5, 20)
RECALLS = (0.8, 0.9, 0.95, 0.99)


def triage(suite: Suite, scores: Sequence[CaseScore]) -> dict[str, Any] | None:
    """Return the triage record of a run, None where nothing is scored or nothing is bad.

    Where cases are split (tags ``split:…``), only the test split counts: the score is fitted on the rest.
    """
    verdicts = {case.id: case.expect.verdict for case in suite.cases}
    held_out = {case.id for case in suite.cases if "split:test" in case.tags}
    rows = [
        (score.scores["support"], verdicts[score.case] != "supported")
        for score in scores
        if "support" in score.scores and verdicts[score.case] and (not held_out or score.case in held_out)
    ]
    if not rows or not any(bad for _, bad in rows):
        return None
    risks, bad = [1 - support for support, _ in rows], [b for _, b in rows]
    points = operating_points(risks, bad)
    table, error = reliability(risks, bad)
    step = max(1, len(points) // 20)
    return {
        "split": "test" if held_out else "all",
        "claims": len(rows),
        "bad": sum(bad),
        "curve": [_rounded(asdict(point)) for point in (*points[:-1:step], points[-1])],
        "operating_points": [row for recall in RECALLS if (row := _point(points, recall, sum(bad)))],
        "costs": [_cheapest(points, ratio, bad) for ratio in RATIOS],
        "wss95": _round(work_saved_at(points)),
        "calibration": [_rounded(asdict(row)) for row in table],
        "ece": round(error, 4),
    }


def _point(points: Sequence[OperatingPoint], recall: float, bad: int) -> dict[str, Any] | None:
    """Return the least-work point that finds ``recall`` of the bad claims."""
    reached = [point for point in points if point.recall >= recall]
    if not reached:
        return None
    best = min(reached, key=lambda point: point.flagged)
    interval = wilson(round(best.recall * bad), bad)
    spread = [round(interval.low, 4), round(interval.high, 4)] if interval else None
    return {"wanted": recall, **_rounded(asdict(best)), "recall_interval": spread}


def _cheapest(points: Sequence[OperatingPoint], ratio: int, bad: Sequence[bool]) -> dict[str, Any]:
    """Return the threshold with the least cost a claim: needless looks plus ``ratio`` times the missed ones."""
    share = sum(bad) / len(bad)

    def cost(point: OperatingPoint) -> float:
        return point.flagged * (1 - point.precision) + ratio * share * (1 - point.recall)

    best = min(points, key=lambda point: (cost(point), point.flagged))
    return {"ratio": ratio, "cost": round(cost(best), 4), **_rounded(asdict(best))}


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    return {key: _round(value) for key, value in row.items()}


def _round(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else value
