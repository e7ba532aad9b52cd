"""Read text the way a machine would be tricked into reading it: undo the disguises, keep the places.

Full width, zero-width and tag characters, look-alike letters, traditional characters, letters set apart
by spaces or signs, text standing one character a line, escapes and base64 are all brought to plain text.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from assistant.verify.lexicon import load_yaml

_INVISIBLE = frozenset(
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u3164\uffa0"
)
_LOOKALIKE = str.maketrans(
    "аеорсухікмтѕјԁһԛԝвнгАВЕКМНОРСТХЅІЈУɑοıανιρκτυχωγΑΒΕΗΙΚΜΝΟΡΤΧΥΖ",
    "aeopcyxikmtsjdhqwbhrABEKMHOPCTXSIJYaoiavipktuxwyABEHIKMNOPTXYZ",
)
# Cyrillic and Greek letters inside a Latin word: look-alikes; a whole Russian word is left as it is.
_MIXED = re.compile(
    r"[A-Za-z\u0370-\u03ff\u0400-\u04ff]*(?:[A-Za-z][\u0370-\u03ff\u0400-\u04ff]|[\u0370-\u03ff\u0400-\u04ff][A-Za-z])[A-Za-z\u0370-\u03ff\u0400-\u04ff]*"
)
_OVERRIDE = re.compile("\u202e[^\u202c\n]*\u202c?")
_SIGNS = r"[ \t\u3000·•*_~\-.|/\\+=^#、，,]"
_SPACED = re.compile(rf"(?:[\u4e00-\u9fff]{_SIGNS}{{1,3}}){{3,}}[\u4e00-\u9fff]")
_SPELLED = re.compile(r"(?:(?<![A-Za-z])[A-Za-z][ .\-_*]){4,}[A-Za-z](?![A-Za-z])")
_VERTICAL = re.compile(
    r"(?:^[^\S\n]*[\u4e00-\u9fff]{1,2}[^\S\n]*\n){4,}[^\S\n]*[\u4e00-\u9fff]{1,2}[^\S\n]*$", re.MULTILINE
)
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_\-])[A-Za-z0-9+/_\-]{20,}={0,2}(?![A-Za-z0-9+/=_\-])")
_HEX = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}[ ]?){16,}(?![0-9A-Fa-f])")
_ESCAPES = re.compile(
    r"(?:\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|U\+[0-9A-Fa-f]{4,5}\s?|&#x?[0-9A-Fa-f]{2,6};|%[0-9A-Fa-f]{2}"
    r"|(?<=[0-9A-Fa-f;])[\w.,+\-]{1,12}(?=\\[ux]|&#|%)){3,}"
)
_LETTERS = re.compile(r"(?:[A-Za-z]{2,}[ ,.!?:;'\-]+){3,}[A-Za-z]{2,}")
# What an instruction says, as it stands when its letters are turned round.
_TURNED = re.compile(r"(?:分满|分高|过通|格合|略忽|视无|定判|审评|令指|荐推|核审|家专|委评|点疑)")


@dataclass(frozen=True)
class Plain:
    """Plain text and, for each of its characters, the offset in the text it was made from."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original text of ``text[start:end]``."""
        covered = self.places[start:end]
        return min(covered), max(covered) + 1


@cache
def _simplified() -> dict[int, str]:
    """Return the table from traditional to simplified characters."""
    pairs = load_yaml("simplified.yaml")["pairs"].split()
    return {ord(pair[0]): pair[1] for pair in pairs}


def unmask(text: str) -> Plain:
    """Return ``text`` without disguises, lower case."""
    chars: list[str] = []
    places: list[int] = []
    table = _simplified()
    shown = _MIXED.sub(lambda m: m[0].translate(_LOOKALIKE), text)
    for place in _reading_order(shown):
        c = shown[place]
        for plain in _one(c, table):
            chars.append(plain)
            places.append(place)
    return _joined("".join(chars), places)


def _reading_order(text: str) -> list[int]:
    """Return the offsets in the order in which they are shown: an override turns what follows round."""
    order = list(range(len(text)))
    for m in _OVERRIDE.finditer(text):
        order[m.start() : m.end()] = reversed(order[m.start() : m.end()])
    return order


def _one(c: str, table: dict[int, str]) -> str:
    code = ord(c)
    if c in _INVISIBLE:
        return ""
    if 0xE0020 <= code <= 0xE007E:  # tag characters spell ASCII invisibly
        return chr(code - 0xE0000).lower()
    if 0xE0000 <= code <= 0xE01EF or 0xFE00 <= code <= 0xFE0F:
        return ""
    if code < 0x80:
        return c.lower()
    plain = unicodedata.normalize("NFKC", c).translate(table)
    return "".join(p for p in plain if not unicodedata.combining(p)).lower()


def _joined(text: str, places: list[int]) -> Plain:
    """Close up letters that were set apart; ordinary text is left as it is."""
    drop: set[int] = set()
    for pattern in (_SPACED, _SPELLED, _VERTICAL):
        for m in pattern.finditer(text):
            drop.update(i for i in range(m.start(), m.end()) if not text[i].isalnum())
    if not drop:
        return Plain(text, tuple(places))
    kept = [i for i in range(len(text)) if i not in drop]
    return Plain("".join(text[i] for i in kept), tuple(places[i] for i in kept))


def encoded(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, plain text) of what stands encoded in ``text``."""
    for m in _BASE64.finditer(text):
        if plain := _from_base64(m[0]):
            yield m.start(), m.end(), plain
    for m in _HEX.finditer(text):
        if plain := _readable(bytes.fromhex(m[0].replace(" ", ""))):
            yield m.start(), m.end(), plain
    for m in _ESCAPES.finditer(text):
        yield m.start(), m.end(), _unescaped(m[0])


def _unescaped(text: str) -> str:
    bytewise = re.sub(r"\\x([0-9A-Fa-f]{2})", r"%\1", text)
    pointwise = re.sub(r"(?:\\u|U\+)([0-9A-Fa-f]{4,5})\s?", lambda e: chr(int(e[1], 16)), bytewise)
    return unquote(html.unescape(pointwise))


def turned(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, plain text) of passages that read only backwards, or thirteen letters on."""
    for m in _LETTERS.finditer(text):
        yield m.start(), m.end(), codecs.decode(m[0], "rot13")
    for m in re.finditer(r"[^\n]{6,200}", text):
        if len(_TURNED.findall(m[0])) > 1:
            yield m.start(), m.end(), m[0][::-1]


def _from_base64(text: str) -> str | None:
    try:
        standard = text.translate(str.maketrans("-_", "+/"))
        return _readable(base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True))
    except binascii.Error:
        return None


def _readable(data: bytes) -> str | None:
    """Return decoded text if it is text at all."""
    try:
        plain = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return plain if plain and all(c.isprintable() or c in "\n\t" for c in plain) else None
