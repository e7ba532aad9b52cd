"""Read a text given in a test the way a file is read."""

from __future__ import annotations

from assistant.document import Document
from assistant.extract.fields import Fields, find_fields
from assistant.ingest import read_bytes
from assistant.settings import Settings


def read(text: str, name: str = "declaration.txt") -> Document:
    return read_bytes(text.encode(), name, settings=Settings())


def fields(text: str, name: str = "declaration.txt") -> Fields:
    return find_fields(read(text, name))
