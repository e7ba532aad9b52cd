"""The XML names of WordprocessingML that the reader looks at (transitional and strict alike)."""

from __future__ import annotations

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
V = "urn:schemas-microsoft-com:vml"

_OFF = frozenset({"0", "false", "off", "none"})


def w(name: str) -> str:
    """Return the qualified name of a WordprocessingML element or attribute."""
    return f"{{{W}}}{name}"


def local(element: etree._Element) -> str:
    """Return an element's name without namespace; empty for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def value(element: etree._Element | None, name: str = "val") -> str | None:
    """Return the attribute ``w:name`` of an element."""
    return None if element is None else element.get(f"{{{W}}}{name}")


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """Return the first child ``w:name``."""
    return None if element is None else element.find(f"{{{W}}}{name}")


def switched(properties: etree._Element | None, name: str) -> bool | None:
    """Return an on/off property: True, False, or None where it is not given."""
    found = child(properties, name)
    if found is None:
        return None
    return (value(found) or "true") not in _OFF


def number(text: str | None) -> float | None:
    """Return a number from an attribute, None for anything else."""
    try:
        result = float(text) if text else None
    except ValueError:
        return None
    return result if result is None or abs(result) < 1e9 else None
