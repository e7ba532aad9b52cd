"""What the words around a figure make of it: a fact, a rule, a condition, a past state, a statistic."""

from __future__ import annotations

import re

from assistant.extract.kpi_lexicon import lexicon
from assistant.extract.kpi_prose import Draft

# 应不低于20%: what a rule demands.
_RULE = re.compile(
    r"(?:应当|(?<![供响相对反适效感顺因])应(?![用急变答收力对商])|必须|(?<![无毋])须|需(?:要|达|不|满足)|不得|要求|条件(?=[为是：:])|原则上)"
    r"[^，,。；]{0,14}"
    r"(?:不低于|不少于|不高于|不超过|高于|低于|达到|大于|处于)[^，,。；]{0,4}$"
)
# 当偏差超10%时, 每提升1%: a condition, no statement of fact.
_CONDITION = re.compile(r"(?:^|[，,；;])(?:当|若|如果|一旦)[^，,；;]{0,20}$")
_EACH_STEP = re.compile(r"每(?:提升|提高|增加|降低|下降|减少|缩短|节约)了?$")
# 低于全省平均水平2.5%: the figure is the others'.
_VERSUS = re.compile(r"(?:低于|高于|优于|好于)[^，,；;]{0,14}(?:平均|均值|水平|同行|行业)[^，,；;]{0,16}$")
_DENIED = re.compile(r"(?:(?:未能?|没有?|无法|难以)(?:达到?|超过|实现)?|达不到)$")
_PAST = "传统|过去|以前|以往|曾经|此前|原来|原先|改造前|实施前|起初|最初"
_PAST_STATE = re.compile(rf"(?:^|[，,；;。“：:])(?:而|但)?在?(?:{_PAST})")
_PAST_HERE = re.compile(rf"(?<![较比与同代])(?:{_PAST})")
_NOW_STATE = re.compile(r"现在|如今|目前|现已|已|后|通过|新|提升|提高|降至|降低|达到了|智能|比|的\d*倍")
_GROWTH = re.compile(r"同比|环比|较上年|比上年|增长|年均|复合")
# How far back, in characters, a macro subject (全省, 规上工业企业) still governs.
_MACRO_REACH = 60
# The same for the words that colour a whole sentence (据统计局数据).
_SENTENCE_REACH = 300
# Quantities that officials count over a whole region or trade.
_COUNTED = re.compile(r"覆盖|占比|比重|比例|能耗|排放|生产率|水耗|用水量|产量|产能|产出|消耗|(?<!效)率")


# 国外同类企业的…, 某竞争对手的…: said of others, not of the factory; behind 比 or 高于 they are only compared with.
_OTHERS = re.compile(
    r"(?:^|[，,；;。：:、])[^，,；;。比较于]{0,6}(?:(?:国外|境外|其他|其它|同类|同行|外地|兄弟)[^，,；;。比较于]{0,4}(?:企业|厂商|工厂|公司|单位)|竞争对手|竞品|友商)"
)
# What is said after one of these is said of the factory, whatever region or plan the sentence began with.
_OWN = re.compile(r"公司|我司|本厂|我厂|该厂|该企业|本企业|本项目")


def is_statement(draft: Draft, sentence: str) -> bool:
    """Return whether the figure is stated as a fact of now; rules, conditions, others' and past values are not."""
    left = draft.left
    if draft.change is None and _RULE.search(left):
        return False
    if _CONDITION.search(left) and sentence[draft.end :].startswith(("时", "后", "以上时")):
        return False
    if _OTHERS.search(left):
        return False
    if _VERSUS.search(left) or _EACH_STEP.search(left) or _DENIED.search(left):
        return False
    return not _was_once(draft, sentence[max(draft.end - _SENTENCE_REACH, 0) : draft.end])


def _was_once(draft: Draft, before: str) -> bool:
    """A lone level said of the time before, or of others' old way, is no level of this factory."""
    if draft.change or draft.baseline or draft.direction:
        return False
    if draft.current is not None and draft.current.kind == "times":
        return False  # 是过去的3倍 tells of now
    here = list(_PAST_HERE.finditer(draft.left))
    if here:
        return not _NOW_STATE.search(draft.left, here[-1].end())
    past = list(_PAST_STATE.finditer(before))
    return bool(past) and not _NOW_STATE.search(before, past[-1].end())


def is_statistic(draft: Draft, sentence: str) -> bool:
    """Return whether a share or consumption is said of a country, a region or a trade.

    An effect in the firms of a region (生产效率平均提升34.8%) is no statistic.
    """
    words = lexicon()
    near = words.macro.search(sentence, max(draft.start - _MACRO_REACH, 0), draft.end)
    if near and near.end() < draft.end and _OWN.search(sentence, near.end(), draft.end):
        near = None
    if not near and not words.official.search(sentence, max(draft.end - _SENTENCE_REACH, 0), draft.end):
        return False
    if draft.head is None:
        return True
    if draft.change is not None and _GROWTH.search(draft.left):
        return True
    counted = draft.head.kind == "rate" or _COUNTED.search(draft.phrase) is not None
    level = draft.change is None or draft.current is not None
    above_scale = near is not None and near.group().startswith("规")
    return counted and (level or above_scale)
