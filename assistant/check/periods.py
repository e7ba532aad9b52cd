"""Time: the years after a removal, renewal and acceptance, and the deadline of a batch."""

from __future__ import annotations

from datetime import date

from assistant.check.calendar import add_months, add_years
from assistant.check.case import Case
from assistant.check.verdict import Verdict, advisory, not_applicable, passed, unknown, unmet
from assistant.policy import Rule


def cooldown(case: Case, rule: Rule) -> Verdict:
    """Pass when more than ``threshold`` years have passed since the removal; the last day still counts."""
    removed = case.application.removed_on
    if removed is None:
        message = f"要求：{rule.required}。材料没有说明是否曾被移出智能工厂库，请说明（未被移出的也请写明）。"
        return unknown(("application.removed_on",), message)
    today = case.as_of
    if today is None:
        message = f"要求：{rule.required}。曾于{removed}被移出，但没有申报日期，无法计算，请补充。"
        return unknown(("application.date",), message, f"{removed}移出")
    spans = case.evidence("application.removed_on")
    until = add_years(removed, rule.threshold)
    seen = f"{removed}移出，{today}申报"
    if today > until:
        return passed(seen, f"{removed}被移出，三年期已于{until}届满，可以申报。", spans)
    message = f"要求：{rule.required}。{removed}被移出，至{until}不得再次申报，请在该日之后申报。"
    return unmet(rule, seen, message, spans)


def renewal(case: Case, rule: Rule) -> Verdict:
    """Pass when the application of kind ``kind`` is made at least ``months_before`` months before the end.

    The period of ``years`` runs from the day on which the tier applied for was granted (its latest
    grant). Another kind of application: not applicable.
    """
    wanted, kind = rule.params["kind"], case.application.kind
    if kind is None:
        message = f"要求：{rule.required}。材料没有说明是新申报、复核还是验收，请补充。"
        return unknown(("application.kind",), message)
    if kind != wanted:
        return not_applicable(f"不是{rule.params['action']}，本项不适用。")
    applied = case.application.date or case.as_of
    granted = _granted_on(case)
    if isinstance(granted, Verdict):
        return granted if granted.status == "unknown" else unmet(rule, granted.observed, granted.message)
    if applied is None:
        message = f"要求：{rule.required}。没有申请日期，无法计算，请补充。"
        return unknown(("application.date",), message, f"{granted}认定")
    ends = add_years(granted, int(rule.params["years"]))
    latest = add_months(ends, -int(rule.params["months_before"]))
    spans = case.evidence("application.date", "application.prior_recognition")
    seen = f"{granted}认定，{applied}申请"
    span = f"{rule.params['period']}自{granted}至{ends}，{rule.params['action']}最迟应在{latest}提出"
    if applied <= latest:
        return passed(seen, f"{span}；{applied}提出，已满足。", spans)
    late = f"{rule.params['period']}已届满" if applied > ends else "已晚"
    message = f"要求：{rule.required}。{span}；{applied}提出，{late}。请与主管部门确认如何处理。"
    return unmet(rule, seen, message, spans)


def renewal_unregulated(case: Case, rule: Rule) -> Verdict:
    """Advisory for a renewal of a tier whose renewal the documents do not regulate."""
    kind = case.application.kind
    if kind is None:
        return unknown(("application.kind",), "材料没有说明是新申报、复核还是验收，请补充。")
    if kind != "renewal":
        return not_applicable("不是复核申请，本项不适用。")
    message = f"{case.tier}{rule.required}。请向所在市州经信局确认到期后如何办理。"
    return advisory("复核申请", message, case.evidence("application.kind"))


def deadline(case: Case, rule: Rule) -> Verdict:
    """Pass when the application was made on ``threshold`` or before."""
    applied, last = case.application.date, rule.threshold
    if applied is None:
        return unknown(("application.date",), f"要求：{rule.required}。材料没有申报日期，请补充。")
    spans = case.evidence("application.date")
    if applied <= last:
        return passed(f"{applied}申报", f"{rule.required}：{applied}申报，已满足。", spans)
    message = f"要求：{rule.required}。申报日期为{applied}，已逾期，本批次无法受理；请关注下一批次。"
    return unmet(rule, f"{applied}申报", message, spans)


def _granted_on(case: Case) -> date | Verdict:
    """Return when the tier applied for was last granted, or the verdict that it cannot be told or never was."""
    prior = case.application.prior_recognition
    field = ("application.prior_recognition",)
    if prior is None:
        return unknown(field, f"材料没有说明{case.tier}的认定日期，请补充认定文件。")
    same = [one for one in prior if one.tier == case.tier]
    if not same and all(one.tier is not None for one in prior):
        message = f"材料显示此前没有获评{case.tier}，没有可以复核或验收的认定；请核对申请类别。"
        return advisory("没有本层级的认定", message)
    days = [one.granted_on for one in same if one.granted_on is not None]
    if not days:
        return unknown(
            field, f"材料没有写明{case.tier}的认定日期，请补充认定文件。", f"{case.tier}，日期不明"
        )
    return max(days)
