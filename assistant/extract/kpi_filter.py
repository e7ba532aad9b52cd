"""Which drafts are KPI statements, by the contract's definition.

A KPI is an effect or a level of manufacturing capability or benefit; not revenue, investment, head
counts, numbers of machines, dates, industry statistics, nor what a rule demands (应不低于 …).
"""

from __future__ import annotations

import re

from assistant.extract.kpi_context import is_statement, is_statistic
from assistant.extract.kpi_prose import Draft
from assistant.extract.numbers import Quantity

_TIME = re.compile(r"秒|毫秒|分钟|分|小时|天|日|周|月|年|工作日|工时|人时|钟头|星期|季度|ms|s|h|min")
_LENGTH = re.compile(r"米|mm|μm")
_PEOPLE = {"人", "名", "人次", "位", "户", "家", "头", "亩", "层", "对", "期", "项", "国"}
_COUNTED = {
    "台", "台套", "套", "条", "个", "种", "款", "支", "座", "栋", "间", "处", "颗", "只", "组", "类", "册", "架", "艘",
    "块", "张", "枚", "份", "单", "批", "起", "路", "道", "节", "盘", "根", "把", "本", "篇", "匹", "副", "双",
}  # fmt: skip
_SCALE = re.compile(r"^(?:十万|百万|千万|万亿|万|亿|千(?!克|瓦))")
_IMPROVING = re.compile(
    r"提升|提高|降低|下降|减少|缩短|压缩|节约|节省|缩减|加快|改善|优化|降|提速|跃升|压减|削减|翻"
)
_SHORTENING = re.compile(r"缩短|减少|节省|节约|压缩")
_GROWTH = re.compile(r"同比|环比|较上年|比上年|增长|年均|复合")
_OUTPUT = ("产量", "产出", "能力", "质量")
# 人均产出同比增长 is productivity, 产出同比增长 the trade's news.
_PER_HEAD = re.compile(r"人均|单位|每|台时|单机|单线|班产")
_EARLIER = re.compile(r"交付|交货|工期|投产|上市|完工|达产")
_MODELS = re.compile(
    r"(?:人工智能|AI|智能|决策|大)[^，,。；]{0,6}(?:模型|智能体)(?:的)?(?:应用)?(?:数量?|总数|共)?$"
)
_SPREAD = re.compile(r"复制|推广")
_SALES_GROWTH = re.compile(r"(?:销售|营业收入|营收|销售收入|销售额)增长率")
_SHARE_WORDS = {"占比", "比例", "比重"}
_SHARE_OF_ELSE = re.compile(
    r"收入|营收|人员|员工|学历|人才|女性|投入|GDP|增加值|经济|市场|销售|产业|出口|股|企业|资产|负债|国|消费"
)
_CAPACITY = re.compile(r"产能|能力|效率|速度|满意度|产出|产值|日产|单产")
_PER_PRODUCT = re.compile(r"单位|吨|每|耗")
# 万锭用工, 人均管理设备数: counts, but of productivity.
_HANDS_PER_UNIT = re.compile(
    r"(?:万锭|万吨|吨[一-龥]{0,2}|单位[一-龥]{0,4}|每[一-龥]{1,4})用工$|人均[一-龥]{0,8}数$|起订量$"
)
_OLD_WAY = re.compile(r"人工|传统|过去|以前|普通|原来")


def unit_base(quantity: Quantity) -> str:
    """Return the unit without 万 or 亿 and without what it is per."""
    return _SCALE.sub("", quantity.unit or "").split("/")[0]


def is_kpi(draft: Draft, sentence: str) -> bool:
    """Return whether ``draft``, found in the compact ``sentence``, is a KPI statement."""
    figure = draft.change or draft.current
    if figure is None or not is_statement(draft, sentence):
        return False
    if _catalogue_count(draft):
        return True
    kind = draft.head.kind if draft.head else "unknown"
    if kind == "excluded":
        return _SALES_GROWTH.search(draft.left + draft.phrase) is not None or _fewer_hands(draft)
    if _share_of_else(draft) or is_statistic(draft, sentence):
        return False
    if draft.change is not None:
        return _change_counts(draft, draft.change, kind)
    if draft.baseline is not None:
        by_unit = _HANDS_PER_UNIT.search(draft.phrase) is not None
        return by_unit or _pair_counts(draft.baseline, figure, kind)
    return _level_counts(draft, figure, kind)


def _catalogue_count(draft: Draft) -> bool:
    """The two counts on the lists are KPIs: AI models in use, firms that took the mode over."""
    level = draft.current
    if level is None or draft.baseline is not None or level.kind != "plain":
        return False
    if _MODELS.search(draft.phrase):
        return unit_base(level) in {"个", "款", "项", ""}
    return unit_base(level) == "家" and _SPREAD.search(draft.phrase + draft.left) is not None


def _fewer_hands(draft: Draft) -> bool:
    """物流人员减少一半 is an effect, where 减少6人 is a head count."""
    if draft.baseline or draft.change is None or draft.change.kind != "percent" or draft.direction != "down":
        return False
    return draft.phrase.endswith(("人员", "人数", "员工", "工人", "岗位"))


def _share_of_else(draft: Draft) -> bool:
    """A general share word after another quantity (收入的比例, 技术人员占比) is no share of production."""
    if draft.head is None or draft.phrase[draft.head.start : draft.head.end] not in _SHARE_WORDS:
        return False
    return _SHARE_OF_ELSE.search(draft.phrase[: draft.head.start]) is not None


def _change_counts(draft: Draft, change: Quantity, kind: str) -> bool:
    if change.kind != "plain":
        if kind == "unknown":
            return _IMPROVING.search(draft.verb) is not None and not _GROWTH.search(draft.left)
        grown = "同比" in draft.left and draft.phrase.endswith(_OUTPUT)
        return not grown or _PER_HEAD.search(draft.phrase) is not None
    base = unit_base(change)
    if not base or base in _PEOPLE or base in _COUNTED:
        return False
    if draft.verb == "提前":
        return _EARLIER.search(draft.phrase) is not None
    if kind == "unknown":
        return _TIME.fullmatch(base) is not None and _SHORTENING.search(draft.verb) is not None
    return draft.direction is not None


def _pair_counts(baseline: Quantity, current: Quantity, kind: str) -> bool:
    base = unit_base(baseline) or unit_base(current)
    if base in _PEOPLE or (base in _COUNTED and kind in {"unknown", "rate"}):
        return False
    measured = baseline.kind != "plain" or _TIME.fullmatch(base) or _LENGTH.search(base)
    return kind != "unknown" or bool(measured)


def _level_counts(draft: Draft, level: Quantity, kind: str) -> bool:
    if kind == "unknown":
        compared = draft.verb.startswith(("是", "为", "达")) or "原来" in draft.left
        return level.kind == "times" and compared and _OLD_WAY.search(draft.left) is not None
    if level.kind != "plain":
        return kind not in {"cost", "burden", "time"} or draft.verb not in {"", "约", "近"}
    base = unit_base(level)
    if level.value == 0 and not base and draft.direction:
        return kind in {"rate", "burden"}  # 差错率降为0
    per = "/" in (level.unit or "") or "每" in draft.left[-4:]
    if base in _PEOPLE or (base in _COUNTED and not per and "产能" not in draft.phrase):
        return False
    if kind in {"precision", "score", "plain_rate"} or draft.verb == "的":
        return True
    if draft.direction and (per or _TIME.fullmatch(base)):
        return True
    if _TIME.fullmatch(base) and kind == "time":
        return True
    if kind == "time":
        return "节拍" in draft.phrase
    if kind == "burden":
        return per or _PER_PRODUCT.search(draft.phrase) is not None
    if "产量" in draft.phrase:
        return draft.direction is not None
    said = draft.verb not in {"", "约", "近"} and level.unit is not None
    return said and _CAPACITY.search(draft.phrase) is not None
