"""From a Gradio request to the room of whoever sent it."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import Request

from assistant.document import Document
from assistant.errors import AssistantError
from assistant.pipeline import Options, Outcome, review
from assistant.settings import Settings
from assistant.triage.access import AccessError, require
from assistant.triage.room import Room
from assistant.ui.pageview import open_document
from assistant.ui.texts import Words
from assistant.ui.web import House

log = logging.getLogger("assistant")
ROOMS = {
    "panel": ("chair", "reviewer", "admin"),
    "enterprise": ("enterprise", "admin"),
    "evaluator": ("evaluator", "admin"),
    "policy": ("chair", "reviewer", "enterprise", "evaluator", "admin"),
}


class Doorman:
    """Knows who asks, and opens nothing for anybody else."""

    def __init__(self, house: House, words: Words) -> None:
        self._house = house
        self.words = words

    @property
    def settings(self) -> Settings:
        """The settings of this application."""
        return self._house.settings

    @property
    def alone(self) -> bool:
        """Whether this is the single-user mode."""
        return self._house.local is not None

    def room(self, request: gr.Request | Request) -> Room:
        """Return the room of whoever sent ``request``.

        Raises:
            AccessError: nobody is logged in.
        """
        inner: Any = request.request if isinstance(request, gr.Request) else request
        if not isinstance(inner, Request) and inner is not None and hasattr(inner, "scope"):
            inner = Request(inner.scope)
        if inner is None:
            raise AccessError("请先登录", "打开首页登录")
        return self._house.room(inner)

    def enter(self, request: gr.Request, room: str) -> Room:
        """Return the caller's own room inside one of the four rooms of the application.

        Raises:
            AccessError: nobody is logged in, or the role has no business there.
        """
        found = self.room(request)
        require(found.user, *ROOMS[room])
        return found

    def read(self, data: bytes, name: str) -> Document:
        """Return a stored file as a document."""
        return open_document(data, name, self._house.settings)

    def review(self, path: Path, options: Options) -> Outcome:
        """Review an uploaded file."""
        return review(path, options)

    def review_bytes(self, name: str, data: bytes, options: Options) -> Outcome:
        """Review a file that came as bytes."""
        with tempfile.TemporaryDirectory(prefix="review-") as folder:
            path = Path(folder) / (Path(name).name[:200] or "upload")
            path.write_bytes(data)
            return review(path, options)


@contextmanager
def messages() -> Iterator[None]:
    """Show errors as one line in the page, never as a traceback; what was not foreseen goes to the log."""
    try:
        yield
    except gr.Error:
        raise
    except Exception as error:
        if not isinstance(error, AssistantError):
            log.exception("an action of the page failed")
            line = "程序内部出错，操作没有完成（请告诉管理员）"
            raise gr.Error(line, print_exception=False, title="没有完成") from error
        raise gr.Error(str(error), print_exception=False, title="没有完成") from error
