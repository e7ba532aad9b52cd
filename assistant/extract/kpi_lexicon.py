"""The words by which KPI statements are told from other numbers, from ``kpi-cues.yaml``.

The lists are data that a domain expert can correct; this module only compiles them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import yaml

from assistant import resources
from assistant.errors import PolicyError

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Direction = Literal["up", "down"]
_GUARD = re.compile(r"\(\?<?[!=][^()]*\)")
# The classes of quantities, most telling first: at the same place the first that fits is taken.
_CLASSES = ("plain_rate", "precision", "time", "cost", "burden", "effect", "score", "count", "rate")
_RANK = {kind: rank for rank, kind in enumerate((*reversed(_CLASSES), "excluded"))}


@dataclass(frozen=True, slots=True)
class Head:
    """The quantity word that ends at ``end`` of a noun phrase, and its class (``excluded`` is no KPI)."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Lexicon:
    """Compiled word lists; ``up`` and ``down`` are regex alternatives of change verbs, longest first;
    ``full_verb`` holds those of two characters and more.
    """

    up: str
    down: str
    full_verb: str
    directions: Mapping[str, Direction]
    fused: re.Pattern[str]
    fused_directions: Mapping[str, Direction]
    heads: tuple[tuple[str, re.Pattern[str]], ...]
    excluded: re.Pattern[str]
    macro: re.Pattern[str]
    official: re.Pattern[str]

    @property
    def verb(self) -> str:
        """A regex of any change verb, without groups."""
        return f"(?:{self.up}|{self.down})"

    def direction_of(self, verb: str) -> Direction | None:
        """Return which way a verb of the lists points."""
        return self.directions.get(verb) or self.fused_directions.get(verb)

    def head(self, phrase: str) -> Head | None:
        """Return the governing quantity word of a noun phrase: the last one, the longest at equal end."""
        found = [
            Head(*match.span(1), kind) for kind, pattern in self.heads for match in pattern.finditer(phrase)
        ]
        found += [Head(*match.span(1), "excluded") for match in self.excluded.finditer(phrase)]
        return max(found, key=lambda head: (head.end, -head.start, _RANK[head.kind]), default=None)


def _alternatives(words: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted(words, key=lambda word: (-len(_bare(word)), word))) + ")"


def _overlapping(words: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern whose group 1 is a word at any place: 日产能 holds both 日产 and 产能."""
    return re.compile(f"(?=({_alternatives(words)}))")


def _bare(word: str) -> str:
    """Return a word without the look-around groups that guard it."""
    return _GUARD.sub("", word)


def _words(section: Any, name: str) -> list[str]:
    words = section.get(name) if isinstance(section, dict) else None
    if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
        raise PolicyError(f"kpi-cues.yaml 的 {name} 应为词的列表", "请对照该文件其他条目改正")
    return words


def _directions(verbs: Any, prefix: str) -> dict[str, Direction]:
    up: dict[str, Direction] = dict.fromkeys(map(_bare, _words(verbs, f"{prefix}up")), "up")
    return up | dict.fromkeys(map(_bare, _words(verbs, f"{prefix}down")), "down")


@cache
def lexicon() -> Lexicon:
    """Return the compiled word lists of the corpus.

    Raises:
        PolicyError: the file is missing or has another shape.
    """
    path = resources.corpus() / "policies" / "kpi-cues.yaml"
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (a safe loader)
    except (OSError, yaml.YAMLError) as error:
        raise PolicyError(f"读不到或读不懂 {path}", "请检查该文件") from error
    if not isinstance(data, dict):
        raise PolicyError(f"{path} 应是“名称: 值”的列表", "请对照原文件改正")
    verbs, quantities = data.get("verbs"), data.get("quantities")
    fused = _directions(verbs, "fused_")
    try:
        return Lexicon(
            up=_alternatives(_words(verbs, "up")),
            down=_alternatives(_words(verbs, "down")),
            full_verb=_alternatives(
                word for way in ("up", "down") for word in _words(verbs, way) if len(_bare(word)) > 1
            ),
            directions=_directions(verbs, ""),
            fused=re.compile(_alternatives(fused)),
            fused_directions=fused,
            heads=tuple((kind, _overlapping(_words(quantities, kind))) for kind in reversed(_CLASSES)),
            excluded=_overlapping(_words(data, "excluded")),
            macro=re.compile(_alternatives(_words(data, "macro"))),
            official=re.compile(_alternatives(_words(data, "official"))),
        )
    except re.error as error:
        raise PolicyError(f"{path} 里有不合格的正则表达式：{error}", "请改正后重试") from error
