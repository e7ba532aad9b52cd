"""The maturity level and score after GB/T 39116-2020, and Jiangsu's digital self-assessment score."""

from __future__ import annotations

import re

from assistant.extract.field_found import Place
from assistant.extract.field_notes import Notes, choice, is_other, is_requirement, without_titles
from assistant.extract.field_text import Clause

_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "Ⅴ": 5}
# Other maturity models that declarations boast of: DCMM (data), CMMI (software), 两化融合, 安全标准化.
_OTHER_MODEL = re.compile(
    r"DCMM|CMMI(?!MM)|数据管理|软件能力|两化融合|数字化转型成熟度|安全(?:生产)?标准化|等级?保护|DSMM|绿色",
    re.IGNORECASE,
)
_OTHER_MODEL_PHRASE = re.compile(
    rf"(?:{_OTHER_MODEL.pattern})(?:(?!智能制造|CMMM)[^,。;、和])*", re.IGNORECASE
)
_TOPIC = re.compile(r"(?:智能制造)?(?:能力)?成熟度|CMMM|GB/?T39116", re.IGNORECASE)
_LEVEL = re.compile(
    r"(?:(?<![\d.])(?P<d>[1-5])级|(?P<c>[一二三四五ⅠⅡⅢⅣⅤ])级|(?<![A-Za-z])(?:L|Level|等级)(?P<l>[1-5])(?!\d|\.\d)级?)(?P<more>(?:及|或)?以上)?"
)
_RANGE = re.compile(r"L?[1-5一二三四五]级?(?:[-~至到—]+)L?[1-5一二三四五]级?(?!\d)", re.IGNORECASE)
# 三级（目标：四级）: what follows is aimed at.
_AIM = re.compile(r"[(,;、](?:下一步)?(?:20\d\d年)?(?:目标|计划|力争|规划|拟|争取|预计)")
_FROM_TO = re.compile(r"(?:提升|提高|跃升|升级|达|晋升|上升|进阶)(?:到|至|为|达到)?")
_SCORE = re.compile(
    r"(?:得分|分数|评分|分值|总分|综合分)(?:为|是|达到?|约|:|\(分\)|\()?(?P<a>\d{1,3}(?:\.\d{1,4})?)(?![\d%])|(?P<b>\d{1,3}(?:\.\d{1,4})?)分(?![之钟析布别类])"
)
_PLAIN_NUMBER = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,4})?(?![\d%])")
_FLOOR = re.compile(r"(?:高于|大于|不低于|不少于|超过|以上|满分|总分为?|低于)")


def read_maturity(notes: Notes) -> None:
    """Note level, score and digital score."""
    _labelled(notes)
    for sentence in notes.reading.sentences:
        topic = _TOPIC.search(sentence.text)
        if topic is None or is_requirement(sentence.text) or is_other(sentence.text[: topic.end()]):
            continue
        text = _OTHER_MODEL_PHRASE.sub(lambda m: "　" * len(m.group()), without_titles(sentence.text))
        text = re.sub(r"[^,，;。]+", lambda m: "　" * len(m[0]) if is_other(m[0]) else m[0], text)
        _level_in(notes, sentence, text)
        _score_in(notes, sentence, text)
    _digital(notes)


def _labelled(notes: Notes) -> None:
    for pair in notes.labelled("maturity.level"):
        text = notes.folded(pair)
        if is_requirement(text) or "此处" in text:
            continue
        ticked = choice(text, r"[一二三四五1-5]级|L[1-5]") if re.search(r"[☑☒✓✔√■□☐]", text) else None
        bare = re.match(r"^([1-5一二三四五])(?:$|[,。;(])", text)
        level = int(_DIGITS.get(bare[1], 0) or bare[1]) if bare else _one_level(ticked[0] if ticked else text)
        if level:
            notes.add("maturity.level", level, (pair.start, pair.end), pair.place)
        elif re.search(r"[1-5一二三四五]", text):
            notes.doubt("maturity.level", (pair.start, pair.end), "成熟度等级不是一个确定的等级")
        _labelled_score(notes, text, (pair.start, pair.rest), pair.place)
    for pair in notes.labelled("maturity.score"):
        if match := _PLAIN_NUMBER.search(notes.folded(pair)):
            notes.add("maturity.score", _number(match.group()), (pair.start, pair.end), pair.place)
        if _OTHER_MODEL.search(notes.folded(pair)) is None and (level := _one_level(notes.folded(pair))):
            notes.add("maturity.level", level, (pair.start, pair.rest), pair.place)


def _labelled_score(notes: Notes, text: str, where: tuple[int, int], place: Place) -> None:
    found = [
        match
        for match in _SCORE.finditer(text)
        if not _FLOOR.search(text[: match.start()][-4:]) and not _PART.search(text[: match.start()])
    ]
    for match in (_totals(text, found) or found)[:1]:
        notes.add("maturity.score", _number(match["a"] or match["b"]), where, place)


def _totals(text: str, found: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return the scores that the text calls the whole one (综合得分, 总分)."""
    return [match for match in found if _TOTAL.search(text[: match.start()] + match.group()[:3])]


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _value(match: re.Match[str]) -> int:
    return int(match["d"] or match["l"] or 0) or _DIGITS[match["c"]]


def _one_level(text: str) -> int | None:
    """Return the level of a cell: the last of 由二级提升至三级, None for a range (L3-L5) or no level."""
    text = _AIM.split(text)[0] or text
    found = list(_LEVEL.finditer(text))
    if not found or _RANGE.search(text):
        return None
    if len({_value(match) for match in found}) > 1 and not _FROM_TO.search(text):
        return None
    return _value(found[-1])


def _level_in(notes: Notes, sentence: Clause, text: str) -> None:
    """A level counts in the clauses that follow 成熟度 in its sentence, until another model is named."""
    topic = _TOPIC.search(text)
    if topic is None:
        # 《智能制造能力成熟度模型》 was blanked out: the level stands behind the title.
        topic = _TOPIC.search(sentence.text)
    if topic is None or _RANGE.search(text):
        return
    found = [
        match for match in _LEVEL.finditer(text, topic.start()) if not notes.is_plan(sentence, *match.span())
    ]
    found = [match for match in found if not _denied(text, match.start())]
    if not found:
        return
    exact = [match for match in found if not match["more"]]
    chosen = exact[-1] if exact and (len(exact) == 1 or _FROM_TO.search(text)) else found[0]
    place = Place.HINT if chosen["more"] else Place.PROSE
    notes.add("maturity.level", _value(chosen), sentence.place(topic.start(), chosen.end()), place)


def _denied(text: str, at: int) -> bool:
    near = re.search(r"(?:未|没有|不足|低于|距|离|冲刺|争取)[^,。;]{0,6}$", text[:at])
    return (
        near is not None
        or re.search(r"(?:尚未|还未|未能|未达|未通过|没有达)[^,。;]{0,20}$", text[:at]) is not None
    )


def _score_in(notes: Notes, sentence: Clause, text: str) -> None:
    topic = _TOPIC.search(sentence.text)
    if topic is None:
        return
    start = topic.start()
    # A sentence on a self-assessment may name the score first and 成熟度 behind it.
    found = [m for m in _SCORE.finditer(text) if m.start() >= start or "评估" in text[:start]]
    found = [match for match in found if _is_whole_score(notes, sentence, text, match)]
    ahead = [match for match in found if match.start() >= start]
    for match in (_totals(text, found) or ahead or found)[:1]:
        where = sentence.place(min(start, match.start()), match.end())
        notes.add("maturity.score", _number(match["a"] or match["b"]), where, Place.PROSE)


_TOTAL = re.compile(
    r"(?:综合|总体|整体|加权|最终)(?:成熟度)?(?:评[估价])?(?:得分|分数?|评分|分值)?(?:为|是|达到?)?$|总[得评]?分$"
)
_PART = re.compile(
    r"(?:域|维度|单项|要素|方面|环节)(?:得分|得|评分|分值|为|是)?[^,。;、分]{0,3}$"
    r"|(?:(?<!智能)制造|人员|技术|资源|设计|生产|物流|销售|服务|采购)(?:能力|类|项|管理)?(?:得分|得|评分|分值|为|是)?$"
)


def _is_whole_score(notes: Notes, sentence: Clause, text: str, match: re.Match[str]) -> bool:
    """Leave out thresholds, the scores of single parts (资源要素2.9分) and those that are planned."""
    before = text[: match.start()]
    return (
        _number(match["a"] or match["b"]) <= 5
        and not _FLOOR.search(before[-4:])
        and not _PART.search(before)
        and not notes.is_plan(sentence, *match.span())
    )


_DIGITAL = re.compile(
    r"(?:数字化转型|数字化水平|通用评估指标体系|数字化)[^,。;]{0,30}(?:自评价?|自评估|评估|评价|测评|诊断|得分|评分|总分)|自评价(?:综合)?(?:得分|总分)|自评(?:综合)?得分"
)


def _digital(notes: Notes) -> None:
    leaf = "digital_score"
    for pair in notes.labelled(leaf):
        match = _PLAIN_NUMBER.search(notes.folded(pair))
        if match and float(match.group()) <= 100:
            notes.add(leaf, _number(match.group()), (pair.start, pair.end), pair.place)
        elif match:
            notes.doubt(leaf, (pair.start, pair.end), "得分超过 100 分")
    for sentence in notes.reading.sentences:
        topic = _DIGITAL.search(sentence.text)
        if topic is None or is_requirement(sentence.text) or is_other(sentence.text):
            continue
        # 成熟度 has a score of its own, between 0 and 5.
        for match in _SCORE.finditer(sentence.text, topic.start()):
            before = sentence.text[: match.start()]
            floor = _FLOOR.search(before[-5:]) or sentence.text[match.end() :].startswith(
                ("以上", "的", "满分")
            )
            if floor or "成熟度" in before[topic.end() :] or notes.is_plan(sentence, *match.span()):
                continue
            value = _number(match["a"] or match["b"])
            if value <= 100:
                notes.add(leaf, value, sentence.place(topic.start(), match.end()), Place.PROSE)
            break
