"""Conditions of the tier itself: maturity, digital score, benchmark, and the tier held before."""

from __future__ import annotations

from datetime import date

from assistant.check.calendar import add_years
from assistant.check.case import Case
from assistant.check.verdict import Verdict, advisory, not_applicable, passed, unknown, unmet
from assistant.policy import Rule
from assistant.records import TIERS, PriorRecognition

_LEVELS = ("", "一级", "二级", "三级", "四级", "五级")


def maturity_level(case: Case, rule: Rule) -> Verdict:
    """Pass when the self-assessed maturity level (GB/T 39116-2020, 1 to 5) is at least ``threshold``."""
    maturity = case.declaration.maturity
    level = maturity.level if maturity else None
    if level is None:
        message = f"要求：{rule.required}。材料没有写明自评估等级；请在公共服务平台完成自评估并写明等级。"
        return unknown(("maturity.level",), message)
    spans = case.evidence("maturity.level", "maturity.score")
    score = f"（得分{maturity.score}）" if maturity and maturity.score is not None else ""
    seen = f"{_LEVELS[level]}{score}"
    if level >= rule.threshold:
        return passed(seen, f"{rule.required}：自评估为{seen}，已满足。", spans)
    message = f"要求：{rule.required}。自评估为{seen}。请提升后重新自评估，或改报相应层级。"
    if not rule.binding:
        message = f"{rule.required}，而要素条件的等级较低，两处不一致。自评估为{seen}，请专家判断。"
    return unmet(rule, seen, message, spans)


def digital_score(case: Case, rule: Rule) -> Verdict:
    """Pass when the self-assessment score is *above* ``threshold``; equal is not enough."""
    score = case.declaration.digital_score
    if score is None:
        message = f"要求：{rule.required}。材料没有写明自评价得分，请完成自评价并写明。"
        return unknown(("digital_score",), message)
    spans = case.evidence("digital_score")
    if score > rule.threshold:
        return passed(f"{score}分", f"{rule.required}：得分{score}，已满足。", spans)
    equal = "，恰等于界线不算高于" if score == rule.threshold else ""
    message = f"要求：{rule.required}。自评价得分为{score}{equal}。请提升数字化水平后重新自评价。"
    return unmet(rule, f"{score}分", message, spans)


def benchmark(case: Case, rule: Rule) -> Verdict:
    """Never decided here: advisory with the statements made, unknown when there are none."""
    statements = case.declaration.statements
    if not statements:
        message = f"要求：{rule.required}。材料没有与同行业比较的说明，请补充对比数据及出处。"
        return unknown(("statements",), message, "没有与同行业比较的说明")
    said = "、".join(dict.fromkeys(s.as_written or s.kind or "（未写明）" for s in statements))
    message = f"要求：{rule.required}。材料的说法有：{said}。是否成立须由专家对照同行业数据判断，请附依据。"
    return advisory(said, message, tuple(span for s in statements for span in s.spans))


def set_aside(_case: Case, rule: Rule) -> Verdict:
    """Not applicable: the jurisdiction says that it does not look at this."""
    return not_applicable(f"{rule.required}，本项不审查。")


def prior_tier(case: Case, rule: Rule) -> Verdict:
    """Pass when the tier ``threshold`` or a higher one was granted and is valid (``valid_years``).

    A recognition that has expired, or that is dated after the day under review, is an advisory.
    """
    prior = case.application.prior_recognition
    note = f"另请注意：{rule.params['note']}。" if "note" in rule.params else ""
    if prior is None:
        message = f"要求：{rule.required}。材料没有说明此前获评的层级，请补充认定文件。{note}"
        return unknown(("application.prior_recognition",), message)
    spans = case.evidence("application.prior_recognition")
    enough = [one for one in prior if one.tier and TIERS.index(one.tier) >= TIERS.index(rule.threshold)]
    if not enough:
        held = "、".join(dict.fromkeys(one.tier for one in prior if one.tier)) or "无"
        if any(one.tier is None for one in prior):
            message = f"要求：{rule.required}。有一项此前获评没有写明层级，请补充。{note}"
            return unknown(("application.prior_recognition",), message, held)
        message = f"要求：{rule.required}。此前获评的层级：{held}。请先获评相应层级后再申报。{note}"
        return unmet(rule, held, message, spans)
    years = rule.params.get("valid_years")
    doubts = [_doubt(one, case.as_of, years) for one in enough]
    held = "、".join(_held(one) for one in enough)
    if all(doubts):
        return advisory(held, f"要求：{rule.required}。{'；'.join(d for d in doubts if d)}。{note}", spans)
    return passed(held, f"{rule.required}：已获评{held}，已满足。{note}", spans)


def _doubt(one: PriorRecognition, as_of: date | None, years: int | None) -> str:
    """Return why a recognition may not count on the day, empty when it does."""
    if one.granted_on is None or as_of is None:
        return ""
    if one.granted_on > as_of:
        return f"{one.tier}的认定日期{one.granted_on}晚于{as_of}，请核对"
    if years is not None and add_years(one.granted_on, years) < as_of:
        until = add_years(one.granted_on, years)
        return f"{one.tier}认定于{one.granted_on}，有效期{years}年，至{until}已届满，请说明是否延续"
    return ""


def _held(one: PriorRecognition) -> str:
    return f"{one.tier}（{one.granted_on}）" if one.granted_on else str(one.tier)
