"""How much of a text restates the guide: runs of the catalogue's own words, by span."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from assistant import policy

# Six characters in a row are rarely shared by chance; a run counts from fourteen.
GRAM = 6
_SHORTEST_RUN = 14
_BRIDGE = 3
CATALOGS = ("2024", "2025")


@dataclass(frozen=True, slots=True)
class Restated:
    """Runs of guide text (offsets, half-open) and their share of the content characters, 0..1."""

    runs: tuple[tuple[int, int], ...]
    share: float
    chars: int


@cache
def _grams() -> frozenset[str]:
    texts = [_content(s.text)[0] for catalog in CATALOGS for s in policy.load().catalog(catalog).scenes]
    return frozenset(text[i : i + GRAM] for text in texts for i in range(len(text) - GRAM + 1))


def _content(text: str) -> tuple[str, list[int]]:
    """Return the letters and digits of ``text`` and where each stands."""
    places = [i for i, c in enumerate(text) if c.isalnum()]
    return "".join(text[i] for i in places), places


def restated(text: str) -> Restated:
    """Return which runs of ``text`` are the guide's own words."""
    content, places = _content(text)
    marks = [False] * len(content)
    grams = _grams()
    for i in range(len(content) - GRAM + 1):
        if content[i : i + GRAM] in grams:
            marks[i : i + GRAM] = [True] * GRAM
    runs = [(a, b) for a, b in _bridged(_runs(marks)) if b - a >= _SHORTEST_RUN]
    covered = sum(b - a for a, b in runs)
    spans = tuple((places[a], places[b - 1] + 1) for a, b in runs)
    return Restated(spans, covered / len(content) if content else 0.0, covered)


def _runs(marks: list[bool]) -> list[tuple[int, int]]:
    runs, start = [], -1
    for i, mark in enumerate([*marks, False]):
        if mark and start < 0:
            start = i
        elif not mark and start >= 0:
            runs.append((start, i))
            start = -1
    return runs


def _bridged(runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join runs that only a word or two parts, as where one synonym was put for another."""
    out: list[tuple[int, int]] = []
    for start, end in runs:
        if out and start - out[-1][1] <= _BRIDGE:
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out
