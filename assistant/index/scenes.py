"""The scenes of a catalogue as entries: what the catalogue says, and what is known to be said for it.

A declaration rarely uses the catalogue's words. Beside the scene's own text stand its other names, the same
scene in the other catalogue, the tier descriptions of a province, the lexicon of business terms, and plain
sentences as enterprises say them (``scene-sayings.yaml``); the hit is still the scene's own text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.index.chunks import Chunk
from assistant.index.cues import scene_words
from assistant.index.sayings import scene_names, scene_sayings
from assistant.index.space import Entry
from assistant.policy import CatalogScene, Policy
from assistant.policy.articles import article_at, split

# BM25 as strong as the vectors: the optimum is flat between 0.75 and 1.5.
BALANCE = 1.0
_CLAUSE = re.compile(r"[，,；;。]")
_SHORTEST = 6
_TERMS = 60
_TOGETHER = 6


def scene_entries(policy: Policy, catalog: str) -> tuple[Entry, ...]:
    """Return one entry a scene."""
    words, names = scene_words(policy, catalog), scene_names(policy, catalog)
    related, sayings = _related(policy, catalog), scene_sayings(policy, catalog)
    chunks = _chunks(policy, catalog)
    return tuple(
        _entry(
            scene,
            chunks[scene.number],
            (*related.get(scene.number, ()), *sayings.get(scene.number, ())),
            (*names.get(scene.number, ()), *words.get(scene.number, ())),
        )
        for scene in policy.catalog(catalog).scenes
    )


def _entry(scene: CatalogScene, chunk: Chunk, related: tuple[str, ...], words: tuple[str, ...]) -> Entry:
    own = f"{scene.name}。{scene.text}"
    clauses = [clause for clause in _CLAUSE.split(scene.text) if len(clause) >= _SHORTEST]
    # A single term has too little meaning for a vector; a handful of them has enough.
    spelled = words[:_TERMS]
    terms = ["、".join(spelled[i : i + _TOGETHER]) for i in range(0, len(spelled), _TOGETHER)]
    return Entry(
        chunk=chunk,
        words=" ".join(dict.fromkeys([own, *related, *words])),
        passages=tuple(dict.fromkeys([scene.name, scene.text, own, *clauses, *related, *terms])),
    )


def _chunks(policy: Policy, catalog: str) -> Mapping[int, Chunk]:
    """Return each scene's place in the document that carries the catalogue."""
    data = policy.catalog(catalog)
    document = policy.documents[data.source]
    articles = split(document)
    found = {}
    for scene in data.scenes:
        start = document.text.index(scene.text)
        article = article_at(articles, start)
        found[scene.number] = Chunk(
            document.id,
            start,
            start + len(scene.text),
            f"{article.label} {scene.name}",
            scene.segment,
            scene.number,
        )
    return found


def _related(policy: Policy, catalog: str) -> Mapping[int, tuple[str, ...]]:
    """Return the counterpart in the other catalogue and the tier descriptions, by this catalogue's numbers."""
    newer = catalog == policy.crosswalk.newer
    other = policy.catalog(policy.crosswalk.older if newer else policy.crosswalk.newer)
    counterparts: dict[int, list[int]] = {}
    for row in policy.crosswalk.scenes:
        if row.from_ is not None and row.to is not None:
            here, there = (row.to, row.from_) if newer else (row.from_, row.to)
            counterparts.setdefault(here, []).append(there)
    found: dict[int, list[str]] = {}
    for here, numbers in counterparts.items():
        scenes = [other.scene(number) for number in numbers]
        found[here] = [f"{scene.name}。{scene.text}" for scene in scenes]
    for name in policy.jurisdictions:
        for (number, _), text in policy.tier_descriptors(name).items():
            # The descriptions are written to the catalogue that the province uses.
            if text and policy.catalog_in_force(name, None) == catalog:
                found.setdefault(number, []).append(text)
            elif text:
                for here, numbers in counterparts.items():
                    if number in numbers:
                        found.setdefault(here, []).append(text)
    return {number: tuple(texts) for number, texts in found.items()}
