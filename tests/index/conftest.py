"""A small, real embedding that needs no download, and settings with a cache of their own."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from assistant.document import Document
from assistant.index.tokens import tokens
from assistant.settings import Settings


class Bigrams(Embeddings):
    """Hashed character bigrams: texts that share words lie close together. Counts what it embeds."""

    model = "bigrams"
    dimensions = 256

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.embedded.extend(texts)
        return [self._vector(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self._vector(text)

    def _vector(self, text: str) -> list[float]:
        vector = np.zeros(self.dimensions)
        for token in tokens(text):
            vector[zlib.crc32(token.encode()) % self.dimensions] += 1
        return vector.tolist()


@pytest.fixture
def bigrams() -> Bigrams:
    return Bigrams()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache_dir=tmp_path / "cache", embedding="off")


def document(name: str, text: str) -> Document:
    return Document(name=name, sha256=str(zlib.crc32(text.encode())), media_type="text/plain", text=text)
