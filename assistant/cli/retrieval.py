"""search and ask: find the clause, the scene or the passage."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli import common
from assistant.errors import UsageError

NAMED = ("policy", "scenes-2024", "scenes-2025")
QueriesOption = Annotated[str | None, typer.Option("--queries", help="每行一个问题的文件，- 为标准输入")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("search")(search)
    app.command("ask")(ask)


def _queries(single: str | None, many: str | None) -> list[str]:
    if (single is None) == (many is None):
        raise UsageError("请给出一个问题，或用 --queries 给出文件", "二者取一")
    if many is None:
        return [str(single)]
    return [query for query in common.read_text(many).splitlines() if query.strip()]


def search(
    query: Annotated[str | None, typer.Argument(help="要找的内容")] = None,
    where: Annotated[
        str, typer.Option("--in", help="policy、scenes-2024、scenes-2025，或一个文件")
    ] = "policy",
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="最多几条")] = 5,
    queries: QueriesOption = None,
    form: common.FormatOption = "json",
) -> None:
    """检索政策、场景目录或一份文件，返回原文位置。"""
    from assistant import index

    common.require_format(form, ("json",))
    settings = common.settings()
    place: Any = where if where in NAMED else _document(where, settings)
    searcher = index.searcher(place, settings)
    answers = (searcher.search(query, k) for query in _queries(query, queries))
    _print(answers, many=queries is not None)


def _document(name: str, settings: Any) -> Any:
    from assistant import ingest

    return ingest.read(Path(name), settings=settings)


def ask(
    question: Annotated[str | None, typer.Argument(help="政策问题")] = None,
    queries: QueriesOption = None,
    model: common.ModelOption = None,
    form: common.FormatOption = "json",
) -> None:
    """回答政策问题：引用条款；政策没有说的，如实说没有。"""
    from assistant import index

    common.require_format(form, ("json",))
    settings = common.settings(model)
    writer = None
    if settings.model != "off":
        from assistant import models

        writer = models.writer(settings)
    answerer = index.answerer(settings, writer=writer)
    _print((answerer.ask(question) for question in _queries(question, queries)), many=queries is not None)
    for problem in writer.problems if writer else ():
        print(f"提示：模型没有给出可用的回答，请直接看条款：{problem}", file=sys.stderr)


def _print(answers: Any, *, many: bool) -> None:
    for answer in answers:
        common.emit(common.line(answer) if many else common.dump(answer))
