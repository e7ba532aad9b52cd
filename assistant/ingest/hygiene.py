"""Characters that nobody sees, and characters that look like others.

The canonical text keeps what a reader sees, character by character; it is never NFKC-normalised, so a
quote looks as it was written. Two things change: characters without a picture of their own leave the text
(they are recorded), and the look-alike radicals that PDF fonts put in place of ordinary Chinese characters
become those characters (one for one, so offsets never move).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from assistant.document import HiddenText

_TAGS = "\U000e0000-\U000e007f"
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_BIDI = "\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c"
_FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"
_ZERO_WIDTH = f"\u00ad\u200b-\u200d\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb{_FILLERS}"
_CONTROL = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff"

INVISIBLE = re.compile(f"[{_ZERO_WIDTH}{_BIDI}{_TAGS}{_SELECTORS}{_CONTROL}]")
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_TAG_RUN = re.compile(f"[{_TAGS}]+")
_SELECTOR_RUN = re.compile(f"[{_SELECTORS}]{{2,}}")
_COUNTED = re.compile(f"[{_ZERO_WIDTH}{_BIDI}]")
_LOOKALIKE_RANGE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")

# CJK Radicals Supplement characters for which Unicode gives no mapping although fonts share the glyph.
_RADICALS = (
    "⺁厂⺇几⺌小⺎兀⺏尢⺐尢⺑尢⺒巳⺓幺⺔彑⺛旡⺟母⺠民⺡水⺢水⺣火⺤爪⺥爪⺦丬⺨犭⺩王⺪疋⺫目⺬示⺭礻⺮竹"
    "⺯糹⺰纟⺱网⺲网⺳网⺵网⺷羊⺸羊⺹老⺺聿⺻聿⺼肉⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃西⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车"
    "⻌辶⻍辶⻎辶⻏阝⻐钅⻑長⻒镸⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞飠⻟飠⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼"
    "⻦鸟⻧卤⻨麦⻩黄⻪黾⻫齐⻬齐⻭齿⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)


def _lookalikes() -> dict[int, str]:
    table = {ord(_RADICALS[i]): _RADICALS[i + 1] for i in range(0, len(_RADICALS), 2)}
    for code in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFB00)):
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1 and ord(plain) != code:
            table[code] = plain
    return table


LOOKALIKES = _lookalikes()


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text without invisible characters, and the invisible ones in their order."""

    text: str
    removed: str


def clean(text: str) -> Cleaned:
    """Return ``text`` as a reader sees it: one kind of line break, no invisible character."""
    if "\r" in text or not text.isascii():
        text = _BREAKS.sub("\n", text)
        if _LOOKALIKE_RANGE.search(text):
            text = text.translate(LOOKALIKES)
    else:
        text = text.replace("\x0b", "\n").replace("\x0c", "\n")
    removed = "".join(INVISIBLE.findall(text))
    return Cleaned(INVISIBLE.sub("", text) if removed else text, removed)


def _from_tags(run: str) -> str:
    """Read tag characters as the ASCII that they shadow."""
    return "".join(chr(ord(char) - 0xE0000) for char in run if 0xE0020 <= ord(char) < 0xE007F)


def _from_selectors(run: str) -> str:
    """Read a run of variation selectors as the bytes that smuggling tools write with them."""
    codes = (ord(char) for char in run)
    data = bytes(code - 0xFE00 if code < 0xFF00 else code - 0xE0100 + 16 for code in codes)
    return data.decode("utf-8", "replace")


def hidden_in(removed: str, page: int | None = None, where: str = "") -> tuple[HiddenText, ...]:
    """Describe removed characters: decoded where they carry a message, else counted by code point."""
    found = [_from_tags(run) for run in _TAG_RUN.findall(removed)]
    found.extend(_from_selectors(run) for run in _SELECTOR_RUN.findall(removed))
    counts = Counter(_COUNTED.findall(removed))
    found.extend(f"U+{ord(char):04X}×{count}" for char, count in sorted(counts.items()))
    return tuple(HiddenText(text, "zero_width", page, where) for text in found if text)
