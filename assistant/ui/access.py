"""From a Gradio request to the room of whoever sent it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import gradio as gr

from assistant.document import Document
from assistant.errors import AssistantError
from assistant.pipeline import Options, Outcome, review
from assistant.settings import Settings
from assistant.triage.access import AccessError
from assistant.triage.room import Room
from assistant.ui.pageview import open_document
from assistant.ui.web import House


class Doorman:
    """Knows who asks, and opens nothing for anybody else."""

    def __init__(self, house: House) -> None:
        self._house = house

    @property
    def settings(self) -> Settings:
        """The settings of this application."""
        return self._house.settings

    def room(self, request: gr.Request) -> Room:
        """Return the room of whoever sent ``request``.

        Raises:
            AccessError: nobody is logged in.
        """
        user = self._house.local or self._house.store.accounts.named(request.username or "")
        if user is None:
            raise AccessError("请先登录", "打开首页登录")
        return self._house.store.room(user)

    def read(self, data: bytes, name: str) -> Document:
        """Return a stored file as a document."""
        return open_document(data, name, self._house.settings)

    def review(self, path: Path, options: Options) -> Outcome:
        """Review an uploaded file."""
        return review(path, options)


@contextmanager
def messages() -> Iterator[None]:
    """Show our own errors as messages in the page, never as a traceback."""
    try:
        yield
    except AssistantError as error:
        raise gr.Error(str(error), print_exception=False) from error
