"""The corpus as the JSON that ``assistant policy …`` prints."""

from __future__ import annotations

from datetime import date
from typing import Any

from assistant.errors import UsageError
from assistant.policy import rules as rulebook
from assistant.policy.load import load
from assistant.policy.model import CrosswalkRow
from assistant.records import SCHEMA_VERSION, Tier


def scenes_json(catalog: str) -> dict[str, Any]:
    """Return a catalogue: number, name, segment (环节), group, text, elements of every scene."""
    return {
        "schema_version": SCHEMA_VERSION,
        "scenes": [
            {
                "number": scene.number,
                "name": scene.name,
                "segment": scene.segment,
                "group": scene.group,
                "text": scene.text,
                "elements": {kind: list(pieces) for kind, pieces in scene.elements.items()},
            }
            for scene in load().catalog(catalog).scenes
        ],
    }


def kpis_json(catalog: str) -> dict[str, Any]:
    """Return a KPI list: number, name, unit, category."""
    return {
        "schema_version": SCHEMA_VERSION,
        "kpis": [
            {"number": kpi.number, "name": kpi.name, "unit": kpi.unit, "category": kpi.category}
            for kpi in load().kpis(catalog)
        ],
    }


def diff_json(older: str, newer: str) -> dict[str, Any]:
    """Return the crosswalk between two catalogues, also read backwards.

    Raises:
        UsageError: the corpus has no crosswalk between these two.
    """
    crosswalk = load().crosswalk
    forward = (older, newer) == (crosswalk.older, crosswalk.newer)
    if not forward and (newer, older) != (crosswalk.older, crosswalk.newer):
        raise UsageError(
            f"没有 {older} 与 {newer} 之间的对照表", f"可用：{crosswalk.older} {crosswalk.newer}"
        )
    return {
        "schema_version": SCHEMA_VERSION,
        "scenes": [_step(row, forward) for row in crosswalk.scenes],
        "kpis": [_step(row, forward) for row in crosswalk.kpis],
    }


# Read backwards, what is new was dropped and what was merged is split.
_BACKWARDS = {"new": "dropped", "dropped": "new", "merged": "split", "split": "merged"}


def _step(row: CrosswalkRow, forward: bool) -> dict[str, Any]:
    if forward:
        return {"from": row.from_, "to": row.to, "kind": row.kind}
    return {"from": row.to, "to": row.from_, "kind": _BACKWARDS.get(row.kind, row.kind)}


def plain(value: Any) -> Any:
    """Return a value as JSON can carry it: days (a deadline in a rule) as ISO dates."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def rules_json(jurisdiction: str | None, tier: Tier | None, as_of: date | None) -> dict[str, Any]:
    """Return the rules in force, each with its clauses."""
    found: dict[str, Any] = plain(rulebook.rules_json(load().rule_book, jurisdiction, tier, as_of))
    return found
