"""The word patterns around a quantity: verbs of change, words of level, comparisons, clause bounds.

Everything here is about strings; what a quantity means is decided in ``kpi_roles``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from assistant.extract.kpi_lexicon import Direction, lexicon
from assistant.extract.number_units import common_unit
from assistant.extract.numbers import Quantity

# A clause is read this far back from its figure, in characters; text without punctuation has no end.
CLAUSE_WIDTH = 90
# Stands in the text where a date was; dates are neither figures nor parts of names.
BLOT = "\ue000"
ABOUT = (
    rf"(?:{BLOT}|”|了|过|近|约为?|大约|大概|将近|接近|超过?|逾|至少|最高|最多|最大|最低|高达|多达|可达|平均|整整|足足|累计|也|仅|就|"
    r"年均|每[年月天日吨件台班次套辆](?:产品|钢)?|每小时|每分钟|不少于|不低于|不止|不到|:|\+|\(|>|≥|≈|“|又|再|可|的|分别|Ra|达(?!到))*"
)
_LEVEL_VERB = (
    r"(?:达到了?|达|为|是|保持在|稳定在|维持在|保持|稳定达到|控制在|控制到|超过?了?|突破了?|高于|大于|优于|不低于|不少于|不小于|低于|小于|"
    r"不超过|不高于|不大于|不足|接近|近|逾|只有|仅有|仅|约|在|:|=|≥|≤|>|<|实现了?|只需要?|仅需要?|只要|仅用|只用|需要?|用时|要)"
)
TO_OLD = r"(?:原来的?|原先的?|过去的?|以前的?|传统[^，,。;；]{0,6}?的|(?:人工|普通|同类|常规)[^，,。;；]{0,6}?的|改造前的?|现在的?|目前的?|如今的?|当前的?|最低的?)?"
_SHARE_WORD = r"(?:降幅|增幅|升幅|提升率|降低率|下降率|节约率|节省率|缩短率|提高率|减少率|减幅|增长率|节能量)"
PLAIN_TAIL = re.compile(r"(?:以上|左右|以下|以内|之多|上下|不等|有余)?\)?")
FROM = re.compile(
    r"(?:从|由|自)(?:[^，,。；;]{0,12}的|每\w|约|原来|以前|过去|最初|原先|平均|当初|之前|此前|改造前|Ra|近)*$"
)
_CLAUSE_END = re.compile(r"[，,；;。!！?？\t|]")
_SEPARATOR = re.compile(r"[，,；;。!！?？:\t|(（]")
ADVERB = re.compile(
    r"(?:更是|甚至|更|分别|依次|平均|同比|环比|总体上?|整体上?|大幅度?|显著|明显|有效|进一步|可以?|能够?|将|也|已经?|均|都|又|还|却|便|就|"
    r"则|约|近|得到了?|得以|会|要|再|成功|逐步|持续|不断|累计|直接|至少|最高|有望|预计|每年|年均|每月|每天|目前|现在|如今|"
    r"今年|全面|实现了?|由此|因此|随之|同步|快速|一举|双双|各|普遍|极大|上|方面|每[吨件台班年月次]|相应|相对|基本|"
    r"的(?:幅度|比例)?|幅度|了|“|”|\"|:|预期|年|月|日)$"
)
_COMPARED = re.compile(
    r"(?:与[^，,；;]{1,16}相比|相?较(?:于|之)?[^，,；;、]{1,16}|(?<![占对])比(?![例重率对])[^，,；;、]{1,16}|在[^，,；;、]{1,16}基础上|"
    r"同[^，,；;]{1,12}相比|相比[^，,；;、]{1,16})$"
)
PAST = re.compile(
    r"原来|原先|原本|过去|以前|以往|此前|之前|改造前|实施前|建设前|上线前|应用前|传统|曾经|最初|早先|往年|人工"
)
NOW = re.compile(
    r"现在|如今|目前|现|改造后|实施后|建设后|上线后|应用后|投用后|今|后|只需|仅需|只要|仅用|只用|智能化|自动化|机器"
)
TAKT = re.compile(
    r"(?:就|便|即|可以?|能|有|会)*[^，,。；;]{0,10}?(?:下线|出厂|产出|驶下|走下|生产出)|(?:可|能|就)*(?:完成|生产|组装|装配|加工|制造|交付|焊接|检测)(?:完成)?[一1]?[台辆件个块片只套支架]"
)
# What takes time and is quick: 10秒内追溯到批次, 换型只需3分钟.
_WORK = (
    r"(?:追溯|查到|查出|查清|查询|查找|查明|找到|找出|定位|锁定|溯源|响应|处置|处理|完成|切换|切到|换产|换型|换线|换模|换料|送达|送到|到达|"
    r"交付|出库|入库|盘点|识别|发现|恢复|调出|调取|生成|编制|反馈|排查|检出|测完|算出|给出|得出|下达|报警|装车|卸车)"
)
WITHIN = re.compile(
    rf"(?:之内|以内|内)(?:就|便|即|可以?|能够?|都|均)*[^，,。；;\d]{{0,10}}?(?P<what>{_WORK})"
)
QUICK = re.compile(r"(?:只需要?|仅需要?|只要|仅用|只用|用时)(?:约|大约|不到)?$")
WORK = re.compile(rf"(?P<what>{_WORK})[^，,。；;]*$")
WHOLE = re.compile(
    r"的?(?:实现|可|全流程|全过程|全程|在线|自动化?|数字化|智能|无人|机器人|线上|的)*(?P<what>追溯|采集|检测|检验|全检|联网|覆盖|自动化|数控化|集成|国产化|可控|上云|合格|达标|互联互通|利用|回收|回用|焊接|监控|监测|下发|上传|传输|推送|闭环|留痕|可视|在线)"
)
SHARE_OF = re.compile(
    r"(?:的|以上的|左右的)(?P<what>(?:(?![未没不无])[^，,。；;]){2,14}?)(?:均|都|已经?|全部|也|可以?|能够|得以|由|基本|成功)*(?:实现|完成|达到|采用|接入|自动|联网|上云|应用|交由|被)"
)
# 完成了99%的物料运输任务: a share of the work itself.
WORK_OF = re.compile(
    r"(?:以上|左右)?的(?P<what>[^，,。；;\d]{0,12}?(?:任务|工作|作业|工序|环节|设备|流程|业务|岗位|场景|检测项目|产线))"
)
WORK_DONE = re.compile(r"(?:完成|承担|替代|取代|覆盖|支撑|处理)了?(?:约|近|超过?|将近)*$")
# 13秒/件的生产速度, 0.01毫米精度: the quantity word right behind the figure.
NAMED_BEHIND = re.compile(r"(?:级)?的?(?P<what>[^，,。；;、\d的]{0,6}?(?:速度|节拍|精度|误差|效率|周期))")


@dataclass(frozen=True, slots=True)
class Grammar:
    """The verb patterns, each anchored at the end of the text left of a quantity."""

    reach: re.Pattern[str]
    share: re.Pattern[str]
    change: re.Pattern[str]
    transitive: re.Pattern[str]
    fused: re.Pattern[str]
    level: re.Pattern[str]
    listing: re.Pattern[str]
    only: re.Pattern[str]
    arrow: re.Pattern[str]
    bare_to: re.Pattern[str]
    after: re.Pattern[str]

    @staticmethod
    def direction_of(verb: str) -> Direction | None:
        """Return which way a verb points, None for one that says no direction."""
        return lexicon().direction_of(verb) if verb else None


@cache
def grammar() -> Grammar:
    """Return the verb patterns, compiled once from the word lists."""
    lex = lexicon()
    verb, fused = lex.verb, lex.fused.pattern
    to = r"(?:达到|到|至|为|成(?![本品功效果熟]))"
    fill = r"[^，,。；;\d]"
    return Grammar(
        reach=re.compile(rf"(?P<verb>{verb}|变|改|调整|控制|跃)(?:大幅|显著|分别)?{to}了?{TO_OLD}{ABOUT}$"),
        share=re.compile(
            rf"(?:(?P<verb>{verb})的?(?:幅度|比例|率)|{_SHARE_WORD})(?:均|分别|也)?(?:达到?了?|为|是|超过?|约|近|高达|在|:|接近|将近|\()*$"
        ),
        change=re.compile(rf"(?P<verb>{verb}){ABOUT}$"),
        transitive=re.compile(
            rf"(?P<verb>{lex.full_verb})(?:了)?(?P<object>(?:(?!{to}|达|、)[^，,。；;\d]){{2,18}}?)(?P<about>{ABOUT})$"
        ),
        fused=re.compile(rf"(?P<verb>{fused})(?:成效|效果|幅度)?{ABOUT}(?:达到?)?{ABOUT}$"),
        level=re.compile(rf"{_LEVEL_VERB}(?:了)?{TO_OLD}{ABOUT}$"),
        listing=re.compile(
            rf"^(?:以上|左右|多|以内|以下)?(?:、|和|与|及|以及|,|，)(?:分别|{verb}|{_LEVEL_VERB})?(?:到|至)?{ABOUT}$"
        ),
        only=re.compile(
            rf"(?:只需要?|仅需要?|只要|仅用了?|只用了?|只花了?|仅|只|就|需要?|用|花|缩短到|减少到){ABOUT}$"
        ),
        arrow=re.compile(
            rf"^(?:以上|左右|多|余|以内)?(?:的?{fill}{{0,10}}?)[，,]?(?:{fill}{{0,8}}?)"
            rf"(?:(?P<verb>{verb}|变|改|调整|跃|控制)(?:大幅)?(?:到|至|为|成(?![本品功效果])|达)|→|-+>|=>|——?>)了?{fill}{{0,8}}$"
        ),
        bare_to=re.compile(
            rf"^(?:以上|左右|多)?[，,]?{fill}{{0,6}}?(?:到了?|至|变为|成为|→|—+|-+){fill}{{0,6}}$"
        ),
        after=re.compile(
            rf"^(?:以上|左右|多)?的?(?P<object>[^，,。；;、\d]{{0,14}}?)(?P<verb>{verb})(?=$|[，,。；;、和与及\"”]|的(?:目标|成效|效果|成绩))"
        ),
    )


def strip_phrase(text: str) -> str:
    """Return a noun phrase without the comparisons and adverbs that trail it (设备利用率较上年大幅 → 设备利用率)."""
    text = re.sub(rf"\([^()\d]*\)|{BLOT}+的?", "", text)
    while True:
        shorter = _COMPARED.sub("", text)
        if shorter == text:
            head = lexicon().head(text)
            if head and head.end == len(text) and head.kind != "excluded":
                return text
            counted = re.sub(r"的?(?:数量|总量|数值|总数)$", "", text)
            inner = lexicon().head(counted)
            shorter = counted if inner and inner.end == len(counted) else ADVERB.sub("", text)
        if shorter == text:
            return text
        text = shorter


def clause_left(text: str, floor: int, at: int) -> int:
    """Return where the clause that ends at ``at`` begins, not before ``floor`` nor ``CLAUSE_WIDTH`` back."""
    begin = floor = max(floor, at - CLAUSE_WIDTH)
    depth = 0
    for position in range(at - 1, floor - 1, -1):
        char = text[position]
        if char in ")）":
            depth += 1
        elif char in "(（" and depth:
            depth -= 1
        elif depth == 0 and _SEPARATOR.match(char) and not (char == ":" and position == at - 1):
            begin = position + 1
            break
    return begin


def clause_right(text: str, at: int, ceiling: int) -> int:
    """Return where the clause that goes on at ``at`` ends, not after ``ceiling``."""
    match = _CLAUSE_END.search(text, at, min(ceiling, at + CLAUSE_WIDTH))
    return match.start() if match else min(ceiling, at + CLAUSE_WIDTH)


def after_past(phrase: str) -> str:
    """Return a phrase without the leading 原来, 过去 … of a value before."""
    return re.sub(r"^(?:原来|原先|过去|以前|以往|此前|之前|改造前|实施前)[的]?", "", phrase)


def comparable(left: Quantity, right: Quantity) -> bool:
    """Return whether two quantities can be values of one thing (same or convertible units)."""
    if left.unit is None or right.unit is None:
        return left.kind == right.kind == "plain" or left.unit is None
    return common_unit(left, right) is not None and (left.kind == right.kind)
