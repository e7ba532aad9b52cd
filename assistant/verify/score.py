"""The evidence score without a language model: fitted weights and small decision trees over measured features.

The weights say what each finding is worth for itself, the trees what findings are worth together; both were
fitted on the same pairs and count half each.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.errors import PolicyError
from assistant.resources import corpus
from assistant.verify.features import Measured, measure

# A leaf, or (feature, limit, tree, tree); JSON has no name for it.
Tree = Any
_NOTHING_IN_COMMON = 0.65
# Up to this share of the claim's content missing in the evidence, both still speak of the same thing.
_SAME_THING = 0.4
# The log-odds of a claim beside evidence that speaks of something else altogether.
_STRANGERS = -4.0


@dataclass(frozen=True)
class Logistic:
    """Log-odds of measured features: a weighted sum, and trees where there are any, half each.

    A tree is a leaf's log-odds, or (feature, limit, tree for values up to the limit, tree for those above).
    """

    intercept: float
    weights: dict[str, float]
    trees: tuple[Tree, ...] = ()
    rest: float = 0.0

    def log_odds(self, values: Mapping[str, float]) -> float:
        """Return the log-odds of measured features."""
        linear = self.intercept + sum(w * values.get(n, 0.0) for n, w in self.weights.items())
        if not self.trees:
            return linear
        return (linear + self.rest + sum(_fall(tree, values) for tree in self.trees)) / 2


@dataclass(frozen=True)
class Weights(Logistic):
    """A logistic score: below ``threshold`` (a probability) a claim counts as not supported.

    ``contradicted`` tells for such a claim whether the evidence says otherwise.
    """

    threshold: float = 0.5
    contradicted: Logistic | None = None


@cache
def weights(name: str = "score.json") -> Weights:
    """Return fitted weights.

    Raises:
        PolicyError: the file is missing or damaged.
    """
    path = corpus() / "verify" / name
    try:
        data = json.loads(path.read_text("utf-8"))
        other = data.get("contradicted")
        return Weights(
            **_logistic(data),
            threshold=float(data["threshold"]),
            contradicted=Logistic(**_logistic(other)) if other else None,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PolicyError(f"核验权重 {path.name} 读不出来：{error}", "请重新安装本软件") from error


def _logistic(data: Mapping[str, Any]) -> dict[str, Any]:
    grown = data.get("trees") or {}
    return {
        "intercept": float(data["intercept"]),
        "weights": dict(data["weights"]),
        "trees": tuple(grown.get("trees", ())),
        "rest": float(grown.get("rest", 0.0)),
    }


def log_odds(measured: Measured) -> float:
    """Return the log-odds that the evidence bears the claim out."""
    total = weights().log_odds(measured.values)
    return min(total, _STRANGERS) if _strangers(measured) else total


def _fall(tree: Tree, values: Mapping[str, float]) -> float:
    while not isinstance(tree, float | int):
        name, limit, below, above = tree
        tree = below if values.get(name, 0.0) <= limit else above
    return tree


def _strangers(measured: Measured) -> bool:
    """Return whether a claim and its evidence have next to nothing in common.

    People who write pairs to fit on write close ones, so this is a rule and no weight: where two thirds of the
    claim's characters stand nowhere in the evidence and no number of it does, nothing is borne out.
    """
    values = measured.values
    numbers = values["number_matched"] or values["number_derived"] or values["number_inferred"]
    return values["characters"] >= _NOTHING_IN_COMMON and not numbers


def says_otherwise(measured: Measured) -> bool:
    """Return whether evidence that does not bear a claim out says otherwise, rather than nothing."""
    values = measured.values
    if values["number_conflict"] and values["gap"] < _SAME_THING:
        # Two findings that mean little each for itself: another figure, and of the same thing.
        return True
    fitted = weights().contradicted
    return fitted is not None and fitted.log_odds(values) > 0


def sigmoid(value: float) -> float:
    """Return the probability of log-odds, without overflow."""
    return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))


def evidence_score(claim: str, evidence: str) -> tuple[float, Measured]:
    """Return the probability that ``evidence`` bears ``claim`` out, and what was measured."""
    measured = measure(claim, evidence)
    return sigmoid(log_odds(measured)), measured
