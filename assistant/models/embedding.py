"""One door to text vectors: the embedded model, a folder, or a model by name; langchain's ``Embeddings``.

``settings.embedding`` is ``embedded``, ``off``, a folder, or a Hugging Face name such as
``BAAI/bge-base-zh-v1.5``. Only a name that the user wrote may reach the network, and only when the model
is not in the local cache yet.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from langchain_core.embeddings import Embeddings

from assistant.errors import ModelError, UnavailableError
from assistant.models import e5, e5_install
from assistant.models.bert import BertEncoder
from assistant.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

Progress = Callable[[int, int], None]
log = logging.getLogger("assistant.models")

_QUERY_MEMORY = 256
# How each family wants a query and a passage to begin, for models that do not say so themselves.
_FAMILY_PROMPTS: tuple[tuple[str, str, str], ...] = (
    ("e5", "query: ", "passage: "),
    ("bge-small-zh", "为这个句子生成表示以用于检索相关文章：", ""),
    ("bge-base-zh", "为这个句子生成表示以用于检索相关文章：", ""),
    ("bge-large-zh", "为这个句子生成表示以用于检索相关文章：", ""),
    ("qwen3-embedding", "Instruct: Given a search query, retrieve the passages that answer it\nQuery: ", ""),
)


class _Engine(Protocol):
    """What turns prepared texts into unit vectors."""

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Floats: ...


class TextEmbeddings(Embeddings):
    """Vectors of unit length; ``model`` names the model and the bytes behind it.

    Besides langchain's lists there are ``encode_documents`` and ``encode_query``, which give float32 arrays.
    """

    def __init__(self, engine: _Engine, model: str, prompts: tuple[str, str] = ("", "")) -> None:
        self.model = model
        self._engine = engine
        self._query_prompt, self._document_prompt = prompts
        self._remembered = lru_cache(maxsize=_QUERY_MEMORY)(self._encode_query)

    def encode_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        """Return the vectors of passages, shape (texts, dimensions)."""
        return self._engine.encode([self._document_prompt + text for text in texts], progress)

    def encode_query(self, text: str) -> Floats:
        """Return the vector of a query, shape (dimensions,); the last few hundred are remembered."""
        return self._remembered(text)

    def encode_queries(self, texts: Sequence[str]) -> Floats:
        """Return the vectors of many queries at once, shape (texts, dimensions)."""
        return self._engine.encode([self._query_prompt + text for text in texts])

    def _encode_query(self, text: str) -> Floats:
        vector: Floats = self.encode_queries([text])[0]
        vector.flags.writeable = False
        return vector

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return passages' vectors as langchain wants them."""
        found: list[list[float]] = self.encode_documents(texts).tolist()
        return found

    def embed_query(self, text: str) -> list[float]:
        """Return a query's vector as langchain wants it."""
        found: list[float] = self.encode_query(text).tolist()
        return found


class _SentenceTransformers:
    """Any model that sentence-transformers loads, on a GPU if there is one."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        found: Floats = self._model.encode(
            list(texts), prompt="", normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
        )
        if progress:
            progress(len(texts), len(texts))
        return found.astype("float32", copy=False)


def embeddings(settings: Settings) -> TextEmbeddings:
    """Return the embeddings that the settings name.

    Raises:
        UnavailableError: they are off, not installed, or a component is missing; the message says what to do.
        ModelError: the model's files are damaged.
    """
    choice = settings.embedding
    if choice == "off":
        raise UnavailableError("向量检索已关闭", "把 ASSISTANT_EMBEDDING 设为 embedded 可启用")
    if choice != "embedded":
        return _named(choice)
    if not e5_install.is_installed(settings):
        raise UnavailableError("嵌入模型尚未安装", "请运行 assistant models install embedding")
    return _embedded(e5_install.folder(settings))


@lru_cache(maxsize=2)
def _embedded(folder: Path) -> TextEmbeddings:
    prompts = (e5.PROMPTS["query"], e5.PROMPTS["document"])
    return TextEmbeddings(BertEncoder.load(folder), folder.name, prompts)


@lru_cache(maxsize=2)
def _named(choice: str) -> TextEmbeddings:
    """Load a folder or a hub model through sentence-transformers."""
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging
    except ImportError as error:
        raise UnavailableError(
            "没有安装 sentence-transformers", '请运行 pip install "smart-factory-assistant[dense]"'
        ) from error
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    place = Path(choice).expanduser()
    try:
        model = _load(SentenceTransformer, str(place) if place.is_dir() else choice, local=place.is_dir())
    except (OSError, ValueError, RuntimeError) as error:
        first = str(error).strip().splitlines()[0][:200]
        raise ModelError(
            f"嵌入模型 {choice} 无法加载：{first}", "请检查 ASSISTANT_EMBEDDING 的路径或名称"
        ) from error
    return TextEmbeddings(_SentenceTransformers(model), _identity(choice, place), _prompts(choice, model))


def _load(maker: Callable[..., Any], name: str, *, local: bool) -> Any:
    """Load from the local cache if it is there; only a name the user wrote may be fetched."""
    # safetensors only: other weight files are pickles.
    options = {"model_kwargs": {"use_safetensors": True}, "trust_remote_code": False}
    try:
        return maker(name, local_files_only=True, **options)
    except (OSError, ValueError):
        if local:
            raise
        log.warning("本机没有嵌入模型 %s，正在从 Hugging Face 下载", name)
        return maker(name, local_files_only=False, **options)


def _prompts(choice: str, model: Any) -> tuple[str, str]:
    """Return (query, passage) prefixes: the model's own if it has any, else its family's, else none."""
    own = {key: value for key, value in (getattr(model, "prompts", None) or {}).items() if value}
    if own:
        return own.get("query", ""), own.get("document", own.get("passage", ""))
    lower = Path(choice).name.lower()
    for family, query, passage in _FAMILY_PROMPTS:
        if family in lower:
            return query, passage
    return "", ""


def _identity(choice: str, place: Path) -> str:
    """Return a name that changes when the files of a local model do."""
    if not place.is_dir():
        return choice
    files = sorted(path for path in place.rglob("*") if path.suffix in {".json", ".safetensors"})
    facts = "|".join(f"{path.relative_to(place)}:{path.stat().st_size}" for path in files)
    return f"{place.name}-{hashlib.sha256(facts.encode()).hexdigest()[:12]}"
