"""The fitted weights of "is this supported?": made by ``evals/bench/retrieval/calibrate.py`` on its dev half.

On the test half, whose unanswerable questions are near the topic on purpose, 0.90 of the answerable
questions are answered and 0.90 of the others recognised; by words alone it is 0.87 and 0.90. The threshold
leans to silence: the nearest clauses are shown either way.
"""

from __future__ import annotations

from assistant.index.support import Calibration, Evidence

_WITH_VECTORS = Calibration(
    bias=-7.18,
    weights={
        "coverage": 1.18,
        "score": 0.35,
        "agreement": 1.2,
        "breadth": 3.37,
        "unknown": -0.33,
        "subject_missing": -6.11,
        "elsewhere": -8.64,
        "year_missing": -8.36,
        "wrong_place": -7.57,
        "answer_missing": -6.4,
        "city_missing": -8.39,
    },
    threshold=0.8,
)
_BY_WORDS = Calibration(
    bias=-6.2,
    weights={
        "prominence": 0.09,
        "expansion": 0.03,
        "score": 0.39,
        "breadth": 3.68,
        "unknown": -0.29,
        "subject_missing": -5.89,
        "elsewhere": -8.1,
        "year_missing": -7.85,
        "wrong_place": -0.88,
        "answer_missing": -6.05,
        "city_missing": -8.29,
    },
    threshold=0.76,
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
