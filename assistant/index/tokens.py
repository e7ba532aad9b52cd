"""Tokens for lexical search: Chinese uni- and bigrams, Latin words, numbers with their unit sign.

Overlapping character bigrams need no dictionary, so that a term nobody listed (造孔机, 揭榜挂帅) is found
all the same; ``evals/bench/retrieval`` keeps the comparison with a word segmenter.
"""

from __future__ import annotations

import re
import unicodedata

_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[a-z][a-z0-9]*|\d+(?:\.\d+)?%?")
_FIRST_HAN = "\u3400"


def normalise(text: str) -> str:
    """Return ``text`` in one width and one case, for matching only (never for spans)."""
    return unicodedata.normalize("NFKC", text).lower()


def is_han(char: str) -> bool:
    """Say whether a character is a Chinese one."""
    return "\u3400" <= char <= "\u9fff"


def tokens(text: str) -> list[str]:
    """Return the tokens of ``text`` in order, repeats kept; ``25.3%`` gives ``25.3%`` and ``25.3``."""
    found: list[str] = []
    for run in _RUN.findall(normalise(text)):
        if run[0] >= _FIRST_HAN:
            found.extend(run)
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
        else:
            found.append(run)
            if run.endswith("%"):
                found.append(run[:-1])
    return found


def content_tokens(text: str) -> frozenset[str]:
    """Return the tokens that carry meaning by themselves: bigrams, words and numbers."""
    return frozenset(token for token in tokens(text) if len(token) > 1 or token.isascii())
