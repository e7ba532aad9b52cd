"""Vectors of passages through any langchain ``Embeddings``; only what is new is embedded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from langchain_core.embeddings import Embeddings
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

Progress = Callable[[int, int], None]
KEY_BYTES = 16


def key(passage: str) -> bytes:
    """Return what a passage's vector is remembered under."""
    return hashlib.sha256(passage.encode()).digest()[:KEY_BYTES]


def model_name(embeddings: Embeddings) -> str:
    """Return a name of the model behind ``embeddings`` that tells different models apart."""
    for attribute in ("model", "model_name", "model_id"):
        if name := getattr(embeddings, attribute, None):
            return str(name)
    return f"{type(embeddings).__module__}.{type(embeddings).__qualname__}"


def query_vector(embeddings: Embeddings, text: str) -> Floats:
    """Return a query's vector, shape (dimensions,), of length one."""
    if encode := getattr(embeddings, "encode_query", None):
        vector: Floats = encode(text)
        return vector
    own: Floats = _unit([embeddings.embed_query(text)])[0]
    return own


def embed(
    embeddings: Embeddings,
    passages: Sequence[str],
    known: Mapping[bytes, Floats] | None = None,
    progress: Progress | None = None,
) -> Floats:
    """Return the vectors of ``passages``, shape (passages, dimensions); ``known`` ones are not made again.

    Raises:
        ModelError: the model gives vectors of another size than before.
    """
    import numpy as np

    known = known or {}
    keys = [key(passage) for passage in passages]
    missing = list(
        dict.fromkeys(passage for passage, one in zip(passages, keys, strict=True) if one not in known)
    )
    fresh = _documents(embeddings, missing, progress) if missing else None
    made = {} if fresh is None else {key(passage): fresh[i] for i, passage in enumerate(missing)}
    rows = [made[one] if one in made else known[one] for one in keys]
    if len({len(row) for row in rows}) > 1:
        raise ModelError("嵌入模型给出的向量维数与索引不同", "请删除索引缓存后重试")
    return np.asarray(rows, dtype=np.float32)


def _documents(embeddings: Embeddings, texts: list[str], progress: Progress | None) -> Floats:
    if encode := getattr(embeddings, "encode_documents", None):
        vectors: Floats = encode(texts, progress)
        return vectors
    return _unit(embeddings.embed_documents(texts))


def _unit(rows: Any) -> Floats:
    """Return rows of length one: inner products are cosines only then."""
    import numpy as np

    matrix = np.asarray(rows, dtype=np.float32)
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.maximum(lengths, 1e-12), dtype=np.float32)
