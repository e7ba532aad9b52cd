"""The web application around Gradio: login, page images, decisions. Every address asks the store first."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import FastAPI, Form, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from pydantic import BaseModel, Field

from assistant.errors import AssistantError
from assistant.settings import Settings
from assistant.triage.access import AccessError, ConflictError
from assistant.triage.accounts import LoginError, User
from assistant.triage.decisions import Decision, Opinion, Ruling
from assistant.triage.room import Room, Store
from assistant.triage.rubric import load_rubric
from assistant.ui import downloads
from assistant.ui.desk import template
from assistant.ui.gate import Gate
from assistant.ui.pageview import page_png

COOKIE = "assistant_session"
log = logging.getLogger("assistant")


@dataclass(frozen=True)
class House:
    """What every address needs. ``local``: one user, no login, loopback only."""

    store: Store
    settings: Settings
    local: User | None

    def user(self, request: Request) -> User | None:
        """Return who asks, by cookie or by ``Authorization: Bearer``; None when nobody is logged in."""
        if self.local is not None:
            return self.local
        bearer = request.headers.get("authorization", "")
        token = bearer.removeprefix("Bearer ") if bearer.startswith("Bearer ") else None
        token = token or request.cookies.get(COOKIE)
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


class Verdict(BaseModel):
    """A verdict as the page sends it."""

    finding: str = Field(max_length=80)
    verdict: str = Field(default="", max_length=16)
    reason: str = Field(default="", max_length=4000)
    comment: str = Field(default="", max_length=4000)
    version: int = 0


class Said(BaseModel):
    """An opinion as the page sends it."""

    recommendation: str = Field(max_length=16)
    text: str = Field(default="", max_length=20_000)
    scores: dict[str, float] = {}
    version: int = 0


def build(house: House) -> FastAPI:
    """Return the application without Gradio's part (see ``assistant.ui.serve``)."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Gate, house=house)
    app.exception_handler(AssistantError)(_show_error)
    app.exception_handler(RequestValidationError)(_show_misfit)
    app.exception_handler(Exception)(_show_failure)
    _login_routes(app, house)
    _page_routes(app, house)
    downloads.add(app, house)
    _decision_routes(app, house)
    _ruling_routes(app, house)
    return app


def _show_error(_request: Request, error: Exception) -> Response:
    status = 403 if isinstance(error, AccessError) else 409 if isinstance(error, ConflictError) else 400
    return JSONResponse({"message": str(error)}, status_code=status)


def _show_misfit(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  registered for this class alone
    where = ".".join(str(part) for part in error.errors()[0]["loc"][1:]) or "内容"
    return JSONResponse({"message": f"提交的内容不可用：{where}（请刷新页面后再试）"}, status_code=400)


def _show_failure(request: Request, error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return JSONResponse({"message": "程序内部出错，操作没有完成（请告诉管理员）"}, status_code=500)


def _login_routes(app: FastAPI, house: House) -> None:
    def enter(name: str, password: str, *, secure: bool) -> tuple[str, RedirectResponse]:
        token = house.store.accounts.login(name, password)
        answer = RedirectResponse("/", status_code=303)
        answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=secure, path="/")
        return token, answer

    @app.get("/login", response_class=HTMLResponse)
    def login_page() -> Response:
        if house.local is not None:
            return RedirectResponse("/", status_code=303)
        return HTMLResponse(template("login.html.j2").render(message=""))

    @app.post("/login")
    def login(
        request: Request, name: Annotated[str, Form()] = "", password: Annotated[str, Form()] = ""
    ) -> Response:
        try:
            return enter(name, password, secure=request.url.scheme == "https")[1]
        except LoginError as error:
            return HTMLResponse(template("login.html.j2").render(message=str(error)), status_code=401)

    @app.post("/api/login")
    def token(body: dict[str, str]) -> Response:
        try:
            return JSONResponse(
                {"token": enter(body.get("name", ""), body.get("password", ""), secure=False)[0]}
            )
        except LoginError as error:
            return JSONResponse({"message": str(error)}, status_code=401)

    @app.post("/api/logout")
    def logout(request: Request) -> Response:
        if token := request.cookies.get(COOKIE):
            house.store.accounts.logout(token)
        answer = JSONResponse({"done": True})
        answer.delete_cookie(COOKIE, path="/")
        return answer


def _page_routes(app: FastAPI, house: House) -> None:
    @app.get("/pages/{identifier}/{page}.png")
    def page(request: Request, identifier: str, page: int) -> Response:
        data = house.room(request).file(identifier)
        headers = {"Cache-Control": "private, max-age=600"}
        return Response(page_png(data, page), media_type="image/png", headers=headers)


def _decision_routes(app: FastAPI, house: House) -> None:
    @app.post("/api/submissions/{identifier}/decisions")
    def decide(request: Request, identifier: str, body: Verdict) -> dict[str, Any]:
        given = Decision(
            body.finding, "", body.verdict, body.reason, body.comment, body.version, datetime.now(UTC)
        )
        return {"version": house.room(request).decide(identifier, given)}

    @app.post("/api/submissions/{identifier}/undo")
    def undo(request: Request, identifier: str, body: Verdict) -> dict[str, Any]:
        room = house.room(request)
        version = room.undo(identifier, body.finding)
        mine = (
            d
            for d in room.decisions(identifier)
            if d.reviewer == room.user.name and d.finding == body.finding
        )
        now = next(mine)
        return {"version": version, "verdict": now.verdict, "reason": now.reason, "comment": now.comment}

    @app.post("/api/submissions/{identifier}/opinion")
    def opinion(request: Request, identifier: str, body: Said) -> dict[str, Any]:
        room = house.room(request)
        # A score out of its range is refused before anything is written.
        total = load_rubric(room.open(identifier).rubric).total(body.scores)
        given = Opinion("", body.recommendation, body.text, body.scores, "", body.version, datetime.now(UTC))
        return {"version": room.give_opinion(identifier, given), "total": total}


def _ruling_routes(app: FastAPI, house: House) -> None:
    @app.post("/api/submissions/{identifier}/rulings")
    def rule(request: Request, identifier: str, body: Verdict) -> dict[str, Any]:
        house.room(request).adjudicate(identifier, Ruling(body.finding, body.verdict, body.reason))
        return {"done": True}

    @app.delete("/api/submissions/{identifier}")
    def remove(request: Request, identifier: str) -> dict[str, Any]:
        house.room(request).remove(identifier)
        return {"done": True}
