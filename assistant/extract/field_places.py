"""Which province a folded text lies in, by the corpus' table of places."""

from __future__ import annotations

from functools import lru_cache

from assistant import policy

NATIONAL = "国家"


@lru_cache(maxsize=512)
def find_place(text: str) -> str | None:
    """Return the province that a text names (its own name, a city's, a district's)."""
    return policy.load().locate(text)
