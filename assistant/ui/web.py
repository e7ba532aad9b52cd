"""The web application around Gradio: login, page images, decisions. Every address asks the store first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Body, FastAPI, Form, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from assistant.errors import AssistantError
from assistant.settings import Settings
from assistant.triage.access import AccessError, ConflictError
from assistant.triage.accounts import LoginError, User
from assistant.triage.decisions import Decision, Opinion, Ruling
from assistant.triage.room import Room, Store
from assistant.ui.desk import template
from assistant.ui.pageview import page_png

COOKIE = "assistant_session"
# Nothing outside this server is ever asked for; Gradio's own pages need inline scripts and styles.
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; font-src 'self' data:; connect-src 'self'; "
    "worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
)


@dataclass(frozen=True)
class House:
    """What every address needs. ``local``: one user, no login, loopback only."""

    store: Store
    settings: Settings
    local: User | None

    def user(self, request: Request) -> User | None:
        """Return who asks, None when nobody is logged in."""
        if self.local is not None:
            return self.local
        token = request.cookies.get(COOKIE)
        return self.store.accounts.user_of(token) if token else None

    def room(self, request: Request) -> Room:
        """Return the room of whoever asks.

        Raises:
            AccessError: nobody is logged in.
        """
        user = self.user(request)
        if user is None:
            raise AccessError("请先登录", "打开首页登录")
        return self.store.room(user)


def build(house: House) -> FastAPI:
    """Return the application without Gradio's part (see ``assistant.ui.serve``)."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.middleware("http")(_guard(house))
    app.exception_handler(AssistantError)(_show_error)
    _login_routes(app, house)
    _file_routes(app, house)
    _decision_routes(app, house)
    return app


def _show_error(_request: Request, error: Exception) -> Response:
    status = 403 if isinstance(error, AccessError) else 409 if isinstance(error, ConflictError) else 400
    return JSONResponse({"message": str(error)}, status_code=status)


def _guard(
    house: House,
) -> Callable[[Request, Callable[[Request], Awaitable[Response]]], Awaitable[Response]]:
    """Headers for every answer; writes only from our own pages (a form elsewhere cannot set the header)."""

    async def guard(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        writes = request.method not in ("GET", "HEAD", "OPTIONS") and request.url.path.startswith("/api/")
        if writes and request.headers.get("x-requested-with") != "assistant":
            return JSONResponse({"message": "请从本应用的页面操作"}, status_code=403)
        if request.url.path == "/" and house.user(request) is None:
            return RedirectResponse("/login", status_code=303)
        answer = await go_on(request)
        answer.headers["Content-Security-Policy"] = POLICY
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "same-origin"
        return answer

    return guard


def _login_routes(app: FastAPI, house: House) -> None:
    @app.get("/login", response_class=HTMLResponse)
    def login_page() -> str:
        return template("login.html.j2").render(message="")

    @app.post("/login")
    def login(name: Annotated[str, Form()], password: Annotated[str, Form()]) -> Response:
        try:
            token = house.store.accounts.login(name, password)
        except LoginError as error:
            return HTMLResponse(template("login.html.j2").render(message=str(error)), status_code=401)
        answer = RedirectResponse("/", status_code=303)
        answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", path="/")
        return answer

    @app.get("/logout")
    def logout(request: Request) -> Response:
        if token := request.cookies.get(COOKIE):
            house.store.accounts.logout(token)
        answer = RedirectResponse("/login", status_code=303)
        answer.delete_cookie(COOKIE, path="/")
        return answer


def _file_routes(app: FastAPI, house: House) -> None:
    @app.get("/pages/{identifier}/{page}.png")
    def page(request: Request, identifier: str, page: int) -> Response:
        data = house.room(request).file(identifier)
        headers = {"Cache-Control": "private, max-age=3600"}
        return Response(page_png(data, page), media_type="image/png", headers=headers)


def _decision_routes(app: FastAPI, house: House) -> None:
    now = datetime.now(UTC)

    @app.post("/api/submissions/{identifier}/decisions")
    def decide(request: Request, identifier: str, body: Annotated[dict[str, Any], Body()]) -> dict[str, Any]:
        words = (str(body.get(key, "")) for key in ("verdict", "reason", "comment"))
        decision = Decision(str(body.get("finding", "")), "", *words, int(body.get("version", 0)), now)
        return {"version": house.room(request).decide(identifier, decision)}

    @app.post("/api/submissions/{identifier}/undo")
    def undo(request: Request, identifier: str, body: Annotated[dict[str, Any], Body()]) -> dict[str, Any]:
        room, finding = house.room(request), str(body.get("finding", ""))
        version = room.undo(identifier, finding)
        mine = (
            d for d in room.decisions(identifier) if d.reviewer == room.user.name and d.finding == finding
        )
        return {"version": version, "verdict": next(mine).verdict}

    @app.post("/api/submissions/{identifier}/opinion")
    def opinion(request: Request, identifier: str, body: Annotated[dict[str, Any], Body()]) -> dict[str, Any]:
        scores = {str(key): float(value) for key, value in dict(body.get("scores") or {}).items()}
        words = str(body.get("recommendation", "")), str(body.get("text", ""))
        given = Opinion("", *words, scores, "", int(body.get("version", 0)), now)
        return {"version": house.room(request).give_opinion(identifier, given)}

    @app.post("/api/submissions/{identifier}/rulings")
    def rule(request: Request, identifier: str, body: Annotated[dict[str, Any], Body()]) -> dict[str, Any]:
        words = [str(body.get(key, "")) for key in ("finding", "verdict", "reason")]
        house.room(request).adjudicate(identifier, Ruling(*words))
        return {"done": True}
