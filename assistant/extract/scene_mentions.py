"""Scenes named inside sentences: lists of names, quoted names, names with 场景, and scene numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.extract.ai_use import AI_TERM
from assistant.extract.scene_claims import Anchor, Source
from assistant.extract.scene_names import Mention
from assistant.extract.scene_prose import THIS_FACTORY, elsewhere, parts, sells, speaks_of_factory
from assistant.extract.scene_status import UNFIT, State, before_name, of_mention, speaks
from assistant.extract.scene_tables import ticks
from assistant.extract.scene_text import Placed, Stretches
from assistant.extract.sentences import Piece, clauses, sentence_at

_BETWEEN = re.compile(
    r"[\s“”\"'‘’《》「」【】、，,；;/和与及以及或第项号.\d（）()☑☒√✓✔■□○☐●]{0,10}(?:场景[\s”\"》」】、/和与及或\d（）().]{0,4})?[“\"☑☒√✓✔■□○☐●]{0,3}"
)
_AFTER = re.compile(
    r"[”\"’』」》】）)\s]*(?:等)?(?:共?[\d一二三四五六七八九十两]{0,3}(?:个|项|类))?(?:典型|智能|智能制造|应用|业务)*场景"
)
_VERB = re.compile(
    r"实现|开展|应用|建设|建成|部署|打造|推进|构建|形成|通过|包括|包含|涵盖|覆盖|完成|实施|落地|上线|投入|围绕|聚焦|建立|开发|探索|获评|入选"
)
_GUIDANCE = re.compile(
    r"《[^》]*(?:指引|目录|指南|办法|通知|细则|标准)[^》]*》[^。]{0,30}(?:包括|包含|分为|列出|明确|提出|凝练|规定|给出|共有|涵盖|要求)|参照|对照(?:国家|指引)"
)
_LABEL = re.compile(r"^\s*[^：:，。；]{2,14}[：:]")
_MARKS = re.compile(r"[\s、，,；;。.和与及以等共\d个项（）()“”\"]*(?:典型|应用|智能)?(?:场景)?[\s。；;]*")
_TO_COME = re.compile("将|拟|计划|预计|力争")
_NUMBERS = re.compile(
    r"(?:场景(?:编号|序号|代码|号)?\s*(?:为|是|包括|：|:)?\s*第?|第)\s*(?P<list>\d{1,2}(?:\s*[、,，和及至\-—~～]\s*\d{1,2})+|\d{1,2})\s*(?P<tail>(?:号|项|个)?\s*(?:典型)?场景)?"
)


# A list of this many scenes that says nothing of them is the catalogue.
_WHOLE = 30


def _groups(text: str, found: Sequence[Mention]) -> list[list[Mention]]:
    """Put mentions together that only list punctuation parts."""
    groups: list[list[Mention]] = []
    for mention in found:
        if groups and _BETWEEN.fullmatch(text[groups[-1][-1].end : mention.start]):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return groups


def _quoted(text: str, mention: Mention) -> bool:
    return text[mention.start - 1 : mention.start] in tuple('“"「『') and text[
        mention.end : mention.end + 1
    ] in tuple('”"」』')


def _counts(text: str, sentence: str, group: Sequence[Mention], mention: Mention) -> bool:
    """Return whether a mention says that a scene is meant, not a system or a phrase."""
    scene_like = _AFTER.match(text, group[-1].end) is not None or _AFTER.match(text, mention.end) is not None
    led = re.search(
        r"场景[^。]{0,12}[：:（(]|场景(?:包括|有|为|分别)", text[max(0, group[0].start - 30) : group[0].start]
    )
    officials = sum(one.name.official for one in group)
    listed = len(group) >= 2 and officials * 2 >= len(group)
    if scene_like or led:
        return True
    if not mention.name.official or mention.compound:
        return False
    return _quoted(text, mention) or ((listed or len(group) == 1) and _VERB.search(sentence) is not None)


def _denies_ai_only(text: str, sentence: Piece, mention: Mention) -> bool:
    """Return whether what is denied in the sentence is the use of AI (未应用人工智能的场景：…)."""
    denial = re.search(r"(?:未|没有|不|尚未|暂未)[^，。]{0,6}", text[sentence.start : mention.start])
    return denial is not None and AI_TERM.search(text, sentence.start, mention.start) is not None


def anchors(
    text: str, found: Placed[Mention], zones: Sequence[tuple[int, int, str]], taken: Stretches
) -> list[Anchor]:
    """Return the scenes that sentences name.

    Args:
        text: the canonical text.
        found: all names in the text.
        zones: (start, end, zone) of each unit that may hold sentences.
        taken: titles, rows and the sections of scenes; inside these only long lists of scenes count.
    """
    result: list[Anchor] = []
    lead = State.UNSAID
    for start, end, zone in zones:
        if zone in ("guide", "contents"):
            continue
        inside = [m for m in found.within(start, end) if not m.unit]
        if _only_names(text, start, end, inside):
            result += _bare(text, (start, end, zone), inside, taken, lead)
            continue
        lead = (
            before_name(text, start, end) if text[start:end].rstrip().endswith(("：", ":")) else State.UNSAID
        )
        for group in _groups(text, inside):
            if not taken.hold(group[0].start) or len(group) >= 3:
                listed = _of_group(text, (start, end), zone, group)
                whole = len(group) >= _WHOLE and all(one.state is State.UNSAID for one in listed)
                result += [] if whole else listed
    return result


def _only_names(text: str, start: int, end: int, inside: Sequence[Mention]) -> bool:
    """Return whether a line is a list of official names and nothing else (设备管理：设备运行监控、设备智能运维；)."""
    named = [m for m in inside if m.name.official]
    if not named:
        return False
    lead = _LABEL.sub("", text[start : named[0].start])
    between = (text[a.end : b.start] for a, b in pairwise(named))
    return _MARKS.fullmatch("".join([lead, *between, text[named[-1].end : end]])) is not None


def _bare(
    text: str, unit: tuple[int, int, str], inside: Sequence[Mention], taken: Stretches, lead: State
) -> list[Anchor]:
    """Return the names of a line of names, with what its label or the line that leads in says of them."""
    found = []
    for mention in inside:
        if not mention.name.official or taken.hold(mention.start):
            continue
        state = before_name(text, unit[0], mention.start)
        if state is State.ABSENT and _denies_ai_only(text, Piece(unit[0], unit[1]), mention):
            state = State.UNSAID
        state = lead if state is State.UNSAID else state
        state = State.PLAN if unit[2] == "plan" and state is not State.ABSENT else state
        found.append(Anchor("list", mention.start, mention.end, mention.name.activities, None, state, True))
    return found


def _spoken(text: str, sentence: Piece, mention: Mention, list_end: int) -> State:
    """Return what a sentence says of a mention: the part between semicolons first, then all before it."""
    part = next((p for p in parts(text, sentence) if p.start <= mention.start < p.end), sentence)
    state = of_mention(text, part, mention.start, mention.end, min(list_end, part.end))
    if state is State.UNSAID and part != sentence and not speaks(text, list_end, part.end):
        state = of_mention(text, Piece(sentence.start, part.end), mention.start, mention.end, list_end)
    return state


def _of_group(text: str, unit: tuple[int, int], zone: str, group: Sequence[Mention]) -> list[Anchor]:
    sentence = sentence_at(text, group[0].start)
    if sentence.start == sentence.end:
        sentence = Piece(*unit)
    words = text[sentence.start : sentence.end]
    if _GUIDANCE.search(words) and not re.search(r"已|建成|建设了|我司|公司|本企业", words):
        return []
    if not (speaks_of_factory(words) or THIS_FACTORY.search(words) or len(group) >= 4):
        return []
    if sells(words) or any(
        elsewhere(text[slice(*c)]) for c in clauses(text, *sentence) if c.start <= group[0].start < c.end
    ):
        return []
    result = []
    for mention in group:
        state = ticks(text, *unit, mention)
        if state is State.UNSAID and not _counts(text, words, group, mention):
            continue
        if state is State.UNSAID:
            state = _spoken(text, sentence, mention, group[-1].end)
        if state is State.ABSENT and _denies_ai_only(text, sentence, mention):
            state = State.UNSAID
        if zone == "plan" and state is State.UNSAID and UNFIT.search(words):
            state = State.ABSENT
        elif zone == "plan" and (state is not State.ABSENT or _TO_COME.search(words)):
            state = State.PLAN
        source: Source = "list" if len(group) >= 3 else "mention"
        body = sentence if len(group) == 1 else None
        result.append(Anchor(source, mention.start, mention.end, mention.name.activities, body, state, True))
    return result


def _spread(listed: str) -> list[int]:
    numbers: list[int] = []
    for part in re.split(r"[、,，和及]", listed):
        ends = [int(n) for n in re.findall(r"\d+", part)]
        if len(ends) == 2 and ends[0] < ends[1]:
            numbers += range(ends[0], ends[1] + 1)
        else:
            numbers += ends
    return [n for n in numbers if 1 <= n <= 40]


def numbered(text: str, zones: Sequence[tuple[int, int, str]]) -> list[Anchor]:
    """Return the scenes that are given by catalogue number alone (第12、15、24号场景, 场景编号：4、6、9)."""
    result: list[Anchor] = []
    for start, end, zone in zones:
        if zone in ("guide", "contents"):
            continue
        for match in _NUMBERS.finditer(text, start, end):
            labelled = re.match(r"场景(?:编号|序号|代码|号)", match.group())
            if not (labelled or (match.group("tail") and match.group().startswith("第"))):
                continue
            if not labelled and len(_spread(match.group("list"))) < 2:
                continue
            sentence = sentence_at(text, match.start())
            state = of_mention(text, sentence, match.start(), match.end(), match.end())
            state = State.PLAN if zone == "plan" and state is not State.ABSENT else state
            numbers = tuple(_spread(match.group("list")))
            at = match.start("list"), match.end("list")
            result.append(Anchor("number", *at, (), None, state, True, numbers))
    return result
