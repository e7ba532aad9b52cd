"""The rules as dated data: read from YAML, selected by jurisdiction, tier and date.

A rule file belongs to one jurisdiction. Each rule has a code, a topic, the name of the evaluator that
decides it, and *versions*: spans of days with thresholds, parameters and the clauses they stand on.
Selection is the law's: a jurisdiction's own rules on a topic replace the national rules of that topic;
where it is silent on that day for that tier, the national rule holds. Nothing here decides a record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from assistant.errors import PolicyError
from assistant.policy.rulefile import TOPICS, RuleRow, Version, parse
from assistant.records import SCHEMA_VERSION, TIERS, Clause, Tier

__all__ = ["NATIONAL", "TOPICS", "Rule", "RuleBook", "load", "rules_json"]


NATIONAL = "国家"
# The newest rules hold when no date is known.
_NEWEST = date.max

_PER_TIER = frozenset(TIERS)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as it stands for a tier on a day.

    ``threshold`` and ``params`` come from the YAML; a soft rule (``binding`` false) that is not met
    is an advisory, never a fail. ``in_force_from``/``in_force_to`` are days, None when open.
    """

    code: str
    topic: str
    jurisdiction: str
    tiers: tuple[Tier, ...]
    binding: bool
    evaluator: str
    threshold: Any
    params: Mapping[str, Any]
    required: str
    in_force_from: date | None
    in_force_to: date | None
    clauses: tuple[Clause, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the rule as plain JSON values."""
        return {
            "code": self.code,
            "topic": self.topic,
            "jurisdiction": self.jurisdiction,
            "tiers": list(self.tiers),
            "binding": self.binding,
            "required": self.required,
            "threshold": self.threshold,
            "params": _plain(self.params),
            "in_force": {"from": _iso(self.in_force_from), "to": _iso(self.in_force_to)},
            "clauses": [clause.model_dump() for clause in self.clauses],
        }


@dataclass(frozen=True)
class RuleBook:
    """All rules of all jurisdictions; ``version`` is a short hash of their files."""

    rows: Mapping[str, tuple[RuleRow, ...]]
    version: str
    _selected: dict[tuple[str | None, Tier | None, date | None], tuple[Rule, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def jurisdictions(self) -> tuple[str, ...]:
        """Return the jurisdictions that have rules of their own, the national ones first."""
        return tuple(sorted(self.rows, key=lambda name: (name != NATIONAL, name)))

    def select(self, jurisdiction: str | None, tier: Tier | None, as_of: date | None) -> tuple[Rule, ...]:
        """Return the rules in force, in the order of the topics.

        ``jurisdiction`` None or without rules of its own: the national rules. ``tier`` None: the
        rules of every tier, each once. ``as_of`` None: the newest rules.
        """
        key = (jurisdiction, tier, as_of)
        if key not in self._selected:
            if len(self._selected) > 4096:  # many different days in one process
                self._selected.clear()
            self._selected[key] = self._select(jurisdiction, tier, as_of)
        return self._selected[key]

    def boundaries(self) -> tuple[date, ...]:
        """Return every day on which some rule begins to hold, and the day after one ends, ascending."""
        days: set[date] = set()
        for row in (row for rows in self.rows.values() for row in rows):
            for version in row.versions:
                days.update([version.start] if version.start else [])
                days.update([date.fromordinal(version.end.toordinal() + 1)] if version.end else [])
        return tuple(sorted(days))

    def codes(self) -> tuple[str, ...]:
        """Return every rule code, sorted."""
        return tuple(sorted(row.code for rows in self.rows.values() for row in rows))

    def clauses(self) -> tuple[tuple[str, Clause], ...]:
        """Return every (rule code, clause) of every version, for the proof that the quotes are real."""
        return tuple(
            (row.code, Clause(document=c.document, article=c.article, quote=c.quote))
            for rows in self.rows.values()
            for row in rows
            for version in row.versions
            for c in version.clauses
        )

    def _select(self, jurisdiction: str | None, tier: Tier | None, as_of: date | None) -> tuple[Rule, ...]:
        if tier is None:
            found = {
                (rule.code, rule.required, repr(rule.threshold), rule.clauses): rule
                for one in TIERS
                for rule in self.select(jurisdiction, one, as_of)
            }
            return tuple(sorted(found.values(), key=lambda rule: TOPICS.index(rule.topic)))
        day = as_of or _NEWEST
        own = self._in_force(jurisdiction, tier, day) if jurisdiction in self.rows else []
        spoken = {rule.topic for rule in own}
        national = [r for r in self._in_force(NATIONAL, tier, day) if r.topic not in spoken]
        if jurisdiction == NATIONAL:
            national = []
        return tuple(sorted((*own, *national), key=lambda rule: (TOPICS.index(rule.topic), rule.code)))

    def _in_force(self, jurisdiction: str | None, tier: Tier, day: date) -> list[Rule]:
        found = []
        for row in self.rows.get(jurisdiction or NATIONAL, ()):
            for version in row.versions:
                begins, ends = version.start or date.min, version.end or date.max
                if begins <= day <= ends and tier in (version.tiers or row.tiers):
                    found.append(_rule(jurisdiction or NATIONAL, row, version, tier))
        return found


def load(folder: Path) -> RuleBook:
    """Read every rule file of a folder.

    Raises:
        PolicyError: a file is no valid rule file, a code occurs twice, or versions of one rule overlap.
    """
    rows: dict[str, list[RuleRow]] = {}
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.yaml")):
        data = path.read_bytes()
        digest.update(path.name.encode() + b"\0" + data)
        parsed = parse(path.name, data)
        rows.setdefault(parsed.jurisdiction, []).extend(parsed.rules)
    _unique_codes(row for found in rows.values() for row in found)
    return RuleBook(
        rows=MappingProxyType({name: tuple(found) for name, found in rows.items()}),
        version=digest.hexdigest()[:12],
    )


def rules_json(
    book: RuleBook, jurisdiction: str | None, tier: Tier | None, as_of: date | None
) -> dict[str, Any]:
    """Return the rules in force as the JSON of ``assistant policy rules``."""
    return {
        "schema_version": SCHEMA_VERSION,
        "jurisdiction": jurisdiction,
        "tier": tier,
        "as_of": _iso(as_of),
        "rules": [rule.as_json() for rule in book.select(jurisdiction, tier, as_of)],
    }


def _unique_codes(rows: Iterable[RuleRow]) -> None:
    seen: set[str] = set()
    for row in rows:
        if row.code in seen:
            raise PolicyError(f"规则代号 {row.code} 出现两次", "请为每条规则取不同的代号")
        seen.add(row.code)


def _rule(jurisdiction: str, row: RuleRow, version: Version, tier: Tier) -> Rule:
    threshold = row.threshold if version.threshold is None else version.threshold
    required = row.required if version.required is None else version.required
    return Rule(
        code=row.code,
        topic=row.topic,
        jurisdiction=jurisdiction,
        tiers=version.tiers or row.tiers,
        binding=row.binding if version.binding is None else version.binding,
        evaluator=row.evaluator,
        threshold=_for_tier(threshold, tier),
        params=MappingProxyType({**row.params, **(version.params or {})}),
        required=str(_for_tier(required, tier)),
        in_force_from=version.start,
        in_force_to=version.end,
        clauses=tuple(
            Clause(document=c.document, article=c.article, quote=c.quote)
            for c in version.clauses
            if tier in c.tiers
        ),
    )


def _for_tier(value: Any, tier: Tier) -> Any:
    """Return the tier's entry of a mapping by tier, or the value itself."""
    if isinstance(value, dict) and value and _PER_TIER.issuperset(value):
        return value.get(tier)
    return value


def _plain(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _iso(value) if isinstance(value, date) else value for name, value in params.items()}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
