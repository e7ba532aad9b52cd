"""What the field readers propose, and how one value a field is chosen.

A form's own cell is a stronger place than running prose. Where two places disagree the stronger one
(then the earlier one) is taken, and the other goes to quarantine with the reason: a reader must see
that the document says two things.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum

from assistant.document import Document
from assistant.records import Quarantined, Span

# A field that is said ten times needs no ten highlights.
_MAX_SPANS = 3


class Place(IntEnum):
    """Where a value was read, the strongest first."""

    CELL = 0
    LINE = 1
    TITLE = 2
    PROSE = 3
    HINT = 4


PLACE_NAMES = {
    Place.CELL: "表格",
    Place.LINE: "填报项",
    Place.TITLE: "标题",
    Place.PROSE: "正文",
    Place.HINT: "旁证",
}

Value = str | int | float | bool | object


@dataclass(frozen=True)
class Candidate:
    """A value for a field (``enterprise.uscc``) with its canonical offsets; ``more`` is its wrapped rest."""

    leaf: str
    value: Value
    start: int
    end: int
    place: Place
    more: tuple[tuple[int, int], ...] = ()

    @property
    def strength(self) -> tuple[int, int]:
        """Sort key: strongest place first, then reading order."""
        return (int(self.place), self.start)


@dataclass(frozen=True)
class Found:
    """The fields of a document: one value a leaf, where it was read, and what lost out."""

    values: dict[str, Value] = field(default_factory=dict)
    evidence: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    quarantine: tuple[Quarantined, ...] = ()


def choose(document: Document, candidates: Iterable[Candidate]) -> Found:
    """Choose one value a leaf; contradicting ones go to quarantine."""
    by_leaf: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        by_leaf.setdefault(candidate.leaf, []).append(candidate)
    values: dict[str, Value] = {}
    evidence: dict[str, tuple[Span, ...]] = {}
    quarantine: list[Quarantined] = []
    for leaf in sorted(by_leaf):
        ordered = sorted(by_leaf[leaf], key=lambda candidate: candidate.strength)
        best = ordered[0]
        values[leaf] = best.value
        evidence[leaf] = _spans(document, [c for c in ordered if c.value == best.value])
        quarantine += _contradictions(document, best, ordered)
    return Found(values, evidence, tuple(quarantine))


def _spans(document: Document, candidates: list[Candidate]) -> tuple[Span, ...]:
    places = dict.fromkeys(place for one in candidates for place in ((one.start, one.end), *one.more))
    return tuple(document.span(start, end) for start, end in list(places)[:_MAX_SPANS])


def _contradictions(document: Document, best: Candidate, ordered: list[Candidate]) -> list[Quarantined]:
    """Report each other value once; a mere hint never contradicts what the document states."""
    seen = {_key(best.value)}
    found = []
    for other in ordered:
        if _key(other.value) in seen or (other.place is Place.HINT and best.place is not Place.HINT):
            continue
        seen.add(_key(other.value))
        if _agrees(best.value, other.value):
            continue
        quote = document.text[other.start : other.end]
        reason = (
            f"与采用的值“{shown(best.value)}”（{PLACE_NAMES[best.place]}）不一致，此处（{PLACE_NAMES[other.place]}）为"
            f"“{shown(other.value)}”；按位置较强、先出现者采用"
        )
        found.append(Quarantined(what=best.leaf, quote=quote, reason=reason))
    return found


def _agrees(one: Value, other: Value) -> bool:
    """上海市浦东新区 beside 上海市浦东新区示例路300号: the same said with less words."""
    return isinstance(one, str) and isinstance(other, str) and (one in other or other in one)


def _key(value: Value) -> str:
    return repr(value)


def shown(value: Value) -> str:
    """Return a value as a reader would write it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)
