"""The word lists of ``corpus/verify``, loaded once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from assistant.errors import PolicyError
from assistant.resources import corpus


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit's family and its factor to the family's base unit."""

    family: str
    factor: float


@dataclass(frozen=True)
class Lexicon:
    """Word lists by which claims and evidence are compared; tuples are sorted longest first."""

    synonyms: tuple[tuple[re.Pattern[str], str], ...]
    words: dict[str, tuple[str, ...]]
    levels: tuple[tuple[str, ...], ...]
    stages: tuple[re.Pattern[str], ...]
    stop: frozenset[str]
    units: dict[str, Unit]


def load_yaml(name: str) -> Any:
    """Return the parsed ``corpus/verify/NAME``.

    Raises:
        PolicyError: the file is missing or is not YAML.
    """
    path = corpus() / "verify" / name
    try:
        return yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  (a safe loader)
    except (OSError, yaml.YAMLError) as error:
        raise PolicyError(f"核验词表 {path.name} 读不出来：{error}", "请重新安装本软件") from error


@cache
def lexicon() -> Lexicon:
    """Return the lexicon of claims and evidence."""
    data = load_yaml("lexicon.yaml")
    lists = {
        k: _longest_first(v)
        for k, v in data.items()
        if k not in ("synonyms", "levels", "stages", "stop", "units")
    }
    units = {
        unit: Unit(family, factor)
        for family, members in data["units"].items()
        for unit, factor in members.items()
    }
    return Lexicon(
        synonyms=_synonym_patterns(data["synonyms"]),
        words=lists,
        levels=tuple(tuple(group) for group in data["levels"]),
        stages=tuple(any_of(_longest_first(group)) for group in data["stages"]),
        stop=frozenset(data["stop"]),
        units=units,
    )


def any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern that matches any of ``words``."""
    return re.compile("|".join(map(re.escape, words)))


def _longest_first(words: list[str]) -> tuple[str, ...]:
    return tuple(sorted({str(word) for word in words}, key=lambda word: (-len(word), word)))


def _synonym_patterns(groups: list[list[str]]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """One pass per synonym, longest first, so that no short one cuts a long one in two."""
    pairs = [(str(word), str(group[0])) for group in groups for word in group[1:]]
    pairs.sort(key=lambda pair: (-len(pair[0]), pair[0]))
    return tuple((re.compile(re.escape(word), re.IGNORECASE), first) for word, first in pairs)
