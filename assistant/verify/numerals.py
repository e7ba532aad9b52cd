"""Numbers as Chinese texts write them: digits, Chinese numerals, fractions, magnitudes."""

from __future__ import annotations

import re

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
STEPS = {"十": 10, "百": 100, "千": 1000}
MAGNITUDES = {"万": 10_000.0, "亿": 100_000_000.0, "万亿": 1e12, "千": 1000.0, "百万": 1e6, "千万": 1e7}

ARABIC = r"\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
CHINESE = r"[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?"


def parse_chinese(text: str) -> float | None:
    """Return the value of a Chinese numeral such as 三十五, 二点五, 十二万; None when it is none.

    >>> parse_chinese("一百二十"), parse_chinese("两"), parse_chinese("三点五"), parse_chinese("一二")
    (120.0, 2.0, 3.5, None)
    """
    whole, _, fraction = text.partition("点")
    value = _whole(whole)
    if value is None or (fraction and not all(c in DIGITS for c in fraction)):
        return None
    return value + (float("0." + "".join(str(DIGITS[c]) for c in fraction)) if fraction else 0.0)


def _whole(text: str) -> float | None:
    for mark, factor in (("亿", 1e8), ("万", 1e4)):
        head, found, tail = text.rpartition(mark)
        if found:
            high, low = (_whole(head) if head else 1.0), (_whole(tail) if tail else 0.0)
            return None if high is None or low is None else high * factor + low
    return _below_ten_thousand(text)


def _below_ten_thousand(text: str) -> float | None:
    if not text:
        return None
    if len(text) > 1 and all(c in DIGITS for c in text):
        return None  # 一二, 二〇二四: an enumeration or a year, never a quantity
    total, digit = 0.0, -1.0
    for c in text:
        if c in DIGITS:
            digit = float(DIGITS[c])
        elif c in STEPS:
            total += (digit if digit >= 0 else 1.0) * STEPS[c]
            digit = -1.0
        else:
            return None
    return total + max(digit, 0.0)


def parse_number(text: str) -> float | None:
    """Return the value of digits (with thousands separators) or of a Chinese numeral."""
    plain = re.sub(r"[,，]", "", text)
    try:
        return float(plain)
    except ValueError:
        return parse_chinese(text)


def decimals(text: str) -> int:
    """Return how many decimals ``text`` is written with."""
    return len(text.partition(".")[2]) if "." in text else len(text.partition("点")[2])
