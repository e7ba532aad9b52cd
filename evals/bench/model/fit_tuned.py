"""Fit how the evidence score and the answer of the embedded model with its adapter are put together.

    python -m evals.bench.model.fit_tuned MARGINS.jsonl            # writes corpus/verify/combined-tuned.json
    python -m evals.bench.model.fit_tuned MARGINS.jsonl --report   # prints only, by author

MARGINS.jsonl comes from ``evals.bench.model.margins --split dev``: the authors of that split had no part in the
training of the adapter nor in the weights of the rule. For authors of the test split it only reports.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from evals.bench.model.fit import (
    FIRST,
    ROOT,
    authors,
    f1_and_false,
    fit,
    load,
    scorer,
    threshold,
)

TARGET = ROOT / "corpus" / "verify" / "combined-tuned.json"
# Before any data: the model is believed, the rule helps where figures decide.
TOGETHER = np.array([0.4, 0.8, 0.0])
# Scenes are judged by the model alone: below these log-odds a scene is put to a person; set on the samples.
SCENE = -2.0


def auc(s: np.ndarray, y: np.ndarray) -> float:
    """Return the share of (supported, not supported) pairs that ``s`` puts in the right order."""
    good, bad = s[y > 0.5], s[y < 0.5]
    return float(np.mean((good[:, None] > bad[None, :]) + 0.5 * (good[:, None] == bad[None, :])))


def main() -> None:
    """Fit, report, and write the weights unless asked only to report."""
    answers = {m["id"]: m for m in map(json.loads, Path(sys.argv[1]).read_text("utf-8").splitlines())}
    cases, x, y = load()
    tags = [c["tags"] for c in cases]
    author, hard = authors(tags), np.array(["pairs:hard" in ts for ts in tags])
    train = np.array(["split:train" in ts for ts in tags])
    dev = np.array(["split:dev" in ts for ts in tags]) & (author != FIRST)
    rule = np.clip(scorer(x[train], y[train], author[train])(x), -6, 6)
    asked = np.array([c["id"] in answers for c in cases]) & ~train
    tuned = np.array([answers.get(c["id"], {}).get("tuned", 0.0) for c in cases])
    z = np.c_[rule, tuned]
    known = dev & asked
    together = fit(z[known], y[known], TOGETHER, spread=0.4)
    scores = z @ together[:-1] + together[-1]
    limit = threshold(scores[known], y[known], hard[known])
    print(f"{known.sum()} pairs, weights of rule, tuned {np.round(together, 3)}, threshold {limit:.2f}")
    for one in sorted(set(author[asked])):
        for name, sort in (("plain", ~hard), ("hard", hard)):
            m = asked & (author == one) & sort
            f1, false = f1_and_false(scores[m], y[m], limit)
            alone = f"rule {auc(rule[m], y[m]):.3f} tuned {auc(tuned[m], y[m]):.3f} all {auc(scores[m], y[m]):.3f}"
            print(f"{one:6} {name:5} n={m.sum():3d}  AUC {alone}  F1 {f1:.3f}  false flags {false:.3f}")
    if "--report" not in sys.argv:
        record = {
            "about": "How the evidence score and the tuned model are combined; written by evals/bench/model/fit_tuned.py.",
            "fitted_on": {"suite": "claim-support", "split": "dev", "pairs": int(known.sum())},
            "threshold": round(1 / (1 + float(np.exp(-limit))), 4),
            "intercept": round(float(together[-1]), 4),
            "weights": dict(zip(("rule", "tuned"), np.round(together[:-1], 4).tolist(), strict=True))
            | {"scene": SCENE},
        }
        TARGET.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
