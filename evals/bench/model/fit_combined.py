"""Fit how the evidence score and the embedded model's two answers are put together.

    python -m evals.bench.model.fit_combined MARGINS.jsonl            # writes corpus/verify/combined.json
    python -m evals.bench.model.fit_combined MARGINS.jsonl --report   # prints only

MARGINS.jsonl comes from ``evals.bench.model.margins``. Fitted on the train split; the threshold is chosen
on train and dev; the test split is only reported.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from assistant.verify.features import NAMES
from evals.bench.model.fit import CASES, PRIOR, ROOT, best_threshold, fit, load, report

TARGET = ROOT / "corpus" / "verify" / "combined.json"
# The rule alone is worth its own log-odds; the model's margins add less than they say.
TOGETHER = np.array([0.8, 0.4, 0.4, 0.3])


def main() -> None:
    """Fit, report, and write the weights unless asked only to report."""
    margins = {m["id"]: m for m in map(json.loads, Path(sys.argv[1]).read_text("utf-8").splitlines())}
    cases = [c for c in map(json.loads, CASES.read_text("utf-8").splitlines()) if c["id"] in margins]
    rule = _rule_scores(cases)
    x = np.array(
        [[r, margins[c["id"]]["margin"], margins[c["id"]]["kind"]] for r, c in zip(rule, cases, strict=True)]
    )
    y = np.array([c["expect"]["verdict"] == "supported" for c in cases], dtype=float)
    split = np.array([c["tags"][0][6:] for c in cases])
    weights = fit(x[split == "train"], y[split == "train"], TOGETHER, spread=0.5)
    p = 1 / (1 + np.exp(-(x @ weights[:-1] + weights[-1])))
    threshold = round(best_threshold(p[split != "test"], y[split != "test"]), 2)
    for name, column in (("rule", 0), ("margin", 1), ("kind", 2)):
        print(f"AUC of {name} alone: {_auc(x[:, column], y):.3f}")
    print(f"AUC together: {_auc(p, y):.3f}, weights {np.round(weights, 3)}, threshold {threshold}")
    report(cases, p, y, threshold)
    if "--report" not in sys.argv:
        record = {
            "about": "How the evidence score and a judge's answers are combined; written by evals/bench/model/fit_combined.py.",
            "fitted_on": {"suite": "claim-support", "split": "train", "pairs": int((split == "train").sum())},
            "threshold": threshold,
            "intercept": round(float(weights[-1]), 4),
            "weights": {
                "rule": round(float(weights[0]), 4),
                "margin": round(float(weights[1]), 4),
                "kind": round(float(weights[2]), 4),
                # A judge without probabilities: one unit a unit of the log-odds that its word is worth.
                "said": 1.0,
                # Below this mean of both margins a scene is put to a person; set on the sample declarations.
                "scene": -2.0,
            },
        }
        TARGET.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _rule_scores(wanted: list[dict[str, object]]) -> list[float]:
    """Return each case's log-odds by rule; a train case is scored by weights that never saw its evidence.

    Scored by weights fitted on itself, the rule would look better than it is and outvote the model.
    """
    cases, x, y = load()
    ids = [str(c["id"]) for c in cases]
    train = np.array(["split:train" in c["tags"] for c in cases])  # type: ignore[operator]
    fold = np.array([int(i[1:4]) % 6 for i in ids])
    mean = np.array([*(PRIOR[n] for n in NAMES), 1.0])
    scores = np.zeros(len(cases))
    for k in range(6):
        weights = fit(x[train & (fold != k)], y[train & (fold != k)], mean)
        scores[fold == k] = x[fold == k] @ weights[:-1] + weights[-1]
    whole = fit(x[train], y[train], mean)
    scores[~train] = x[~train] @ whole[:-1] + whole[-1]
    by_id = dict(zip(ids, scores, strict=True))
    return [max(-6.0, min(6.0, float(by_id[str(c["id"])]))) for c in wanted]


def _auc(score: np.ndarray, y: np.ndarray) -> float:
    good, bad = score[y > 0.5], score[y < 0.5]
    return float(np.mean((good[:, None] > bad[None, :]) + 0.5 * (good[:, None] == bad[None, :])))


if __name__ == "__main__":
    main()
