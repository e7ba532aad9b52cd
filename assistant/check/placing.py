"""Where a claimed scene stands in the catalogue in force.

A scene may be recorded under the other catalogue, by number, by name, or by both. It counts where its
number in the catalogue in force is certain: because it was recorded there, or because the crosswalk
leads there one to one. What is split, merged, dropped or contradictory does not count as a scene of the
catalogue in force, and is said so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.policy import Policy
from assistant.records import SceneClaim

# Why a scene is not simply one of the catalogue in force.
Trouble = Literal[
    "other_catalog", "old_name", "bad_number", "name_differs", "unknown_name", "alias_name", "nameless"
]

_JUNK = re.compile(r"[\s\-—·、，,。.;；:：()（）\[\]【】《》“”\"'/]+")
_LEADING_NUMBER = re.compile(r"^(?:场景)?[0-9]+")
_YEAR = re.compile(r"20\d\d")


@dataclass(frozen=True, slots=True)
class Placed:
    """One claimed scene.

    ``index`` is its place in the record. ``number`` is its number in the catalogue in force, None when it
    does not count there. ``identity`` is the same for two claims of one scene, None when it is no scene at
    all. ``groups`` are the 建设内容 that it certainly belongs to. ``trouble`` is None for a clean claim;
    ``own_order`` marks a number taken from the province's own table.
    """

    index: int
    claim: SceneClaim
    number: int | None
    identity: tuple[str, int] | None
    groups: frozenset[str]
    trouble: Trouble | None = None
    own_order: bool = False

    @property
    def label(self) -> str:
        """What to call the scene in a message."""
        name = self.claim.name or self.claim.as_written or ""
        number = "" if self.claim.number is None else f"{self.claim.number}."
        return f"{number}{name}" or f"第{self.index + 1}项"


@dataclass(frozen=True)
class _Book:
    """A catalogue's names (folded), and the way from it to the other catalogue."""

    id: str
    in_force: bool
    official: Mapping[str, int]
    aliases: Mapping[str, int]
    numbers: frozenset[int]
    steps: Mapping[int, tuple[int, ...]]
    one_to_one: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class _Read:
    """A claim read by itself: in which catalogue, which number, and what is odd about it."""

    book: str
    number: int | None
    trouble: Trouble | None = None
    own_order: bool = False


def place(
    scenes: tuple[SceneClaim, ...], policy: Policy, catalog: str, jurisdiction: str | None
) -> tuple[Placed, ...]:
    """Place every scene that is not a plan."""
    books = _books(policy, catalog)
    own_rows = _own_rows(policy, jurisdiction)
    return tuple(
        _placed(index, claim, _read(claim, books, catalog, own_rows), books, policy)
        for index, claim in enumerate(scenes)
        if claim.plan is not True
    )


def fold(name: str) -> str:
    """Return a name without width, case, punctuation and leading number."""
    plain = _JUNK.sub("", unicodedata.normalize("NFKC", name)).casefold()
    return _LEADING_NUMBER.sub("", plain)


def _placed(index: int, claim: SceneClaim, read: _Read, books: Mapping[str, _Book], policy: Policy) -> Placed:
    if read.number is None:
        return Placed(index, claim, None, None, frozenset(), read.trouble)
    book, here = books[read.book], read.number
    if book.in_force:
        group = policy.catalog(book.id).group_of(here)
        groups = frozenset({group} if group else ())
        return Placed(index, claim, here, (book.id, here), groups, read.trouble, read.own_order)
    current = next(one for one in books.values() if one.in_force)
    number = book.one_to_one.get(here)
    targets = {policy.catalog(current.id).group_of(to) for to in book.steps.get(here, ())}
    certain = frozenset(group for group in targets if group) if len(targets) == 1 else frozenset()
    identity = (book.id, here) if number is None else (current.id, number)
    return Placed(index, claim, number, identity, certain, "other_catalog")


def _read(claim: SceneClaim, books: Mapping[str, _Book], catalog: str, own_rows: Mapping[str, int]) -> _Read:
    stated = _stated_catalog(claim.catalog, books)
    first = books[stated or catalog]
    others = [book for book in books.values() if book.id != first.id]
    name = fold(claim.name) if claim.name else ""
    if not name:
        return _by_number(claim.number, first)
    if claim.number is None:
        return _by_name(name, first, others)
    if first.official.get(name) == claim.number:
        return _Read(first.id, claim.number)
    if name in first.official and own_rows.get(name) == claim.number:
        return _Read(first.id, first.official[name], own_order=True)
    return _by_both(claim.number, name, first, others, firm=stated is not None)


def _by_number(number: int | None, book: _Book) -> _Read:
    if number in book.numbers:
        return _Read(book.id, number)
    return _Read(book.id, None, "nameless" if number is None else "bad_number")


def _by_name(name: str, first: _Book, others: list[_Book]) -> _Read:
    """Read a claim without a number: official names first, since an alias may be the other's official name."""
    for book in (first, *others):
        if name in book.official:
            return _Read(book.id, book.official[name])
    for book in (first, *others):
        if name in book.aliases:
            return _Read(book.id, book.aliases[name], "alias_name")
    return _Read(first.id, None, "unknown_name")


def _by_both(number: int, name: str, first: _Book, others: list[_Book], *, firm: bool) -> _Read:
    """Read a claim whose name is not the official name of its number where it is stated."""
    for book in others:
        if not firm and book.official.get(name) == number:
            return _Read(book.id, number)
    if name not in first.official:
        for book in others:
            there = book.official.get(name)
            # The old name beside the new number: both say the same scene.
            if there is not None and number in book.steps.get(there, ()):
                return _Read(first.id, number, "old_name")
            if there is not None:
                return _Read(first.id, None, "name_differs")
        if number in first.numbers and first.aliases.get(name, number) == number:
            return _Read(first.id, number, "alias_name" if name in first.aliases else "unknown_name")
    return _Read(first.id, None, "name_differs" if number in first.numbers else "bad_number")


def _stated_catalog(value: str | None, books: Mapping[str, _Book]) -> str | None:
    found = _YEAR.search(value) if value else None
    return found.group() if found and found.group() in books else None


def _own_rows(policy: Policy, jurisdiction: str | None) -> Mapping[str, int]:
    """Return the row numbers of a province's own scene table by folded name; empty without a table."""
    return _own_rows_of(policy, jurisdiction) if jurisdiction else {}


@lru_cache(maxsize=32)
def _own_rows_of(policy: Policy, jurisdiction: str) -> Mapping[str, int]:
    known = policy.jurisdictions.get(jurisdiction)
    name = known.files.get("tier_descriptors") if known else None
    if name is None:
        return {}
    catalog = policy.catalog(policy.catalog_in_force(jurisdiction, None))
    rows = {row["number"]: row["row"] for row in policy.data(name)["scenes"]}
    return {fold(scene.name): rows[scene.number] for scene in catalog.scenes if scene.number in rows}


@lru_cache(maxsize=32)
def _books(policy: Policy, catalog: str) -> Mapping[str, _Book]:
    walk = policy.crosswalk
    return {book: _book(policy, book, catalog) for book in (walk.older, walk.newer)}


def _book(policy: Policy, book: str, catalog: str) -> _Book:
    scenes = policy.catalog(book).scenes
    official = {fold(scene.name): scene.number for scene in scenes}
    steps = _steps(policy, book)
    walk = policy.crosswalk
    back = _steps(policy, walk.newer if book == walk.older else walk.older)
    return _Book(
        id=book,
        in_force=book == catalog,
        official=official,
        aliases={
            folded: number
            for alias, number in policy.scene_aliases(book).items()
            if (folded := fold(alias)) not in official
        },
        numbers=frozenset(official.values()),
        steps=steps,
        one_to_one={
            here: there[0]
            for here, there in steps.items()
            if len(there) == 1 and back.get(there[0]) == (here,)
        },
    )


def _steps(policy: Policy, book: str) -> dict[int, tuple[int, ...]]:
    """Return where each scene of a catalogue went (or came from, for the newer one)."""
    found: dict[int, tuple[int, ...]] = {}
    for row in policy.crosswalk.scenes:
        here, there = (row.from_, row.to) if book == policy.crosswalk.older else (row.to, row.from_)
        if here is not None and there is not None:
            found[here] = (*found.get(here, ()), there)
    return found
