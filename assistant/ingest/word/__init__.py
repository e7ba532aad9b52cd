"""DOCX: body, tables, notes, hidden text and form facts, straight from the package's XML."""

from assistant.ingest.word.reader import read_docx

__all__ = ["read_docx"]
