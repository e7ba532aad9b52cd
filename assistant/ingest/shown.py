"""Numbers in a spreadsheet as the program shows them: per cent, decimals, thousands, dates."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from lxml import etree

_EPOCH = datetime(1899, 12, 30)
_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy-mm-dd", 15: "yyyy-mm-dd",
    16: "mm-dd", 17: "yyyy-mm", 22: "yyyy-mm-dd hh:mm", 27: "yyyy年m月", 28: "m月d日", 31: "yyyy年m月d日",
    37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 57: "yyyy年m月", 58: "m月d日",
}  # fmt: skip
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DATE = re.compile(r"[ymdhs]", re.IGNORECASE)
_NUMBER = re.compile(r"[#0?,]*[#0?](?:\.([0#?]+))?")


class Formats:
    """The number formats of one workbook.

    Args:
        root: ``xl/styles.xml``, None where there is none.
        namespace: the spreadsheet namespace in braces.
    """

    def __init__(self, root: etree._Element | None, namespace: str) -> None:
        self._codes: list[str] = []
        self._unseen: set[int] = set()
        if root is None:
            return
        own = {
            format_.get("numFmtId"): format_.get("formatCode") or ""
            for format_ in root.iter(f"{namespace}numFmt")
        }
        formats = root.find(f"{namespace}cellXfs")
        for style in formats if formats is not None else ():
            identity = style.get("numFmtId") or "0"
            number = int(identity) if identity.isdigit() else 0
            code = own.get(identity) or _BUILT_IN.get(number, "")
            if code.replace(" ", "") == ";;;" or _white(root, style, namespace):
                self._unseen.add(len(self._codes))
            self._codes.append(code)

    def unseen(self, style: str | None) -> bool:
        """Tell whether a cell's style shows nothing: white on white, or a format without any form."""
        return bool(style) and str(style).isdigit() and int(str(style)) in self._unseen

    def shown(self, raw: str, style: str | None) -> str:
        """Return a number as its cell shows it; what is no number stays as stored."""
        try:
            value = float(raw)
        except ValueError:
            return raw
        at = int(style) if style and style.isdigit() else -1
        code = self._codes[at] if 0 <= at < len(self._codes) else ""
        return _written(value, code.split(";")[0]) if abs(value) < 1e300 else raw


def _white(root: etree._Element, style: etree._Element, namespace: str) -> bool:
    """Tell whether a cell style writes in white on no fill or a white one."""

    def nth(group: str, attribute: str) -> etree._Element | None:
        parts = root.find(f"{namespace}{group}")
        at = style.get(attribute) or "0"
        return parts[int(at)] if parts is not None and at.isdigit() and int(at) < len(parts) else None

    font, fill = nth("fonts", "fontId"), nth("fills", "fillId")
    colour = font.find(f"{namespace}color") if font is not None else None
    if colour is None or not (
        colour.get("theme") == "0" or (colour.get("rgb") or "")[-6:].upper() == "FFFFFF"
    ):
        return False
    pattern = fill.find(f"{namespace}patternFill") if fill is not None else None
    if pattern is None or pattern.get("patternType") in {None, "none"}:
        return True
    front = pattern.find(f"{namespace}fgColor")
    return front is not None and (front.get("rgb") or "")[-6:].upper() == "FFFFFF"


def _written(value: float, code: str) -> str:
    bare = _QUOTED.sub("", code)
    if bare and bare.lower() != "general" and _DATE.search(bare) and "0" not in bare:
        return _dated(value, bare)
    match = _NUMBER.search(bare)
    if not match or bare.lower() == "general" or "e+" in bare.lower():
        text = format(value, ".15g")
        return text if "e" not in text else format(value, "f").rstrip("0").rstrip(".")
    if "/" in bare:
        return format(value, ".15g")
    per_cent = "%" in bare
    decimals = match.group(1) or ""
    separator = "," if "," in match.group() else ""
    text = f"{value * (100 if per_cent else 1):{separator}.{min(len(decimals), 15)}f}"
    optional = len(decimals) - len(decimals.rstrip("#"))
    for _ in range(optional):
        text = text.removesuffix("0")
    return text.removesuffix(".") + ("%" if per_cent else "")


def _dated(value: float, code: str) -> str:
    if not 0 <= value < 2_958_466:
        return format(value, ".15g")
    moment = _EPOCH + timedelta(seconds=round(value * 86_400))
    low = code.lower()
    date = f"{moment.year:04d}-{moment.month:02d}-{moment.day:02d}"
    time = f"{moment.hour:02d}:{moment.minute:02d}"
    if "y" not in low and "d" not in low:
        return time
    if "d" not in low:
        return f"{moment.year}年{moment.month}月" if "年" in code else date[:7]
    if "年" in code:
        date = f"{moment.year}年{moment.month}月{moment.day}日"
    return f"{date} {time}" if "h" in low else date
