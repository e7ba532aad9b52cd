"""Headings and list items told by their numbering, for texts that carry no styles."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.document import BlockKind

_CN = "一二三四五六七八九十百零〇"
_HEADINGS: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(rf"第[{_CN}\d]+(?:章|部分|篇)(?![，,。；])"), 1),
    (re.compile(rf"第[{_CN}\d]+节(?![，,。；])"), 2),
    (re.compile(rf"附[件录表]\s*[{_CN}\d]{{0,3}}\s*(?:$|[：:\s])"), 1),
    (re.compile(rf"[{_CN}]{{1,4}}[、．.]\s*\S"), 1),
    (re.compile(rf"[（(][{_CN}]{{1,4}}[）)]"), 2),
)
_DECIMAL = re.compile(
    r"([1-9]\d?(?:[.．][1-9]\d?){1,4})[.．、]?(?:\s+(?=\S)|(?=[^\d\s.．%％‰℃，。；、）)a-zA-Z分万亿个倍元吨年月日天台套家项次度级米升克成人件条秒])|\s*$)"
)
_ITEM = re.compile(
    r"(?:\d{1,3}\s*[、．]|\d{1,3}\.(?!\d)|[（(]\d{1,3}[）)]|\d{1,3}[）)]|[①-⑳⑴-⒇⒈-⒛]|[•●■◆▪◦○※➢‣·–*-]\s*(?=\S)|[a-zA-Z][.）)](?!\w))"
)
_CAPTION = re.compile(
    r"(?:续?[图表])\s*[\dA-Z一二三四五六七八九十]{1,3}(?:[-—–.．－]\d{1,3}){0,2}(?:[\s：:、．.]|$|(?=[\u4e00-\u9fff]))"
)
_NUMERIC = re.compile(r"[-+−＋]?\d[\d,，.．]*\s*[%％‰\u4e00-\u9fff]{0,3}$|.*[。；]")
_HEADER_CELL = 24
_SENTENCE_END = "。；;，,：:！？!?"
_MAX_HEADING = 45


def list_marker(text: str) -> bool:
    """Tell whether ``text`` begins with the number or bullet of a list item or heading."""
    return bool(
        _ITEM.match(text) or _DECIMAL.match(text) or any(pattern.match(text) for pattern, _ in _HEADINGS)
    )


def heading_level(text: str, emphasised: bool = False) -> int | None:
    """Return the level of a heading told by its number, None for anything else.

    Args:
        text: one paragraph.
        emphasised: the whole paragraph is bold or larger than the body; then ``1.`` may head a section.
    """
    if not text or len(text) > _MAX_HEADING or "\n" in text or text[-1] in _SENTENCE_END:
        return None
    if any(mark in text for mark in "。；！？"):
        return None
    for pattern, level in _HEADINGS:
        if pattern.match(text):
            return level
    match = _DECIMAL.match(text)
    if match:
        return min(match.group(1).replace("．", ".").count(".") + 1, 6)
    return 3 if emphasised and _ITEM.match(text) else None


def classify(text: str, emphasised: bool = False) -> tuple[BlockKind, int | None]:
    """Return the kind (and heading level) of a paragraph without style."""
    if len(text) <= _MAX_HEADING and _CAPTION.match(text) and text[-1] not in _SENTENCE_END:
        return "caption", None
    level = heading_level(text, emphasised)
    if level is not None:
        return "heading", level
    return ("list_item" if _ITEM.match(text) else "paragraph"), None


def header_like(cells: Sequence[str]) -> bool:
    """Tell whether a table's first row looks like column titles: several short cells, none a number."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if len(filled) < 2 or len(filled) * 2 < len(cells):
        return False
    return all(len(cell) <= _HEADER_CELL and not _NUMERIC.match(cell) for cell in filled)
