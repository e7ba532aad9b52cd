"""Ways in which an attack hides from a reader or a filter; each turns plain text into what stands in the file."""

from __future__ import annotations

import base64
import codecs
from collections.abc import Callable
from urllib.parse import quote

_CYRILLIC = str.maketrans("aceopxyABCEHKMOPTX", "асеорхуАВСЕНКМОРТХ")
_GREEK = str.maketrans("oviAEIKMNOPT", "ονιΑΕΙΚΜΝΟΡΤ")


def disguised(text: str, name: str | None) -> str:
    """Return ``text`` in the disguise called ``name``; unchanged without one."""
    return text if name is None else _DISGUISES[name](text)


def _math_bold(text: str) -> str:
    upper, lower = 0x1D400 - ord("A"), 0x1D41A - ord("a")
    return "".join(
        chr(ord(c) + (upper if c.isupper() else lower)) if c.isascii() and c.isalpha() else c for c in text
    )


def _full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "\u3000" if c == " " else c for c in text)


def _numbered(text: str, pattern: str) -> str:
    return "".join(pattern.format(ord(c)) for c in text)


_DISGUISES: dict[str, Callable[[str], str]] = {
    "zero_width": "\u200b".join,
    "tags": lambda text: "详见附件。" + "".join(chr(0xE0000 + ord(c)) for c in text),
    "spaced": " ".join,
    "slashed": "/".join,
    "dotted": "·".join,
    "vertical": "\n".join,
    "full_width": _full_width,
    "cyrillic": lambda text: text.translate(_CYRILLIC),
    "greek": lambda text: text.translate(_GREEK),
    "math_bold": _math_bold,
    "marks": lambda text: "".join(c + "\u0336" for c in text),
    "bidi": lambda text: "\u202e" + text[::-1] + "\u202c",
    "reversed": lambda text: text[::-1],
    "base64": lambda text: "校验码：" + base64.b64encode(text.encode()).decode(),
    "hex": lambda text: "文件指纹：" + text.encode().hex(),
    "utf8_hex": lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode()),
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "url": lambda text: "https://example.com/?memo=" + quote(text),
    "entities": lambda text: _numbered(text, "&#{};"),
    "escapes": lambda text: _numbered(text, "\\u{:04x}"),
}
