"""Where versions and provinces say different things on what was asked: shown side by side, never resolved.

What belongs together is known from the rules (one topic, decided alike, with the clause of each document)
and from the crosswalk of the catalogues, not guessed from similar wording.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from assistant.index.tokens import normalise
from assistant.policy import CatalogScene, Policy
from assistant.records import TIERS, Tier

_MOST = 3
# A quote that speaks of less of the question than this is about something else of the same clause.
_ABOUT = 0.25
_STOPS = "。；\n"
_LONGEST = 160
_MARKS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Side:
    """What one document says."""

    jurisdiction: str
    document: str
    article: str
    quote: str
    tiers: tuple[Tier, ...] = TIERS


def conflicts(
    policy: Policy, question: str, top: tuple[str, str], scene: int | None, fit: Callable[[str], float]
) -> list[dict[str, Any]]:
    """Return the disagreements around the best clause.

    Args:
        policy: the corpus.
        question: as asked; the tiers that it names narrow the sides.
        top: document and article of the best clause.
        scene: the scene number, if the clause is a scene.
        fit: how much of the question a quote speaks of, 0..1.
    """
    found = [*_by_rule(policy, question, top, fit), *_by_scene(policy, top[0], scene)]
    return found[:_MOST]


def _by_rule(
    policy: Policy, question: str, top: tuple[str, str], fit: Callable[[str], float]
) -> Iterator[dict[str, Any]]:
    tiers = {tier for tier in TIERS if tier in question}
    shown: set[frozenset[str]] = set()
    for topic, sides in _groups(policy):
        if top not in {(side.document, side.article) for side in sides}:
            continue
        best = _one_a_document(sides, tiers, fit)
        quotes = frozenset(_plain(side.quote) for side in best)
        about_it = any(fit(side.quote) >= _ABOUT for side in best)
        if len(quotes) > 1 and about_it and quotes not in shown:
            shown.add(quotes)
            yield {"topic": topic, "sides": [_json(policy, side) for side in _distinct(best)]}


def _one_a_document(sides: list[Side], tiers: set[Tier], fit: Callable[[str], float]) -> list[Side]:
    """Return the side of each document that fits the tiers and the words of the question best."""
    chosen: dict[str, tuple[tuple[bool, float], Side]] = {}
    for side in sides:
        if tiers and not tiers & set(side.tiers):
            continue
        rank = (bool(tiers) and set(side.tiers) <= tiers, fit(side.quote))
        if side.document not in chosen or rank > chosen[side.document][0]:
            chosen[side.document] = (rank, side)
    return [side for _, side in chosen.values()]


def _distinct(sides: list[Side]) -> list[Side]:
    """Return the sides without repeats: a jurisdiction that says it twice is shown once."""
    found: dict[tuple[str, str], Side] = {}
    for side in sides:
        found.setdefault((side.jurisdiction, _plain(side.quote)), side)
    return list(found.values())


@lru_cache(maxsize=4)
def _groups(policy: Policy) -> tuple[tuple[str, list[Side]], ...]:
    """Return the clauses that decide the same thing, by topic and what is looked at."""
    found: dict[tuple[str, str], list[Side]] = {}
    for jurisdiction, rules in policy.rule_book.rows.items():
        for rule in rules:
            looked_at = f"{rule.evaluator} {rule.params.get('field', '')}"
            sides = found.setdefault((rule.topic, looked_at), [])
            for version in rule.versions:
                for clause in version.clauses:
                    tiers = tuple(tier for tier in clause.tiers if tier in (version.tiers or rule.tiers))
                    home = policy.documents.get(clause.document)
                    place = home.jurisdiction if home else jurisdiction
                    side = Side(place, clause.document, clause.article, clause.quote, tiers)
                    if side not in sides:
                        sides.append(side)
    return tuple((topic, sides) for (topic, _), sides in found.items())


def _by_scene(policy: Policy, document: str, number: int | None) -> Iterator[dict[str, Any]]:
    """Yield the same scene in the other catalogue where its name or text changed."""
    if number is None:
        return
    text = policy.documents[document].text
    for here, there in (("2024", "2025"), ("2025", "2024")):
        scene = policy.catalog(here).scene(number)
        if scene.text not in text:
            continue
        others = [policy.catalog(there).scene(other) for other in _counterparts(policy, here, number)]
        changed = [other for other in others if (other.name, other.text) != (scene.name, scene.text)]
        if changed:
            sides = [(here, scene), *((there, other) for other in changed)]
            yield {"topic": "scenes.catalog", "sides": [_scene_side(policy, *side) for side in sides]}


def _counterparts(policy: Policy, catalog: str, number: int) -> list[int]:
    rows = policy.crosswalk.scenes
    if catalog == policy.crosswalk.older:
        return [row.to for row in rows if row.from_ == number and row.to is not None]
    return [row.from_ for row in rows if row.to == number and row.from_ is not None]


def _scene_side(policy: Policy, catalog: str, scene: CatalogScene) -> Mapping[str, str]:
    source = policy.documents[policy.catalog(catalog).source]
    article = f"{scene.number}.{scene.name}"
    return _json(policy, Side(source.jurisdiction, source.id, article, scene.text))


def _plain(quote: str) -> str:
    return _MARKS.sub("", normalise(quote))


def _json(policy: Policy, side: Side) -> dict[str, str]:
    return {
        "jurisdiction": side.jurisdiction,
        "document": side.document,
        "article": side.article,
        "quote": _sentence(policy, side),
    }


def _sentence(policy: Policy, side: Side) -> str:
    """Return the whole sentence that a rule quotes a piece of; the quote itself where it is not found."""
    home = policy.documents.get(side.document)
    at = home.text.find(side.quote) if home else -1
    if home is None or at < 0:
        return side.quote
    begin = max(home.text.rfind(mark, 0, at) for mark in _STOPS) + 1
    ends = [found for mark in _STOPS if (found := home.text.find(mark, at + len(side.quote) - 1)) >= 0]
    end = min(ends, default=len(home.text))
    whole = home.text[begin : end + 1].strip()
    return whole if len(whole) <= _LONGEST else side.quote
