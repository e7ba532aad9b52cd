"""The fitted weights of "is this supported?", made by ``evals/bench/retrieval/calibrate.py`` on its dev half."""

from __future__ import annotations

from assistant.index.support import Calibration

ANSWERS = Calibration(
    bias=-4.19,
    weights={
        "coverage": 3.55,
        "best_coverage": 3.80,
        "prominence": 0.06,
        "similarity": 0.25,
        "expansion": 0.14,
        "subject_missing": -4.03,
        "elsewhere": -2.89,
        "year_missing": -2.86,
        "wrong_place": -1.98,
        "answer_missing": -2.86,
    },
    threshold=0.45,
)

# For a search the user looks for himself: only what plainly nothing speaks of is kept back.
HITS = Calibration(bias=ANSWERS.bias, weights=ANSWERS.weights, threshold=0.02)
