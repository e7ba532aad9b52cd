"""The records of the policy corpus: frozen, read from YAML, never written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Date  # noqa: N812  (a field is called ``date``)
from functools import cached_property
from pathlib import Path
from typing import Literal

ELEMENT_KINDS = ("activity", "problem", "system", "technique", "effect")
GROUPS = ("工厂建设", "研发设计", "生产作业", "生产管理", "运营管理")
CrosswalkKind = Literal["same", "renamed", "moved", "merged", "split", "dropped", "new"]


@dataclass(frozen=True, slots=True)
class Mending:
    """One damaged place: what stood there, what it reads now, and on what ground."""

    was: str
    now: str
    by: str


@dataclass(frozen=True, slots=True)
class Divergence:
    """A place where two documents that carry the same text differ; nothing was changed there."""

    here: str
    there: str
    document: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex inside a source text: ``begins`` is its first line, ``label`` how a clause names it.

    ``form`` is how its top-level sections are cited where that is not their bare number (``第{}条``).
    """

    label: str
    begins: str
    title: str = ""
    form: str = ""


@dataclass(frozen=True)
class SourceDocument:
    """A policy document: what it is, where and when it is in force, and its text.

    ``in_force_from`` is the first day, ``in_force_to`` the last day (None: still in force).
    ``sha256`` is of the source text file, ``seed_sha256`` of the supplied file it was taken from.
    """

    id: str
    title: str
    issuer: str
    number: str | None
    date: Date | None
    in_force_from: Date
    in_force_to: Date | None
    jurisdiction: str
    sha256: str
    path: Path = field(repr=False, compare=False)
    seed: str = ""
    seed_sha256: str = ""
    note: str = ""
    aliases: tuple[str, ...] = ()
    annexes: tuple[Annex, ...] = ()
    mendings: tuple[Mending, ...] = ()
    divergences: tuple[Divergence, ...] = ()

    @cached_property
    def text(self) -> str:
        """The source text, read once, newlines as ``\\n``."""
        return self.path.read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class CatalogScene:
    """One of the 40 scenes: ``segment`` is its 环节, ``group`` one of the five 建设内容 or None.

    ``elements`` maps activity, problem, system, technique, effect to verbatim pieces of ``text``.
    """

    catalog: str
    number: int
    name: str
    segment: str
    group: str | None
    text: str
    elements: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Catalog:
    """A scene catalogue; ``groups`` maps each of the five 建设内容 to its 环节."""

    id: str
    title: str
    source: str
    groups: Mapping[str, tuple[str, ...]]
    scenes: tuple[CatalogScene, ...]

    def scene(self, number: int) -> CatalogScene:
        """Return the scene with this catalogue number.

        Raises:
            KeyError: the catalogue has no such number.
        """
        return self._by_number[number]

    def group_of(self, number: int) -> str | None:
        """Return the 建设内容 of a scene, None for a number without one or not in the catalogue."""
        scene = self._by_number.get(number)
        return scene.group if scene else None

    @cached_property
    def _by_number(self) -> Mapping[int, CatalogScene]:
        return {scene.number: scene for scene in self.scenes}

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """The 环节 in the order of the document."""
        return tuple(dict.fromkeys(scene.segment for scene in self.scenes))


@dataclass(frozen=True, slots=True)
class Plausible:
    """What a value can be by definition, in the KPI's unit; None means no limit."""

    min: float | None
    max: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class KpiDef:
    """One indicator of a KPI list; ``name`` is without its unit.

    ``measure`` says whether the list asks for a level or a change; ``quantity`` is what is measured and
    ``direction`` the way in which that quantity gets better; ``share`` marks a quantity that is itself a
    share, so that its level lies within 0..100 %. ``ambiguous`` maps a look-alike name to why it may be
    something else; ``former_names`` are the names in the version before.
    """

    catalog: str
    number: int
    name: str
    unit: str
    category: str
    direction: Literal["up", "down"]
    measure: Literal["level", "change"]
    quantity: str
    share: bool
    plausible: Plausible
    unusual_above: float | None
    aliases: tuple[str, ...]
    ambiguous: Mapping[str, str]
    former_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CrosswalkRow:
    """One step from a number of the older list to one of the newer; None where there is no counterpart."""

    from_: int | None
    to: int | None
    kind: CrosswalkKind
    note: str = ""


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """How one catalogue became the next, for scenes and for KPIs."""

    older: str
    newer: str
    scenes: tuple[CrosswalkRow, ...]
    kpis: tuple[CrosswalkRow, ...]


@dataclass(frozen=True, slots=True)
class CatalogPeriod:
    """From which day a jurisdiction uses a catalogue."""

    catalog: str
    since: Date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A place with its documents; ``catalogs`` empty means that it follows the country's.

    ``regions`` are its cities, ``districts`` its counties and districts (told only by their full name).
    ``documents`` is empty for a province that has no rules of its own in the corpus. ``files`` names the
    data files that only this jurisdiction has (tier descriptors, scoring, form, materials), by kind.
    """

    name: str
    kind: Literal["country", "province"]
    aliases: tuple[str, ...]
    regions: tuple[str, ...]
    districts: tuple[str, ...]
    documents: tuple[str, ...]
    catalogs: tuple[CatalogPeriod, ...]
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TierDescriptor:
    """A row of a province's tier table: its own row number and name beside the catalogue's number.

    ``tiers`` maps each tier to the verbatim description, None where the table has ``/``.
    """

    number: int
    row: int
    name: str
    tiers: Mapping[str, str | None]
