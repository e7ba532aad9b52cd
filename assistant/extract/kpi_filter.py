"""Which drafts are KPI statements, by the contract's definition.

A KPI is an effect or a level of manufacturing capability or benefit; not revenue, investment, head
counts, numbers of machines, dates, industry statistics, nor what a rule demands (应不低于 …).
"""

from __future__ import annotations

import re

from assistant.extract.kpi_lexicon import lexicon
from assistant.extract.kpi_prose import Draft
from assistant.extract.numbers import Quantity

_TIME = re.compile(r"秒|毫秒|分钟|分|小时|天|日|周|月|年|工作日|工时|人时|钟头|星期|季度|ms|s|h|min")
_PEOPLE = {"人", "名", "人次", "位", "户", "家", "头", "亩", "层", "对", "期", "项", "国", "年份"}
_COUNTED = {
    "台", "台套", "套", "条", "个", "种", "款", "支", "座", "栋", "间", "处", "颗", "只", "组", "类", "册", "架", "艘",
    "块", "张", "枚", "份", "单", "批", "起", "路", "道", "节", "盘", "根", "把", "本", "篇", "匹", "副", "双",
}  # fmt: skip
_RULE = re.compile(
    r"(?:应当|应(?![用急变答收力对])|须|必须|需要?|不得|要求|条件|原则上)[^，,。；]{0,14}(?:不低于|不少于|不高于|不超过|高于|低于|达到|大于|处于)[^，,。；]{0,4}$"
)
_KPI_VERBS = re.compile(
    r"提升|提高|降低|下降|减少|缩短|压缩|节约|节省|缩减|加快|改善|优化|降|提速|跃升|压减|削减|翻"
)
_GROWTH = re.compile(r"同比|环比|较上年|比上年|增长|年均|复合")
# How far back, in characters, a macro subject (全省, 规上工业企业) still governs.
_MACRO_REACH = 60
# Shares that officials count over a whole region or trade.
_COUNTED_SHARES = re.compile(
    r"普及率|数控化率|渗透率|覆盖率|覆盖|上云率|利用率|占比|比重|比例|能耗|排放|生产率|联网率|国产化率|合格率|劳动生产率|水耗|用水量|产量|产能|产出|消耗|应用率"
)
_MODEL_COUNT = re.compile(r"(?:模型|智能体)(?:的)?(?:应用)?(?:数量?|总数|共)?$")
_SPREAD = re.compile(r"复制|推广|推广应用")


def unit_base(quantity: Quantity) -> str:
    """Return the unit without 万 or 亿 and without what it is per."""
    unit = re.sub(r"^(?:十万|百万|千万|万亿|万|亿|千(?!克|瓦))", "", quantity.unit or "")
    return unit.split("/")[0].split("／")[0]


# 当偏差超10%时, 每提升1%: a condition, no statement of fact.
_CONDITION = re.compile(r"(?:^|[，,；;])(?:当|若|如果|一旦)[^，,；;]{0,20}$")
_VERSUS = re.compile(
    r"(?:低于|高于|优于|好于)[^，,；;]{0,14}(?:平均|均值|水平|同行|行业|平均值)[^，,；;]{0,4}$"
)
_EACH_STEP = re.compile(r"每(?:提升|提高|增加|降低|下降|减少|缩短|节约)了?$")
_PAST = "传统|过去|以前|以往|曾经|此前|原来|原先|改造前|实施前|起初|最初"
_PAST_STATE = re.compile(rf"(?:^|[，,；;。“：:])(?:而|但)?在?(?:{_PAST})")
_PAST_HERE = re.compile(rf"(?<![较比与同代])(?:{_PAST})")
_NOW_STATE = re.compile(
    r"现在|如今|目前|现已|已|改造后|后|通过|新|提升|提高|降至|降低|达到了|智能|相比|比|的\d*倍"
)
_DENIED = re.compile(r"(?:未能?|没有?|不到|无法|难以)(?:达到?|超过|实现)?$")


def is_kpi(draft: Draft, sentence: str) -> bool:
    """Return whether ``draft``, found in the compact ``sentence``, is a KPI statement."""
    main = draft.change or draft.current or draft.baseline
    if main is None or (draft.baseline and not draft.current and not draft.change):
        return False
    if draft.change is None and _RULE.search(draft.left):
        return False
    before = sentence[: draft.end]
    supposed = _CONDITION.search(draft.left) and sentence[draft.end :].startswith(("时", "后", "以上时"))
    if (
        supposed
        or _VERSUS.search(draft.left)
        or _EACH_STEP.search(draft.left)
        or _DENIED.search(draft.left)
        or _was_once(draft, before)
    ):
        return False
    if catalogue_count(draft):
        return True
    kind = draft.head.kind if draft.head else "unknown"
    if kind == "excluded" or _spoiled(draft) or _statistic(draft, sentence, kind):
        return kind == "excluded" and named_growth(draft)
    if draft.change is not None:
        return _change_counts(draft, kind, sentence)
    if draft.baseline is not None:
        return _pair_counts(draft, kind)
    return _level_counts(draft, main, kind)


def _was_once(draft: Draft, before: str) -> bool:
    """A lone level said of the time before, or of others' old way, is no level of this factory."""
    if draft.change or draft.baseline or draft.direction:
        return False
    here = [match for match in _PAST_HERE.finditer(draft.left)]
    if here:
        return not _NOW_STATE.search(draft.left, here[-1].end())
    past = list(_PAST_STATE.finditer(before))
    return bool(past) and not _NOW_STATE.search(before, past[-1].end())


def catalogue_count(draft: Draft) -> bool:
    """Return whether this is one of the two counts on the lists: AI models in use, firms that took the mode over."""
    level = draft.current
    if level is None or draft.baseline is not None or level.kind != "plain":
        return False
    if _MODEL_COUNT.search(draft.phrase) and re.search(r"人工智能|AI|智能|决策|大模型", draft.phrase):
        return unit_base(level) in {"个", "款", "项", ""}
    return unit_base(level) == "家" and _SPREAD.search(draft.phrase + draft.left) is not None


def named_growth(draft: Draft) -> bool:
    """Return whether the statement names the list's own 销售增长率 (revenue growth in other words is none)."""
    return re.search(r"(?:销售|营业收入|营收|销售收入|销售额)增长率", draft.left + draft.phrase) is not None


def _spoiled(draft: Draft) -> bool:
    """A general share word after an excluded quantity (收入的比例, 技术人员占比) is none either."""
    if draft.head is None or draft.head.kind != "rate":
        return False
    word = draft.phrase[draft.head.start : draft.head.end]
    before = draft.phrase[: draft.head.start]
    if word in {"占比", "比例", "比重"}:
        return (
            re.search(
                r"收入|营收|人员|员工|学历|人才|女性|投入|GDP|增加值|经济|市场|销售|产业|出口|股|企业|资产|负债|国|消费",
                before,
            )
            is not None
        )
    return False


def _statistic(draft: Draft, sentence: str, kind: str) -> bool:
    """A share or consumption said of a country, a region or a trade is a statistic; an effect in firms is not."""
    words = lexicon()
    near = words.macro.search(sentence, max(draft.start - _MACRO_REACH, 0), draft.end)
    if not near and not words.official.search(sentence, 0, draft.end):
        return False
    if kind == "unknown":
        return True
    counted = kind == "rate" or _COUNTED_SHARES.search(draft.phrase) is not None
    scale = near is not None and near.group().startswith("规")
    level = draft.change is None or draft.current is not None
    return counted and (level or scale or _GROWTH.search(draft.left) is not None)


def _change_counts(draft: Draft, kind: str, sentence: str) -> bool:
    change = draft.change
    assert change is not None
    if change.kind in {"percent", "points", "times", "doubling"}:
        if kind != "unknown":
            return not (
                _GROWTH.search(draft.left)
                and draft.phrase.endswith(("产量", "产出", "能力", "质量"))
                and "同比" in draft.left
            )
        return bool(_KPI_VERBS.search(draft.verb)) and not _GROWTH.search(draft.left)
    base = unit_base(change)
    if base in _PEOPLE or base in _COUNTED or change.unit is None:
        return False
    if draft.verb == "提前":
        return re.search(r"交付|交货|工期|投产|上市|完工|达产", draft.phrase) is not None
    if kind == "unknown":
        return bool(_TIME.fullmatch(base)) and bool(re.search(r"缩短|减少|节省|节约|压缩", draft.verb))
    return draft.direction is not None


def _pair_counts(draft: Draft, kind: str) -> bool:
    assert draft.baseline is not None
    base = unit_base(draft.baseline) or (unit_base(draft.current) if draft.current else "")
    if base in _PEOPLE:
        return False
    if base in _COUNTED and kind in {"unknown", "rate"}:
        return False
    return (
        kind != "unknown"
        or draft.baseline.kind != "plain"
        or bool(_TIME.fullmatch(base))
        or bool(re.search("米|mm|μm", base))
    )


def _level_counts(draft: Draft, level: Quantity, kind: str) -> bool:
    base = unit_base(level)
    if kind == "unknown":
        return (level.kind == "times" and "原来" in draft.left) or (
            level.kind == "times"
            and draft.verb.startswith(("是", "为", "达"))
            and re.search(r"人工|传统|过去|以前|普通", draft.left) is not None
        )
    if level.kind in {"percent", "points", "times"}:
        return kind in {
            "rate",
            "plain_rate",
            "precision",
            "effect",
            "burden",
            "score",
            "time",
        } or draft.verb in {"100%", "share"}
    if base in _PEOPLE or (
        base in _COUNTED
        and not re.search(r"/|每", (level.unit or "") + draft.left[-4:])
        and not re.search("产能", draft.phrase)
    ):
        return False
    if kind == "time":
        return bool(_TIME.fullmatch(base)) or "节拍" in draft.phrase
    if kind == "precision" or (draft.direction and _TIME.fullmatch(base)):
        return True
    if draft.verb == "的":
        return True
    if kind in {"score", "plain_rate"}:
        return True
    if kind == "burden":
        return "/" in (level.unit or "") or re.search(r"单位|吨|每|耗", draft.phrase) is not None
    if "产量" in draft.phrase:
        return draft.direction is not None
    return (
        draft.verb not in {"", "约", "近"}
        and re.search(r"产能|能力|效率|速度|满意度|产出|产值|日产|单产", draft.phrase + draft.verb)
        is not None
        and level.unit is not None
    )
