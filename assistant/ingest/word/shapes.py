"""Text boxes: what colour lies behind their words, and whether they lie on the page at all."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from assistant.ingest.word.names import A, local, number

_EMU_PER_POINT = 12_700
_BEYOND = 110.0
_WIDEST = 1_000.0
_UNKNOWN = "808080"
"""Stands for a colour that only the theme knows: neither white nor black words count as hidden on it."""
_STYLE = re.compile(r"(margin-left|margin-top|left|top|width|height)\s*:\s*(-?[\d.]+)(pt|in|cm|mm)?")
_UNITS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "": 1.0}


@dataclass(frozen=True, slots=True)
class Box:
    """A text box: its content, the colour behind it, and whether it lies outside the page."""

    content: etree._Element
    fill: str | None
    off_page: bool


def text_box(content: etree._Element) -> Box:
    """Return a text box from its ``w:txbxContent``."""
    fill: str | None = None
    away = False
    for ancestor in content.iterancestors():
        name = local(ancestor)
        if name == "wsp":
            fill = _fill(ancestor)
        elif name in {"shape", "rect", "roundrect"} and fill is None:
            fill = _vml_colour(ancestor.get("fillcolor"))
            away = away or _vml_away(ancestor.get("style") or "")
        elif name == "anchor":
            away = away or _anchored_away(ancestor)
        elif name in {"p", "body"}:
            break
    return Box(content, fill, away)


def _fill(shape: etree._Element) -> str | None:
    for element in shape:
        if local(element) == "spPr":
            for paint in element:
                kind = local(paint)
                if kind == "solidFill":
                    colour = paint.find(f"{{{A}}}srgbClr")
                    return _UNKNOWN if colour is None else colour.get("val")
                if kind in {"gradFill", "blipFill", "pattFill", "grpFill"}:
                    return _UNKNOWN
                if kind == "noFill":
                    return None
        reference = element.find(f"{{{A}}}fillRef") if local(element) == "style" else None
        if reference is not None and reference.get("idx") not in {None, "0"}:
            return _UNKNOWN
    return None


def _vml_colour(colour: str | None) -> str | None:
    if not colour:
        return None
    match = re.match(r"#([0-9a-fA-F]{6})", colour)
    return match.group(1) if match else {"white": "FFFFFF", "black": "000000"}.get(colour, _UNKNOWN)


def _anchored_away(anchor: etree._Element) -> bool:
    """Tell whether a floating shape lies wholly beyond any page."""
    extent = next((e for e in anchor if local(e) == "extent"), None)
    for position in anchor:
        axis = {"positionH": "cx", "positionV": "cy"}.get(local(position))
        offset = next((number(e.text) for e in position if local(e) == "posOffset"), None) if axis else None
        if axis and offset is not None:
            size = number(extent.get(axis)) if extent is not None else None
            if _beyond(offset / _EMU_PER_POINT, (size or 0.0) / _EMU_PER_POINT):
                return True
    return False


def _vml_away(style: str) -> bool:
    found = {name: float(value) * _UNITS[unit] for name, value, unit in _STYLE.findall(style)}
    across = found.get("margin-left", found.get("left", 0.0))
    down = found.get("margin-top", found.get("top", 0.0))
    return _beyond(across, found.get("width", 0.0)) or _beyond(down, found.get("height", 0.0))


def _beyond(offset: float, size: float) -> bool:
    return offset + size < -_BEYOND or offset > _WIDEST
