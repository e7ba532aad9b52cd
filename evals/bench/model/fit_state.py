"""Fit the reading of the embedded model's hidden state, and how it is put together with the evidence score.

    python -m evals.bench.model.fit_state STATES.npz MARGINS.jsonl            # writes state.json, combined-state.json
    python -m evals.bench.model.fit_state STATES.npz MARGINS.jsonl --report   # prints only

STATES.npz comes from ``evals.bench.model.states``, MARGINS.jsonl from ``evals.bench.model.margins`` (a part of the
pairs will do: they only tell what the model's one-token answers are worth beside rule and state). Everything is fitted on the train split. What is printed for
an author of the train split comes from weights that saw none of that author's pairs: two people do not phrase
alike, and a reading that only knows one of them is worth nothing. The test split is only reported.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.models import hidden_state, prompting, weights
from evals.bench.model.fit import (
    FALSE_FLAGS,
    FIRST,
    ROOT,
    authors,
    f1_and_false,
    fit,
    load,
    mean_of,
    sample_weights,
)

STATE = ROOT / "corpus" / "verify" / "state.json"
COMBINED = ROOT / "corpus" / "verify" / "combined-state.json"
# Strength of the prior towards nought, and how many principal directions of the states are read.
PRIOR, DIRECTIONS = 80.0, 500
# Scenes are judged by the state alone: below these log-odds a scene is put to a person.
SCENE = -2.0


@dataclass(frozen=True, eq=False)
class Pairs:
    """The labelled pairs whose state is known: features, states, labels, author, split, hard, id."""

    x: np.ndarray
    h: np.ndarray
    y: np.ndarray
    author: np.ndarray
    split: np.ndarray
    hard: np.ndarray
    ids: np.ndarray


def read(path: Path) -> Pairs:
    """Return the suite's pairs that ``path`` has states of.

    Raises:
        SystemExit: the states were read with another prompt.
    """
    kept = dict(np.load(path))
    if str(kept.get("prompt")) != prompting.load(hidden_state.PROMPT).digest:
        raise SystemExit(f"{path}: states of another prompt; run evals.bench.model.states anew")
    cases, x, y = load()
    known = np.array([c["id"] in kept for c in cases])
    tags = [c["tags"] for c, here in zip(cases, known, strict=True) if here]
    return Pairs(
        x=x[known],
        h=np.array([kept[c["id"]] for c, here in zip(cases, known, strict=True) if here], dtype=np.float64),
        y=y[known],
        author=authors(tags),
        split=np.array([next(t[6:] for t in ts if t.startswith("split:")) for ts in tags]),
        hard=np.array(["pairs:hard" in ts for ts in tags]),
        ids=np.array([c["id"] for c, here in zip(cases, known, strict=True) if here]),
    )


def linear(h: np.ndarray, y: np.ndarray, prior: float = PRIOR) -> np.ndarray:
    """Return weights on the raw states, intercept last: logistic regression on their principal directions."""
    mean, spread = h.mean(0), h.std(0) + 1e-9
    z = (h - mean) / spread
    values, vectors = np.linalg.eigh(z @ z.T)
    chosen = np.argsort(-values)[:DIRECTIONS]
    chosen = chosen[values[chosen] > 1e-6]
    directions = z.T @ vectors[:, chosen] / np.sqrt(values[chosen])
    directions /= np.sqrt((values[chosen] / len(y)).mean())
    inner = fit(z @ directions, y, np.zeros(len(chosen) + 1), spread=prior**-0.5)
    outer = directions @ inner[:-1] / spread
    return np.array([*outer, inner[-1] - mean @ outer])


def score(weights_: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the log-odds of each row."""
    return np.asarray(x @ weights_[:-1] + weights_[-1])


def held_out(pairs: Pairs) -> np.ndarray:
    """Return (rule, state) of each train pair by weights that saw none of its author's pairs."""
    out = np.zeros((len(pairs.y), 2))
    train = pairs.split == "train"
    for author in sorted(set(pairs.author[train])):
        inside, rest = train & (pairs.author == author), train & (pairs.author != author)
        rule = fit(pairs.x[rest], pairs.y[rest], mean_of(), sample=sample_weights(pairs.author[rest]))
        out[inside, 0] = np.clip(score(rule, pairs.x[inside]), -6, 6)
        out[inside, 1] = score(linear(pairs.h[rest], pairs.y[rest]), pairs.h[inside])
    return out


def _limit(s: np.ndarray, y: np.ndarray, hard: np.ndarray) -> float:
    """Return the limit that serves the worse of plain and hard pairs best, within the allowed false flags."""
    sorts = (hard, ~hard)
    figures = {float(t): [f1_and_false(s[m], y[m], t) for m in sorts] for t in np.sort(s)}
    allowed = [t for t, found in figures.items() if all(false <= FALSE_FLAGS for _, false in found)]
    return max(allowed, key=lambda t: min(f1 for f1, _ in figures[t]))


def _margins(path: Path) -> dict[str, tuple[float, float]]:
    """Return (margin, kind) by the id of a pair."""
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return {m["id"]: (m["margin"], m["kind"]) for m in rows}


def auc(s: np.ndarray, y: np.ndarray) -> float:
    """Return the share of (supported, not supported) pairs that ``s`` puts in the right order."""
    good, bad = s[y > 0.5], s[y < 0.5]
    return float(np.mean((good[:, None] > bad[None, :]) + 0.5 * (good[:, None] == bad[None, :])))


def main() -> None:
    """Fit, report, and write the weights unless asked only to report."""
    pairs = read(Path(sys.argv[1]))
    train, test = pairs.split == "train", pairs.split == "test"
    apart = held_out(pairs)
    # The first author's pairs are those that the features were made on: they would overrate the rule.
    others = train & (pairs.author != FIRST)
    said = _margins(Path(sys.argv[2]))
    asked = others & np.array([i in said for i in pairs.ids])
    z = np.c_[apart[asked], [said[i] for i in pairs.ids[asked]]]
    together = fit(z, pairs.y[asked], np.array([0.6, 0.7, 0.3, 0.3, 0.0]), spread=0.3)
    total = score(together, z)
    limit = _limit(total, pairs.y[asked], pairs.hard[asked])
    print(f"weights of rule, state, margin, kind {np.round(together, 3)}, threshold {limit:.2f}")
    for name, sort in (("plain", ~pairs.hard[asked]), ("hard", pairs.hard[asked])):
        y = pairs.y[asked][sort]
        f1, false = f1_and_false(total[sort], y, limit)
        alone = "  ".join(
            f"{n} {auc(z[sort, c], y):.3f}" for c, n in enumerate(("rule", "state", "margin", "kind"))
        )
        print(
            f"together {name:5} n={len(y):3d}  AUC {alone} all {auc(total[sort], y):.3f}  F1 {f1:.3f} false {false:.3f}"
        )
    rule = fit(pairs.x[train], pairs.y[train], mean_of(), sample=sample_weights(pairs.author[train]))
    state = linear(pairs.h[train], pairs.y[train])
    apart[test] = np.c_[np.clip(score(rule, pairs.x[test]), -6, 6), score(state, pairs.h[test])]
    for author in sorted(set(pairs.author)):
        for name, sort in (("plain", ~pairs.hard), ("hard", pairs.hard)):
            m = (pairs.author == author) & sort & (train | test)
            if m.sum() >= 20 and 0 < pairs.y[m].mean() < 1:
                print(
                    f"{author:6} {name:5} n={m.sum():3d}  AUC rule {auc(apart[m, 0], pairs.y[m]):.3f} "
                    f"state {auc(apart[m, 1], pairs.y[m]):.3f}"
                )
    if "--report" not in sys.argv:
        _write(state, together, limit, int(train.sum()))


def _write(state: np.ndarray, together: np.ndarray, limit: float, count: int) -> None:
    fitted = {"suite": "claim-support", "split": "train", "pairs": count}
    scale = float(np.abs(state[:-1]).max()) / 32_000
    record = {
        "about": "A linear reading of the embedded model's hidden state; written by evals/bench/model/fit_state.py.",
        "fitted_on": fitted,
        "model": weights.embedded().sha256,
        "prompt": prompting.load(hidden_state.PROMPT).digest,
        "intercept": round(float(state[-1]), 4),
        "scale": scale,
        "weights": [round(float(w) / scale) for w in state[:-1]],
    }
    STATE.write_text(json.dumps(record, ensure_ascii=False) + "\n", "utf-8")
    combined = {
        "about": "How the evidence score and the state reading are combined; written by evals/bench/model/fit_state.py.",
        "fitted_on": fitted,
        "threshold": round(1 / (1 + float(np.exp(-limit))), 4),
        "intercept": round(float(together[-1]), 4),
        "weights": dict(
            zip(("rule", "state", "margin", "kind"), np.round(together[:-1], 4).tolist(), strict=True)
        )
        | {"scene": SCENE},
    }
    COMBINED.write_text(json.dumps(combined, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
