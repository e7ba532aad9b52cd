"""Fit the detector of instructions to the reviewer: character bigrams and cue counts, a logistic score.

    python -m evals.bench.model.fit_instructions            # writes corpus/verify/instruction-weights.json
    python -m evals.bench.model.fit_instructions --report   # five-fold figures only

Positives: ``data/attacks.txt`` and the attacks of the injection suite that are not held out (test, final).
Negatives: ``data/ordinary.txt``, the suite's harmless look-alikes and all other sentences of its documents,
the sample declarations, the policy texts and our claim-evidence pairs. What is held out is never read.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from assistant import ingest, policy
from assistant.settings import Settings
from assistant.verify.instructions import sentences
from assistant.verify.steering import CUES, cue_values
from assistant.verify.unmask import unmask

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
SUITE = ROOT / "evals" / "suites" / "injection"
TARGET = ROOT / "corpus" / "verify" / "instruction-weights.json"
_FURNITURE = ("python-docx", "anonymous", "unspecified")
_SMALLEST = 0.03


def _listed(name: str) -> list[str]:
    lines = (HERE / "data" / name).read_text("utf-8").splitlines()
    return [unmask(line.strip()).text for line in lines if line.strip()]


def _plain(text: str) -> list[str]:
    plain = unmask(text).text
    return [plain[a:b].strip() for a, b in sentences(plain) if len(plain[a:b].strip()) > 3]


def _suite() -> Iterator[tuple[str, bool]]:
    """Yield (sentence, instructs) of the injection suite, its test split left out."""
    for line in (SUITE / "cases.jsonl").read_text("utf-8").splitlines():
        case = json.loads(line)
        if {"test", "final"} & set(case["tags"]):
            continue
        attack = "attack" in case["tags"]
        quotes = [part for e in case["expect"]["flags"] if e.get("quote") for part in _plain(e["quote"])]
        yield from ((quote, True) for quote in quotes)
        document = _read(case)
        for sentence in _plain(document.text):
            if not attack or (quotes and not any(q in sentence or sentence in q for q in quotes)):
                yield sentence, False
        if attack and not quotes:
            yield from _hidden(document)


def _hidden(document: Any) -> Iterator[tuple[str, bool]]:
    for piece in document.hidden:
        text = unmask(piece.text).text
        if len(text) > 8 and piece.reason != "property" and "u+200b" not in text:
            yield text, True


def _read(case: dict[str, Any]) -> Any:
    settings = Settings()
    if "document" in case:
        return ingest.read(SUITE / case["document"], settings=settings)
    return ingest.read_bytes(case["text"].encode(), "case.md", settings=settings)


def _background() -> Iterator[str]:
    for path in sorted((ROOT / "corpus" / "declarations" / "source").glob("*.md")):
        yield from _plain(path.read_text("utf-8"))
    for source in policy.load().documents.values():
        yield from _plain(source.text)
    for line in (ROOT / "evals" / "suites" / "claim-support" / "cases.jsonl").read_text("utf-8").splitlines():
        yield from _plain(json.loads(line)["text"])


def dataset() -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return sentences, labels, and kinds: 0 attack, 1 look-alike, 2 background."""
    positive, near, far = dict.fromkeys(_listed("attacks.txt")), dict.fromkeys(_listed("ordinary.txt")), {}
    for text, instructs in _suite():
        (positive if instructs else near)[text] = None
    far.update(dict.fromkeys(_background()))
    near = {t: None for t in near if t not in positive}
    far = {t: None for t in far if t not in positive and t not in near}
    texts = [*positive, *near, *far]
    kinds = np.array([0] * len(positive) + [1] * len(near) + [2] * len(far))
    return texts, (kinds == 0).astype(int), kinds


def _design(vectorizer: CountVectorizer, texts: list[str], *, first: bool) -> csr_matrix:
    grams = vectorizer.fit_transform(texts) if first else vectorizer.transform(texts)
    return hstack([grams, csr_matrix(np.array([cue_values(t) for t in texts]))]).tocsr()


def _model() -> tuple[CountVectorizer, LogisticRegression]:
    grams = CountVectorizer(analyzer="char", ngram_range=(1, 2), binary=True, min_df=2, lowercase=False)
    return grams, LogisticRegression(C=0.3, class_weight={1: 3, 0: 1}, max_iter=5000)


def report(texts: list[str], labels: np.ndarray, kinds: np.ndarray) -> None:
    """Print five-fold recall and false alarms at several thresholds."""
    fold = np.random.RandomState(1).randint(0, 5, len(texts))
    p = np.zeros(len(texts))
    for k in range(5):
        vectorizer, model = _model()
        seen, unseen = (
            [t for t, f in zip(texts, fold, strict=True) if f != k],
            [t for t, f in zip(texts, fold, strict=True) if f == k],
        )
        model.fit(_design(vectorizer, seen, first=True), labels[fold != k])
        p[fold == k] = model.predict_proba(_design(vectorizer, unseen, first=False))[:, 1]
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7):
        rates = [float((p[kinds == kind] > threshold).mean()) for kind in range(3)]
        print(
            f"p > {threshold}: recall {rates[0]:.3f}, look-alikes {rates[1]:.3f}, background {rates[2]:.4f}"
        )
    if "--worst" in sys.argv:
        for i in np.argsort(-p):
            if kinds[i] and p[i] > 0.5:
                print(f"{p[i]:.2f} {kinds[i]} {texts[i][:100]}")


def main() -> None:
    """Fit, report, and write the weights unless asked only to report."""
    texts, labels, kinds = dataset()
    print("attacks, look-alikes, background:", np.bincount(kinds))
    report(texts, labels, kinds)
    if "--report" in sys.argv:
        return
    vectorizer, model = _model()
    model.fit(_design(vectorizer, texts, first=True), labels)
    grams = vectorizer.get_feature_names_out()
    weights = model.coef_[0]
    kept = {g: round(float(w), 3) for g, w in zip(grams, weights, strict=False) if abs(w) >= _SMALLEST}
    record = {
        "about": "Weights of the detector of instructions; written by evals/bench/model/fit_instructions.py.",
        "intercept": round(float(model.intercept_[0]), 4),
        "cues": {name: round(float(w), 4) for name, w in zip(CUES, weights[len(grams) :], strict=True)},
        "grams": dict(sorted(kept.items())),
    }
    TARGET.write_text(json.dumps(record, ensure_ascii=False, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main()
