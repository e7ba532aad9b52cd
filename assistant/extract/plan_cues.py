"""The words by which Chinese speaks of the future, and how far each of them reaches.

Used by ``sentences.plan_scope`` alone. 将, 拟, 计划, 规划, 目标 are each also an everyday noun or
preposition in factory prose (将A降至B, 虚拟, 生产计划, 路径规划, 超额完成目标), so every cue is judged by
what stands beside it.
"""

from __future__ import annotations

import re
from functools import lru_cache

_ADVERBS = (
    r"(?:进一步|全面|继续|逐步|持续|陆续|重点|大力|分别|大幅|显著|有效|同步|加快|加速|不断|深入|积极|充分|"
    r"再|也|还|会|要|新|共|总|可|能够|能|有望|有|使得?|让|把|令|一期|二期|全力|着力|率先|最终|每年|年均|平均|"
    r"(?:20\d\d年)|累计|基本|成功|努力|彻底|极大|直接|正式|首先|主动|自主|更加|更)*"
)
_FUTURE_VERBS = (
    r"(?:达到|达|实现|提升|提高|降低|降至|降到|降幅|下降|缩短|缩减|减少|增加|增长|增至|节约|节省|压缩|完成|形成|建成|建设|"
    r"建立|建造|建|打造|构建|推进|推动|实施|开展|引进|引入|上线|部署|投入|投资|投产|投用|启动|启用|出台|开发|"
    r"推出|拓展|扩展|扩大|扩建|升级|优化|完善|加强|强化|深化|探索|应用|采用|采取|运用|为|在|于|以|从|由|对|"
    r"通过|与|围绕|按照?|依托|利用|基于|借助|针对|根据|成为|带动|助力|促进|超过?|突破|覆盖|接入|落地|布局|"
    r"聚焦|争取|力争|迎来|结合|逐年|做|是|被|发挥|支撑|满足|具备|新增|培育|搭建|谋划|保持|控制在|不低于|"
    r"不少于|提供|带来|产生|创造|解决|消除|替代|取代|淘汰|改变|朝着|向|追加|选取|试点|推广|复制|全|彻底)"
)
# 将建设周期由A压缩到B, 将应用响应时间降至…: what looks like a verb heads a noun that 将 takes as object.
_NOUN_TAIL = (
    r"(?:周期|率|成本|时间|时长|效率|数据|系统|过程|进度|方案|结果|信息|环节|流程|内容|经验|成果|模式|前|后的|"
    r"单位|材料|人员|资金|设备|计划|产品|技术|工艺|参数|平台|模型|服务|指令|需求|能力|商|量|性)"
)
_MODAL = re.compile(
    rf"(?<![大干老主部上中少名猛小健])(?:即将|必将|将要|将会|将(?![近军士领校]){_ADVERBS}"
    rf"(?={_FUTURE_VERBS})(?!{_FUTURE_VERBS}{_NOUN_TAIL}))"
)
_WORKS = r"(?:生产|资源|排产|采购|作业|需求|物料|主|销售|交付|订单|产销|供应|发货|检修|维护|保养|维修|用能|配送|月|周|日|要货|投料|制造|按|原|排程|调度|年度|物流|工序|车间|质量|供货|出货|备货|运输|检验|测试)"
_PLAN_NOUN_TAIL = r"(?:由|滚动|排程|排产|管理|达成|完成率|完成的|执行|准确|调度|编制|系统|优化|协同|下达|员|外|性|单列|与|和|、|的(?!是)|变更|调整|分解|模块|部|层|自动|生成|跟踪|为导向|驱动|响应|不|兑现|停|内|[\t\n|、）)])"
_PLAN_WORD = re.compile(
    rf"(?<![非主停产源购业求料售付单销应货修护养能送月周日造按原程度序间流])计划(?!{_PLAN_NOUN_TAIL}|[，。；,;]|$)"
)
_SCHEME = re.compile(
    r"(?<![径艺线源局划产间库人场统能求期程构架])规划(?=建设|投资|产能|年产|到|在|于|新建|实施|未来|至|总|用|\d|了?\d|布局)"
    r"|(?:总体|远期|中长期|未来)规划"
)
_SIMPLE = re.compile(
    r"力争|争取|有望|打算|(?:明年|后年|来年)(?!同期)|准备(?=把|将|在|再|于|对|用|新|上马|引进|引入|建|开展|采用|实施|投资|投入)|预计(?!算)|预期(?=效益|效果|成效|目标|可|将|能|年|实现|达到)|预估|"
    r"(?<![虚模比草类])拟(?![合人定态真稿议录制声])|下一步|下阶段|下一阶段|下步|今后|"
    r"(?<![测判估知算示演])未来(?=[，,]|[一二三两五十几\d](?![一二三两五十\d]{0,2}\s*(?:小时|分钟|(?:天|周|个?月|日)的?(?:需求|订单|销量|销售|负荷|用电|用能|产量|天气|价格|能耗)))|将|可|能|还|计划|继续|拟|几|我们|公司|企业|该|工厂)|"
    r"后续(?=[，,]|将|计划|拟|还|可|会|工作|阶段|继续|我们|公司|准备)|"
    r"(?:建成|投产|达产|完工|完成|投用|投入使用|实施|上线|改造|竣工|满产|全部投产|量产)(?:之)?后[，,]?(?:该|本)?(?:项目|工厂|产线|基地)?(?=可|将|预计|能够|能(?!耗|源|效))|"
    r"(?:目标|愿景)(?:值|任务)?(?:是|为|：|:|定为|设定为)|(?:确定|提出|设定|制定|明确)(?:了|的)?[^，。]{0,12}目标|(?<![需只主重首必不想而])要(?=达到|实现|提升|提高|降低|下降|缩短|增长|较)|努力(?=实现|达到|使|把|将|打造|争取)"
)
_BY_YEAR = re.compile(
    r"(?<![截止直从自由])(?:到|至|于|力争)?(?<![截直])(?:到|至)(?:20\d\d|“?十[五六]五”?期?)(?:年?)(?:底|末|年底|年末|前|时|期间)?|20[3-9]\d年(?:底|末)?(?:前|之前)?"
)
# 从2023年到2025年, 2023年至2025年: a range of years, usually the past ones of a report.
_RANGE_FROM = re.compile(r"[从自由][^，。；]{0,14}$|(?:19|20)\d\d\s*年?(?:\s*\d{1,2}\s*月)?[初底末]?$")
# Words that bring the sentence back to what is done.
_DONE = re.compile(
    r"已(?:经|实现|达|建|完成|成|投|有|在|将|全|累|获|形成|基本|由|从|于|降|提)|目前|现已|截至|如今|现在|"
    r"(?:实现|达到|完成|提升|提高|降低|下降|缩短|减少|增加|增长|节约|节省|突破|取得|建成|形成)了|"
    r"超额完成|提前完成|完成了?[^，。]{0,12}目标|达成[^，。]{0,8}目标"
)
_GOAL_AFTER = re.compile(
    r"[^，。；,;、]{0,6}的?(?:发展|建设|总体|总|阶段性|战略|年度)?(?<![多单双])(?:目标|愿景)"
    r"(?!(?:规划|优化|寻优|排产|排程|函数|检测|识别|跟踪|求解|约束|调度|决策|成本|分解|导向|协同|模型))(?:值|要求|前进|迈进|努力)?"
)
_GOAL_MET = re.compile(r"(?:完成|实现|达成|达到|超过|兑现|提前|超额)[^，。；]*$")
_TARGET_CELL = re.compile(r"(?:目标|计划|预期|规划|预计)(?:值|指标|达到|水平)?[）)：:]")

_HEADING_FORMS: tuple[tuple[re.Pattern[str], int | None], ...] = (
    (re.compile(r"(#{1,6})\s+\S"), None),
    (re.compile(r"第[一二三四五六七八九十\d]+[章部]"), 1),
    (re.compile(r"第[一二三四五六七八九十\d]+节"), 2),
    (re.compile(r"[一二三四五六七八九十]{1,3}[、.．]\s*\S"), 10),
    (re.compile(r"[（(][一二三四五六七八九十]{1,3}[)）]\s*\S"), 11),
    (re.compile(r"\d{1,2}\.\d{1,2}\.\d{1,2}\.?\s*\S"), 14),
    (re.compile(r"\d{1,2}\.\d{1,2}\.?\s*[^\d\s%]"), 13),
    (re.compile(r"\d{1,2}(?:[、．]|\.(?!\d))\s*\S"), 12),
    (re.compile(r"[（(]\d{1,2}[)）]\s*\S"), 15),
    (re.compile(r"[①-⑳]\s*\S"), 16),
)
_UNNUMBERED = 20
_HEADING_WIDTH = 34
_PLAN_TITLE = re.compile(
    r"(?:后续|下一?步|未来|今后|下一?阶段|远期|近期|中长期|三年|五年|二期|持续|后期)[^，]{0,10}?"
    r"(?:计划|规划|打算|工作|思路|展望|方向|设想|安排|目标|举措|建设|提升|改进|改造|升级|发展|实施|部署)"
    r"|(?:发展|实施|建设|工作|推进|改进|提升|升级|改造|行动|投资|推广|优化)(?:的)?(?:计划|规划|愿景|展望|设想)(?!管理|排)"
    r"|(?:建设|发展|总体|预期|主要|绩效|阶段|年度|工作)目标|预期(?:成效|效益|效果|成果|收益|指标)|(?:未来|前景)?展望$|目标与(?:计划|规划)"
)
# 建设现状与建设计划 heads both: the titles below it say which is which.
_PRESENT_TOO = re.compile(
    r"(?:现状|现有|已有|进展|(?<!预期)(?<!预计)(?:成效|成果)|(?:完成|建设|实施|应用|基本)情况|基础)[^，。；]{0,4}(?:[与和及、/]|以及)"
    r"|(?:[与和及、/])(?:建设|发展|实施|应用)?(?:现状|进展|完成情况)"
)


def heading_level(line: str) -> int | None:
    """Return how deep a line stands as a heading (1 is highest), None when it is no heading.

    A heading is short and has no sentence punctuation; its depth comes from its numbering
    (一、 above （一） above 1. above （1）), a line without numbering ranks lowest.
    """
    stripped = line.strip()
    if not stripped or len(stripped) > _HEADING_WIDTH or re.search(r"[。；;，,！？!?\t|]", stripped):
        return None
    for pattern, level in _HEADING_FORMS:
        if match := pattern.match(stripped):
            return level if level is not None else 2 + len(match.group(1))
    if len(stripped) <= 20 and not re.search(r"\d\s*[%％]|[:：].+", stripped):
        return _UNNUMBERED
    return None


def is_plan_heading(line: str) -> bool:
    """Return whether a heading announces plans alone (后续实施计划, 下一步工作思路, 预期目标)."""
    return _PLAN_TITLE.search(line) is not None and not tells_the_present(line)


def tells_the_present(title: str) -> bool:
    """Return whether a title names what there is beside what is to come (现状与规划)."""
    return _PRESENT_TOO.search(title) is not None


@lru_cache(maxsize=64)
def _cues(sentence: str) -> tuple[tuple[int, int], ...]:
    found = [
        match.span()
        for pattern in (_MODAL, _PLAN_WORD, _SCHEME, _SIMPLE)
        for match in pattern.finditer(sentence)
    ]
    for match in _BY_YEAR.finditer(sentence):
        before = sentence[: match.start()]
        if not _RANGE_FROM.search(before):
            found.append(match.span())
    return tuple(sorted(found))


def _clause_start(sentence: str, at: int) -> int:
    return max(sentence.rfind(mark, 0, at) for mark in "，；,;：") + 1


def _clause_end(sentence: str, at: int) -> int:
    ends = [sentence.find(mark, at) for mark in "，；,;。！？"]
    return min((end for end in ends if end >= 0), default=len(sentence))


def governed_by_plan(sentence: str, start: int, end: int) -> bool:
    """Return whether ``sentence[start:end]`` stands in the reach of a plan cue of its sentence.

    A cue reaches forward to the end of the sentence, unless a word of achievement (已, 目前, 实现了)
    stands between; inside its own clause a cue wins over an achievement before it.
    """
    for _, cue_end in reversed([cue for cue in _cues(sentence) if cue[1] <= end]):
        stop = max(start, _clause_end(sentence, start))
        done = _DONE.search(sentence, cue_end, stop)
        if done is None:
            return True
    after = _GOAL_AFTER.match(sentence, end)
    if after:
        met = _GOAL_MET.search(sentence[_clause_start(sentence, start) : end])
        if met is None or "为" in after.group():
            return True
    return _TARGET_CELL.search(sentence, start, _clause_end(sentence, end)) is not None
