"""A text without blank space, with the way back, and the lexicon's terms found in it.

Text from PDF breaks words at line ends and puts blanks between characters; names and terms are
therefore looked for in the squeezed text and reported at their place in the canonical text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import Generic, NamedTuple, Protocol, TypeVar

from assistant.extract.scene_lexicon import Lexicon, normal


class Hit(NamedTuple):
    """A term at ``text[start:end]`` of the canonical text, with the groups it belongs to."""

    start: int
    end: int
    groups: tuple[int, ...]


class Squeezed:
    """``chars`` is the normalised text without blank space; ``places[i]`` is where ``chars[i]`` stood."""

    def __init__(self, text: str) -> None:
        self.text = text
        whole = normal(text)
        self.places = [index for index, char in enumerate(whole) if not char.isspace()]
        self.chars = "".join([whole[index] for index in self.places])

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the canonical offsets of ``chars[start:end]`` (not empty)."""
        return self.places[start], self.places[end - 1] + 1

    def index(self, offset: int) -> int:
        """Return the first squeezed index at or after a canonical offset."""
        return bisect_left(self.places, offset)

    def between(self, start: int, end: int) -> str:
        """Return the squeezed text of ``text[start:end]``."""
        return self.chars[self.index(start) : self.index(end)]

    def whole_word(self, start: int, end: int) -> bool:
        """Return whether a term at ``chars[start:end]`` is not part of a longer Latin word."""
        first, last = self.origin(start, end)
        return not (_joins(self.text, first - 1, first) or _joins(self.text, last - 1, last))


def _joins(text: str, left: int, right: int) -> bool:
    if left < 0 or right >= len(text):
        return False
    a, b = text[left], text[right]
    return a.isascii() and b.isascii() and a.isalnum() and b.isalnum()


class _Placed(Protocol):
    """Anything that begins somewhere in a text."""

    @property
    def start(self) -> int: ...


T = TypeVar("T", bound=_Placed)


class Placed(Generic[T]):
    """Things found in a text, by start."""

    def __init__(self, things: list[T]) -> None:
        self.all = things
        self._starts = [thing.start for thing in things]

    def within(self, start: int, end: int) -> list[T]:
        """Return what begins in ``text[start:end]``."""
        return self.all[bisect_left(self._starts, start) : bisect_left(self._starts, end)]


class Stretches:
    """Stretches of a text, overlapping ones joined, for quick asking."""

    def __init__(self, stretches: Iterable[tuple[int, int]]) -> None:
        joined: list[tuple[int, int]] = []
        for start, end in sorted(stretches):
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], end))
            else:
                joined.append((start, end))
        self._starts = [start for start, _ in joined]
        self._ends = [end for _, end in joined]

    def hold(self, offset: int) -> bool:
        """Return whether ``offset`` lies in one of them."""
        at = bisect_right(self._starts, offset) - 1
        return at >= 0 and offset < self._ends[at]

    def touch(self, start: int, end: int) -> bool:
        """Return whether one of them overlaps ``start:end``."""
        at = bisect_left(self._starts, end) - 1
        return at >= 0 and start < self._ends[at]


def scan(view: Squeezed, lexicon: Lexicon) -> Placed[Hit]:
    """Return the terms of the lexicon in the text, by start; terms inside a covering term are left out."""
    chars, terms, lengths, covering = view.chars, lexicon.terms, lexicon.lengths, lexicon.covering
    found: list[Hit] = []
    covered_to = 0
    for at in range(len(chars) - 1):
        for size in lengths.get(chars[at : at + 2], ()):
            end = at + size
            term = chars[at:end]
            groups = terms.get(term)
            if groups is None or len(term) < size or (end <= covered_to and term not in covering):
                continue
            if view.whole_word(at, end):
                found.append(Hit(*view.origin(at, end), groups))
                if term in covering:
                    covered_to = max(covered_to, end)
    return Placed(found)
