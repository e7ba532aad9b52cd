"""What people say for a clause or a scene without its words: ``clause-sayings.yaml``, ``scene-sayings.yaml``.

Official text and everyday speech share few characters and small embeddings bridge them badly. So each rule is
indexed with the occasions on which people come for it; the hit is still the clause's own text.
"""

from __future__ import annotations

from collections.abc import Mapping

from assistant.policy import Policy

_CLAUSES = "clause-sayings.yaml"
_SCENES = "scene-sayings.yaml"


def clause_sayings(policy: Policy) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Return sentences by document and article."""
    found: dict[tuple[str, str], list[str]] = {}
    for group in policy.data(_CLAUSES)["clauses"]:
        for document, articles in group["at"].items():
            for article in articles:
                found.setdefault((document, article), []).extend(group["said"])
    return {place: tuple(dict.fromkeys(texts)) for place, texts in found.items()}


def scene_sayings(policy: Policy, catalog: str) -> Mapping[int, tuple[str, ...]]:
    """Return sentences by scene; the older catalogue borrows the newer's unless scenes were merged there."""
    data = policy.data(_SCENES)
    found: dict[int, list[str]] = {number: list(texts) for number, texts in data.get(catalog, {}).items()}
    if catalog == policy.crosswalk.older:
        newer = data.get(policy.crosswalk.newer, {})
        for row in policy.crosswalk.scenes:
            if row.from_ is not None and row.to is not None and row.kind != "merged":
                found.setdefault(row.from_, []).extend(newer.get(row.to, ()))
    return {number: tuple(texts) for number, texts in found.items()}


def scene_names(policy: Policy, catalog: str) -> Mapping[int, tuple[str, ...]]:
    """Return what else each scene is called."""
    found: dict[int, list[str]] = {}
    for alias, number in policy.scene_aliases(catalog).items():
        found.setdefault(number, []).append(alias)
    return {number: tuple(names) for number, names in found.items()}
