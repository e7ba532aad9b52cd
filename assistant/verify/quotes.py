"""Look a quote up in a text: exactly, then with white space and width folded, then within a few edits."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

How = Literal["exact", "folded", "edited"]
# One edit in ten characters at most, and never in a quote too short to be told from another.
_EDITS_PER_CHAR = 0.1
_SHORTEST = 10
# « and » stand as 《 and 》 in what a model is given (``models.plaintext``).
_SAME = str.maketrans("“”‘’，。；：？！（）【】—–－«»", "\"\"'',.;:?!()[]---《》")


@dataclass(frozen=True, slots=True)
class Found:
    """Where a quote stands in the text (offsets, half-open) and how it was found."""

    start: int
    end: int
    how: How


def find_quote(quote: str, text: str) -> Found | None:
    """Return where ``quote`` stands in ``text``, None when it does not."""
    wanted = quote.strip()
    if not wanted:
        return None
    at = text.find(wanted)
    if at >= 0:
        return Found(at, at + len(wanted), "exact")
    folded, places = _folded(text)
    needle, _ = _folded(wanted)
    if not needle:
        return None
    at = folded.find(needle)
    if at >= 0:
        return Found(places[at], places[at + len(needle) - 1] + 1, "folded")
    return _edited(needle, folded, places)


def _folded(text: str) -> tuple[str, list[int]]:
    """Return ``text`` without white space in half width, and where each character came from."""
    out, places = [], []
    for place, c in enumerate(text):
        for plain in unicodedata.normalize("NFKC", c).translate(_SAME):
            if not plain.isspace():
                out.append(plain.lower())
                places.append(place)
    return "".join(out), places


def _edited(needle: str, folded: str, places: list[int]) -> Found | None:
    """Find the window of ``folded`` nearest to ``needle``; digits may not differ."""
    budget = int(len(needle) * _EDITS_PER_CHAR)
    if len(needle) < _SHORTEST or budget < 1:
        return None
    end, cost = _nearest_end(needle, folded)
    if cost > budget:
        return None
    back, _ = _nearest_end(needle[::-1], folded[:end][::-1])
    start = end - back
    if _digits(folded[start:end]) != _digits(needle):
        return None
    return Found(places[start], places[end - 1] + 1, "edited")


def _nearest_end(needle: str, text: str) -> tuple[int, int]:
    """Return where the best approximate match ends, and its edit distance (Sellers' algorithm)."""
    column = list(range(len(needle) + 1))
    best, best_end = column[-1], 0
    for place, c in enumerate(text, 1):
        previous, column[0] = column[0], 0
        for i, wanted in enumerate(needle, 1):
            current = column[i]
            column[i] = min(previous + (wanted != c), current + 1, column[i - 1] + 1)
            previous = current
        if column[-1] < best:
            best, best_end = column[-1], place
    return best_end, best


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())
