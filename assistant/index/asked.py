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
_MANY = re.compile(
    rf"(?<![哪第])(?:多少|几|多大|百分之几|百分之多少)(?:个(?!月))?\s*({'|'.join(sorted(_UNITS, key=len, reverse=True))})?"
)
_PERCENT = re.compile(r"百分之(?:几|多少)|百分点|多少%")
_WHEN = re.compile(
    r"什么时候|何时|哪天|哪一天|多久|多长时间|几月几|截止|最晚|最迟|时间是|申报时间|哪年|哪一年"
)
_TIME = re.compile(rf"{_NUMBER}\s*(?:个月|年|月|日|天|小时|个工作日)|每年|当年|之日")
_ANY_NUMBER = re.compile(r"\d")
# The number of a row or an item is no answer.
_ROW_NUMBER = re.compile(r"(?m)^\s*\d{1,2}\t|(?<!\d)\d{1,2}[.．、](?!\d)")
_PERCENTAGE = re.compile(r"\d\s*[%％]|百分之")


def lacks_answer(question: str, passage: str) -> bool:
    """Say whether the question wants a number or a time that the passage does not have."""
    asked, text = normalise(question), normalise(passage)
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
    return re.search(rf"{_NUMBER}(?:\s*[-—~至到]\s*{_NUMBER})?\s*余?{_UNITS[unit]}", text) is None
