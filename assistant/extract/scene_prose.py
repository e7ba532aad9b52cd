"""Scenes in free prose: sentences whose words together speak of a business activity as done.

A sentence counts for an activity when a rule of the lexicon holds in it, outside clauses that tell
how things were before or which problem there was, and when it speaks of a factory rather than of
a region, a policy or a market.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from assistant.extract.scene_lexicon import Lexicon, Rule
from assistant.extract.scene_status import pending
from assistant.extract.scene_text import Hit, Placed
from assistant.extract.sentences import Piece, clauses, negated, plan_scope

_DEPLOY_REACH = 24
_BEFORE = re.compile(
    r"过去|以往(?!的?(?:处理|维修|案例|经验|数据|方案|记录))|以前|原来|原先|原本|此前|曾经|改造前|从前|早些年|早年|当年|传统(?:的)?(?:模式|方式|做法|生产|人工|制造|仓库|检测)|(?:靠|凭|依赖|依靠|需要?|要|用|全凭|全靠)[^，。]{0,8}(?:人工|手工|肉眼|经验|人力|老师傅|纸质|人眼)|(?:人工|手工|肉眼)(?:检测|质检|排产|搬运|抄表|记录|巡检|统计|目视|检查|盘点|操作|点检|编制)"
)
_NOW = re.compile(
    r"如今|现在|目前|改造后|而今|今天|自动|取代|替代|代替|改为|变为|变成|不再|告别|省去|无需|不用|不需"
)
_PROBLEM = re.compile(
    r"针对(?![^，。；]*(?:建立|部署|搭建|开发|训练|安装|加装)了?)|为(?:了)?解决|为应对|痛点|难题|存在(?:着)?[^，。]{0,12}问题|困扰|面临|瓶颈(?:问题)?$|面向[^，。]{0,40}(?:需求|业务|活动|要求)"
)
_REGION = re.compile(
    r"(?<![安完])全[省市区县州镇](?!域)|全国(?!各地|的?(?:门店|客户|用户|经销|市场|销量|订单))|我[国省市区县]|各[级省市县区]|(?<!全国)各地(?!的?(?:销量|市场|订单|需求|消费|客户|用户|门店|工厂|基地|经销|供应商))|(?:省|市|县|区)(?:委|政府|经信|工信|财政|科技局|发改|内|里)|[^，。]{1,4}(?:省|市|州)(?:将|加快|出台|印发|推动|积极|大力|深入|坚持|推进|聚焦)|国务院|工信部|工业和信息化部|发改委|财政部|专项资金|奖补|补贴|(?<![价销售质信商返利务用格])政策|出台|印发|实施方案|行动(?:计划|方案)|指导意见|规划纲要|若干措施|白皮书|座谈会|推进会|现场会|论坛|大会|峰会|博览会|展会|研讨会|发布会|培训班|揭牌|签约|开工仪式|招商|市场规模|业内人士|专家(?:表示|认为|指出)|研究报告|分析师|股价|净利润|营业收入|试点城市|示范区|传统产业|产业集群|园区(?:内|企业|累计|集聚|聚集)|规上企业|规模以上|中小企业数字化|服务商|千行百业|行业企业|各行各业|数字经济|家企业(?:完成|实施|开展|启动|建成|获)|累计(?:建成|培育|打造|推动|实施)|入选|获批|标准(?:规定|要求|提出|明确)|是指|指的是|所谓|定义"
)
_PROMOTE = re.compile(
    r"(?:鼓励|引导|支持|推动|推进|指导|组织|促进|扶持|帮助|助力|带动|要求|加快)[^，。；]{0,16}(?:企业|行业|制造业|产业|园区|中小|工业|工厂|领域|转型|车间)"
)
_FACTORY = re.compile(
    r"公司|工厂(?!梯度)|车间|生产(?:全?过程|工序|环节)|产线|生产线|厂区|我们|我厂|本厂|我司|本企业|该企业|这家|该厂|企业(?:里|内|自主|投入|投资|引进|引入|通过|建成|上线|的|部署)|集团|基地|工位|厂房|股份|流水线|(?:钢|药|纸|酒|电|车|船|布|机)厂|矿(?:区|山|井)"
)
_SUPPLY = re.compile(
    r"(?:推出|销售|研制|主营|从事|专注于|出口|售卖|中标|承接|发布|对外输出|为[^，。；]{0,8}(?:客户|用户|行业|企业)提供)(?:了|的)?[^，。；]{0,14}$"
)


# Whole regions and sectors: no factory word in the sentence makes these one factory's doing.
_AGGREGATE = re.compile(
    r"我[省市县区州](?![^，。]{0,6}(?:某|一家))|规上工业|新增(?:省|国家|市)级|全国(?!各地|的?(?:门店|客户|用户|经销|市场|销量|订单))|全省|全市|全县|我国|全球(?:最大|首|已|共|灯塔)|累计(?:建成|培育|打造|遴选|推动|实施|布局)|万余?[家座]|[百千]余?家(?![^，。]{0,6}(?:供应商|上下游|零部件|配套|经销|门店|客户|协作))|家企业(?:完成|实施|开展|启动|获)|\d{3,}余?家(?!供应|上下游|经销|门店|客户|配套)|行业大类|“?十[四五六]五”?|是指|指的是|所谓|被誉为|因而得名|旨在|以[^，。]{0,14}为抓手|广袤|应用延伸|攻(?:坚|关)方案|千行百业|千家万户"
)
# Who speaks to the reader (请跳过检查, 若您是…) does not tell what a factory does.
_ADDRESS = re.compile(r"[您你]|(?:^|[，,。；;：:“”])\s*请(?![求示教购客假款领])")
# The language of rules: what firms should do, not what one has done.
_NORM = re.compile(
    r"第[一二三四五六七八九十]+条|(?:培育|申报)主体|申报单位应|要素条件|实施细则|管理办法|鼓励企业|智能化?工厂梯度|参考指引|申报书|省经信厅|评价指标体系|企业应(?:当)?|企业(?:首先)?需|自评价|首先，|^第[一二三四五]步|^这包括|步骤如下|绝非|三大痛点|解决方案(?:通过|包括|提供)|核心(?:路径|场景)(?:是|包括)|标志着"
)
THIS_FACTORY = re.compile(
    r"公司|这家|该企业|该厂|本企业|我们|我厂|集团|车间里|在[^，。]{2,16}(?:车间|工厂|公司|厂区|基地)"
)


# A firm's profile or a product's praise: what it makes and sells, not how its factory works.
_PITCH = re.compile(
    r"(?:这|该|此)款|(?:这|该)(?:型|类)(?:产品|设备|机器人)|广泛(?:应用|用于|适用)|起草单位|标准(?:起草|制定|制订)|主营|经营范围|(?:产品|设备)(?:销往|出口|远销)|市场占有率|市占率|高新技术企业|生产商|制造商|供应商龙头|系统集成商|解决方案(?:商|提供商|供应商)"
)


_DONE_VERB = re.compile(
    r"(?:引入|引进|部署|建成|用上|应用|采用|投用|上线|安装|装上|搭建|建立|配备|购置|添置|建起|铺设|打造)了|已(?:经|建|投|上线|部署|应用)"
)
# A list of systems (打通PLM、ERP、MES、WMS等系统) says what is installed, not what any of them does.
_SYSTEM = r"(?:[A-Za-z][A-Za-z0-9]{1,7}|[一-鿿]{2,10}(?:系统|平台|软件))(?:[一-鿿]{0,6}(?:系统|平台|软件))?(?:\s*[（(][^（）()]{1,24}[)）])?"
_SYSTEM_LIST = re.compile(rf"{_SYSTEM}(?:\s*(?:[、，,/+]|以?及|和|与)\s*{_SYSTEM}){{2,}}(?:\s*等)?")
# Somebody else's factory, what is no longer there, and what people still do by hand.
_ELSEWHERE = re.compile(
    r"(?<![与和同向给对跟及、])(?:兄弟(?:工厂|企业|单位|公司|基地)|竞争对手|(?:国外|国内)?同行(?!评)|国外(?:企业|工厂|厂商)|(?:其他|其它|有的|某些|许多|不少)(?:企业|工厂|厂家|公司)|标杆(?:企业|工厂))"
    r"|仍(?:然|旧)?(?:由|靠|需|采用|以|为)[^，。]{0,4}(?:人工|手工)|停用|拆除|弃用|报废(?!率)|停止(?:使用|运行)"
)
_LACK = re.compile(
    r"没有(?!人|了|一|发生)|尚未|暂未|还未|未能|未曾|并未|缺乏|不具备|未(?:建|实施|开展|应用|部署|联)"
)
_SELLS = re.compile(
    r"(?:为|帮助|助力|给)[^，。；]{0,14}(?:客户|企业|用户|厂家|工厂)(?:建成|建设|交付|实施|打造|搭建|改造|规划|提供[^，。；]{0,30}(?:解决方案|装备|系统))|(?<!轴)承建(?!立)|(?:服务|走进|走入|进入|应用于|用于|装进)(?:了|于|超过|超)*\d+[多余]?[万千百]?[多余]?家|(?:企业|公司|工厂|厂家)(?:生产|研制|制造|研发)的[^，。；]{0,30}(?:系统|机器人|装备|软件)|(?:主要|专业|专门)?(?:从事|经营)[^。；]{0,40}(?:研发|生产|制造|销售)[^。；]{0,8}销售"
)
_SEMICOLON = re.compile(r"[；;]")


class Evidence(NamedTuple):
    """A rule that holds: for which activity, how strongly, between which terms, in which sentence.

    ``passing``: it stands in a section about the firm, the architecture or the benefit; ``entry``: in an
    item among items that name scenes.
    """

    activity: int
    score: float
    start: int
    end: int
    sentence: Piece
    plan: bool
    rule: int
    passing: bool = False
    entry: bool = False


def _suppressed(text: str, sentence: Piece) -> list[Piece]:
    """Return the clauses that tell of former ways or of a problem, not of what is done."""
    found = []
    for clause in clauses(text, *sentence):
        words = text[clause.start : clause.end]
        before = _BEFORE.search(words)
        if (before and not _NOW.search(words)) or _PROBLEM.search(words) or _ELSEWHERE.search(words):
            found.append(clause)
    return found + [Piece(*match.span()) for match in _SYSTEM_LIST.finditer(text, *sentence)]


def sells(sentence: str) -> bool:
    """Return whether a sentence tells what a firm makes and builds for others."""
    return _SELLS.search(sentence) is not None


def elsewhere(words: str) -> bool:
    """Return whether a clause speaks of somebody else's factory, or of what is no longer there."""
    return _ELSEWHERE.search(words) is not None


def speaks_of_factory(sentence: str) -> bool:
    """Return whether a sentence is about a factory's own doings, not about a region or a policy."""
    if sells(sentence):
        return False
    if _PITCH.search(sentence) or _NORM.search(sentence) or _ADDRESS.search(sentence):
        return False
    if _AGGREGATE.search(sentence) and not THIS_FACTORY.search(sentence):
        return False
    if _FACTORY.search(sentence) and not _PROMOTE.search(sentence):
        return True
    return not (_REGION.search(sentence) or _PROMOTE.search(sentence))


def _match(rule: Rule, places: dict[int, list[Hit]]) -> tuple[int, int] | None:
    """Return the extent of the terms that fulfil a rule, None when it does not hold."""
    for first in places[rule.groups[0]]:
        chosen = [first]
        for group in rule.groups[1:]:
            free = [
                h for h in places.get(group, ()) if all(h.end <= c.start or h.start >= c.end for c in chosen)
            ]
            if not free:
                break
            chosen.append(min(free, key=lambda h: (max(h.start - first.end, first.start - h.end), h.start)))
        if len(chosen) < len(rule.groups):
            continue
        start, end = min(h.start for h in chosen), max(h.end for h in chosen)
        if end - start - sum(h.end - h.start for h in chosen) <= rule.window:
            return start, end
    return None


def _places(hits: Sequence[Hit], blocked: list[Piece], former: frozenset[int]) -> dict[int, list[Hit]]:
    places: dict[int, list[Hit]] = {}
    for hit in hits:
        shut = any(piece.start <= hit.start < piece.end for piece in blocked)
        for group in hit.groups:
            if shut and group not in former:
                continue
            places.setdefault(group, []).append(hit)
    return places


def _boosted(rule: Rule, extent: tuple[int, int], deploys: Sequence[Hit]) -> float:
    if rule.weight >= 1.0 or rule.weight < 0.5:
        return rule.weight
    start, end = extent
    near = any(
        (hit.end <= start and start - hit.end <= _DEPLOY_REACH) or (hit.start >= end and hit.start - end <= 8)
        for hit in deploys
    )
    return 1.0 if near else rule.weight


def parts(text: str, sentence: Piece) -> list[Piece]:
    """Split a sentence at its semicolons: what stands on both sides of one is not said together."""
    cuts = [sentence.start, *(m.end() for m in _SEMICOLON.finditer(text, *sentence)), sentence.end]
    return [Piece(a, b) for a, b in pairwise(cuts) if b > a]


def _in_sentence(text: str, sentence: Piece, hits: Sequence[Hit], lexicon: Lexicon) -> list[Evidence]:
    places = _places(hits, _suppressed(text, sentence), lexicon.former)
    vetoed = {i for i, one in enumerate(lexicon.activities) if one.veto in places}
    found: list[Evidence] = []
    for group in sorted(places):
        for number in lexicon.by_group.get(group, ()):
            rule = lexicon.rules[number]
            if rule.activity in vetoed:
                continue
            extent = _match(rule, places)
            if extent is None or _SUPPLY.search(text, sentence.start, extent[0]):
                continue
            score = _boosted(rule, extent, places.get(lexicon.deploy, ()))
            found.append(Evidence(rule.activity, score, *extent, sentence, False, number))
    return found


def find(
    text: str, pieces: Sequence[Piece], hits: Placed[Hit], lexicon: Lexicon, *, gated: bool = True
) -> list[Evidence]:
    """Return the evidence in the given sentences, denied evidence left out, plans marked.

    Args:
        text: the canonical text.
        pieces: the sentences to look at.
        hits: all terms of the text.
        lexicon: the rules.
        gated: leave out sentences that speak of a region, a policy or a market.
    """
    found: list[Evidence] = []
    for piece in pieces:
        if gated and not speaks_of_factory(text[piece.start : piece.end]):
            continue
        for part in parts(text, piece):
            inside = hits.within(*part)
            found += (
                one._replace(sentence=piece, plan=planned(text, one, part))
                for one in _in_sentence(text, part, inside, lexicon)
                if not negated(text, one.start, one.end) and not _lacking(text, one)
            )
    return found


def told(text: str, part: Piece) -> list[Piece]:
    """Return the clauses of a part of a sentence that tell what is done: not former ways, problems, what lacks."""
    shut = _suppressed(text, part)
    return [
        clause
        for clause in clauses(text, *part)
        if not any(one.start <= clause.start < one.end for one in shut) and not _LACK.search(text, *clause)
    ]


def _lacking(text: str, one: Evidence) -> bool:
    """Return whether what lies between the terms of an evidence denies it (设备大多没有联网)."""
    return _LACK.search(text, one.start, one.end) is not None


def planned(text: str, one: Evidence, part: Piece | None = None) -> bool:
    """Return whether an evidence is planned, or under way as its part of the sentence says."""
    return _is_plan(text, one) or pending(text, part or one.sentence, Piece(one.start, one.end))


def _is_plan(text: str, one: Evidence) -> bool:
    """Return whether an evidence is planned; a verb with 了 in its own clause says that it is done."""
    if not plan_scope(text, one.start, one.end):
        return False
    own = (c for c in clauses(text, *one.sentence) if c.start < one.end and one.start < c.end)
    return not any(_DONE_VERB.search(text, *clause) for clause in own)
