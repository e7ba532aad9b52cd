"""What stays on disk of model calls: answers by content, and a log of what left the machine."""

from __future__ import annotations

import json
import os
import tempfile
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.models.prompting import Prompt

if TYPE_CHECKING:
    from assistant.models.gateway import Reply
    from assistant.models.vendors import Endpoint


class AnswerCache:
    """Answers by key, a small JSON file each, so that an interrupted run goes on where it stopped.

    A damaged or unwritable entry is as good as none: it costs a call, never a result.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> Reply | None:
        """Return the answer kept for ``key``."""
        from assistant.models.gateway import Reply

        try:
            data = json.loads(self._path(key).read_text("utf-8"))
            return Reply(str(data["text"]), data["logprobs"], None, int(data["in"]), int(data["out"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, key: str, reply: Reply) -> None:
        """Keep an answer, readable by this user alone."""
        path = self._path(key)
        body = {
            "text": reply.text,
            "logprobs": reply.logprobs,
            "in": reply.tokens_in,
            "out": reply.tokens_out,
        }
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump(body, stream, ensure_ascii=False)
            Path(name).replace(path)
        except OSError:
            return

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.json"


class SendLog:
    """A line for each request that left the machine: when, where to, and the very text (masked)."""

    _lock = threading.Lock()

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(
        self, endpoint: Endpoint, prompt: Prompt, messages: Sequence[tuple[str, str]], hidden: int
    ) -> None:
        """Append one line, readable by this user alone."""
        line = {
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            "host": endpoint.host,
            "model": endpoint.name,
            "prompt": prompt.name,
            "prompt_hash": prompt.digest,
            "masked": hidden,
            "text": messages[-1][1],
        }
        with self._lock:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "a", encoding="utf-8") as stream:
                stream.write(json.dumps(line, ensure_ascii=False) + "\n")
