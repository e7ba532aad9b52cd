"""Uploaded files, stored once by content hash, outside the database."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from assistant.errors import InputError

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Files:
    """A folder of files named by their SHA-256."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes) -> str:
        """Store bytes and return their hash; the same bytes are stored once."""
        digest = hashlib.sha256(data).hexdigest()
        target = self._place(digest)
        if not target.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=target.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(target)
        return digest

    def get(self, digest: str) -> bytes:
        """Return stored bytes.

        Raises:
            InputError: the file is gone, or its bytes are not what was stored.
        """
        try:
            data = self._place(digest).read_bytes()
        except OSError as error:
            raise InputError(f"找不到原文件 {digest[:12]}", "文件可能已按保存期限删除") from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise InputError(f"原文件 {digest[:12]} 已损坏", "请从备份恢复")
        return data

    def drop(self, digest: str) -> None:
        """Delete a file that no submission needs any more."""
        self._place(digest).unlink(missing_ok=True)

    def all(self) -> tuple[str, ...]:
        """Return the hashes of all stored files."""
        return tuple(sorted(path.name for path in self.folder.glob("??/*") if _SHA256.fullmatch(path.name)))

    def _place(self, digest: str) -> Path:
        # The name is checked because it may come from outside: nothing but a hash is ever a path here.
        if not _SHA256.fullmatch(digest):
            raise InputError("文件编号不对", "请从列表中打开材料")
        return self.folder / digest[:2] / digest
