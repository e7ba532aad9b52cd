"""The application: four rooms on Gradio, inside a web server that checks every request."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from assistant.errors import UsageError
from assistant.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.triage.room import Store

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def application(store: Store, settings: Settings, *, host: str = "127.0.0.1") -> FastAPI:
    """Return the whole web application.

    Raises:
        UsageError: another address than loopback without any user who could log in.
    """
    import os

    # Before Gradio is imported: no telemetry, no version check.
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from assistant.ui.app import mount
    from assistant.ui.web import House

    known = store.accounts.has_users()
    if host not in LOOPBACK and not known:
        raise UsageError(
            f"监听 {host} 之前要先有用户：单用户模式只允许本机访问",
            "先运行 assistant user add 用户名 --role admin",
        )
    return mount(House(store, settings, None if known else store.accounts.local()))


def serve(store: Store, settings: Settings, *, host: str, port: int) -> None:
    """Run the application until it is stopped."""
    import uvicorn

    app: Any = application(store, settings, host=host)
    mode = "单用户模式，无需登录" if not store.accounts.has_users() else "需要登录"
    print(f"界面：http://{host}:{port}（{mode}）", file=sys.stderr)
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        server_header=False,
        # Open event streams would hold the server up for ever.
        timeout_graceful_shutdown=3,
    )
