"""KPI statements of one sentence: readings put together into drafts.

A draft gathers what one statement says about one quantity: value before, value after, change. 分别
deals the figures out to the names listed; 均 says one figure of each; a change that follows in its own
clause without a name (…降至1.1%，下降2.1个百分点) belongs to the statement before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.extract.kpi_grammar import BLOT, comparable, strip_phrase
from assistant.extract.kpi_lexicon import Direction, Head, lexicon
from assistant.extract.kpi_roles import Reading, SentenceReader
from assistant.extract.numbers import Quantity, find_quantities

_DATE = re.compile(
    r"(?:19|20)\d\d(?:年度?|[-/.](?=\d{1,2}[-/.月]))(?:(?:前|后)?(?:\d{1,2}|[一二三四上下])(?:个?月份?|季度|半年))?(?:\d{1,2}日)?|(?<!\d)(?:19|20)\d\d(?=[—\-~至]20\d\d)|"
    r"(?<![\d.])\d{1,2}月(?:\d{1,2}日)?(?!内|的时间)|(?<!\d)\d{1,2}日(?=[，,（(上下凌晨电讯至])|\d{1,2}:\d{2}(?::\d{2})?|20\d\d-\d\d?-\d\d?"
)
# 一条产线, 一次合格率, 两台: counted in words, part of the noun phrase and no figure of a statement.
_COUNTED_WORD = re.compile(
    r"[一二两三四五六七八九十]+(?!万|亿)[条台套个次件种款支座栋间处颗只组类架块张枚份单批起路道节站站层列人名家项]"
)
_NAMES = re.compile(r"[、]|(?<![调饱缓总缓温中])和|与|(?<![普涉触遍])(?:以)?及(?![时格])|并(?![行联发网])")
_EACH = re.compile(r"分别|依次|均|都|各|双双")


@dataclass(frozen=True, slots=True)
class Draft:
    """One statement about one quantity, in offsets of the compact sentence."""

    start: int
    end: int
    phrase: str
    head: Head | None
    direction: Direction | None
    verb: str
    baseline: Quantity | None = None
    current: Quantity | None = None
    change: Quantity | None = None
    left: str = ""
    inherited: bool = False


def mask_dates(text: str) -> str:
    """Return ``text`` with its dates and times of day blotted out, the same length."""
    return _DATE.sub(lambda match: BLOT * len(match.group()), text)


def quantities_of(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of a compact sentence that are no dates or times of day."""
    found_all = _shared_units(text, find_quantities(text))
    dates = [match.span() for match in _DATE.finditer(text)]
    return tuple(
        found
        for found in found_all
        if not any(start < found.end and found.start < end for start, end in dates)
        and not _COUNTED_WORD.fullmatch(text, found.start, found.end)
    )


def _shared_units(text: str, found: tuple[Quantity, ...]) -> tuple[Quantity, ...]:
    """Give figures listed before a shared unit that unit (提高30.7个和25.9个百分点)."""
    fixed = list(found)
    for index in range(len(fixed) - 2, -1, -1):
        here, following = fixed[index], fixed[index + 1]
        joined = re.fullmatch(r"、|和|与|及", text[here.end : following.start])
        if joined and here.unit in {None, "个"} and following.kind in {"percent", "points", "times"}:
            fixed[index] = replace(here, unit=following.unit, kind=following.kind)
    return tuple(fixed)


def drafts(text: str) -> tuple[Draft, ...]:
    """Return the statements of one compact sentence in order, not yet judged."""
    quantities = quantities_of(text)
    if not quantities:
        return ()
    found: list[Draft] = []
    group: list[Reading] = []
    text = mask_dates(text)
    for reading in SentenceReader(text, quantities).readings():
        if reading.part == "list" and group:
            group.append(reading)
            continue
        _close(found, group, text)
        group = [reading]
    _close(found, group, text)
    return tuple(found)


def _close(found: list[Draft], group: list[Reading], text: str) -> None:
    """Turn a reading and the figures listed after it into drafts."""
    if not group or group[0].part in {"none", "list"}:
        return
    first = group[0]
    if first.part == "former":
        if found and found[-1].current and not found[-1].baseline:
            found[-1] = replace(found[-1], baseline=first.quantity, end=first.end)
        return
    if first.part == "base":
        found.append(_draft(first, baseline=first.quantity, inherited=not first.head))
        return
    if _completes_each(found, group) or _completes(found, first):
        return
    names = _names(first, text)
    if len(group) > 1 or (len(names) > 1 and _EACH.search(first.left)):
        found.extend(_deal(first, group, names))
        return
    made = _draft(first, **{_slot(first): first.quantity}, inherited=False)
    found.append(_inherit(found, made, text))


def _slot(reading: Reading) -> str:
    return "change" if reading.part == "change" else "current"


def _draft(reading: Reading, *, inherited: bool, **values: Quantity) -> Draft:
    return Draft(
        reading.start,
        reading.end,
        reading.phrase,
        reading.head,
        reading.direction,
        reading.verb,
        left=reading.left,
        inherited=inherited,
        **values,
    )


def _names(reading: Reading, text: str) -> list[str]:
    """Return the coordinated names of a phrase (生产效率和设备利用率), also those before a 、 that split it off."""
    del text
    parts = [part for part in _NAMES.split(reading.phrase) if part]
    return parts or [reading.phrase]


def _deal(first: Reading, group: list[Reading], names: list[str]) -> list[Draft]:
    """Deal figures to names; a single figure with 均 goes to every name."""
    slot = _slot(first)
    if len(group) == 1:
        return [
            replace(
                _draft(first, inherited=False, **{slot: first.quantity}),
                phrase=name,
                head=lexicon().head(name),
            )
            for name in names
        ]
    names = names[-len(group) :] if len(names) >= len(group) else names
    made: list[Draft] = []
    for index, reading in enumerate(group):
        name = names[index] if index < len(names) else names[-1]
        head = lexicon().head(name) or first.head
        values = {slot: reading.quantity}
        draft = replace(_draft(first, inherited=False, **values), phrase=name, head=head, end=reading.end)
        made.append(draft)
    return made


def _completes_each(found: list[Draft], group: list[Reading]) -> bool:
    """分别达到51.3%和74.7%，分别提高30.7和25.9个百分点: each change belongs to the value in the same place."""
    first, size = group[0], len(group)
    nameless = first.head is None and len(strip_phrase(first.phrase)) <= 1
    before = found[-size:]
    fits = len(before) == size > 1 and len({draft.start for draft in before}) == 1
    if not (fits and nameless and first.part == "change" and all(d.change is None for d in before)):
        return False
    found[-size:] = [
        replace(draft, change=reading.quantity, direction=draft.direction or first.direction, end=reading.end)
        for draft, reading in zip(before, group, strict=True)
    ]
    return True


def _completes(found: list[Draft], reading: Reading) -> bool:
    """Add a figure without a name of its own to the statement before; return whether it was added."""
    if not found:
        return False
    before = found[-1]
    nameless = reading.head is None and len(strip_phrase(reading.phrase)) <= 1
    added: Draft | None = None
    if reading.part in {"to", "level"} and before.baseline and not before.current:
        named = reading.head if before.head is None or before.head.kind == "excluded" else before.head
        phrase = before.phrase if named is before.head else reading.phrase
        added = replace(before, current=reading.quantity, phrase=phrase, head=named)
    elif reading.part == "change" and nameless and not before.change and (before.current or before.baseline):
        added = replace(before, change=reading.quantity) if _fits(before, reading) else None
    elif reading.part in {"to", "level"} and nameless and before.change and not before.current:
        if (
            before.baseline is None
            and reading.quantity.kind == "percent"
            and before.change.kind in {"percent", "points"}
        ) or (before.baseline and comparable(before.baseline, reading.quantity)):
            added = replace(before, current=reading.quantity)
    if added is None:
        return False
    found[-1] = replace(
        added,
        end=reading.end,
        direction=before.direction or reading.direction,
        verb=before.verb or reading.verb,
    )
    return True


def _fits(before: Draft, reading: Reading) -> bool:
    return before.direction is None or reading.direction in {None, before.direction}


def _inherit(found: list[Draft], made: Draft, text: str) -> Draft:
    """Give a statement without a name the quantity word of the words before it in the sentence."""
    if made.head is not None or len(strip_phrase(made.phrase)) > 1:
        return made
    floor = found[-1].end if found else 0
    earlier = text[floor : made.start]
    for clause in reversed(re.split(r"[，,；;：:(（]", earlier)):
        head = lexicon().head(strip_phrase(clause))
        if head is not None:
            return replace(made, phrase=strip_phrase(clause), head=head, inherited=True)
    if found:
        return replace(made, phrase=found[-1].phrase, head=found[-1].head, inherited=True)
    return made
