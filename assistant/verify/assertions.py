"""What a claim asserts beyond its words and numbers: a stage reached, a comparison, a cause, an order."""

from __future__ import annotations

import re
from functools import cache

from assistant.verify.alignment import content, share_of
from assistant.verify.lexicon import any_of, lexicon
from assistant.verify.passages import Clause, has_negation, has_plan


@cache
def _words(name: str) -> re.Pattern[str]:
    return any_of(lexicon().words[name])


def assertion_features(claim: str, evidence: str, anchors: tuple[Clause, ...]) -> dict[str, float]:
    """Return these features of a claim beside the clauses that it is about."""
    sentences = sorted({c.sentence for c in anchors})
    near = "".join(evidence[start:end] for start, end in sentences)
    compares = bool(_words("compared").search(claim)) or bool(directions_of(claim))
    compared = bool(_words("compared").search(near)) or bool(directions_of(near))
    causes = _words("causes")
    theirs = content(near)
    return {
        "stage_behind": _stage_behind(claim, anchors),
        "comparison_missing": compares and not compared,
        "cause_claimed": bool(causes.search(claim)) and not causes.search(near),
        "order_claimed": bool(_words("ordered").search(claim)),
        "beside_claim": 1 - share_of(theirs, claim) if theirs else 0.0,
    }


def _stage_behind(claim: str, anchors: tuple[Clause, ...]) -> float:
    """Return how many steps the claim is ahead of the clauses it is about, in 0..1; 0 where either says none."""
    mine = _stage(claim, negated=has_negation(claim))
    if mine is None or mine < 3 or has_plan(claim):
        return 0.0
    found = [s for c in anchors if (s := _stage(c.text, negated=c.negated)) is not None]
    return min(1.0, max(0, mine - max(found)) / 2) if found else 0.0


def _stage(text: str, *, negated: bool) -> int | None:
    reached = [step for step, pattern in enumerate(lexicon().stages) if pattern.search(text)]
    if not reached:
        return None
    # 拟于十月验收 and 尚未验收: what is planned or denied is not reached.
    if negated or reached[0] == 0:
        return 0
    return max(reached)


def directions_of(text: str) -> set[str]:
    """Return which of ``up`` and ``down`` a text speaks of."""
    return {way for way, words in _long_ways().items() if any(word in text for word in words)}


@cache
def _long_ways() -> dict[str, tuple[str, ...]]:
    return {name: tuple(w for w in lexicon().words[name] if len(w) > 1) for name in ("up", "down")}
