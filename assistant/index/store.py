"""Spaces on disk: a FAISS file, arrays and JSON, never a pickle; written whole, then swapped in.

A space's folder holds generations and a small file ``current`` that names one of them. A writer makes a
new generation beside the old, and replacing ``current`` is the swap: a reader sees the old space or the
new one, never a mixture. Every file's SHA-256 is checked at opening; what does not fit is reported as such
and made again by the caller.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import InputError
from assistant.index.chunks import Chunk
from assistant.index.dense import Dense
from assistant.index.lexical import Lexical
from assistant.index.lock import locked
from assistant.index.space import Space
from assistant.index.vectors import KEY_BYTES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

FORMAT = 1
_CURRENT = "current"
_META, _ARRAYS, _WORDS, _TEXTS, _VECTORS = (
    "meta.json",
    "arrays.npz",
    "words.json.gz",
    "texts.json.gz",
    "vectors.faiss",
)
_READ_TRIES = 10


@dataclass(frozen=True, slots=True)
class Identity:
    """What a stored space must match to be used: its content, the model, the fusion balance."""

    content: str
    model: str
    balance: float


@dataclass(frozen=True)
class Stored:
    """A space as read, with the vectors' keys for the next, incremental, writing."""

    identity: Identity
    space: Space
    keys: tuple[bytes, ...]

    def known(self) -> Mapping[bytes, Floats]:
        """Return the stored vectors by their passages' keys."""
        if self.space.dense is None:
            return {}
        return dict(zip(self.keys, self.space.dense.vectors(), strict=True))


def write(folder: Path, identity: Identity, space: Space, keys: tuple[bytes, ...]) -> None:
    """Write a space and make it the current one; older generations are removed."""
    with locked(folder):
        generation = Path(tempfile.mkdtemp(dir=folder, prefix="g-"))
        _write_files(generation, space, keys)
        files = {path.name: _digest(path) for path in sorted(generation.iterdir())}
        meta = {
            "format": FORMAT,
            "content": identity.content,
            "model": identity.model,
            "balance": identity.balance,
            "chunks": len(space),
            "files": files,
        }
        (generation / _META).write_text(json.dumps(meta, sort_keys=True), encoding="utf-8")
        previous = _current(folder)
        pointer = folder / f".{_CURRENT}-{generation.name}"
        pointer.write_text(generation.name, encoding="utf-8")
        os.replace(pointer, folder / _CURRENT)  # noqa: PTH105  the atomic swap
        # The generation before stays for readers that have just looked; older ones go.
        for old in folder.glob("g-*"):
            if old not in (generation, previous):
                shutil.rmtree(old, ignore_errors=True)


def read(folder: Path) -> Stored | None:
    """Return the current space, None where nothing was ever written.

    Raises:
        InputError: what is there is damaged, or of another format.
    """
    for _ in range(_READ_TRIES):
        generation = _current(folder)
        if generation is None:
            return None
        try:
            return _read_files(generation)
        except FileNotFoundError:
            # Swapped away between looking and reading: look again.
            continue
        except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
            raise InputError(f"索引 {folder.name} 已损坏", "将重新建立") from error
    raise InputError(f"索引 {folder.name} 不完整", "将重新建立")


def _current(folder: Path) -> Path | None:
    try:
        name = (folder / _CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    # A pointer may only name a generation beside it.
    return folder / name if name.startswith("g-") and Path(name).name == name else None


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _pack(path: Path, value: Any) -> None:
    # mtime 0: the same space gives the same bytes.
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    path.write_bytes(gzip.compress(data, compresslevel=6, mtime=0))


def _unpack(path: Path) -> Any:
    return json.loads(gzip.decompress(path.read_bytes()))


def _write_files(folder: Path, space: Space, keys: tuple[bytes, ...]) -> None:
    import numpy as np

    contexts = {
        context: i for i, context in enumerate(dict.fromkeys(chunk.context for chunk in space.chunks))
    }
    documents = list(space.texts)
    lexical = space.lexical
    np.savez_compressed(
        folder / _ARRAYS,
        document=np.asarray([documents.index(chunk.document) for chunk in space.chunks], dtype=np.uint32),
        span=np.asarray([(chunk.start, chunk.end) for chunk in space.chunks], dtype=np.uint32).reshape(-1, 2),
        context=np.asarray([contexts[chunk.context] for chunk in space.chunks], dtype=np.uint32),
        scene=np.asarray([chunk.scene or 0 for chunk in space.chunks], dtype=np.uint16),
        starts=lexical.starts,
        gaps=_gaps(lexical.rows, lexical.starts),
        counts=lexical.counts,
        lengths=lexical.lengths,
        keys=np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(-1, KEY_BYTES),
        owners=np.zeros(0, np.uint32) if space.owners is None else space.owners.astype(np.uint32),
    )
    words = {
        "documents": documents,
        "articles": [chunk.article for chunk in space.chunks],
        "contexts": list(contexts),
        "vocabulary": "\n".join(lexical.vocabulary),
    }
    _pack(folder / _WORDS, words)
    _pack(folder / _TEXTS, dict(space.texts))
    if space.dense is not None:
        space.dense.write(folder / _VECTORS)


def _gaps(rows: Any, starts: Any) -> Any:
    """Return rows as differences within each token: small numbers compress well."""
    import numpy as np

    gaps = np.diff(rows.astype(np.int64), prepend=0)
    heads = starts[:-1]
    gaps[heads] = rows[heads]
    return gaps.astype(np.uint32)


def _rows(gaps: Any, starts: Any) -> Any:
    import numpy as np

    total = np.cumsum(gaps.astype(np.int64))
    before = total[starts[:-1]] - gaps[starts[:-1]]
    return (total - np.repeat(before, np.diff(starts))).astype(np.uint32)


def _read_files(folder: Path) -> Stored:
    import numpy as np

    meta = json.loads((folder / _META).read_text(encoding="utf-8"))
    if meta["format"] != FORMAT:
        raise ValueError("format")
    for name, digest in meta["files"].items():
        if _digest(folder / Path(name).name) != digest:
            raise ValueError(name)
    words = _unpack(folder / _WORDS)
    with np.load(folder / _ARRAYS, allow_pickle=False) as packed:
        arrays = {name: packed[name] for name in packed.files}
    owners = arrays["owners"].astype(np.int64)
    space = Space(
        chunks=_chunks(arrays, words),
        texts=_unpack(folder / _TEXTS),
        lexical=Lexical(
            vocabulary={word: i for i, word in enumerate(words["vocabulary"].split("\n"))},
            starts=arrays["starts"],
            rows=_rows(arrays["gaps"], arrays["starts"]),
            counts=arrays["counts"],
            lengths=arrays["lengths"],
        ),
        dense=Dense.read(folder / _VECTORS) if _VECTORS in meta["files"] else None,
        owners=owners if len(owners) else None,
        balance=float(meta["balance"]),
    )
    identity = Identity(meta["content"], meta["model"], float(meta["balance"]))
    return Stored(identity, space, tuple(bytes(row) for row in arrays["keys"]))


def _chunks(arrays: Mapping[str, Any], words: Mapping[str, Any]) -> tuple[Chunk, ...]:
    documents, contexts = words["documents"], words["contexts"]
    columns = zip(
        arrays["document"].tolist(),
        arrays["span"].tolist(),
        words["articles"],
        arrays["context"].tolist(),
        arrays["scene"].tolist(),
        strict=True,
    )
    return tuple(
        Chunk(documents[document], start, end, article, contexts[context], scene or None)
        for document, (start, end), article, context, scene in columns
    )
