"""Long passages that stand in a document more than once."""

from __future__ import annotations

from collections import defaultdict

from assistant.document import Document

# A repeat counts from sixty letters; shorter ones are headings, names and table labels.
_SHORTEST = 60
_SEED = 30
_MOST_GROUPS = 20
_FURNITURE = ("header", "footer", "heading")


def repeats(document: Document) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Return groups of equal passages as offsets, the longest first; page furniture is left out."""
    text, places = _content(document)
    seeds: dict[str, list[int]] = defaultdict(list)
    for i in range(0, len(text) - _SEED + 1):
        seeds[text[i : i + _SEED]].append(i)
    groups: list[tuple[tuple[int, int], ...]] = []
    taken = [False] * len(text)
    for i in range(len(text) - _SEED + 1):
        others = seeds[text[i : i + _SEED]]
        if taken[i] or len(others) < 2 or others[0] != i:
            continue
        length = _common(text, others)
        if length < _SHORTEST:
            continue
        passage = text[i : i + length]
        apart = _not_overlapping([s for s in others if text.startswith(passage, s)], length)
        if len(apart) < 2:
            continue
        for start in apart:
            taken[start : start + length] = [True] * length
        groups.append(tuple((places[s], places[s + length - 1] + 1) for s in apart))
    groups.sort(key=lambda g: (g[0][0] - g[0][1], g))
    return tuple(groups[:_MOST_GROUPS])


def _content(document: Document) -> tuple[str, list[int]]:
    """Return letters and digits outside page furniture, and where each stands."""
    skip = [(b.start, b.end) for b in document.blocks if b.kind in _FURNITURE]
    places, at = [], 0
    for i, c in enumerate(document.text):
        while at < len(skip) and skip[at][1] <= i:
            at += 1
        if c.isalnum() and not (at < len(skip) and skip[at][0] <= i):
            places.append(i)
    return "".join(document.text[i] for i in places), places


def _common(text: str, starts: list[int]) -> int:
    """Return how far the passages at the first two of ``starts`` agree."""
    a, b = starts[0], starts[1]
    length = 0
    while b + length < len(text) and a + length < b and text[a + length] == text[b + length]:
        length += 1
    return length


def _not_overlapping(starts: list[int], length: int) -> list[int]:
    kept: list[int] = []
    for start in starts:
        if not kept or start >= kept[-1] + length:
            kept.append(start)
    return kept
