"""Fit "is this supported?" on the dev half and measure it on the test half.

``python -m evals.bench.retrieval.calibrate`` prints the weights for ``assistant/index/calibrated.py``. A
ridge keeps the few examples of a rare contradiction from deciding its weight; signs are what the feature
means (coverage speaks for, a missing subject against), so that nothing is learned backwards from noise.
"""

from __future__ import annotations

import numpy as np

from assistant import index
from assistant.settings import Settings
from evals.bench.retrieval import labels

FOR = ("coverage", "best_coverage", "prominence", "expansion", "score", "agreement", "breadth")
AGAINST = (
    "unknown",
    "subject_missing",
    "elsewhere",
    "year_missing",
    "wrong_place",
    "answer_missing",
    "city_missing",
)
NAMES = (*FOR, *AGAINST)
RIDGE = 0.15
# Answerable questions of the dev half that must be answered; the rest of the room is for abstaining.
KEPT = 0.93
FOLDS = 10
STEPS, STEP, MOMENTUM = 3_000, 0.05, 0.9


def evidence(half: str, settings: Settings) -> tuple[np.ndarray, np.ndarray]:
    """Return features, shape (questions, features), and whether each can be answered."""
    finder = index.answerer(settings).finder
    queries = [*labels.of("policy", half), *labels.of("unanswerable", half)]
    found = [finder.find(query.text).evidence for query in queries]
    rows = [[getattr(one, name) for name in NAMES] for one in found]
    return np.array(rows), np.array([query.kind == "policy" for query in queries], dtype=float)


def fit(features: np.ndarray, answers: np.ndarray) -> tuple[np.ndarray, float]:
    """Return weights and bias of a ridge logistic regression with signs, by projected gradient."""
    scale = features.std(axis=0) + 1e-9
    x = features / scale
    sign = np.array([1.0] * len(FOR) + [-1.0] * len(AGAINST))
    weights, bias = np.zeros(x.shape[1]), 0.0
    pull, lift = np.zeros(x.shape[1]), 0.0
    for _ in range(STEPS):
        error = 1 / (1 + np.exp(-(x @ weights + bias))) - answers
        pull = MOMENTUM * pull - STEP * (x.T @ error / len(x) + RIDGE * weights / len(x))
        lift = MOMENTUM * lift - STEP * float(error.mean())
        weights = sign * np.maximum(sign * (weights + pull), 0)
        bias += lift
    return weights / scale, bias


def out_of_fold(features: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """Return the probability of each question under weights fitted without it, shape (questions,)."""
    found = np.zeros(len(answers))
    for fold in range(FOLDS):
        left = np.arange(len(answers)) % FOLDS == fold
        weights, bias = fit(features[~left], answers[~left])
        found[left] = 1 / (1 + np.exp(-(features[left] @ weights + bias)))
    return found


def report(settings: Settings) -> None:
    """Fit, choose the threshold on dev, report on test."""
    train, answers = evidence("dev", settings)
    weights, bias = fit(train, answers)
    threshold = float(np.quantile(out_of_fold(train, answers)[answers == 1], 1 - KEPT))
    print(f"bias={bias:.2f}")
    print({name: round(float(weight), 2) for name, weight in zip(NAMES, weights, strict=True)})
    print(f"threshold={threshold:.2f}")
    for half in ("dev", "test"):
        features, truth = evidence(half, settings)
        found = 1 / (1 + np.exp(-(features @ weights + bias))) >= threshold
        kept, told = found[truth == 1].mean(), (~found)[truth == 0].mean()
        counts = int(truth.sum()), int((1 - truth).sum())
        print(f"{half}: answered {kept:.3f} of {counts[0]}, abstained {told:.3f} of {counts[1]}")


def main() -> None:
    """Fit with vectors, then by words alone."""
    settings = Settings.from_env()
    report(settings)
    report(settings.model_copy(update={"embedding": "off"}))


if __name__ == "__main__":
    main()
