"""Which province a place lies in, and the jurisdictions that have documents in the corpus."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.policy.model import CatalogPeriod, Jurisdiction
from assistant.policy.yamlfile import Fields, read

# A street is often named after another province or city: 河南路, 上海大道, 南京西路.
_STREET = re.compile(r"(?:[东西南北中]?[一二三四五六七八九十]?(?:路|街|大道|巷|弄))")


@dataclass(frozen=True, slots=True)
class Place:
    """A province with the names that tell it: its own, its cities', its districts'."""

    province: str
    names: tuple[str, ...]
    cities: tuple[str, ...]
    districts: tuple[str, ...]


def read_places(path: Path) -> tuple[Place, ...]:
    """Return the provinces of ``places.yaml``."""
    rows = Fields(read(path), path.name).rows("places")
    return tuple(
        Place(row.text("province"), row.texts("names"), row.texts("cities"), row.texts("districts"))
        for row in rows
    )


def locate(text: str, index: Mapping[str, str]) -> str | None:
    """Return the province of the first place name in ``text``, None where there is none.

    An address goes from the large to the small, so the earliest name decides; of two names that begin at
    the same character the longer one. A name that is only a street's is passed over.
    """
    best: tuple[int, int, str] | None = None
    for name, province in index.items():
        start = text.find(name)
        while start >= 0 and _STREET.match(text, start + len(name)):
            start = text.find(name, start + 1)
        if start >= 0 and (best is None or (start, -len(name)) < best[:2]):
            best = (start, -len(name), province)
    return best[2] if best else None


def place_index(places: tuple[Place, ...]) -> dict[str, str]:
    """Return every place name with its province; a name that two provinces share is left out."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for place in places:
        for name in (*place.names, *place.cities, *place.districts):
            if found.setdefault(name, place.province) != place.province:
                shared.add(name)
    return {name: province for name, province in found.items() if name not in shared}


def read_jurisdiction(path: Path, places: Mapping[str, Place]) -> Jurisdiction:
    """Return one jurisdiction; its cities come from the places table unless it lists its own."""
    top = Fields(read(path), path.name)
    name = top.text("name")
    known = places.get(name)
    return Jurisdiction(
        name=name,
        kind="country" if top.choice("kind", ("country", "province")) == "country" else "province",
        aliases=top.texts("aliases"),
        regions=top.texts("regions") or (known.cities if known else ()),
        districts=top.texts("districts") or (known.districts if known else ()),
        documents=top.texts("documents"),
        catalogs=tuple(
            CatalogPeriod(row.text("catalog"), row.date("since"), row.text("note", ""))
            for row in top.rows("catalogs")
        ),
        files={str(kind): str(file) for kind, file in top.mapping("files").items()},
    )
