"""Scene names in a text: official names of every catalogue, other names, and near names of titles."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import NamedTuple

from assistant import policy
from assistant.extract.scene_lexicon import Lexicon, lengths_by_pair, load, normal
from assistant.extract.scene_text import Placed, Squeezed

CATALOGS = ("2025", "2024")
_NEAR = 0.72
_NEAR_MARGIN = 0.08
# Behind a scene name these make it the name of a system, a unit or a person.
_COMPOUND = re.compile(
    r"(?:管理|信息|综合|集成|大数据)?(?:系统|平台|模块|软件|子系统|装置|装备|设备|技术|算法|模型|功能|能力|水平|要求|标准|指南|方案|软硬件|大屏|APP|app)"
)
# Behind a scene name these make it the name of a unit, a person, a standard or a figure: no claim.
_UNIT = re.compile(
    r"(?:管理)?(?:部门|部(?!署|分|件)|科(?!技|学)|处(?!理|于|置)|岗|办公室|室(?!内|外|温)|小组|专班|委员会|领导小组|中心主任|工程师|团队|班组|主管|专员|有限公司|公司|股份|行业标准|国家标准|团体标准|标准起草|国际标准|投用率|投运率|覆盖率|应用率|普及率|占比)"
)
_TITLE_TAIL = re.compile(
    r"(?:的)?(?:(?:等)?(?:典型|应用|智能|智能制造)?场景)?(?:的)?(?:建设|实施|应用|落地|打造|开展|运行)?(?:情况|内容|成效|成果|现状|方面|环节|系统建设|系统|平台|项目|介绍|说明|描述|案例|实践|详情|概述|展示)?(?:的?(?:情况|介绍|说明|成效))?$"
)
_EDGE = "“”\"'‘’《》〈〉「」『』【】[]*_·. 、-—:：;；,，。~～#>|"


class Name(NamedTuple):
    """A name that is known: the activities that it stands for, and whether a catalogue has it."""

    text: str
    activities: tuple[int, ...]
    official: bool


class Mention(NamedTuple):
    """A name at ``text[start:end]``.

    ``compound``: it is part of a system's name; ``unit``: of a department's or a standard's.
    """

    start: int
    end: int
    name: Name
    compound: bool
    unit: bool = False


class NameIndex(NamedTuple):
    """Names by their text, with the lengths and the pairs of characters to look them up by."""

    lengths: dict[str, tuple[int, ...]]
    by_text: dict[str, Name]
    by_gram: dict[str, tuple[str, ...]]


def _official(lexicon: Lexicon) -> dict[str, Name]:
    found: dict[str, Name] = {}
    for catalog in CATALOGS:
        for scene in policy.load().catalog(catalog).scenes:
            text = normal(scene.name)
            found.setdefault(text, Name(text, lexicon.of(catalog, scene.number), True))
    return found


def _grams(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))


def _from_policy(lexicon: Lexicon) -> dict[str, Name]:
    return {
        normal(alias): Name(normal(alias), lexicon.of(catalog, number), False)
        for catalog in CATALOGS
        for alias, number in policy.load().scene_aliases(catalog).items()
    }


@cache
def index() -> NameIndex:
    """Return every known name (read once)."""
    lexicon = load()
    by_text = _official(lexicon)
    for text, activities in lexicon.composites.items():
        by_text.setdefault(text, Name(text, activities, False))
    for number, activity in enumerate(lexicon.activities):
        for text in activity.names:
            by_text.setdefault(text, Name(text, (number,), False))
    for text, name in _from_policy(lexicon).items():
        by_text.setdefault(text, name)
    by_gram: dict[str, list[str]] = {}
    for text in sorted(by_text):
        for gram in sorted(_grams(text)):
            by_gram.setdefault(gram, []).append(text)
    return NameIndex(
        lengths_by_pair(by_text),
        by_text,
        {gram: tuple(texts) for gram, texts in by_gram.items()},
    )


@cache
def containers() -> frozenset[str]:
    """Return the names of the links of production and of the five contents, which scenes stand under."""
    catalogs = (policy.load().catalog(catalog) for catalog in CATALOGS)
    found = {
        normal(name)
        for one in catalogs
        for scene in one.scenes
        for name in (scene.segment, scene.group)
        if name
    }
    return frozenset(found | {name + "环节" for name in found})


@cache
def policy_texts() -> tuple[str, ...]:
    """Return the policy documents without blank space: their sentences are nobody's claims."""
    return tuple("".join(normal(one.text).split()) for one in policy.load().documents.values())


@cache
def guide_texts() -> tuple[str, ...]:
    """Return what the catalogues say of their scenes, without blank space."""
    catalogs = (policy.load().catalog(catalog) for catalog in CATALOGS)
    return tuple("".join(normal(scene.text).split()) for one in catalogs for scene in one.scenes)


def mentions(view: Squeezed) -> Placed[Mention]:
    """Return every known name in the text, longest first at each place, without overlaps."""
    known, chars = index(), view.chars
    found: list[Mention] = []
    at = 0
    while at < len(chars) - 1:
        step = 1
        for size in known.lengths.get(chars[at : at + 2], ()):
            end = at + size
            name = known.by_text.get(chars[at:end])
            if name is not None and end <= len(chars) and view.whole_word(at, end):
                compound = _COMPOUND.match(chars, end) is not None
                unit = _UNIT.match(chars, end) is not None
                found.append(Mention(*view.origin(at, end), name, compound, unit))
                step = size
                break
        at += step
    return Placed(found)


def _core(title: str) -> str:
    return _TITLE_TAIL.sub("", title.strip(_EDGE)).strip(_EDGE)


def near(title: str) -> Name | None:
    """Return the known name that a title says in other words, None when none or two come close.

    The likeness is Dice's over pairs of characters, which forgives dropped, added and swapped ones.
    """
    core = _core(normal(title))
    known = index()
    if core in known.by_text:
        return known.by_text[core]
    if not 5 <= len(core) <= 18:
        return None
    grams = _grams(core)
    shared = Counter(text for gram in grams for text in known.by_gram.get(gram, ()))
    scored = sorted(
        ((2 * count / (len(grams) + len(text) - 1), text) for text, count in shared.items()), reverse=True
    )
    if not scored or scored[0][0] < _NEAR:
        return None
    best, text = scored[0]
    first = known.by_text[text]
    rivals = (score for score, other in scored if known.by_text[other].activities != first.activities)
    return first if best - next(rivals, 0.0) >= _NEAR_MARGIN else None
