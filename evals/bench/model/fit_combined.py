"""Fit how the evidence score and the answers of a model that gives probabilities are put together.

    python -m evals.bench.model.fit_combined MARGINS.jsonl            # writes corpus/verify/combined.json
    python -m evals.bench.model.fit_combined MARGINS.jsonl --report   # prints only

MARGINS.jsonl comes from ``evals.bench.model.margins --tokens``: the embedded model without its adapter, asked for one
token as any endpoint with probabilities is asked. The rule's score of a pair comes from weights that saw none of its author's pairs.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from evals.bench.model.fit import FIRST, ROOT, authors, f1_and_false, fit, held_out, load, threshold

TARGET = ROOT / "corpus" / "verify" / "combined.json"
# The rule alone is worth its own log-odds; the model's margins add less than they say.
TOGETHER = np.array([0.8, 0.3, 0.3, 0.0])


def main() -> None:
    """Fit, report, and write the weights unless asked only to report."""
    margins = {m["id"]: m for m in map(json.loads, Path(sys.argv[1]).read_text("utf-8").splitlines())}
    cases, x, y = load()
    tags = [c["tags"] for c in cases]
    author, hard = authors(tags), np.array(["pairs:hard" in ts for ts in tags])
    train = np.array(["split:train" in ts for ts in tags])
    rule = np.zeros(len(y))
    rule[train] = np.clip(held_out(x[train], y[train], author[train]), -6, 6)
    known = train & (author != FIRST) & np.array([c["id"] in margins for c in cases])
    asked = [margins[c["id"]] for c, here in zip(cases, known, strict=True) if here]
    z = np.c_[rule[known], [m["margin"] for m in asked], [m["kind"] for m in asked]]
    labels = y[known]
    weights = fit(z, labels, TOGETHER, spread=0.5)
    scores = z @ weights[:-1] + weights[-1]
    limit = threshold(scores, labels, hard[known])
    print(f"{len(asked)} pairs, weights of rule, margin, kind {np.round(weights, 3)}, threshold {limit:.2f}")
    for name, sort in (("plain", ~hard[known]), ("hard", hard[known])):
        f1, false = f1_and_false(scores[sort], labels[sort], limit)
        print(f"{name:5} n={sort.sum():3d}  F1 {f1:.3f}  false flags {false:.3f} (fitted on)")
    if "--report" not in sys.argv:
        record = {
            "about": "How the evidence score and a judge's answers are combined; written by evals/bench/model/fit_combined.py.",
            "fitted_on": {"suite": "claim-support", "split": "train", "pairs": len(asked)},
            "threshold": round(1 / (1 + float(np.exp(-limit))), 4),
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


if __name__ == "__main__":
    main()
