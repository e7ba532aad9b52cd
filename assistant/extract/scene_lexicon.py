"""The scene lexicon: which words speak of which business activity (``corpus/policies/scene-cues.yaml``).

The notation is explained at the top of that file. Here it becomes terms (literal strings, looked
up by their first two characters) and rules (groups of terms that must stand together).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assistant import resources
from assistant.errors import PolicyError

FILE = "scene-cues.yaml"
_WEIGHTS = {"sure": 1.0, "frames": 1.0, "likely": 0.6, "hint": 0.3}
_DEFAULT_WINDOW = 16
_INNERMOST = re.compile(r"\{([^{}]*)\}")
_WIDTH = {0x3000: " "} | {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}


@dataclass(frozen=True, slots=True)
class Rule:
    """Terms of every group of ``groups`` within ``window`` characters speak for ``activity``."""

    activity: int
    weight: float
    groups: tuple[int, ...]
    window: int


@dataclass(frozen=True, slots=True)
class Activity:
    """A business activity: ``scenes`` gives its number in each catalogue (None: no such scene)."""

    id: str
    scenes: Mapping[str, int | None]
    names: tuple[str, ...]
    veto: int


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Activities with their rules.

    ``terms`` maps a term to its groups, ``lengths`` a first pair of characters to its terms' lengths.

    ``former``: groups that may also stand in a clause that tells of how things were.
    """

    activities: tuple[Activity, ...]
    composites: Mapping[str, tuple[int, ...]]
    rules: tuple[Rule, ...]
    by_group: Mapping[int, tuple[int, ...]]
    terms: Mapping[str, tuple[int, ...]]
    lengths: Mapping[str, tuple[int, ...]]
    covering: frozenset[str]
    deploy: int
    former: frozenset[int]

    def numbers(self, activities: Iterable[int], catalog: str) -> tuple[int, ...]:
        """Return the scene numbers of activities in a catalogue, in the order given, each once."""
        found = (self.activities[index].scenes.get(catalog) for index in activities)
        return tuple(dict.fromkeys(number for number in found if number is not None))

    def of(self, catalog: str, number: int) -> tuple[int, ...]:
        """Return the activities that make up a catalogue scene, the main one first."""
        return tuple(i for i, one in enumerate(self.activities) if one.scenes.get(catalog) == number)


def normal(text: str) -> str:
    """Return ``text`` lower-cased with full-width letters and marks narrowed; the length stays."""
    narrowed = text.translate(_WIDTH)
    lowered = narrowed.lower()
    return lowered if len(lowered) == len(text) else narrowed


def expand(pattern: str) -> tuple[str, ...]:
    """Return all strings that a brace pattern stands for: ``{甲|乙|}丙`` gives 甲丙, 乙丙, 丙."""
    match = _INNERMOST.search(pattern)
    if match is None:
        return (re.sub(r"\s+", "", normal(pattern)),)
    head, tail = pattern[: match.start()], pattern[match.end() :]
    found: dict[str, None] = {}
    for choice in match.group(1).split("|"):
        found.update(dict.fromkeys(expand(head + choice + tail)))
    return tuple(term for term in found if term)


class _Builder:
    """Collects groups, terms and rules while the file is read."""

    def __init__(self, shared: Mapping[str, list[str]]) -> None:
        self.groups: dict[frozenset[str], int] = {}
        self.rules: list[Rule] = []
        self.covering: set[str] = set()
        self.former: set[int] = set()
        self.shared = shared

    def group(self, patterns: Iterable[str]) -> int:
        terms = frozenset(term for pattern in patterns for term in expand(str(pattern)) if len(term) > 1)
        return self.groups.setdefault(terms, len(self.groups))

    def operand(self, word: str, own: Mapping[str, list[str]]) -> int:
        if word.startswith("^"):
            group = self.group([word[1:]])
            self.former.add(group)
            return group
        if not word.startswith("$"):
            return self.group([word])
        name = word[1:]
        if name not in own and name not in self.shared:
            raise PolicyError(f"{FILE}：没有定义词组 {word}", "请在 groups 中补上，或改正名称")
        return self.group(own.get(name) or self.shared[name])

    def rule(self, activity: int, weight: float, text: str, own: Mapping[str, list[str]]) -> None:
        body, slash, window = text.rpartition(" / ")
        body, reach = (body, int(window)) if slash else (text, _DEFAULT_WINDOW)
        words = [word.strip() for word in body.split(" + ")]
        groups = tuple(self.operand(word, own) for word in words)
        self.rules.append(Rule(activity, weight, groups, reach))
        if len(words) == 1 and weight >= 1.0 and not words[0].startswith("$"):
            self.covering.update(term for term in expand(words[0]) if len(term) > 3)

    def terms(self) -> dict[str, tuple[int, ...]]:
        of_term: dict[str, list[int]] = {}
        for words, group in self.groups.items():
            for term in words:
                of_term.setdefault(term, []).append(group)
        return {term: tuple(sorted(of_term[term])) for term in sorted(of_term)}


def lengths_by_pair(terms: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Return, for each first pair of characters, the lengths of the terms that begin so, longest first."""
    found: dict[str, set[int]] = {}
    for term in terms:
        found.setdefault(term[:2], set()).add(len(term))
    return {pair: tuple(sorted(sizes, reverse=True)) for pair, sizes in found.items()}


def _activity(builder: _Builder, index: int, raw: Mapping[str, Any]) -> Activity:
    own = raw.get("groups") or {}
    for kind, weight in _WEIGHTS.items():
        for text in raw.get(kind) or ():
            builder.rule(index, weight, str(text), own)
    return Activity(
        id=raw["id"],
        scenes=dict(raw["scenes"]),
        names=tuple(dict.fromkeys(name for text in raw["names"] for name in expand(text))),
        veto=builder.group(raw.get("not") or ()),
    )


def _composites(raw: list[dict[str, Any]], ids: list[str]) -> dict[str, tuple[int, ...]]:
    return {
        name: tuple(ids.index(one) for one in row["activities"])
        for row in raw
        for text in row["names"]
        for name in expand(text)
    }


def build(raw: Mapping[str, Any]) -> Lexicon:
    """Turn the parsed file into a lexicon.

    Raises:
        PolicyError: a rule names a group that is nowhere defined.
    """
    builder = _Builder(raw["groups"])
    activities = tuple(_activity(builder, i, one) for i, one in enumerate(raw["activities"]))
    deploy = builder.group(raw["groups"]["deploy"])
    hidden = frozenset(term for text in raw["hide"] for term in expand(str(text)))
    builder.groups.setdefault(hidden, len(builder.groups))
    by_group: dict[int, list[int]] = {}
    for index, rule in enumerate(builder.rules):
        by_group.setdefault(rule.groups[0], []).append(index)
    terms = builder.terms()
    return Lexicon(
        activities=activities,
        composites=_composites(raw["composites"], [one.id for one in activities]),
        rules=tuple(builder.rules),
        by_group={group: tuple(found) for group, found in by_group.items()},
        terms=terms,
        lengths=lengths_by_pair(terms),
        covering=frozenset(builder.covering) | hidden,
        deploy=deploy,
        former=frozenset(builder.former),
    )


@cache
def _read(path: Path) -> Lexicon:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return build(yaml.load(path.read_text(encoding="utf-8"), Loader=loader))  # noqa: S506
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise PolicyError(f"{path.name}：场景识别词典读不懂：{error}", "请按文件开头的说明改正") from error


def load() -> Lexicon:
    """Return the lexicon that travels with the product (read once).

    Raises:
        PolicyError: the file is missing or damaged.
    """
    return _read(resources.corpus() / "policies" / FILE)
