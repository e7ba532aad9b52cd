"""Quantities with their date and sentence, and what may be compared or added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.verify.passages import When
from assistant.verify.roles import Direction, Quantity, Role

Kind = Literal["change", "end", "rest", "sum", "share", "part", "product", "average", "span"]
_PEOPLE = frozenset({"人", "名", "位", "人次"})


@dataclass(frozen=True, slots=True)
class Dated:
    """A quantity with the date that is said beside it, its sentence's number, and the words before it."""

    quantity: Quantity
    when: When | None
    sentence: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Derived:
    """A value that follows, and how."""

    quantity: Quantity
    kind: Kind


# Ways in which a number follows by luck more easily than by sense.
WEAK: frozenset[Kind] = frozenset({"rest", "sum", "share", "part", "product", "average"})


def same_family(a: Quantity, b: Quantity) -> bool:
    """Return whether two quantities can be compared: one family, or one unknown unit."""
    return a.family == b.family and (a.family != "other" or a.unit == b.unit)


def addable(a: Quantity, b: Quantity) -> bool:
    """Return whether two quantities may be added or compared: people with people, machines with machines."""
    if not same_family(a, b):
        return False
    return a.family != "count" or a.unit == b.unit or {a.unit, b.unit} <= _PEOPLE or not (a.unit and b.unit)


def follow(
    like: Quantity, value: float, family: str = "", role: Role = "plain", way: Direction = ""
) -> Quantity:
    """Return a derived quantity that stands where ``like`` stands."""
    unit = like.unit if family in ("", like.family) else ""
    return Quantity(
        like.start, like.end, value, value, value, 0.0, family or like.family, unit, role=role, direction=way
    )
