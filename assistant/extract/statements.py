"""Superlatives and other statements that want proof: 国内领先, 首创, 唯一, 填补空白, 行业第一.

A statement is an assertion about the applicant or its products. A goal (打造国内领先的…), a gap
(与国际先进水平仍有差距), a quoted title (《…》) and a name (第一车间, 先进过程控制, 唯一标识) assert nothing.
"""

from __future__ import annotations

import re

from assistant.extract.field_notes import Notes, is_requirement, without_titles
from assistant.extract.field_text import Clause
from assistant.records import Statement

_SCOPE = r"(?:国际|国内外|国内|全国|世界|全球|全行业|同行业|行业内?|业内|业界|亚洲|亚太|东南亚|省内|全省|本省|区域|华[东中南北]|西南|西北|东北|我国|中国|国家|细分(?:领域|行业|市场)|同类(?:企业|产品|工厂)?|全市|湖北省?|江苏省?|上海市?|历史)"
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("填补空白", re.compile(r"填补了?[^,。;]{0,16}空白")),
    (
        "首创",
        re.compile(
            rf"{_SCOPE}[^,。;、]{{0,6}}首创|首创(?!集团|股份|精神|证券|置业)|{_SCOPE}(?:首家|首个|首条|首座|首台|首款|首批|首例|率先)|首台\(?套\)?|独创|世界首|全球首|全国首"
        ),
    ),
    (
        "唯一",
        re.compile(
            rf"{_SCOPE}[^,。;、]{{0,8}}(?:唯一|独家|仅有)|唯一(?:一家|通过|入选|具备|拥有|掌握|能够|实现|获得|的?(?:供应商|企业|厂家|工厂))|独家(?:拥有|掌握|研发|供应|专利)|绝无仅有|独一无二"
        ),
    ),
    (
        "第一",
        re.compile(
            rf"{_SCOPE}[^,。;]{{0,14}}第一(?!车间|工厂|阶段|季度|批|期|代|步|部分|产线|汽车|时间|条|章|届|次|届|台|套|个|线|大道|人民|重型)|(?:位居|位列|排名|稳居|居|名列|市场占有率|市占率|销量|产量|份额)[^,。;]{{0,10}}(?:第一|首位|榜首)(?!车间|工厂|阶段|季度|批|期|代|步|部分|产线)|遥遥领先"
        ),
    ),
    (
        "领先",
        re.compile(
            rf"{_SCOPE}[^,。;、]{{0,8}}(?:领先|领跑|龙头|顶尖(?!企业|专家|人才|团队|高校|院校|客户)|标杆|引领者|领军|前列|前茅)|(?:位居|位列|居|走在|处于)[^,。;]{0, 10}(?:前列|前茅)|处于领先|领先(?:水平|地位|优势)|技术领先|领先于"
        ),
    ),
    (
        "先进",
        re.compile(
            rf"{_SCOPE}[^,。;、]{{0,6}}(?:先进(?!级|制造|过程|控制|工业|适用|材料|技术企业|装备制造|单位|集体|个人|封装|计算)|一流|前沿)(?:水平|地位|行列|技术)?|世界级"
        ),
    ),
    (
        "最高级",
        re.compile(
            rf"{_SCOPE}[^,。;、]{{0,8}}最(?!新|终|后|优化?|近|小二乘|短路|佳实践|低工资|高人民|大化|小化|多跳)[一-鿿]{{1,3}}|规模最大|技术最(?:先进|领先)|史无前例|前所未有|无可比拟|颠覆性"
        ),
    ),
    (
        "打破垄断",
        re.compile(
            r"打破了?[^,。;]{0,16}(?:垄断|封锁)|(?:完全)?替代进口|实现(?:了)?(?:进口|国产化?)替代|摆脱[^,。;]{0,10}依赖"
        ),
    ),
)
_GOAL = re.compile(
    r"打造(?!了|成了|出)|建设成|建成(?=国|世|全|行)[^,。;]*(?:目标|愿景)|争创|争做|目标|力争|愿景|使命|致力于|旨在|努力|迈向|迈进|对标|对照|瞄准|追求|争取|冲刺|向[^,。;]{0,16}(?:看齐|迈进|发展)|以[^,。;]{0,20}为(?:目标|方向|己任)|立志|成为(?!了)|定位|鼓励|跟踪|学习|借鉴|理念|宗旨"
)
_GAP = re.compile(r"差距|不足|尚未|没有|未达到?|未能|低于|落后|不及|距离|是否|期望|希望|并非|不是")


def find_statements(notes: Notes) -> tuple[Statement, ...]:
    """Return the statements in reading order, one a clause and kind; the quote is the whole clause."""
    found = []
    for sentence in notes.reading.sentences:
        if is_requirement(sentence.text):
            continue
        for clause in sentence.clauses():
            found += _in_clause(notes, sentence, clause)
    return tuple(found)


def _in_clause(notes: Notes, sentence: Clause, clause: Clause) -> list[Statement]:
    text = without_titles(clause.text)
    found = []
    taken: list[tuple[int, int]] = []
    for kind, pattern in _KINDS:
        match = pattern.search(text)
        if match is None or any(start < match.end() and match.start() < end for start, end in taken):
            continue
        # 行业领先水平 in 与行业领先水平相比: a yardstick, not a claim.
        yardstick = re.search(r"(?:与|同|较|比|参考|参照|引进|借鉴)[^,。;]{0,8}$", text[: match.start()])
        if (
            _GAP.search(text)
            or _is_goal(notes, sentence, clause, match)
            or (yardstick and "较" not in yardstick[0])
        ):
            continue
        taken.append(match.span())
        span = notes.document.span(*clause.place())
        found.append(
            Statement(kind=kind, as_written=notes.reading.clean(span.start, span.end), spans=(span,))
        )
    return found


def _is_goal(notes: Notes, sentence: Clause, clause: Clause, match: re.Match[str]) -> bool:
    before = clause.text[: match.start()]
    if _GOAL.search(before) or re.match(
        r"[^,。;]{0,14}(?:目标|愿景|迈进|看齐|方向|要求)", clause.text[match.end() :]
    ):
        return True
    earlier = sentence.text[: clause.start - sentence.start + match.start()]
    return bool(re.search(r"目标(?:是|为)?[:,]?$|以[^。;]{0,20}为目标", earlier)) or notes.is_plan(
        clause, *match.span()
    )
