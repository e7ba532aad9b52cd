"""Fit the evidence score on the train split of our own claim-evidence pairs.

    python -m evals.bench.model.fit            # writes corpus/verify/score.json
    python -m evals.bench.model.fit --report   # prints F1 and false flags of each split, writes nothing

A logistic regression with a Gaussian prior. The prior's means say what an expert knows before any data
(a plan is no achievement); the data move them. The test split is never used for fitting.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import numpy as np

from assistant.verify.features import NAMES, measure

ROOT = Path(__file__).resolve().parents[3]
CASES = ROOT / "evals" / "suites" / "claim-support" / "cases.jsonl"
TARGET = ROOT / "corpus" / "verify" / "score.json"

PRIOR = {
    "number_conflict": -3.0, "number_fault": -2.5, "number_missing": -1.5, "number_matched": 1.5,
    "number_derived": 1.5, "no_number": 0.5, "context_other": -3.0, "date_conflict": -2.5, "date_missing": -0.7,
    "place_conflict": -2.0, "place_missing": -0.7, "place_elsewhere": -1.5, "plan_conflict": -2.0,
    "negation_conflict": -1.5, "unchanged_conflict": -2.0, "scope_conflict": -1.0, "scope_claimed": -1.0,
    "direction_conflict": -1.0, "agent_conflict": -2.5, "level_conflict": -2.5, "superlative_missing": -2.0,
    "latin_missing": -1.0, "frequency_conflict": -2.5, "uncovered_local": -0.5, "uncovered_sentence": -1.0,
    "uncovered_everywhere": -2.0, "elsewhere": -1.0, "gap": -1.5, "modal_met": 0.7, "modal_unmet": -1.0,
    "unfinished": -1.0, "elsewhere_number": -2.5, "novel": -1.0, "label_conflict": -3.0, "characters": -1.0,
}  # fmt: skip


def fit(x: np.ndarray, y: np.ndarray, mean: np.ndarray, spread: float = 0.8) -> np.ndarray:
    """Return the weights (intercept last) that maximise likelihood times prior, by Newton's method."""
    design = np.hstack([x, np.ones((len(x), 1))])
    precision = np.full(design.shape[1], 1 / spread**2)
    precision[-1] = 0.01
    weights = mean.copy()
    for _ in range(50):
        p = 1 / (1 + np.exp(-design @ weights))
        gradient = design.T @ (y - p) - precision * (weights - mean)
        hessian = (design * (p * (1 - p))[:, None]).T @ design + np.diag(precision)
        step = np.linalg.solve(hessian, gradient)
        weights = weights + step
        if np.abs(step).max() < 1e-9:
            break
    return weights


def load() -> tuple[list[dict[str, object]], np.ndarray, np.ndarray]:
    """Return the cases, their features, and whether each is supported."""
    cases = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
    x = np.array([[measure(c["claim"], c["text"]).values[n] for n in NAMES] for c in cases])
    y = np.array([c["expect"]["verdict"] == "supported" for c in cases], dtype=float)
    return cases, x, y


def best_threshold(p: np.ndarray, y: np.ndarray) -> float:
    """Return the threshold that balances F1 of "not supported" against false flags on supported ones."""
    grid = np.arange(0.3, 0.61, 0.01)
    return float(
        max(
            grid,
            key=lambda t: (round(_f1(p, y, t) - max(0.0, _false(p, y, t) - 0.03), 4), -abs(t - 0.5)),
        )
    )


def _f1(p: np.ndarray, y: np.ndarray, threshold: float) -> float:
    flagged, bad = p < threshold, y < 0.5
    return float(2 * (flagged & bad).sum() / max(1, flagged.sum() + bad.sum()))


def _false(p: np.ndarray, y: np.ndarray, threshold: float) -> float:
    return float((p < threshold)[y > 0.5].mean())


def report(cases: list[dict[str, object]], p: np.ndarray, y: np.ndarray, threshold: float) -> None:
    """Print F1 of "not supported" and false flags, per split and difficulty."""
    for split in ("train", "dev", "test"):
        for sort in ("plain", "hard"):
            chosen = np.array([f"split:{split}" in c["tags"] and f"pairs:{sort}" in c["tags"] for c in cases])  # type: ignore[operator]
            print(
                f"{split:5} {sort:5} n={chosen.sum():3d} F1={_f1(p[chosen], y[chosen], threshold):.3f} "
                f"false flags={_false(p[chosen], y[chosen], threshold):.3f}"
            )


def main() -> None:
    """Fit, report, and write the weights unless asked only to report."""
    cases, x, y = load()
    split = np.array([next(t for t in c["tags"] if t.startswith("split:"))[6:] for c in cases])  # type: ignore[attr-defined]
    mean = np.array([PRIOR[n] for n in NAMES] + [1.0])
    weights = fit(x[split == "train"], y[split == "train"], mean)
    p = 1 / (1 + np.exp(-(x @ weights[:-1] + weights[-1])))
    seen = split != "test"
    threshold = round(best_threshold(p[seen], y[seen]), 2)
    report(cases, p, y, threshold)
    if "--report" not in sys.argv:
        record = {
            "about": "Weights of the evidence score; written by evals/bench/model/fit.py, not by hand.",
            "fitted_on": {
                "suite": "claim-support",
                "split": "train",
                "cases": hashlib.sha256(CASES.read_bytes()).hexdigest()[:16],
            },
            "threshold": threshold,
            "intercept": round(float(weights[-1]), 4),
            "weights": {n: round(float(w), 4) for n, w in zip(NAMES, weights, strict=False)},
        }
        TARGET.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
