"""The part a quantity plays: the two ends of a change, a level reached, the change itself, or none."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from assistant.verify.lexicon import any_of, lexicon

Role = Literal["plain", "from", "to", "level", "change"]
Direction = Literal["up", "down", ""]
Compare = Literal["=", ">=", "<=", "~"]

_OLD = re.compile(r"(?:以前|原来|原先|过去|此前|改造前|实施前|上线前)")
_NEW = re.compile(r"(?:现在|如今|改造后|实施后|上线后|目前|而今)")
_TO = re.compile(r"(?:到|至|达到?|为|成|达|→|变为)[了约近每±平均人工]{0,4}$")
_FROM = re.compile(
    r"(?:由|从|自|原来的?|原先的?|以往的?|过去的?|以前[^，。；]{0,8}|较[^，。；]{0,8}的|比[^，。；]{0,8}的)[^，。；、\d]{0,12}$"
)
_BETWEEN = re.compile(r"^[^，。；;\d]{0,12}(?:到|至|为|成|→|-+>)[^，。；;\d]{0,6}$")
_RANGE = re.compile(r"^\s*(?:[~～\-—–]|至|到)\s*[±]?$")
_YEAR_SAID = re.compile(r"(?:19|20)\d{2}年")
_CLAUSE = re.compile(r"[，。；;！？\n|：:]")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit. ``low``/``high`` bound it; ``tolerance`` is half its last digit."""

    start: int
    end: int
    value: float
    low: float
    high: float
    tolerance: float
    family: str
    unit: str
    per: str = ""
    role: Role = "plain"
    compare: Compare = "="
    direction: Direction = ""
    pair: int = -1


@cache
def _directions() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return any_of(lexicon().words["up"]), any_of(lexicon().words["down"])


@cache
def _changing() -> re.Pattern[str]:
    verbs = "|".join(map(re.escape, lexicon().words["up"] + lexicon().words["down"]))
    return re.compile(rf"(?:{verbs})(?:了|约|近|大约|超过|超|逾|为|达|幅度|[^\d，。；]{{0,3}})?$")


def clause_before(text: str, start: int) -> str:
    """Return what stands before ``start`` in its clause."""
    return _CLAUSE.split(text[max(0, start - 40) : start])[-1]


def _direction(before: str) -> Direction:
    """Return the direction that the nearest verb before a number gives."""
    best: tuple[int, int, Direction] = (-1, 0, "")
    for pattern, name in zip(_directions(), ("up", "down"), strict=True):
        for m in pattern.finditer(before):
            if (m.end(), len(m[0])) > best[:2]:
                best = (m.end(), len(m[0]), "up" if name == "up" else "down")
    return best[2]


def _role(text: str, q: Quantity) -> Role:
    before = clause_before(text, q.start)
    if _FROM.search(before) and re.match(r"[^，。；\d]{0,6}(?:到|至|为|成)", text[q.end :]):
        return "from"
    tight = re.sub(
        r"(?:不?低于|不?超过|不?高于|约|近|了|超|±|大|不足|不到|[日月年周班]均|平均|人工|成本|幅度|均|均为|至少|逾|每\S{1,2})+$",
        "",
        before.rstrip(),
    )
    if _TO.search(tight):
        return "level"
    if q.family == "points" or (q.family == "times" and text[q.start] == "翻"):
        return "change"
    if _changing().search(tight):
        return "change"
    return "plain"


def with_roles(text: str, quantities: list[Quantity]) -> tuple[Quantity, ...]:
    """Return the quantities of ``text`` with the part that each plays, pairs and ranges joined."""
    out = [
        replace(q, role=_role(text, q), direction=_direction(clause_before(text, q.start)))
        for q in quantities
    ]
    columns = re.search(
        r"(?:改造|实施|建设|应用|优化|项目|升级)前\s*[|｜]\s*(?:改造|实施|建设|应用|优化|项目|升级)后", text
    )
    for i in range(len(out) - 1):
        a, b = out[i], out[i + 1]
        # 由2022年3.95降到2023年3.62: the years are no part of the figures.
        between = _YEAR_SAID.sub("", text[a.end : b.start])
        if columns and re.fullmatch(r"\s*[|｜]\s*", between) and a.start > columns.end():
            out[i], out[i + 1] = _as_pair(a, b, i)
        elif _RANGE.match(between) and a.role != "from" and not _FROM.search(clause_before(text, a.start)):
            merged = replace(b, start=a.start, low=min(a.value, b.value), high=max(a.value, b.value))
            out[i], out[i + 1] = merged, merged
        elif (
            _BETWEEN.match(between)
            and (_FROM.search(_YEAR_SAID.sub("", clause_before(text, a.start))) or _direction(between))
        ) or (a.family == b.family and _then_and_now(text, a, b)):
            out[i], out[i + 1] = _as_pair(a, b, i)
        elif re.search(r"[较比][^，。；]{0,8}的$", clause_before(text, b.start)) and b.family == a.family:
            out[i + 1], out[i] = _as_pair(b, a, i)
    return tuple(dict.fromkeys(out))


def _then_and_now(text: str, a: Quantity, b: Quantity) -> bool:
    before, between = text[max(0, a.start - 30) : a.start], text[a.end : b.start]
    return bool(_OLD.search(_CLAUSE.split(before)[-1]) and _NEW.search(between)) and "。" not in between[:-30]


def _as_pair(a: Quantity, b: Quantity, index: int) -> tuple[Quantity, Quantity]:
    """Return the two ends of a change; a missing unit is taken from the other end."""
    if a.family == "other" and b.family != "other":
        factor = lexicon().units[b.unit].factor
        a = replace(
            a, family=b.family, unit=b.unit, value=a.value * factor, low=a.low * factor, high=a.high * factor
        )
    a, b = replace(a, per=a.per or b.per), replace(b, per=b.per or a.per)
    direction: Direction = "up" if b.value > a.value else "down" if b.value < a.value else ""
    return replace(a, role="from", direction=direction, pair=index), replace(
        b, role="to", direction=direction, pair=index
    )
