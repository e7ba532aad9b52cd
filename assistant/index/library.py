"""Opens spaces: from disk when what is stored still fits, else made anew, with only the changes embedded."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import AssistantError, InputError
from assistant.index import space as spaces
from assistant.index import store, vectors
from assistant.index.space import Entry, Space
from assistant.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    from langchain_core.embeddings import Embeddings
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

# Part of every space's identity: bump when chunks, tokens or passages are made otherwise.
_RECIPE = 1
# Below this a rebuild is quick enough to stay silent.
_TALKATIVE = 200

Note = Callable[[str], None]


def to_stderr(message: str) -> None:
    """Tell the user something that is no result."""
    print(f"提示：{message}", file=sys.stderr)


@dataclass(frozen=True, eq=False)
class Library:
    """Where spaces lie and what embeds them.

    ``given`` are embeddings of the caller's own; else the settings name them. ``note`` hears what the user
    should know: that vectors are not available, that an index is made again.
    """

    settings: Settings
    given: Embeddings | None = None
    note: Note = field(default=to_stderr, compare=False)

    @cached_property
    def embeddings(self) -> Embeddings | None:
        """The embeddings, None when there are none; that is said once."""
        if self.given is not None:
            return self.given
        try:
            return _open_embeddings(self.settings)
        except AssistantError as error:
            self.note(f"只按字词检索，结果可能不全：{error}")
            return None

    def vector(self, query: str) -> Floats | None:
        """Return a query's vector, None without embeddings."""
        return None if self.embeddings is None else vectors.query_vector(self.embeddings, query)

    def open(
        self, name: str, entries: Sequence[Entry], texts: Mapping[str, str], *, balance: float = 1.0
    ) -> Space:
        """Return a space for ``entries``, kept under ``name`` in the cache folder."""
        model = "" if self.embeddings is None else vectors.model_name(self.embeddings)
        # A folder a model: a run with another one, or with none, must not undo what was embedded.
        tag = hashlib.sha256(model.encode()).hexdigest()[:8] if model else "words"
        folder = self.settings.cache_dir / "index" / f"{name}-{tag}"
        wanted = store.Identity(content_digest(entries, texts), model, balance)
        stored = self._stored(folder)
        if stored is not None and stored.identity == wanted:
            return stored.space
        return self._make(folder, wanted, entries, texts, stored)

    def _stored(self, folder: Path) -> store.Stored | None:
        try:
            return store.read(folder)
        except InputError as error:
            self.note(str(error))
            return None

    def _make(
        self,
        folder: Path,
        wanted: store.Identity,
        entries: Sequence[Entry],
        texts: Mapping[str, str],
        stored: store.Stored | None,
    ) -> Space:
        passages = [passage for entry in entries for passage in entry.passages]
        matrix = None
        if self.embeddings is not None:
            same_model = stored is not None and stored.identity.model == wanted.model
            known = stored.known() if stored is not None and same_model else {}
            new = sum(vectors.key(passage) not in known for passage in passages)
            if new >= _TALKATIVE:
                self.note(f"正在建立索引 {folder.name}：{new} 段文字需要计算向量，只需一次")
            matrix = vectors.embed(self.embeddings, passages, known)
        made = spaces.build(entries, texts, matrix, balance=wanted.balance)
        keys = () if matrix is None else tuple(vectors.key(passage) for passage in passages)
        try:
            store.write(folder, wanted, made, keys)
        except OSError as error:
            # The space works all the same; it will only have to be made again.
            self.note(f"索引无法保存到 {folder}：{error.strerror or error}")
        return made


def _open_embeddings(settings: Settings) -> Embeddings:
    try:
        from assistant.models import embedding
    except ImportError as error:
        from assistant.errors import UnavailableError

        raise UnavailableError(
            "没有安装向量检索组件", '请运行 pip install "smart-factory-assistant[dense]"'
        ) from error
    return embedding.embeddings(settings)


def content_digest(entries: Sequence[Entry], texts: Mapping[str, str]) -> str:
    """Return a hash of all that a space is made of."""
    digest = hashlib.sha256(f"{_RECIPE}".encode())
    for document, text in texts.items():
        digest.update(json.dumps([document, text], ensure_ascii=False).encode())
    for entry in entries:
        chunk = entry.chunk
        fields = [chunk.document, chunk.start, chunk.end, chunk.article, chunk.context, chunk.scene]
        digest.update(json.dumps([fields, entry.words, entry.passages], ensure_ascii=False).encode())
    return digest.hexdigest()
