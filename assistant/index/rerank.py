"""An optional second look: a cross-encoder that reads question and passage together. Off by default.

Named by ``settings.reranker`` (a folder or a Hugging Face name). It is off because none travels with the
product and because, with the embedded model's hits, the right clause is already among the first five; a
machine with a GPU and a reranker such as ``BAAI/bge-reranker-v2-m3`` may find it worth its seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from assistant.errors import ModelError, UnavailableError
from assistant.index.space import Ranked, Space

# How many of the first hits are read again.
DEPTH = 20


class Reranker(Protocol):
    """What scores (query, passage) pairs; higher is better."""

    def scores(self, query: str, passages: Sequence[str]) -> Sequence[float]:
        """Return the score of each passage."""


class CrossEncoderReranker:
    """A sentence-transformers cross-encoder."""

    def __init__(self, name: str) -> None:
        try:
            from sentence_transformers import CrossEncoder
        except ImportError as error:
            raise UnavailableError(
                "没有安装 sentence-transformers", '请运行 pip install "smart-factory-assistant[dense]"'
            ) from error
        place = Path(name).expanduser()
        try:
            self._model = CrossEncoder(
                str(place) if place.is_dir() else name,
                local_files_only=place.is_dir(),
                model_kwargs={"use_safetensors": True},
            )
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelError(f"重排模型 {name} 无法加载", "请检查 ASSISTANT_RERANKER 的路径或名称") from error

    def scores(self, query: str, passages: Sequence[str]) -> Sequence[float]:
        """Return the score of each passage."""
        found: list[float] = self._model.predict([(query, passage) for passage in passages]).tolist()
        return found


@lru_cache(maxsize=1)
def reranker(name: str) -> Reranker | None:
    """Return the reranker of this name, None for ``off``."""
    return None if name == "off" else CrossEncoderReranker(name)


def second_look(name: str, space: Space, query: str, ranked: Sequence[Ranked]) -> list[Ranked]:
    """Return ``ranked`` in the order of the reranker of this name, unchanged for ``off``; no hit is lost."""
    second = reranker(name)
    if second is None or not ranked:
        return list(ranked)
    return rerank(second, query, ranked, [space.passage(one.row) for one in ranked[:DEPTH]])


def rerank(second: Reranker, query: str, ranked: Sequence[Ranked], passages: Sequence[str]) -> list[Ranked]:
    """Return ``ranked`` with its head in the reranker's order; the tail keeps its place.

    Scores stay comparable within the list: the head's fused scores are handed out again in the new order.
    """
    head = list(ranked[:DEPTH])
    scores = second.scores(query, passages[: len(head)])
    order = sorted(range(len(head)), key=lambda i: (-scores[i], i))
    slots = sorted((one.score for one in head), reverse=True)
    return [replace(head[i], score=slot) for i, slot in zip(order, slots, strict=True)] + list(ranked[DEPTH:])
