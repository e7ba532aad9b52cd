"""Fit the evidence score on the train split of our own claim-evidence pairs.

    python -m evals.bench.model.fit            # writes corpus/verify/score.json
    python -m evals.bench.model.fit --report   # prints F1 and false flags by author, writes nothing

A logistic regression with a Gaussian prior. The prior's means say what an expert knows before any data
(a plan is no achievement); the data move them. Beside it small boosted trees over the same features, bound to the
prior's directions, for what findings mean together; both count half. What is printed for an author of the train split comes from
weights that saw none of that author's pairs; the test split is never used for fitting.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from assistant.verify.features import NAMES, measure

ROOT = Path(__file__).resolve().parents[3]
SUITE = ROOT / "evals" / "suites" / "claim-support"
# What is fitted on is of no use to who installs the product: it lies outside of what a wheel carries.
FILES = (ROOT / "training" / "claim-pairs.jsonl", SUITE / "cases.jsonl")
TARGET = ROOT / "corpus" / "verify" / "score.json"

PRIOR = {
    "number_conflict": -3.0, "number_fault": -2.5, "number_missing": -1.5, "number_matched": 1.5,
    "number_derived": 1.5, "number_inferred": 1.0, "no_number": 0.5, "context_other": -3.0, "date_conflict": -2.5, "date_elsewhere": -1.5, "date_missing": -0.7,
    "place_conflict": -2.0, "place_missing": -0.7, "place_elsewhere": -1.5, "plan_conflict": -2.0,
    "negation_conflict": -1.5, "unchanged_conflict": -2.0, "scope_conflict": -1.0, "scope_claimed": -1.0,
    "direction_conflict": -1.0, "agent_conflict": -2.5, "level_conflict": -2.5, "superlative_missing": -2.0,
    "latin_missing": -1.0, "frequency_conflict": -2.5, "uncovered_local": -0.5, "uncovered_sentence": -1.0,
    "uncovered_everywhere": -2.0, "elsewhere": -1.0, "gap": -1.5, "modal_met": 0.7, "modal_near": 0.0, "modal_unmet": -1.0,
    "unfinished": -1.0, "elsewhere_number": -2.5, "novel": -1.0, "label_conflict": -3.0, "characters": -1.0,
    "stage_behind": -1.5, "comparison_missing": -1.0, "cause_claimed": -0.7, "order_claimed": -0.3,
    "beside_claim": -0.3, "matched_uncovered": -1.0, "derived_uncovered": -1.0, "plain_uncovered": -1.0, "exchanged_new": -2.0,
    "exchanged_elsewhere": -1.5, "event_date": -2.5, "nothing_shared": -2.0,
}  # fmt: skip


# What makes a claim contradicted rather than unsupported, before any data: it is said otherwise.
OTHERWISE = {
    "number_conflict": 1.0, "number_fault": 1.0, "date_conflict": 2.0, "event_date": 1.5, "place_conflict": 2.5,
    "plan_conflict": 2.0, "negation_conflict": 2.0, "unchanged_conflict": 2.0, "unfinished": 1.0, "agent_conflict": 2.0,
    "level_conflict": 2.0, "frequency_conflict": 1.5, "direction_conflict": 1.5, "nothing_shared": -2.0,
}  # fmt: skip

# The author whose pairs the features were made on; their weight in a fit is cut, or they would overrate it.
FIRST, FIRST_WEIGHT = "p", 0.3
# Authors who wrote three quarters hard pairs for the adapter: most of it is beyond what is measured here.
FOR_ADAPTER = ("aa", "ab", "ac", "ad", "ae", "af", "ag")
# A claim that is borne out must seldom be flagged: the share of false flags that the threshold may cost.
FALSE_FLAGS = 0.19
# The trees: how many, how deep, how fast; a prior of this size binds the direction of a feature.
TREES, DEPTH, PACE, BINDING = 150, 3, 0.1, 1.0


def mean_of() -> np.ndarray:
    """Return the prior's means, the intercept's last."""
    return np.array([*(PRIOR[n] for n in NAMES), 1.0])


def authors(tags: Sequence[Sequence[str]]) -> np.ndarray:
    """Return the author of each case."""
    return np.array([next(t[7:] for t in ts if t.startswith("author:")) for ts in tags])


def sample_weights(author: np.ndarray) -> np.ndarray:
    """Return how much each pair counts in a fit."""
    return np.where(author == FIRST, FIRST_WEIGHT, 1.0)


def fit(
    x: np.ndarray, y: np.ndarray, mean: np.ndarray, spread: float = 0.8, sample: np.ndarray | None = None
) -> np.ndarray:
    """Return the weights (intercept last) that maximise likelihood times prior, by damped Newton steps."""
    design = np.hstack([x, np.ones((len(x), 1))])
    sample = np.ones(len(y)) if sample is None else sample
    precision = np.full(design.shape[1], 1 / spread**2)
    precision[-1] = 0.01
    weights = mean.copy()
    for _ in range(100):
        p = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        gradient = design.T @ (sample * (y - p)) - precision * (weights - mean)
        hessian = (design * (sample * p * (1 - p))[:, None]).T @ design + np.diag(precision)
        step = np.linalg.solve(hessian, gradient)
        # A whole Newton step may overshoot where the classes are nearly apart.
        step *= min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
        weights = weights + step
        if np.abs(step).max() < 1e-7:
            break
    return weights


def grow(x: np.ndarray, y: np.ndarray, sample: np.ndarray) -> HistGradientBoostingClassifier:
    """Return boosted trees; a feature with a strong prior may only move the score that way."""
    bound = [int(np.sign(PRIOR[n])) if abs(PRIOR[n]) >= BINDING else 0 for n in NAMES]
    trees = HistGradientBoostingClassifier(
        max_iter=TREES, max_depth=DEPTH, learning_rate=PACE, min_samples_leaf=20, l2_regularization=5.0,
        monotonic_cst=bound, random_state=0,
    )  # fmt: skip
    return trees.fit(x, y, sample_weight=sample)


def scorer(x: np.ndarray, y: np.ndarray, author: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Return what gives the log-odds of rows of features, fitted on these pairs."""
    sample = sample_weights(author)
    weights, trees = fit(x, y, mean_of(), sample=sample), grow(x, y, sample)
    return lambda rows: (rows @ weights[:-1] + weights[-1] + trees.decision_function(rows)) / 2


def pairs() -> list[dict[str, Any]]:
    """Return the labelled pairs of all splits."""
    return [json.loads(line) for file in FILES for line in file.read_text("utf-8").splitlines()]


def load() -> tuple[list[dict[str, Any]], np.ndarray, np.ndarray]:
    """Return the cases for the evidence score, their features, and whether each is supported."""
    beyond = {f"author:{one}" for one in FOR_ADAPTER}
    cases = [c for c in pairs() if not beyond & set(c["tags"])]
    x = np.array([[measure(c["claim"], c["text"]).values[n] for n in NAMES] for c in cases])
    y = np.array([c["expect"]["verdict"] == "supported" for c in cases], dtype=float)
    return cases, x, y


def f1_and_false(s: np.ndarray, y: np.ndarray, limit: float) -> tuple[float, float]:
    """Return F1 of "not supported" and the share of supported pairs that are flagged, below ``limit``."""
    flagged, bad = s < limit, y < 0.5
    f1 = 2 * (flagged & bad).sum() / max(1, flagged.sum() + bad.sum())
    return float(f1), float(flagged[~bad].mean()) if (~bad).any() else 0.0


def threshold(s: np.ndarray, y: np.ndarray, hard: np.ndarray, cap: float = FALSE_FLAGS) -> float:
    """Return the log-odds with the best F1 of "not supported", false flags at most ``cap`` on plain and hard pairs."""
    grid = np.quantile(s, np.linspace(0.02, 0.98, 97))
    sorts = [m for m in (hard, ~hard) if m.any()]
    allowed = [t for t in grid if all(f1_and_false(s[m], y[m], t)[1] <= cap for m in sorts)]
    return float(max(allowed, key=lambda t: sum(f1_and_false(s[m], y[m], t)[0] for m in sorts)))


def held_out(x: np.ndarray, y: np.ndarray, author: np.ndarray) -> np.ndarray:
    """Return the log-odds of each pair by weights that saw none of its author's pairs."""
    out = np.zeros(len(y))
    for one in sorted(set(author)):
        rest = author != one
        out[~rest] = scorer(x[rest], y[rest], author[rest])(x[~rest])
    return out


def main() -> None:
    """Fit, report, and write the weights unless asked only to report."""
    cases, x, y = load()
    tags = [c["tags"] for c in cases]
    split = np.array([next(t[6:] for t in ts if t.startswith("split:")) for ts in tags])
    author, hard = authors(tags), np.array(["pairs:hard" in ts for ts in tags])
    train = split == "train"
    sample = sample_weights(author[train])
    weights, trees = fit(x[train], y[train], mean_of(), sample=sample), grow(x[train], y[train], sample)
    scores = (x @ weights[:-1] + weights[-1] + trees.decision_function(x)) / 2
    scores[train] = held_out(x[train], y[train], author[train])
    others = train & (author != FIRST)
    limit = threshold(scores[others], y[others], hard[others])
    for one in sorted(set(author)):
        for part in ("train", "dev", "test"):
            for name, sort in (("plain", ~hard), ("hard", hard)):
                m = (author == one) & (split == part) & sort
                if m.any():
                    f1, false = f1_and_false(scores[m], y[m], limit)
                    print(f"{one:6} {part:5} {name:5} n={m.sum():3d}  F1 {f1:.3f}  false flags {false:.3f}")
    verdicts = np.array([c["expect"]["verdict"] for c in cases])
    bad = train & (verdicts != "supported")
    towards = np.array([*(OTHERWISE.get(n, 0.0) for n in NAMES), 0.0])
    other = fit(x[bad], (verdicts[bad] == "contradicted") * 1.0, towards, sample=sample_weights(author[bad]))
    if "--report" not in sys.argv:
        about = {
            "about": "Weights of the evidence score; written by evals/bench/model/fit.py, not by hand.",
            "fitted_on": {
                "suite": "claim-support",
                "split": "train",
                "cases": hashlib.sha256(FILES[0].read_bytes()).hexdigest()[:16],
            },
            "threshold": round(1 / (1 + float(np.exp(-limit))), 4),
        }
        record = about | _logistic(weights) | {"contradicted": _logistic(other)}
        TARGET.write_text(_text(record, trees), "utf-8")


def _logistic(weights: np.ndarray) -> dict[str, Any]:
    return {
        "intercept": round(float(weights[-1]), 4),
        "weights": {n: round(float(w), 4) for n, w in zip(NAMES, weights, strict=False)},
    }


def _text(record: dict[str, Any], trees: HistGradientBoostingClassifier) -> str:
    """Return JSON with a tree a line: nobody reads them, and a diff should stay small."""
    grown = _written(trees)
    lines = ",\n  ".join(json.dumps(tree) for tree in grown["trees"])
    text = json.dumps(record, ensure_ascii=False, indent=1)
    return f'{text[:-2]},\n "trees": {{"rest": {grown["rest"]}, "trees": [\n  {lines}\n ]}}\n}}\n'


def _written(trees: HistGradientBoostingClassifier) -> dict[str, Any]:
    """Return fitted trees as plain data, features by their names."""

    def tree(nodes: np.ndarray, at: int) -> Any:
        node = nodes[at]
        if node["is_leaf"]:
            return round(float(node["value"]), 5)
        name = NAMES[int(node["feature_idx"])]
        limit = round(float(node["num_threshold"]), 6)
        return [name, limit, tree(nodes, int(node["left"])), tree(nodes, int(node["right"]))]

    predictors = trees._predictors
    rest = round(float(np.ravel(trees._baseline_prediction)[0]), 5)
    return {"rest": rest, "trees": [tree(one.nodes, 0) for (one,) in predictors]}


if __name__ == "__main__":
    main()
