"""The gate before every address: who asks, from where, and what leaves with which headers.

Pure ASGI, so that streamed answers (Gradio's events, MCP) pass through untouched.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from assistant.ui.web import House

# Nothing outside this server is ever asked for; Gradio's own pages need inline scripts and styles.
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; font-src 'self' data:; connect-src 'self'; "
    "worker-src 'self' blob:; object-src 'none'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
OPEN = ("/login", "/api/login")
PAGES = ("/", "/en", "/en/")
# Gradio's own file server knows no owners, and some of its addresses reach out of this machine.
CLOSED = ("file=", "proxy=", "file/", "component_server", "deep_link", "monitoring", "runs", "dev", "openapi")
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1", "[::1]", "testserver")
MAX_BODY = 1_000_000
_REMEMBERED = 10_000


class Gate:
    """Lets through who is logged in and comes from our own pages; adds the security headers."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        self._app = app
        self._house = house
        self._sessions: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        refusal = await run_in_threadpool(self._refusal, Request(scope))
        await (refusal or self._app)(scope, receive, sealed)

    def _refusal(self, request: Request) -> Response | None:
        """Return the answer to a request that may not pass, None for one that may."""
        path = request.url.path
        if not self._from_here(request):
            return _no(403, "请从本应用的页面操作")
        if _closed(path):
            return _no(404, "没有这个地址")
        if path in OPEN:
            return None
        user = self._house.user(request)
        if user is None:
            if path in PAGES and request.method in ("GET", "HEAD"):
                return RedirectResponse("/login", status_code=303)
            return _no(401, "请先登录")
        request.scope.setdefault("state", {})["user"] = user.name
        session = request.query_params.get("session_hash", "")
        if session and not self._owns(session, user.name):
            return _no(403, "这个页面属于另一位用户，请刷新")
        return _bad_write(request) if path.startswith("/api/") else None

    def _from_here(self, request: Request) -> bool:
        """Say whether the request names this server, and was not sent by somebody else's page."""
        host = request.headers.get("host", "")
        if self._house.local is not None and (urlsplit(f"//{host}").hostname or "") not in LOOPBACK_NAMES:
            # Without login, a foreign name that resolves to this machine would open everything.
            return False
        origin = request.headers.get("origin")
        return origin is None or (urlsplit(origin).netloc == host and bool(host))

    def _owns(self, session: str, name: str) -> bool:
        """Say whether a page's session belongs to ``name``: whoever uses it first keeps it."""
        with self._lock:
            owner = self._sessions.setdefault(session, name)
            self._sessions.move_to_end(session)
            if len(self._sessions) > _REMEMBERED:
                self._sessions.popitem(last=False)
            return owner == name


def _closed(path: str) -> bool:
    parts = path.removeprefix("/en").removeprefix("/").removeprefix("gradio_api/")
    return parts.startswith(CLOSED)


def _bad_write(request: Request) -> Response | None:
    """Refuse writes that a form on another site could have sent, and bodies of unknown or absurd size."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return None
    bearer = request.headers.get("authorization", "").startswith("Bearer ")
    if not bearer and request.headers.get("x-requested-with") != "assistant":
        return _no(403, "请从本应用的页面操作")
    size = request.headers.get("content-length", "")
    if not size.isdigit() or int(size) > MAX_BODY:
        return _no(413, "内容太长")
    return None


def _no(status: int, message: str) -> Response:
    return JSONResponse({"message": message, "detail": message}, status_code=status)
