"""The evidence score without a language model: fitted weights over measured features."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache

from assistant.errors import PolicyError
from assistant.resources import corpus
from assistant.verify.features import Measured, measure

_NOTHING_IN_COMMON = 0.65
# The log-odds of a claim beside evidence that speaks of something else altogether.
_STRANGERS = -4.0


@dataclass(frozen=True)
class Weights:
    """A logistic score: below ``threshold`` a claim counts as not supported.

    ``contradicted`` (intercept under the empty name) tells for such a claim whether the evidence says otherwise.
    """

    intercept: float
    weights: dict[str, float]
    threshold: float
    contradicted: dict[str, float]


@cache
def weights(name: str = "score.json") -> Weights:
    """Return fitted weights.

    Raises:
        PolicyError: the file is missing or damaged.
    """
    path = corpus() / "verify" / name
    try:
        data = json.loads(path.read_text("utf-8"))
        other = dict(data.get("contradicted") or {})
        return Weights(float(data["intercept"]), dict(data["weights"]), float(data["threshold"]), other)
    except (OSError, ValueError, KeyError) as error:
        raise PolicyError(f"核验权重 {path.name} 读不出来：{error}", "请重新安装本软件") from error


def log_odds(measured: Measured) -> float:
    """Return the log-odds that the evidence bears the claim out."""
    fitted = weights()
    total = fitted.intercept + sum(w * measured.values.get(n, 0.0) for n, w in fitted.weights.items())
    return min(total, _STRANGERS) if _strangers(measured) else total


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
    fitted = weights().contradicted
    return fitted.get("", 0.0) + sum(w * measured.values.get(n, 0.0) for n, w in fitted.items() if n) > 0


def sigmoid(value: float) -> float:
    """Return the probability of log-odds, without overflow."""
    return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))


def evidence_score(claim: str, evidence: str) -> tuple[float, Measured]:
    """Return the probability that ``evidence`` bears ``claim`` out, and what was measured."""
    measured = measure(claim, evidence)
    return sigmoid(log_odds(measured)), measured
