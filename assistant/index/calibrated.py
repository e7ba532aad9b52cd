"""The fitted weights of "is this supported?": made by ``evals/bench/retrieval/calibrate.py`` on its dev half.

On the test half, whose unanswerable questions are near the topic on purpose, 0.94 of the answerable
questions are answered and 0.90 of the others recognised; by words alone it is 0.95 and 0.91.
"""

from __future__ import annotations

from assistant.index.support import Calibration, Evidence

_WITH_VECTORS = Calibration(
    bias=-5.05,
    weights={
        "coverage": 0.56,
        "best_coverage": 0.59,
        "score": 0.38,
        "agreement": 0.27,
        "breadth": 1.70,
        "subject_missing": -4.88,
        "elsewhere": -7.36,
        "year_missing": -6.94,
        "wrong_place": -1.36,
        "answer_missing": -3.49,
    },
    threshold=0.44,
)
_BY_WORDS = Calibration(
    bias=-4.06,
    weights={
        "best_coverage": 1.18,
        "score": 0.46,
        "breadth": 1.81,
        "subject_missing": -5.06,
        "elsewhere": -6.85,
        "year_missing": -6.68,
        "wrong_place": -1.07,
        "answer_missing": -3.34,
    },
    threshold=0.37,
)
# For a search the user looks for himself: only what plainly nothing speaks of is kept back.
HOPELESS = 0.05


def likelihood(evidence: Evidence, *, vectors: bool) -> float:
    """Return how likely it is that the clauses found answer the question."""
    return (_WITH_VECTORS if vectors else _BY_WORDS).probability(evidence)


def is_answered(evidence: Evidence, *, vectors: bool) -> bool:
    """Say whether to answer rather than abstain."""
    fitted = _WITH_VECTORS if vectors else _BY_WORDS
    return fitted.probability(evidence) >= fitted.threshold
