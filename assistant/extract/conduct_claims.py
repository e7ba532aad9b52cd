"""What the conduct readers propose, and what becomes a value, a bound, or a doubt.

未发生较大及以上事故 says only how grave an accident cannot have been, 发生一起安全事故 only that there was
one. Neither is a value: the field stays null, and ``evidence`` holds the words under ``<field>.at_most`` or
``<field>.at_least``, so that a reader of the record is told neither of an accident that nobody admitted nor
of a grade that nobody stated. The words of the spans carry the grade.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.extract import conduct_terms as terms
from assistant.extract.field_found import Place, Value, shown
from assistant.extract.field_notes import Notes

Bound = Literal["at_most", "at_least"]
BOUNDS = (".at_most", ".at_least")


@dataclass(frozen=True)
class Claim:
    """One reading of one statement.

    ``adverse`` when it speaks against the applicant; with a ``bound`` the ``value`` is the gravest (the
    lightest) that the statement leaves open; ``asked`` is the question of a form, where the words stand.
    """

    leaf: str
    value: Value
    where: tuple[int, int]
    place: Place
    adverse: bool = False
    bound: Bound | None = None
    asked: tuple[tuple[int, int], ...] = ()


def note_claims(notes: Notes, claims: Sequence[Claim]) -> None:
    """Note what the claims bear field by field; an admission outweighs any denial."""
    for leaf in sorted({claim.leaf for claim in claims}):
        _settle(notes, [claim for claim in claims if claim.leaf == leaf])


def _settle(notes: Notes, claims: list[Claim]) -> None:
    worst = max((claim for claim in claims if claim.adverse), key=_rank, default=None)
    if worst is not None:
        words = "发生过，等级未写明" if worst.bound else shown(worst.value)
        for other in claims:
            if not other.adverse and _grade(other) < _grade(worst):
                notes.doubt(other.leaf, other.where, f"与文中承认的情况（{words}）相矛盾，以承认的为准")
        claims = [claim for claim in claims if _grade(claim) >= _grade(worst)]
    exact = [claim for claim in claims if claim.bound is None]
    for claim in exact:
        notes.add(claim.leaf, claim.value, claim.where, claim.place)
    if not exact:
        _note_bounds(notes, claims)


def _note_bounds(notes: Notes, claims: list[Claim]) -> None:
    """Note the tightest bound on either side."""
    most = min((_grade(claim) for claim in claims if claim.bound == "at_most"), default=None)
    least = max((_grade(claim) for claim in claims if claim.bound == "at_least"), default=None)
    for claim in claims:
        if _grade(claim) == (most if claim.bound == "at_most" else least):
            leaf = f"{claim.leaf}.{claim.bound}"
            first, *more = (*claim.asked, claim.where)
            notes.add(leaf, claim.value, first, claim.place, more=tuple(more))


def _rank(claim: Claim) -> tuple[int, bool, int]:
    """The gravest first, a stated grade before a bound, then reading order."""
    return _grade(claim), claim.bound is None, -claim.where[0]


def _grade(claim: Claim) -> int:
    value = claim.value
    return terms.SEVERITY.index(value) if isinstance(value, str) else int(bool(value))
