"""What enterprises call a scene's business: the terms of ``scene-cues.yaml``, read as plain words.

The lexicon is written for exact matching (alternatives in braces, pairs that must stand near one another);
for search only its words count.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assistant.policy import Policy

_FILE = "scene-cues.yaml"
_KINDS = ("names", "sure", "likely")
_INNERMOST = re.compile(r"\{([^{}]*)\}")
_DISTANCE = re.compile(r"/\s*\d+\s*$")
_GROUP = re.compile(r"\$(\w+)")
# Alternatives of one pattern that are spelled out; beyond, the words only repeat.
_SPELLED = 24


def scene_words(policy: Policy, catalog: str) -> Mapping[int, tuple[str, ...]]:
    """Return the words that tell each scene of a catalogue, each once, in the lexicon's order."""
    data = policy.data(_FILE)
    found: dict[int, dict[str, None]] = {}
    for activity in data["activities"]:
        numbers = activity["scenes"].get(catalog)
        groups = activity.get("groups") or {}
        words = [word for kind in _KINDS for word in _words(activity.get(kind) or (), groups)]
        for number in numbers if isinstance(numbers, list) else [numbers]:
            if number is not None:
                found.setdefault(number, {}).update(dict.fromkeys(words))
    return {number: tuple(words) for number, words in found.items()}


def _words(patterns: Sequence[str], groups: Mapping[str, Any]) -> Iterator[str]:
    for pattern in patterns:
        for part in _DISTANCE.sub("", str(pattern)).split("+"):
            piece = part.strip()
            # A group of the activity's own is words; a shared one (deploy, auto) tells no scene.
            names = _GROUP.findall(piece)
            for name in names:
                yield from _words(groups.get(name, ()), {})
            if not names:
                yield from spell(piece)


def spell(pattern: str) -> Iterator[str]:
    """Yield the words of a pattern: ``{设备|机床}联网`` gives 设备联网, 机床联网."""
    match = _INNERMOST.search(pattern)
    if match is None:
        if pattern.strip():
            yield pattern.strip()
        return
    parts = [
        [f"{pattern[: match.start()]}{choice}{pattern[match.end() :]}"]
        for choice in match.group(1).split("|")
    ]
    spelled = (word for part in parts for rest in part for word in spell(rest))
    yield from itertools.islice(spelled, _SPELLED)
