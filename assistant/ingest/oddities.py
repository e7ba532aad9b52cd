"""Whether a text looks like writing at all, or like characters read with the wrong table."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache

MIN_CHARS = 20
POOR = 0.05
_RARE = 0.30
_CID = re.compile(r"\(cid:\d+\)")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_ODD = re.compile("[\ufffd\x00-\x08\x0e-\x1f\x80-\x9f]")
_HANZI = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_LETTER = re.compile(r"[A-Za-z0-9]")
_FOREIGN = re.compile("[\u00a1-\u024f\u0370-\u1fff\uac00-\ud7af\u0400-\u04ff]")


@cache
def _common() -> frozenset[str]:
    """The 3755 first-level characters of GB 2312, which make up nearly all of any Chinese text."""
    codes = ((high, low) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    return frozenset(bytes(code).decode("gb2312", "ignore") for code in codes) - {""}


@lru_cache(maxsize=65_536)
def _class(char: str) -> str:
    """Return what a character counts as."""
    if _HANZI.match(char):
        return "hanzi" if char in _common() else "rare"
    for name, pattern in (("private", _PRIVATE), ("odd", _ODD), ("letter", _LETTER), ("foreign", _FOREIGN)):
        if pattern.match(char):
            return name
    return "other"


def oddities(text: str) -> tuple[str, float]:
    """Return what is wrong with a page's characters by themselves, and their share (0..1)."""
    counts: Counter[str] = Counter()
    for char, count in Counter(text).items():
        if not char.isspace():
            counts[_class(char)] += count
    total = max(counts.total(), 1)
    cid = sum(len(match) for match in _CID.findall(text)) if "(cid:" in text else 0
    shares = [
        ("含有未能还原的字形编号 (cid:n)", cid / total),
        ("含有私有区字符，字体缺少编码对照", counts["private"] / total),
        ("含有无法识别的字符", counts["odd"] / total),
    ]
    hanzi = counts["hanzi"] + counts["rare"]
    if hanzi >= MIN_CHARS:
        rare = counts["rare"] / hanzi
        shares.append(("生僻字比例异常，疑为字体编码错乱", rare if rare > _RARE else 0.0))
    if total >= MIN_CHARS and hanzi + counts["letter"] < 0.5 * total:
        shares.append(("文字成分异常，疑为字体编码错乱", counts["foreign"] / total))
    return max(shares, key=lambda share: share[1])
