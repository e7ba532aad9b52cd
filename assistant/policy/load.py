"""The policy corpus, opened: each part is read from its YAML file when it is first asked for.

The corpus is a stack of folders: the one that travels with the product, then every folder of the environment
variable ``ASSISTANT_POLICY_DIR`` (separated as in PATH). A later folder adds documents, jurisdictions and
rules, and replaces data files of the same name; so a province is added by YAML alone.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from assistant import resources
from assistant.errors import PolicyError, UsageError
from assistant.policy import rules as rulebook
from assistant.policy.articles import Article, article_at, split
from assistant.policy.catalog import read_aliases, read_catalog, read_crosswalk, read_kpis
from assistant.policy.model import Catalog, Crosswalk, Jurisdiction, KpiDef, SourceDocument
from assistant.policy.places import Place, locate, place_index, read_jurisdiction, read_places
from assistant.policy.sources import read_manifest
from assistant.policy.tiers import read_tier_descriptors
from assistant.policy.yamlfile import read
from assistant.records import Tier

POLICY_DIR = "ASSISTANT_POLICY_DIR"
COUNTRY = "国家"
NEWEST_CATALOG = "2025"


class Policy:
    """The corpus as data. Everything that it returns is immutable."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self.folders = folders
        self._articles: dict[str, tuple[Article, ...]] = {}
        self._catalogs: dict[str, Catalog] = {}
        self._kpis: dict[str, tuple[KpiDef, ...]] = {}
        self._aliases: dict[str, Mapping[str, int]] = {}
        self._tiers: dict[str, Mapping[tuple[int, str], str | None]] = {}
        self._data: dict[str, Mapping[str, Any]] = {}

    @cached_property
    def documents(self) -> Mapping[str, SourceDocument]:
        """Every source document by id."""
        found: dict[str, SourceDocument] = {}
        for folder in self.folders:
            found.update(read_manifest(folder))
        return MappingProxyType(found)

    def articles(self, document: str) -> tuple[Article, ...]:
        """Return the articles of a source document with their spans in its text.

        Raises:
            PolicyError: the corpus has no such document.
        """
        if document not in self._articles:
            if document not in self.documents:
                raise PolicyError(f"政策库中没有文件 {document}", f"可用：{'、'.join(self.documents)}")
            self._articles[document] = split(self.documents[document])
        return self._articles[document]

    def find_clause(self, document: str, quote: str) -> Article | None:
        """Return the innermost article that holds a verbatim quote, None when the text has no such words."""
        articles = self.articles(document)
        start = self.documents[document].text.find(quote)
        return None if start < 0 or not quote else article_at(articles, start)

    def catalog(self, catalog: str) -> Catalog:
        """Return a scene catalogue (``"2024"``, ``"2025"``).

        Raises:
            PolicyError: the corpus has no such catalogue.
        """
        if catalog not in self._catalogs:
            self._catalogs[catalog] = read_catalog(self._path(f"scenes-{catalog}.yaml"))
        return self._catalogs[catalog]

    def kpis(self, catalog: str) -> tuple[KpiDef, ...]:
        """Return the KPI list that goes with a catalogue."""
        if catalog not in self._kpis:
            self._kpis[catalog] = read_kpis(self._path(f"kpis-{catalog}.yaml"))
        return self._kpis[catalog]

    def scene_aliases(self, catalog: str) -> Mapping[str, int]:
        """Return other names, old names and near names of scenes with the scene's number."""
        if catalog not in self._aliases:
            path = self._path("scene-aliases.yaml")
            self._aliases[catalog] = MappingProxyType(read_aliases(path, self.catalog(catalog)))
        return self._aliases[catalog]

    @cached_property
    def crosswalk(self) -> Crosswalk:
        """How the 2024 lists became the 2025 lists."""
        return read_crosswalk(self._path("crosswalk.yaml"))

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """Every province with the names that tell it."""
        return {place.province: place for place in read_places(self._path("places.yaml"))}

    @cached_property
    def jurisdictions(self) -> Mapping[str, Jurisdiction]:
        """The jurisdictions that have documents in the corpus, the country first."""
        found: dict[str, Jurisdiction] = {}
        for folder in self.folders:
            for path in sorted((folder / "jurisdictions").glob("*.yaml")):
                one = read_jurisdiction(path, self.places)
                found[one.name] = one
        ordered = sorted(found.values(), key=lambda one: one.kind != "country")
        return MappingProxyType({one.name: one for one in ordered})

    def locate(self, text: str) -> str | None:
        """Return the province that a place or an address lies in, None when it does not say."""
        return locate(text, self._place_index)

    def catalog_in_force(self, jurisdiction: str | None, as_of: date | None) -> str:
        """Return the catalogue that a jurisdiction uses on a day.

        A jurisdiction without a catalogue of its own on that day follows the country. ``as_of`` None: the
        newest. Nothing known at all: 2025.
        """
        own = self.jurisdictions.get(jurisdiction or COUNTRY)
        country = self.jurisdictions.get(COUNTRY)
        day = as_of or date.max
        for place in (own, country):
            running = [period for period in (place.catalogs if place else ()) if period.since <= day]
            if running:
                return max(running, key=lambda period: period.since).catalog
        periods = country.catalogs if country else ()
        return min(periods, key=lambda period: period.since).catalog if periods else NEWEST_CATALOG

    def tier_descriptors(self, jurisdiction: str) -> Mapping[tuple[int, str], str | None]:
        """Return (scene number, tier) -> description, None where the table has ``/``; empty without a table."""
        if jurisdiction not in self._tiers:
            name = self._file_of(jurisdiction, "tier_descriptors")
            rows = read_tier_descriptors(self._path(name)) if name else ()
            self._tiers[jurisdiction] = MappingProxyType(
                {(row.number, tier): text for row in rows for tier, text in row.tiers.items()}
            )
        return self._tiers[jurisdiction]

    def scoring(self, jurisdiction: str) -> Mapping[str, Any] | None:
        """Return the self-assessment of a jurisdiction as its YAML says it, None without one."""
        return self._jurisdiction_data(jurisdiction, "scoring")

    def form(self, jurisdiction: str) -> Mapping[str, Any] | None:
        """Return the application form and format rules of a jurisdiction, None without one."""
        return self._jurisdiction_data(jurisdiction, "form")

    def materials(self, jurisdiction: str) -> Mapping[str, Any] | None:
        """Return the list of materials of a jurisdiction, None without one."""
        return self._jurisdiction_data(jurisdiction, "materials")

    @cached_property
    def rule_book(self) -> rulebook.RuleBook:
        """All rules of all layers."""
        books = [rulebook.load(folder / "rules") for folder in self.folders if (folder / "rules").is_dir()]
        if len(books) == 1:
            return books[0]
        rows: dict[str, Any] = {}
        for book in books:
            for name, found in book.rows.items():
                rows[name] = (*rows.get(name, ()), *found)
        codes = [row.code for found in rows.values() for row in found]
        doubled = sorted({code for code in codes if codes.count(code) > 1})
        if doubled:
            raise PolicyError(f"规则代号 {doubled[0]} 在几个政策目录中重复", "请为每条规则取不同的代号")
        version = hashlib.sha256("|".join(book.version for book in books).encode()).hexdigest()[:12]
        return rulebook.RuleBook(rows=MappingProxyType(rows), version=version)

    def rules(
        self, jurisdiction: str | None, tier: Tier | None, as_of: date | None
    ) -> tuple[rulebook.Rule, ...]:
        """Return the rules in force."""
        return self.rule_book.select(jurisdiction, tier, as_of)

    @cached_property
    def version(self) -> str:
        """A short hash of every file of the corpus, the same on every machine."""
        digest = hashlib.sha256()
        for folder in self.folders:
            for path in sorted(folder.rglob("*")):
                if path.suffix in (".yaml", ".txt") and path.is_file():
                    # A checkout may have turned line ends; the version must not depend on that.
                    data = path.read_bytes().replace(b"\r\n", b"\n")
                    digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + data)
        return digest.hexdigest()[:12]

    @property
    def rule_version(self) -> str:
        """A short hash of the rule files."""
        return self.rule_book.version

    def data(self, name: str) -> Mapping[str, Any]:
        """Return a data file of the corpus as it stands.

        Raises:
            PolicyError: no folder has the file, or it is not YAML.
        """
        if name not in self._data:
            self._data[name] = MappingProxyType(dict(read(self._path(name))))
        return self._data[name]

    @cached_property
    def _place_index(self) -> Mapping[str, str]:
        extra = tuple(
            Place(one.name, (one.name, *one.aliases), one.regions, one.districts)
            for one in self.jurisdictions.values()
            if one.kind == "province" and one.name not in self.places
        )
        return place_index((*self.places.values(), *extra))

    def _jurisdiction_data(self, jurisdiction: str, kind: str) -> Mapping[str, Any] | None:
        name = self._file_of(jurisdiction, kind)
        return None if name is None else self.data(name)

    def _file_of(self, jurisdiction: str, kind: str) -> str | None:
        found = self.jurisdictions.get(jurisdiction)
        return found.files.get(kind) if found else None

    def _path(self, name: str) -> Path:
        for folder in reversed(self.folders):
            if (folder / name).is_file():
                return folder / name
        raise PolicyError(f"政策库中没有 {name}", f"已找过：{'、'.join(map(str, self.folders))}")


def load(extra: tuple[Path, ...] | None = None) -> Policy:
    """Open the corpus; the same folders give the same object.

    Args:
        extra: folders layered on top; None takes them from ``ASSISTANT_POLICY_DIR``.

    Raises:
        UsageError: a folder that was asked for does not exist.
    """
    return _open(_from_env() if extra is None else extra)


def _from_env() -> tuple[Path, ...]:
    return tuple(Path(part) for part in os.environ.get(POLICY_DIR, "").split(os.pathsep) if part)


@cache
def _open(extra: tuple[Path, ...]) -> Policy:
    for folder in extra:
        if not folder.is_dir():
            raise UsageError(f"{POLICY_DIR} 指向的目录不存在：{folder}", "请改正该环境变量")
    return Policy((resources.corpus() / "policies", *extra))
