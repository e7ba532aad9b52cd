"""One writer at a time for a folder, across processes."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import UnavailableError

_POLL_SECONDS = 0.1


@contextmanager
def locked(folder: Path, seconds: float = 600.0) -> Iterator[None]:
    """Hold the folder's write lock; the system releases it even if the process is killed.

    Raises:
        UnavailableError: another process has held it for ``seconds``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + seconds
    with (folder / "lock").open("a+b") as handle:
        while not _try(handle.fileno()):
            if time.monotonic() > deadline:
                raise UnavailableError(f"另一个进程正在写入索引 {folder}", "请稍后再试")
            time.sleep(_POLL_SECONDS)
        yield


def _try(descriptor: int) -> bool:
    """Take the lock of an open file, which closing releases; False when another has it."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
