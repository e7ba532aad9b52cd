"""The database: SQLite file by default, PostgreSQL by URL; migrations; one writer at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from assistant.errors import InputError, UnavailableError

# Any constant will do; writers of the event chain queue behind it.
_CHAIN_LOCK = 7_391_204


class Database:
    """An engine and its transactions. Safe to share between threads."""

    def __init__(self, url: str) -> None:
        """Open the database of ``url`` (``sqlite:///path`` or ``postgresql+psycopg://…``).

        Raises:
            InputError: the URL is not understood.
        """
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise InputError(
                "数据库地址看不懂", "例：sqlite:///审查.db 或 postgresql://用户:口令@主机/库"
            ) from error
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        self.sqlite = parsed.get_backend_name() == "sqlite"
        if self.sqlite and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        options: dict[str, Any] = (
            {} if self.sqlite else {"pool_size": 10, "max_overflow": 20, "pool_pre_ping": True}
        )
        self.engine: Engine = create_engine(parsed, **options)
        self._writer = self.engine.execution_options(writes=True)
        # SQLite lets waiting writers poll, and some wait for seconds; here they queue.
        self._turn: AbstractContextManager[Any] = threading.Lock() if self.sqlite else nullcontext()
        if self.sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    def migrate(self) -> None:
        """Bring the schema to the newest version.

        Raises:
            UnavailableError: the server cannot be reached or refuses.
        """
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.set_main_option("path_separator", "os")
        try:
            with self.engine.begin() as connection:
                if not self.sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except OperationalError as error:
            raise UnavailableError(
                f"连不上数据库：{_first_line(error)}", "请检查地址、口令和服务是否启动"
            ) from error

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session for reading."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a transaction that appends to the event chain: one at a time, all or nothing."""
        with self._turn, Session(self._writer, expire_on_commit=False) as session, session.begin():
            if not self.sqlite:
                session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
            yield session

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling would begin too late; see _begin_sqlite.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    # A writer takes the lock at once: a reader that turns writer later could be refused in the middle.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _first_line(error: SQLAlchemyError) -> str:
    return str(error).splitlines()[0][:200]
