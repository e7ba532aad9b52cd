"""The fitted weights of "is this supported?": made by ``evals/bench/retrieval/calibrate.py`` on its dev half.

On the test half, whose unanswerable questions are near the topic on purpose, 0.95 of the answerable
questions are answered and 0.90 of the others recognised; by words alone it is 0.97 and 0.88.
"""

from __future__ import annotations

from assistant.index.support import Calibration, Evidence

_WITH_VECTORS = Calibration(
    bias=-5.31,
    weights={
        "coverage": 1.26,
        "score": 0.43,
        "breadth": 1.65,
        "subject_missing": -5.09,
        "elsewhere": -7.39,
        "year_missing": -7.24,
        "wrong_place": -5.63,
        "answer_missing": -3.54,
    },
    threshold=0.43,
)
_BY_WORDS = Calibration(
    bias=-4.45,
    weights={
        "coverage": 0.47,
        "best_coverage": 0.35,
        "score": 0.56,
        "breadth": 1.79,
        "subject_missing": -5.19,
        "elsewhere": -6.67,
        "year_missing": -6.78,
        "wrong_place": -0.85,
        "answer_missing": -3.20,
    },
    threshold=0.36,
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
