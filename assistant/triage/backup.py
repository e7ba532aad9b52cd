"""Backup and restore: one zip file with every table as JSON lines and every stored file.

The format is the same for SQLite and PostgreSQL, so a backup also moves a store from one to the other.
"""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, func, insert, select

from assistant.errors import InputError
from assistant.triage import audit
from assistant.triage.room import Store
from assistant.triage.tables import Base, Moment

FORMAT = "smart-factory-assistant-backup/1"


def backup(store: Store, target: Path) -> int:
    """Write a backup atomically and return how many submissions it holds.

    Raises:
        InputError: the target cannot be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, suffix=".tmp")
    except OSError as error:
        raise InputError(f"写不了备份 {target}：{error.strerror}", "请换一个可写的位置") from error
    count = 0
    with os.fdopen(handle, "wb") as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        # One read transaction over all tables: decisions made meanwhile are in the next backup, whole.
        with store.database.reading() as session:
            for table in Base.metadata.sorted_tables:
                rows = [_plain(dict(row)) for row in session.execute(select(table)).mappings()]
                count = len(rows) if table.name == "submissions" else count
                archive.writestr(f"tables/{table.name}.jsonl", "".join(f"{row}\n" for row in rows))
        for digest in store.files.all():
            archive.writestr(f"files/{digest}", store.files.get(digest))
        archive.writestr("format.txt", FORMAT)
    Path(temporary).replace(target)
    return count


def restore(store: Store, source: Path) -> int:
    """Fill an empty store from a backup and return how many submissions came back.

    Raises:
        InputError: not a backup, damaged, or the store is not empty.
    """
    tables = Base.metadata.sorted_tables
    with store.database.reading() as session:
        if any(session.scalar(select(func.count()).select_from(table)) for table in tables):
            raise InputError("恢复的目标不是空的", "请指定一个新的数据库和文件夹")
    try:
        with zipfile.ZipFile(source) as archive:
            if archive.read("format.txt").decode() != FORMAT or archive.testzip() is not None:
                raise InputError(f"{source} 不是完好的备份", "请换一份备份")
            _fill(store, archive)
    except (OSError, zipfile.BadZipFile, KeyError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError(f"{source} 不是完好的备份", "请换一份备份") from error
    checked = audit.verify(store.database)
    if checked.broken is not None:
        raise InputError(f"备份中的记录链不完整：{checked.message}", "请换一份备份")
    return len(store.files.all())


def _fill(store: Store, archive: zipfile.ZipFile) -> None:
    for name in archive.namelist():
        if name.startswith("files/") and store.files.put(archive.read(name)) != name.removeprefix("files/"):
            raise InputError("备份中的文件与其编号不符", "请换一份备份")
    with store.database.writing() as session:
        for table in Base.metadata.sorted_tables:
            lines = archive.read(f"tables/{table.name}.jsonl").decode().splitlines()
            moments = [c.name for c in table.columns if isinstance(c.type, Moment | DateTime)]
            rows = [_typed(json.loads(line), moments) for line in lines]
            if rows:
                session.execute(insert(table), rows)
        if not store.database.sqlite:
            _restart_sequences(session)


def _restart_sequences(session: Any) -> None:
    """Let PostgreSQL number new rows after the restored ones."""
    from sqlalchemy import text

    for table in Base.metadata.sorted_tables:
        for column in table.primary_key.columns:
            if column.name in ("id", "seq") and column.type.python_type is int:
                sequence = session.scalar(
                    text("SELECT pg_get_serial_sequence(:t, :c)"), {"t": table.name, "c": column.name}
                )
                if sequence:
                    top = session.scalar(select(func.max(column))) or 0
                    session.execute(text("SELECT setval(:s, :v)"), {"s": sequence, "v": max(top, 1)})


def _plain(row: dict[str, Any]) -> str:
    values = {k: v.astimezone(UTC).isoformat() if isinstance(v, datetime) else v for k, v in row.items()}
    return json.dumps(values, ensure_ascii=False)


def _typed(row: dict[str, Any], moments: list[str]) -> dict[str, Any]:
    return {k: datetime.fromisoformat(v) if k in moments and v is not None else v for k, v in row.items()}
