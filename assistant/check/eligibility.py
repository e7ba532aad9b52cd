"""Who may apply: registration, legal person, scale, and conduct over the last three years."""

from __future__ import annotations

import re
import unicodedata

from assistant.check.case import Case
from assistant.check.verdict import Verdict, not_applicable, passed, unknown, unmet
from assistant.policy import Rule
from assistant.records import Span

_ACCIDENTS = ("无", "一般", "较大", "重大", "特别重大")
_GRADE = re.compile("特别重大|特大|重大|较大|一般")
_CHINA = "中国"
# 境内 does not include these, though they are provinces in the places table.
_OUTSIDE_CUSTOMS = ("香港", "澳门", "台湾")
_COUNTRY_NAMES = ("中华人民共和国", "中国大陆", "中国境内", "中国", "境内", "国内", "本国", "内地")
_ADMINISTRATIVE = ("省", "自治区", "市", "县", "自治州", "自治旗", "盟", "区")
_ABROAD = ("境外", "国外", "海外", "外国", "离岸")


def registration(case: Case, rule: Rule) -> Verdict:
    """Pass when the enterprise is registered within ``within`` (中国, or a province); fail outside.

    A place that cannot be told is unknown, never a fail.
    """
    place = case.enterprise.registered_in
    spans = case.evidence("enterprise.registered_in")
    if place is None or not place.strip():
        return unknown(("enterprise.registered_in",), f"要求：{rule.required}。材料没有写明注册地，请补充。")
    within = _lies_within(case, place, str(rule.params["within"]))
    if within is None:
        message = f"要求：{rule.required}。无法从“{place}”判断属于哪里，请写明省、市。"
        return unknown(("enterprise.registered_in",), message, place)
    if within:
        return passed(place, f"{rule.required}：注册地为{place}，已满足。", spans)
    message = f"要求：{rule.required}。材料所写注册地为{place}，不在此范围；请核实注册地或改向所在地申报。"
    return unmet(rule, place, message, spans)


def legal_person(case: Case, rule: Rule) -> Verdict:
    """Pass for an independent legal person, and for a branch in one of ``branch_industries``.

    A branch of another industry fails; what is not stated is unknown only if it decides.
    """
    stated, industry = case.enterprise.legal_person, case.enterprise.industry
    spans = case.evidence("enterprise.legal_person", "enterprise.industry")
    if stated:
        return passed("独立法人", "具有独立法人资格，已满足。", spans)
    words = rule.params["branch_industries"]
    special = industry is not None and any(word in _plain(industry) for word in words)
    if special:
        seen = "非独立法人" if stated is False else "未说明是否独立法人"
        message = (
            f"所属行业为{industry}，属允许法人的分支机构申报的行业，已满足。若为分支机构，请附法人的授权。"
        )
        return passed(f"{seen}，{industry}", message, spans)
    if stated is None:
        return unknown(
            ("enterprise.legal_person",), f"要求：{rule.required}。材料没有写明是否独立法人，请补充。"
        )
    if industry is None:
        message = (
            f"要求：{rule.required}。材料显示不是独立法人，又没有写明行业，无法判断是否属例外，请补充行业。"
        )
        return unknown(("enterprise.industry",), message, "非独立法人，行业未说明")
    message = (
        f"要求：{rule.required}。材料显示不是独立法人，行业为{industry}，不在例外之列；请由法人单位申报。"
    )
    return unmet(rule, f"非独立法人，{industry}", message, spans)


def above_scale(case: Case, rule: Rule) -> Verdict:
    """Pass for an industrial enterprise above designated size; with ``sme_may_apply`` also for the three classes."""
    stated, sme = case.enterprise.above_scale, case.enterprise.sme_class
    spans = case.evidence("enterprise.above_scale", "enterprise.sme_class")
    if stated:
        return passed("规模以上", "为规模以上工业企业，已满足。", spans)
    if rule.params.get("sme_may_apply"):
        if sme is not None:
            return passed(sme, f"企业为{sme}，可参照规模以上企业申报，已满足。", spans)
        missing = (
            ("enterprise.sme_class",)
            if stated is False
            else ("enterprise.above_scale", "enterprise.sme_class")
        )
        message = f"要求：{rule.required}。请写明是否规模以上企业，以及是否属于三类中小企业之一。"
        return unknown(missing, message, "规模以下" if stated is False else "材料未说明")
    if stated is None:
        return unknown(
            ("enterprise.above_scale",), f"要求：{rule.required}。材料没有写明是否规模以上企业，请补充。"
        )
    return unmet(
        rule,
        "规模以下",
        f"要求：{rule.required}。材料显示为规模以下企业，不能申报；请核实上年度统计规模。",
        spans,
    )


def accident(case: Case, rule: Rule) -> Verdict:
    """Pass when no accident of the grade ``threshold`` or above happened; ``field`` says of which kind."""
    field, label = str(rule.params["field"]), str(rule.params["label"])
    grade = getattr(case.conduct, field)
    if grade is None:
        return _bounded(case, rule, field, label)
    spans = case.evidence(f"conduct.{field}")
    seen = f"{label}：{grade}"
    if _ACCIDENTS.index(grade) >= _ACCIDENTS.index(rule.threshold):
        message = f"要求：{rule.required}。材料显示近三年发生过{grade}{label}，不满足。"
        return unmet(rule, seen, message, spans)
    detail = "无" if grade == "无" else f"只有{grade}事故，未达{rule.threshold}"
    return passed(seen, f"{rule.required}：{label}{detail}，已满足。", spans)


def _bounded(case: Case, rule: Rule, field: str, label: str) -> Verdict:
    """Judge an accident that the record does not grade by what its evidence holds of ``at_most`` and ``at_least``.

    The words of the spans carry the grade: 未发生重大及以上… rules out 重大, 发生一起… admits one of some grade.
    """
    admitted, denied = case.evidence(f"conduct.{field}.at_least"), case.evidence(f"conduct.{field}.at_most")
    bar, missing = _ACCIDENTS.index(rule.threshold), (f"conduct.{field}",)
    ruled_out, least = min(_grades(denied), default=None), max(_grades(admitted), default=1)
    if admitted and least >= bar:
        seen = f"{label}：{_ACCIDENTS[least]}及以上"
        message = f"要求：{rule.required}。材料写明近三年发生过{_ACCIDENTS[least]}及以上{label}，不满足。"
        return unmet(rule, seen, message, admitted)
    if ruled_out is not None and ruled_out <= bar:
        grave = _ACCIDENTS[ruled_out]
        seen = f"{label}：未发生{grave}及以上"
        return passed(seen, f"{rule.required}：材料说明没有{grave}及以上{label}，已满足。", denied)
    if admitted:
        message = f"要求：{rule.required}。材料写明近三年发生过{label}，没有写明事故等级，请补充。"
        return unknown(missing, message, f"{label}：发生过，等级未说明")
    if denied:
        words = f"材料只说明“{denied[0].quote}”"
        if ruled_out is not None:
            words = f"材料只说明没有{_ACCIDENTS[ruled_out]}及以上{label}"
        message = f"要求：{rule.required}。{words}，没有说明是否有较轻的{label}及其等级，请补充。"
        return unknown(missing, message, words.removeprefix("材料"))
    return unknown(missing, f"要求：{rule.required}。材料没有说明近三年{label}情况，请补充。")


def _grades(spans: tuple[Span, ...]) -> tuple[int, ...]:
    """Return the grades of accidents that the words of spans name."""
    words = (word for span in spans for word in _GRADE.findall(_plain(span.quote)))
    return tuple(_ACCIDENTS.index(word.replace("特大", "特别重大")) for word in words)


def must_be_false(case: Case, rule: Rule) -> Verdict:
    """Pass when a conduct field is false; ``ask`` false: silence is no objection, only a stated true counts."""
    field, label = str(rule.params["field"]), str(rule.params["label"])
    stated = getattr(case.conduct, field)
    spans = case.evidence(f"conduct.{field}")
    if stated is None:
        if rule.params.get("ask", True):
            words = f"没有说明是否有{label}"
            if partial := case.evidence(f"conduct.{field}.at_most"):
                words = f"只说明“{partial[0].quote}”，没有说明有无其他{label}"
            return unknown((f"conduct.{field}",), f"要求：{rule.required}。材料{words}，请补充。")
        return not_applicable(f"本条款没有点名“{label}”，材料也未提及，不要求说明。", "材料未提及")
    if stated:
        message = f"要求：{rule.required}。材料显示有：{label}。请核实并附信用修复或整改证明，由专家判断。"
        if rule.binding:
            message = f"要求：{rule.required}。材料显示有：{label}，不满足。"
        return unmet(rule, f"有：{label}", message, spans)
    return passed(f"无：{label}", f"{rule.required}：材料说明没有，已满足。", spans)


def _lies_within(case: Case, place: str, within: str) -> bool | None:
    """Return whether a place lies in a province or in the country, None if it cannot be told."""
    text = _plain(place)
    province = case.policy.locate(text)
    if within != _CHINA:
        return None if province is None and not _foreign(text) else province == within
    if any(word in text for word in _ABROAD):
        return False
    if province is not None:
        return province not in _OUTSIDE_CUSTOMS
    if text.startswith("台湾") or _foreign(text):
        return False
    if any(text.startswith(name) for name in _COUNTRY_NAMES):
        return True
    return True if text.endswith(_ADMINISTRATIVE) else None


def _foreign(text: str) -> bool:
    return any(name in text for name in _FOREIGN) or (text.isascii() and any(c.isalpha() for c in text))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "")


# Where enterprises of the trade are registered abroad; a place on neither list stays unknown.
_FOREIGN = (
    "新加坡", "日本", "韩国", "朝鲜", "越南", "泰国", "马来西亚", "印度尼西亚", "印尼", "印度", "菲律宾",
    "柬埔寨", "老挝", "缅甸", "孟加拉", "巴基斯坦", "斯里兰卡", "蒙古国", "哈萨克斯坦", "乌兹别克斯坦",
    "阿联酋", "迪拜", "沙特", "以色列", "土耳其", "伊朗", "美国", "加拿大", "墨西哥", "巴西", "阿根廷",
    "智利", "秘鲁", "英国", "德国", "法国", "意大利", "西班牙", "葡萄牙", "荷兰", "比利时", "卢森堡",
    "瑞士", "瑞典", "挪威", "芬兰", "丹麦", "爱尔兰", "奥地利", "波兰", "捷克", "匈牙利", "罗马尼亚",
    "塞尔维亚", "希腊", "俄罗斯", "白俄罗斯", "乌克兰", "澳大利亚", "新西兰", "南非", "埃及", "摩洛哥",
    "尼日利亚", "肯尼亚", "埃塞俄比亚", "开曼", "维尔京", "百慕大", "萨摩亚", "塞舌尔", "毛里求斯", "泽西",
)  # fmt: skip
