"""Scenes that headings, items and labels name, each with the section that describes it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from assistant.extract.scene_claims import Anchor
from assistant.extract.scene_layout import Unit
from assistant.extract.scene_lexicon import normal
from assistant.extract.scene_names import Mention, Name, containers, index, near
from assistant.extract.scene_status import State, before_name, of_section, of_title
from assistant.extract.scene_tables import ticks
from assistant.extract.scene_text import Placed
from assistant.extract.sentences import Piece, sentences

_HEAD_END = re.compile(r"[：:。，,；;（(—–]|\s-\s|\s{2,}|】|\*\*|方面|场景[：:，。]")
_HEAD_WIDTH = 30
_OPENS = re.compile(r"(?:场景)?(?:方面|环节|中|领域)?[：:，,。]")
_LEAD = re.compile(r"^(?:在|围绕|针对|关于|对于|就|聚焦|面向)")
# An item that says this much behind its scene's name is whole; only labelled lines (成效：…) still belong to it.
_TOLD = 16
# What a field of a scene is called after: its content, means, effect, state; any other label opens a new topic.
_FIELD = re.compile(
    r"[^，。；：:\s]{0,10}(?:内容|情况|现状|背景|痛点|问题|难点|需求|目标|思路|做法|方法|措施|举措|方案|路径|过程|步骤|流程|描述|说明|简介"
    r"|系统|平台|装备|设备|软件|硬件|技术|算法|模型|数据|环节|业务|范围|部门|单位|人员|投入|投资|时间|日期|年份|状态|进度|阶段"
    r"|成效|效果|效益|成果|结果|收益|作用|价值|指标|水平|亮点|创新点?|特色|对比|改造前|改造后|实施前|实施后|建设前|建设后|之前|之后|以前|如今|名称|编号|序号|备注|计划)"
    r"(?:[（(][^）)：:]{1,12}[）)])?[：:]"
)
_TAIL = re.compile(
    r"(?:等)?(?:典型|应用|智能|智能制造)?场景(?:的?(?:建设|实施|应用)?(?:情况|内容|描述|说明)?)?$|(?:建设|实施|应用)(?:情况|内容)$"
)


class Named(NamedTuple):
    """A unit whose title names a scene; ``exact`` when the title says nothing else."""

    unit: int
    start: int
    end: int
    name: Name
    exact: bool


def _strip(title: str) -> str:
    return _TAIL.sub(
        "", re.sub(r"[（(【\[][^（）()]{0,24}[)）】\]]\s*$", "", title.strip("“”\"'《》【】[]*_ \t、.：:"))
    ).strip("“”\"' 的")


def _in_title(text: str, number: int, unit: Unit, names: Sequence[Mention]) -> list[Named]:
    title = text[unit.title : unit.end]
    if normal("".join(_strip(title).split())) in containers():
        return []
    inside = [m for m in names if unit.title <= m.start and m.end <= unit.end]
    core = normal("".join(_strip(title).split()))
    official = [m for m in inside if m.name.official]
    if core in index().by_text and len(inside) <= 1:
        name = index().by_text[core]
        start = inside[0].start if inside else unit.title
        end = inside[0].end if inside else unit.end
        return [Named(number, start, end, name, True)]
    if official and len(title) <= 12 + sum(m.end - m.start for m in official) * 2:
        exact = len(core) <= sum(len(m.name.text) for m in official) + 4
        return [Named(number, m.start, m.end, m.name, exact) for m in official]
    close = near(_strip(title))
    if close is not None:
        return [Named(number, unit.title, unit.end, close, True)]
    return []


def _known(head: str) -> Name | None:
    """Return the name that a head is, word for word; 在 may lead it (在…方面) or belong to it (在线…).

    The name of a link of production (设备管理, 质量管控) heads its scenes and is none itself.
    """
    core = normal("".join(_strip(head).split()))
    return None if core in containers() else index().by_text.get(core)


def _at_head(text: str, number: int, unit: Unit, names: Sequence[Mention]) -> list[Named]:
    """Read a paragraph or item that opens with a scene name and a mark: 在线智能检测：部署…"""
    line = text[unit.title : unit.end]
    stop = _HEAD_END.search(line, 1, _HEAD_WIDTH + 4)
    if stop is None and len(line) > _HEAD_WIDTH:
        return []
    head = line[: stop.start()] if stop else line
    known = _known(head) or _known(_LEAD.sub("", head))
    if known is None and unit.style and stop is not None and stop.group() not in "，,（(":
        known = near(_strip(head))
    if known is None:
        return []
    first = next((m for m in names if unit.title <= m.start < unit.title + len(head)), None)
    start, end = (first.start, first.end) if first else (unit.title, unit.title + len(head.rstrip()))
    itemised = unit.style not in ("", "letter") and stop is not None and stop.group() == "。"
    if not known.official and not itemised and stop is not None and stop.group() in "，,。":
        return []
    return [Named(number, start, end, known, True)]


def named(text: str, units: Sequence[Unit], names: Placed[Mention]) -> list[Named]:
    """Return every unit that names scenes in its title, in reading order."""
    found: list[Named] = []
    for number, unit in enumerate(units):
        if unit.cells or unit.zone == "guide":
            continue
        inside = [m for m in names.within(unit.start, unit.end) if not m.unit]
        if unit.depth is not None:
            found += _in_title(text, number, unit, inside) or _at_head(text, number, unit, inside)
        else:
            found += _at_head(text, number, unit, inside)
    return found


def _section_end(text: str, units: Sequence[Unit], one: Named, named_units: set[int]) -> int:
    number = one.unit
    depth = units[number].depth
    told = depth is None and units[number].end - one.end >= _TOLD
    for later in range(number + 1, len(units)):
        unit = units[later]
        if depth is None and unit.style and unit.style == units[number].style:
            return unit.start
        if told and (unit.style not in ("", "bullet") or not _FIELD.match(text, unit.title, unit.end)):
            return unit.start
        if later in named_units:
            return unit.start
        if unit.depth is not None and (depth is None or unit.depth <= depth):
            return unit.start
    return units[-1].end


def _nested(units: Sequence[Unit], found: Sequence[Named]) -> list[Named]:
    """Leave out deeper headings that only mention a scene inside another scene's section."""
    kept: list[Named] = []
    for one in found:
        depth = units[one.unit].depth
        above = next((k for k in reversed(kept) if k.unit < one.unit), None)
        outer = units[above.unit].depth if above else None
        inner = above is not None and depth is not None and outer is not None and depth > outer
        if inner and not one.exact and not _left(units, above.unit if above else 0, one.unit, outer):
            continue
        kept.append(one)
    return kept


def _left(units: Sequence[Unit], first: int, last: int, depth: int | None) -> bool:
    """Return whether a heading as high as ``depth`` stands between two units."""
    return any(
        unit.depth is not None and depth is not None and unit.depth <= depth
        for unit in units[first + 1 : last + 1]
    )


def anchors(text: str, units: Sequence[Unit], names: Placed[Mention]) -> list[Anchor]:
    """Return the scenes that titles name, with their sections and what these say of being built."""
    found = _nested(units, named(text, units, names))
    at = {one.unit for one in found}
    return [_anchor(text, units, (one, at), names) for one in found]


def _next_opening(text: str, names: Placed[Mention], one: Named, end: int) -> int:
    """Return where, inside a paragraph that opened with a scene, a sentence opens with another one."""
    for sentence in sentences(text, one.end, end):
        lead = _LEAD.match(text[sentence.start : sentence.end])
        last = sentence.start + (lead.end() if lead else 0)
        for mention in names.within(sentence.start, last + 1):
            if mention.name.official and _OPENS.match(text, mention.end):
                return sentence.start
    return end


def _anchor(
    text: str, units: Sequence[Unit], place: tuple[Named, set[int]], names: Placed[Mention]
) -> Anchor:
    one, at = place
    unit = units[one.unit]
    if unit.zone == "contents":
        return Anchor("list", one.start, one.end, one.name.activities, None, State.UNSAID, one.name.official)
    end = _section_end(text, units, one, at)
    body_start = unit.end if unit.depth is not None else one.end
    if unit.depth is None:
        end = _next_opening(text, names, one, end)
    state = ticks(text, unit.start, unit.end, Mention(one.start, one.end, one.name, False))
    if state is State.UNSAID and unit.depth is not None:
        state = of_title(text[unit.title : unit.end])
        state = State.UNSAID if state is State.BUILT else state
    if state is State.UNSAID:
        state = before_name(text, unit.title, one.start)
    if state is State.UNSAID:
        state, _ = of_section(text, body_start, end, (one.name.text, text[one.start : one.end]))
    if unit.zone == "plan" and state is not State.ABSENT:
        state = State.PLAN
    body = Piece(body_start, end) if text[body_start:end].strip() else None
    return Anchor("heading", one.start, one.end, one.name.activities, body, state, one.name.official)
