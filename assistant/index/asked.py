"""What kind of answer a question wants: a number of something, a time; and whether a passage has it."""

from __future__ import annotations

import re

from assistant.index.tokens import normalise

_NUMBER = r"(?:\d+(?:\.\d+)?|[一二三四五六七八九十百两]+)"
# A unit asked for -> the units that answer it.
_UNITS: dict[str, str] = {
    "年": "年",
    "个月": "个?月",
    "月": "月",
    "天": "[天日]",
    "日": "[天日]",
    "号": "[号日]",
    "工作日": "个?工作日",
    "小时": "小时",
    "家": "[家个]",
    "台": "台",
    "项": "[项个]",
    "级": "级",
    "分": "分",
    "页": "页",
    "人": "[人名]",
    "名": "[人名]",
    "份": "份",
    "张": "张",
    "字": "个?(?:汉?字)",
    "条": "[条项]",
    "倍": "倍",
    "元": "万?亿?元",
    "万元": "[万亿]元",
    "亿": "亿",
    "平方米": "平方米",
    "次": "次",
    "版": "年?版",
    "件": "[件项]",
    "辆": "辆",
    "套": "套",
    "座": "座",
    "平": "平",
    "平米": "平",
    "分钟": "分钟",
    "秒": "秒",
    "周": "周",
    "毫米": "毫米",
    "个": "个",
}
# Words that count things, which a passage may leave out.
_COUNTERS = frozenset("家台项人名份张条件辆套座个")
_MANY = re.compile(
    rf"(?<![哪第])(?:多少|几|多大|百分之几|百分之多少)(?:个(?!月))?\s*({'|'.join(sorted(_UNITS, key=len, reverse=True))})?"
)
_PERCENT = re.compile(r"百分之(?:几|多少)|百分点|多少%")
_WHEN = re.compile(r"什么时候|何时|哪天|哪一天|多久|多长时间|几月几|截止|最晚|最迟|时间是|申报时间")
# The year of an edition or a programme (2025年版, 2024年度) tells no time.
_TIME = re.compile(rf"{_NUMBER}\s*(?:个月|年(?![版度]|以来)|月|日|天|小时|个工作日)|每年|当年|之日")
_ANY_NUMBER = re.compile(r"\d")
# 数量不少于10: a number of things without the word that counts them.
_QUANTITY = re.compile(r"数量[^\d，。；]{0,6}\d")
# What is asked for -> what a passage that has it looks like.
_THINGS = tuple(
    (re.compile(asked), re.compile(answer))
    for asked, answer in (
        (r"网址|链接|(?:哪个|什么)网站|网站(?:是|地址)", r"https?|www"),
        (
            r"(?:电话|座机|热线|号码)[^，。？?]{0,4}(?:多少|是|几|发|给)|打(?:哪个|什么|哪)|(?:哪个|什么)电话",
            r"\d{7}",
        ),
        (r"公式|基期|口径", r"公式|基期|口径|[=÷]"),
        (r"(?:入选|获评|上榜|认定|公示|企业|公司)的?名单|评上的?(?:有|都有|是)(?:谁|哪)", r"公司"),
    )
)
_WHOSE = re.compile(r"名额|指标数|名单|谁|哪个(?:处|科|部门|窗口|局)|办公室")
# The number of a row or an item is no answer.
_ROW_NUMBER = re.compile(r"(?m)^\s*\d{1,2}\t|(?<!\d)\d{1,2}[.．、](?!\d)")
_PERCENTAGE = re.compile(r"\d\s*[%％]|百分之")


def lacks_answer(question: str, passage: str) -> bool:
    """Say whether the question wants a number or a time that the passage does not have."""
    asked, text = normalise(question), normalise(passage)
    things = [answer for wanted, answer in _THINGS if wanted.search(asked)]
    if things:
        return not all(answer.search(text) for answer in things)
    if _PERCENT.search(asked):
        return _PERCENTAGE.search(text) is None
    if _WHEN.search(asked):
        return _TIME.search(text) is None
    match = _MANY.search(asked)
    if match is None:
        return False
    unit = match.group(1)
    if unit is None:
        return _ANY_NUMBER.search(_ROW_NUMBER.sub("", text)) is None
    counted = re.search(rf"{_NUMBER}(?:\s*[-—~至到]\s*{_NUMBER})?\s*余?{_UNITS[unit]}", text)
    return counted is None and (unit not in _COUNTERS or _QUANTITY.search(text) is None)


def wants_fact(question: str) -> bool:
    """Say whether a question wants a number, a time, an address, a list or an office, rather than a rule."""
    asked = normalise(question)
    patterns = (_MANY, _PERCENT, _WHEN, _WHOSE, *(wanted for wanted, _ in _THINGS))
    return any(pattern.search(asked) for pattern in patterns)
