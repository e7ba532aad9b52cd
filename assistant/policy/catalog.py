"""Scene catalogues, KPI lists, aliases and the crosswalk, from their YAML files to records."""

from __future__ import annotations

from pathlib import Path
from typing import cast, get_args

from assistant.errors import PolicyError
from assistant.policy.model import (
    ELEMENT_KINDS,
    Catalog,
    CatalogScene,
    Crosswalk,
    CrosswalkKind,
    CrosswalkRow,
    KpiDef,
    Plausible,
)
from assistant.policy.yamlfile import Fields, read


def read_catalog(path: Path) -> Catalog:
    """Return the catalogue of ``scenes-<id>.yaml``.

    Raises:
        PolicyError: an entry is incomplete, or a number occurs twice.
    """
    top = Fields(read(path), path.name)
    catalog = top.text("catalog")
    scenes = tuple(_scene(catalog, row) for row in top.rows("scenes"))
    if len({scene.number for scene in scenes}) != len(scenes):
        raise PolicyError(f"{path.name} 有重复的场景序号", "请改正")
    groups = Fields(top.mapping("groups"), f"{path.name} groups").mapping("map")
    return Catalog(
        id=catalog,
        title=top.text("title"),
        source=top.text("source"),
        groups={name: tuple(segments) for name, segments in groups.items()},
        scenes=scenes,
    )


def _scene(catalog: str, row: Fields) -> CatalogScene:
    elements = Fields(row.mapping("elements"), f"{row.where} elements")
    return CatalogScene(
        catalog=catalog,
        number=row.whole("number"),
        name=row.text("name"),
        segment=row.text("segment"),
        group=row.maybe_text("group"),
        text=row.text("text"),
        elements={kind: elements.texts(kind) for kind in ELEMENT_KINDS},
    )


def read_kpis(path: Path) -> tuple[KpiDef, ...]:
    """Return the KPI list of ``kpis-<id>.yaml`` in its order."""
    top = Fields(read(path), path.name)
    catalog = top.text("catalog")
    return tuple(_kpi(catalog, row) for row in top.rows("kpis"))


def _kpi(catalog: str, row: Fields) -> KpiDef:
    plausible = Fields(row.mapping("plausible"), f"{row.where} plausible")
    return KpiDef(
        catalog=catalog,
        number=row.whole("number"),
        name=row.text("name"),
        unit=row.text("unit"),
        category=row.text("category"),
        direction="up" if row.choice("direction", ("up", "down")) == "up" else "down",
        measure="level" if row.choice("measure", ("level", "change")) == "level" else "change",
        quantity=row.text("quantity"),
        share=row.flag("share"),
        plausible=Plausible(
            plausible.maybe_number("min"), plausible.maybe_number("max"), plausible.text("reason")
        ),
        unusual_above=row.maybe_number("unusual_above"),
        aliases=row.texts("aliases"),
        ambiguous=row.mapping("ambiguous"),
        former_names=row.texts("former_names"),
    )


def read_crosswalk(path: Path) -> Crosswalk:
    """Return the crosswalk between two catalogues."""
    top = Fields(read(path), path.name)
    return Crosswalk(
        older=top.text("older"),
        newer=top.text("newer"),
        scenes=tuple(_step(row) for row in top.rows("scenes")),
        kpis=tuple(_step(row) for row in top.rows("kpis")),
    )


def _step(row: Fields) -> CrosswalkRow:
    return CrosswalkRow(
        from_=row.maybe_whole("from"),
        to=row.maybe_whole("to"),
        kind=cast(CrosswalkKind, row.choice("kind", get_args(CrosswalkKind))),
        note=row.text("note", ""),
    )


def read_aliases(path: Path, catalog: Catalog) -> dict[str, int]:
    """Return every other name of a catalogue's scenes with the scene's number, official names excluded.

    Raises:
        PolicyError: a name belongs to two scenes, or a number is not in the catalogue.
    """
    top = Fields(read(path), path.name)
    numbers = {scene.number for scene in catalog.scenes}
    official = {scene.name for scene in catalog.scenes}
    found: dict[str, int] = {}
    for row in Fields(top.mapping("catalogs"), path.name).rows(catalog.id):
        number = row.whole("number")
        if number not in numbers:
            raise PolicyError(f"{row.where} 的序号 {number} 不在 {catalog.id} 年版目录中", "请改正")
        for name in row.texts("names"):
            if name in official or found.get(name, number) != number:
                raise PolicyError(f"{row.where} 的“{name}”另属一个场景", "请只留一处")
            found[name] = number
    return found
