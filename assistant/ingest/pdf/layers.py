"""Optional layers (OCG) that a PDF switches off by default."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pypdf

_MAX_LAYERS = 500


def switched_off(reader: pypdf.PdfReader) -> frozenset[str]:
    """Return the names of the layers that are off when the file is opened."""
    from pypdf.generic import ArrayObject, DictionaryObject

    here: object = reader.trailer.get("/Root")
    for key in ("/OCProperties", "/D", "/OFF"):
        inside = here.get_object() if hasattr(here, "get_object") else None
        here = inside.get(key) if isinstance(inside, DictionaryObject) else None
    groups = here.get_object() if hasattr(here, "get_object") else None
    if not isinstance(groups, ArrayObject):
        return frozenset()
    found = (group.get_object() for group in groups[:_MAX_LAYERS])
    names = (group.get("/Name") for group in found if isinstance(group, DictionaryObject))
    return frozenset(str(name) for name in names if name)
