"""Files to take away: reports, opinions, the recommendation list, the original. Each asks the store first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import FastAPI, Request, Response

from assistant.errors import UsageError
from assistant.report import render
from assistant.triage.exports import opinions_docx, recommendation_list
from assistant.ui.pageview import open_document

if TYPE_CHECKING:
    from assistant.ui.web import House

KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "markdown": "text/markdown; charset=utf-8",
}


def add(app: FastAPI, house: House) -> None:
    """Add the addresses."""

    @app.get("/download/{identifier}/report.{form}")
    def report(request: Request, identifier: str, form: str) -> Response:
        if form not in KINDS or form == "xlsx":
            raise UsageError(f"不支持的报告格式：{form}", "可用：docx、html、json、markdown")
        room = house.room(request)
        opened = room.open(identifier)
        document = open_document(room.file(identifier), opened.file_name, house.settings)
        ending = "md" if form == "markdown" else form
        name = f"{Path(opened.file_name).stem}.审查意见.{ending}"
        return _file(render(opened.review, document, form), name, KINDS[form])

    @app.get("/download/{identifier}/opinions.docx")
    def opinions(request: Request, identifier: str) -> Response:
        room = house.room(request)
        opened = room.open(identifier)
        seats = room.seats(identifier)
        conflicts = room.conflicts() if seats.rules else ()
        mine = [conflict for conflict in conflicts if conflict.submission == identifier]
        data = opinions_docx(opened, room.opinions(identifier), mine)
        return _file(data, f"{Path(opened.file_name).stem}.专家意见.docx", KINDS["docx"])

    @app.get("/download/{identifier}/file")
    def original(request: Request, identifier: str) -> Response:
        room = house.room(request)
        return _file(room.file(identifier), room.open(identifier).file_name, "application/octet-stream")

    @app.get("/download/panels/{panel}/recommended.xlsx")
    def recommended(request: Request, panel: int, office: str = "") -> Response:
        room = house.room(request)
        name = next((p.name for p in room.panels() if p.id == panel), "")
        data = recommendation_list(room.recommended(panel), office)
        return _file(data, f"推荐汇总表-{name}.xlsx", KINDS["xlsx"])


def _file(data: bytes, name: str, kind: str) -> Response:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "no-store",
    }
    return Response(data, media_type=kind, headers=headers)
