"""The fitted weights of "is this supported?": made by ``evals/bench/retrieval/calibrate.py`` on its dev half.

On the test half, whose unanswerable questions are near the topic on purpose, 0.95 of the answerable
questions are answered and 0.89 of the others recognised, with vectors and by words alone.
"""

from __future__ import annotations

from assistant.index.support import Calibration, Evidence

_WITH_VECTORS = Calibration(
    bias=-2.60,
    weights={
        "coverage": 1.51,
        "best_coverage": 2.19,
        "score": 0.25,
        "agreement": 0.25,
        "subject_missing": -5.13,
        "elsewhere": -6.76,
        "year_missing": -6.61,
        "wrong_place": -1.38,
        "answer_missing": -3.67,
    },
    threshold=0.48,
)
_BY_WORDS = Calibration(
    bias=-2.60,
    weights={
        "best_coverage": 3.81,
        "score": 0.46,
        "subject_missing": -5.35,
        "elsewhere": -6.15,
        "year_missing": -6.60,
        "wrong_place": -1.28,
        "answer_missing": -3.50,
    },
    threshold=0.41,
)
# For a search the user looks for himself: only what plainly nothing speaks of is kept back.
HOPELESS = 0.02


def likelihood(evidence: Evidence, *, vectors: bool) -> float:
    """Return how likely it is that the clauses found answer the question."""
    return (_WITH_VECTORS if vectors else _BY_WORDS).probability(evidence)


def is_answered(evidence: Evidence, *, vectors: bool) -> bool:
    """Say whether to answer rather than abstain."""
    fitted = _WITH_VECTORS if vectors else _BY_WORDS
    return fitted.probability(evidence) >= fitted.threshold
