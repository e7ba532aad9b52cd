"""What several commands share: options, JSON output, reading records."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel, ValidationError

from assistant.errors import InputError, UsageError
from assistant.records import TIERS, Declaration, Tier
from assistant.settings import Settings

JurisdictionOption = Annotated[
    str | None, typer.Option("--jurisdiction", help="国家、湖北、江苏、上海，或政策库中另有的省份")
]
TierOption = Annotated[str | None, typer.Option("--tier", help="基础级、先进级、卓越级、领航级")]
AsOfOption = Annotated[str | None, typer.Option("--as-of", help="按哪一天的政策审查，YYYY-MM-DD")]
ModelOption = Annotated[str | None, typer.Option("--model", help="off、embedded 或 厂商:模型名")]
FormatOption = Annotated[str, typer.Option("--format", help="输出格式")]


def parse_date(value: str | None) -> date | None:
    """Return an ISO date.

    Raises:
        UsageError: the text is not a date of the form YYYY-MM-DD.
    """
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise UsageError(f"--as-of 的日期不可用：{value}", "请写成 YYYY-MM-DD，如 2026-03-01") from error


def parse_tier(value: str | None) -> Tier | None:
    """Return a tier.

    Raises:
        UsageError: there is no such tier.
    """
    for tier in TIERS:
        if value in (None, tier):
            return None if value is None else tier
    raise UsageError(f"没有这个层级：{value}", f"可用：{'、'.join(TIERS)}")


def parse_jurisdiction(value: str | None) -> str | None:
    """Return a jurisdiction of the corpus, by its name or an alias (湖北省).

    Raises:
        UsageError: the corpus has no such jurisdiction.
    """
    if value is None:
        return None
    from assistant import policy

    known = policy.load().jurisdictions
    for name, jurisdiction in known.items():
        if value == name or value in jurisdiction.aliases:
            return name
    raise UsageError(f"政策库中没有这个地区：{value}", f"可用：{'、'.join(known)}")


def require_format(value: str, allowed: tuple[str, ...]) -> str:
    """Return the format.

    Raises:
        UsageError: the command does not write it.
    """
    if value not in allowed:
        raise UsageError(f"不支持的输出格式：{value}", f"可用：{'、'.join(allowed)}")
    return value


def settings(model: str | None = None) -> Settings:
    """Return the settings of this run, ``--model`` first, then the environment."""
    found = Settings.from_env()
    return found if model is None else found.model_copy(update={"model": model})


def dump(value: BaseModel | dict[str, Any]) -> str:
    """Return indented JSON, Chinese as it is."""
    plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    return json.dumps(plain, ensure_ascii=False, indent=2)


def line(value: BaseModel | dict[str, Any]) -> str:
    """Return JSON on one line (for .jsonl)."""
    if isinstance(value, BaseModel):
        return value.model_dump_json()
    return json.dumps(value, ensure_ascii=False)


def emit(text: str | bytes) -> None:
    """Write a result to stdout."""
    data = text if isinstance(text, bytes) else (text if text.endswith("\n") else text + "\n").encode()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def read_text(name: str) -> str:
    """Return the text of a file, ``-`` for stdin.

    Raises:
        InputError: there is no such file, or it is not UTF-8.
    """
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise InputError(f"读不到文件 {name}：{error.strerror}", "请检查路径") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"文件 {name} 不是 UTF-8 文本", "请另存为 UTF-8") from error


def read_json(name: str) -> Any:
    """Return the parsed JSON of a file.

    Raises:
        InputError: it is not JSON; the message names the line.
    """
    return parse_json(read_text(name), name)


def parse_json(text: str, where: str) -> Any:
    """Return parsed JSON.

    Raises:
        InputError: it is not JSON; the message names the line and column.
    """
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        place = (
            f"第 {error.lineno} 行第 {error.colno} 列"
            if isinstance(error, json.JSONDecodeError)
            else "嵌套过深"
        )
        raise InputError(f"{where} 不是有效的 JSON：{place}", "请检查格式") from error


def json_lines(text: str, name: str) -> Iterator[tuple[str, Any]]:
    """Yield (where, value) for every non-empty line of a .jsonl text."""
    for number, content in enumerate(text.splitlines(), start=1):
        if content.strip():
            where = f"{name} 第 {number} 行"
            yield where, parse_json(content, where)


def parse_record(value: Any, where: str) -> Declaration:
    """Return a declaration record.

    Raises:
        InputError: a field does not fit; the message names it and what was expected.
    """
    if not isinstance(value, dict):
        raise InputError(f"{where} 不是申报记录：应为 JSON 对象", "用 assistant schema declaration 查看格式")
    record = value["declaration"] if "declaration" in value and "checks" in value else value
    try:
        return Declaration.model_validate_json(json.dumps(record))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "(整体)"
        raise InputError(
            f"{where} 的字段 {field} 不可用：{first['msg']}", "用 assistant schema declaration 查看格式"
        ) from error
