"""Put the evidence score and a model's judgement together; the weights were fitted on our own pairs."""

from __future__ import annotations

from assistant.models.judgement import Judgement
from assistant.verify.claims import verdict_of
from assistant.verify.features import Measured
from assistant.verify.outcome import Verdict
from assistant.verify.quotes import find_quote
from assistant.verify.score import log_odds, sigmoid, weights

# A judge that answers in words gives no probability; this is what its word is worth in log-odds.
_WORD = {"supported": 3.0, "unsupported": -3.0, "contradicted": -4.0}
_UNQUOTED = -2.0
# However sure the rule is, a model can be heard: log-odds beyond this count as this.
_LOUDEST = 6.0


def combine(measured: Measured, evidence: str, judgement: Judgement, author: str) -> Verdict:
    """Return the verdict of rule and model together.

    A judgement with a problem has no part in it: the rule's verdict stands, under the rule's name, and
    says what went wrong.
    """
    rule = log_odds(measured)
    alone = verdict_of(measured, evidence, sigmoid(rule), weights().threshold)
    if judgement.problem is not None:
        return alone.model_copy(update={"problem": judgement.problem})
    fitted = weights("combined.json" if judgement.tuned is None else "combined-tuned.json")
    quotes = tuple(q for q in judgement.quotes if find_quote(q, evidence))
    heard = max(-_LOUDEST, min(_LOUDEST, rule))
    total = fitted.intercept + fitted.weights["rule"] * heard + _said(judgement, bool(quotes), fitted.weights)
    verdict = verdict_of(measured, evidence, sigmoid(total), fitted.threshold, judgement.otherwise)
    if judgement.verdict == "contradicted" and verdict.verdict == "unsupported":
        verdict = verdict.model_copy(update={"verdict": "contradicted"})
    reason = _reason(verdict, alone, judgement, bool(quotes))
    shown = tuple(evidence[f.start : f.end] for q in quotes if (f := find_quote(q, evidence)))
    return verdict.model_copy(update={"reason": reason, "author": author, "quotes": shown or verdict.quotes})


def _said(judgement: Judgement, quoted: bool, fitted: dict[str, float]) -> float:
    if judgement.verdict is not None:
        word = _WORD[judgement.verdict]
        # A verdict whose quote is not in the text counts as not supported by the quote.
        return fitted["said"] * (
            min(word, _UNQUOTED) if not quoted and judgement.verdict == "supported" else word
        )
    if judgement.tuned is not None:
        return fitted["tuned"] * judgement.tuned
    return fitted["margin"] * (judgement.margin or 0.0) + fitted["kind"] * (judgement.kind or 0.0)


def _reason(verdict: Verdict, alone: Verdict, judgement: Judgement, quoted: bool) -> str:
    if judgement.verdict == "supported" and not quoted:
        return "模型认为成立，但给出的引文在佐证中找不到，按无引文支持处理"
    if judgement.missing and verdict.verdict != "supported":
        return f"{judgement.missing}（模型意见，请对照引文核实）"
    if (verdict.verdict != "supported") == (alone.verdict != "supported"):
        return verdict.reason
    if verdict.verdict == "supported":
        return "规则认为对应不足，模型阅读后认为内容一致，请对照引文核实"
    if verdict.verdict == "contradicted":
        return "规则未见矛盾，模型阅读后认为佐证的说法与断言不同，请对照引文核实"
    return "规则未见矛盾，模型阅读后认为佐证没有完整支持断言，请对照引文核实"
