"""Judge claims by their evidence: verdict, verbatim quotes, and a reason a person can check."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.models.judgement import VerdictName
from assistant.verify.features import Measured, measure
from assistant.verify.outcome import Verdict
from assistant.verify.score import log_odds, says_otherwise, sigmoid, weights

# Features that say "the evidence says otherwise", as against "the evidence does not say".
CONFLICTS: dict[str, str] = {
    "number_conflict": "佐证中的数值与断言不一致",
    "label_conflict": "数值属于佐证中的另一项",
    "number_fault": "数值虽出现，但对应的是另一时间、另一口径或变化前后的另一端",
    "date_conflict": "时间与佐证不一致",
    "place_conflict": "地点（车间、产线、基地）与佐证不一致",
    "place_elsewhere": "佐证说的是另一处地点",
    "plan_conflict": "佐证只是计划或在建，断言写成已完成",
    "negation_conflict": "佐证说尚未实现",
    "unchanged_conflict": "佐证说没有变化",
    "direction_conflict": "变化方向与佐证相反",
    "agent_conflict": "实施主体与佐证不一致",
    "level_conflict": "级别或主体与佐证不一致",
    "frequency_conflict": "统计周期或频次与佐证不一致",
    "scope_conflict": "佐证只说了一部分，断言写成全部",
    "unfinished": "佐证同时提到尚未完成的内容",
}
GAPS: dict[str, str] = {
    "number_missing": "佐证中没有这一数值",
    "superlative_missing": "佐证中没有相应的评价依据",
    "latin_missing": "佐证没有提到断言中的系统",
    "place_missing": "佐证没有提到该地点",
    "date_missing": "佐证没有提到该时间",
    "scope_claimed": "佐证没有说明适用于全部范围",
    "elsewhere_number": "佐证中的数值属于另一项内容",
    "context_other": "佐证中的数值属于另一项指标",
}


def judge_by_rule(claim: str, evidence: str) -> Verdict:
    """Judge one pair without a language model."""
    if not claim.strip() or not evidence.strip():
        return Verdict(verdict="unsupported", reason="没有可供核对的文字", score=0.0)
    measured = measure(claim, evidence)
    score = sigmoid(log_odds(measured))
    return verdict_of(measured, evidence, score, weights().threshold)


def verdict_of(
    measured: Measured, evidence: str, score: float, threshold: float, otherwise: float | None = None
) -> Verdict:
    """Turn a score into a verdict with quotes and a reason.

    ``otherwise`` is what a model makes of it: log-odds that the evidence says otherwise, rather than nothing.
    """
    name: VerdictName = "supported"
    if score < threshold:
        said = says_otherwise(measured) if otherwise is None else otherwise > 0
        name = "contradicted" if said else "unsupported"
    return Verdict(
        verdict=name,
        quotes=quotes_of(measured, evidence),
        reason=reason_of(measured, name),
        score=round(score, 4),
    )


def _conflicts(measured: Measured) -> tuple[str, ...]:
    """Return the conflicts found, those that weigh most first."""
    found = [
        n
        for n in CONFLICTS
        if measured.values[n] > 0 and n not in ("scope_conflict", "unfinished", "direction_conflict")
    ]
    found += [n for n in ("scope_conflict", "unfinished", "direction_conflict") if measured.values[n] > 0]
    return tuple(found)


def reason_of(measured: Measured, verdict: VerdictName) -> str:
    """Say in Chinese what speaks for the verdict."""
    values = measured.values
    if verdict == "supported":
        if values["number_derived"]:
            return "断言的数值可由佐证中的数值推算得出，其余内容在佐证中有对应表述"
        return (
            "断言的数值和主要内容在佐证中都有对应表述"
            if values["number_matched"]
            else "断言的主要内容在佐证中有对应表述"
        )
    if verdict == "contradicted":
        found = "；".join(CONFLICTS[n] for n in _conflicts(measured)[:2])
        return found or "断言大部分照佐证的说法，但有一处与佐证不同"
    gaps = [GAPS[n] for n in GAPS if values[n] > 0.15]
    missing = "、".join(f"“{gap}”" for gap in measured.aligned.gaps if len(gap) > 1)
    if missing:
        gaps.append(f"佐证没有提到{missing}")
    gaps += [CONFLICTS[n] for n in _conflicts(measured)]
    return "；".join(gaps[:2]) or "佐证与断言的内容对应不足"


def quotes_of(measured: Measured, evidence: str) -> tuple[str, ...]:
    """Return the passages of the evidence that the verdict stands on, verbatim, in order."""
    spots = {(c.start, c.end) for c in measured.anchors}
    for number in measured.numbers:
        spots |= {
            (c.start, c.end)
            for c in measured.aligned.clauses
            if number.by and c.start <= number.by.start < c.end
        }
    quotes = [evidence[start:end].strip(" ，,：:。；;\n|") for start, end in sorted(spots)]
    return tuple(dict.fromkeys(q for q in quotes if q))[:3]


def judge_all_by_rule(pairs: Sequence[tuple[str, str]]) -> tuple[Verdict, ...]:
    """Judge pairs without a language model, each for itself."""
    return tuple(judge_by_rule(claim, evidence) for claim, evidence in pairs)
