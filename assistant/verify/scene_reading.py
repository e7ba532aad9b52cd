"""A model looks for the four elements of a scene that the rules doubt, and names what it finds by quote.

The rules' flag stays as it is: a panel sees beside it where evidence may stand, or that none was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.models.answers import ElementsAnswer
from assistant.records import Flag, SceneClaim, Span
from assistant.verify.added import Added, bare, is_plan, locate
from assistant.verify.case import Case, Draft, scene_ref
from assistant.verify.instructions import without_instructions
from assistant.verify.rule_scenes import PLAIN_WORDS
from assistant.verify.tasks import Writer

#: So many scenes are looked at without being asked for more: some ten seconds each on this machine.
MOST_SCENES = 6
_LABELS = {"activity": "业务活动", "system": "系统或装备", "technique": "技术方法", "effect": "成效"}
_LONGEST = 600
# Less text than this beside the name can hold no element.
_SHORTEST = 12


@dataclass(frozen=True)
class Reading:
    """A scene to look at: its index, its name, and where its text stands (offsets)."""

    index: int
    name: str
    scene: SceneClaim
    ranges: tuple[tuple[int, int], ...]


def element_flags(case: Case, writer: Writer, flags: Sequence[Flag]) -> Added:
    """Return what the model finds for the scenes that ``flags`` doubt."""
    out = Added()
    readings = list(_readings(case, flags))
    left_out = readings[MOST_SCENES:]
    readings = readings[:MOST_SCENES]
    text = without_instructions(case.document.text)
    passages = ["\n".join(text[start:end] for start, end in one.ranges) for one in readings]
    answers = writer.elements([(one.name, part) for one, part in zip(readings, passages, strict=True)])
    failed = [(r.name, a.problem) for r, a in zip(readings, answers, strict=True) if a.problem]
    failed += [(one.name, f"一次只细读{MOST_SCENES}个存疑场景") for one in left_out]
    out.report("查找要素", len(readings) + len(left_out), failed)
    for reading, answer in zip(readings, answers, strict=True):
        if answer.value is not None:
            out.drafts.append(_draft(case, reading, answer.value, writer.author))
    return out


def _readings(case: Case, flags: Sequence[Flag]) -> Iterator[Reading]:
    """Yield the scenes that are merely named or lack elements by the rules, and have text to look at."""
    weak = {f.claim.index for f in flags if f.kind in ("weak_scene", "unsupported_scene")}
    for index, scene in enumerate(case.declaration.scenes or ()):
        if scene.plan or index not in weak:
            continue
        name = scene.name or scene.as_written or f"{scene.number}号场景"
        ranges = _section(case, scene)
        text = "".join(case.document.text[start:end] for start, end in ranges)
        if sum(c.isalnum() for c in text.replace(name, "")) >= _SHORTEST:
            yield Reading(index, name, scene, ranges)


def _section(case: Case, scene: SceneClaim) -> tuple[tuple[int, int], ...]:
    """Return where the text of a scene stands: its spans' blocks, and what follows under its heading."""
    others = [s for one in case.declaration.scenes or () if one is not scene for s in one.spans]
    found: list[tuple[int, int]] = []
    left = _LONGEST
    for span in scene.spans:
        for start, end in _blocks(case, span, others):
            inside = any(a <= start and end <= b for a, b in found)
            if inside or left <= 0:
                continue
            found.append((start, min(end, start + left)))
            left -= end - start
    return tuple(sorted(found))


def _blocks(case: Case, span: Span, others: Sequence[Span]) -> Iterator[tuple[int, int]]:
    block = case.block_at(span.start)
    if block is None or block.kind != "heading":
        # A paragraph may speak of several scenes: the sentences that hold this one, and the next.
        yield (
            case.around(span.start, span.end, 1)
            if len(span.quote) < _SHORTEST * 2
            else (span.start, span.end)
        )
        return
    following = [b for b in case.document.blocks if b.start >= block.end]
    for one in following:
        taken = any(o.start < one.end and one.start < o.end for o in others)
        if one.kind == "heading" or taken:
            return
        if one.kind not in ("header", "footer"):
            yield one.start, one.end


@dataclass(frozen=True)
class Sorted:
    """What came of an answer: places by element, elements that are only planned, quotes found nowhere."""

    found: Mapping[str, Span]
    planned: tuple[str, ...]
    invented: int


def _sorted(case: Case, reading: Reading, answer: ElementsAnswer) -> Sorted:
    found: dict[str, Span] = {}
    planned: list[str] = []
    invented = 0
    for element, quote in _labelled(answer).items():
        rest = quote.replace(reading.name, "")
        if sum(c.isalnum() for c in rest) < 2 or PLAIN_WORDS["system"].fullmatch(rest):
            continue  # the name alone, or "系统" alone, says nothing
        span = locate(case.document, quote, reading.ranges)
        if span is None:
            invented += 1
        elif element == "effect" and not PLAIN_WORDS["effect"].search(span.quote):
            continue  # what a system does is no effect of it
        elif any(s.start <= span.start and span.end <= s.end for s in found.values()):
            continue  # one sentence twice is one element
        elif is_plan(case, span):
            planned.append(element)
        else:
            found[element] = span
    return Sorted(found, tuple(planned), invented)


def _labelled(answer: ElementsAnswer) -> dict[str, str]:
    """Return the quotes by element; a model mixes up what is built and what it is built for."""
    quotes = {name: text.strip() for name, text in answer.model_dump().items()}
    named = PLAIN_WORDS["system"].search
    if named(quotes["activity"]) and not named(quotes["system"]):
        quotes["activity"], quotes["system"] = quotes["system"], quotes["activity"]
    return quotes


def _draft(case: Case, reading: Reading, answer: ElementsAnswer, author: str) -> Draft:
    read = _sorted(case, reading, answer)
    found = {label: read.found[e] for e, label in _LABELS.items() if e in read.found}
    planned = [label for e, label in _LABELS.items() if e in read.planned]
    missing = list(_missing(case, reading, {*found, *planned}))
    return Draft(
        "unsupported_scene" if reading.scene.strength == "claimed" else "weak_scene",
        "low",
        _message(reading.name, found, missing, planned, read.invented),
        _suggestion(reading.name, found, missing),
        scene_ref(reading.index),
        tuple(sorted(found.values(), key=lambda s: (s.start, s.end))) or reading.scene.spans[:1],
        (),
        author,
    )


def _missing(case: Case, reading: Reading, named: set[str]) -> Iterator[str]:
    """Yield what neither the model nor the rules' plain words find; a scene's name implies its activity."""
    text = "\n".join(case.document.text[start:end] for start, end in reading.ranges)
    text = text.replace(reading.name, "")
    for element, words in PLAIN_WORDS.items():
        if _LABELS[element] not in named and not words.search(text):
            yield _LABELS[element]


def _message(
    name: str, found: dict[str, Span], missing: Sequence[str], planned: Sequence[str], invented: int
) -> str:
    parts = []
    if found:
        listed = "、".join(f"{label}“{bare(span.quote, 40)}”" for label, span in found.items())
        parts.append(f"找到{listed}")
    if planned:
        parts.append(f"{'、'.join(planned)}只写为计划")
    if missing:
        parts.append(f"没有找到{'、'.join(missing)}")
    message = f"模型细读“{bare(name)}”的文字，{'；'.join(parts) or '没有找到可引用的要素'}。"
    return message + (f"另有{invented}处引文在原文中找不到，不作为依据。" if invented else "")


def _suggestion(name: str, found: dict[str, Span], missing: Sequence[str]) -> str:
    steps = ["请对照引文核实能否作为该场景的依据" if found else "请对照原文核实"]
    if missing:
        steps.append(f"请在“{bare(name)}”中补充{'、'.join(missing)}")
    return "；".join(steps) + "。"
