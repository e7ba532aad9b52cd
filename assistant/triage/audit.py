"""The append-only log of decisions, chained by hash, and its verification."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.triage.database import Database
from assistant.triage.tables import EventRow

GENESIS = "0" * 64


@dataclass(frozen=True)
class Event:
    """One entry of the log as people see it."""

    seq: int
    at: datetime
    actor: str
    action: str
    submission: str | None
    payload: dict[str, Any]
    hash: str


@dataclass(frozen=True)
class AuditResult:
    """``broken`` names the first entry that does not fit, None when the whole chain holds."""

    entries: int
    head: str
    broken: int | None
    message: str


def append(
    session: Session, actor: str, action: str, submission: str | None, payload: dict[str, Any]
) -> EventRow:
    """Append an event to the chain, inside the caller's write transaction."""
    last = session.scalars(select(EventRow).order_by(EventRow.seq.desc()).limit(1)).first()
    row = EventRow(
        seq=(last.seq if last else 0) + 1,
        at=datetime.now(UTC),
        actor=actor,
        action=action,
        submission_id=submission,
        payload=json.dumps(payload, ensure_ascii=False, sort_keys=True),
        previous=last.hash if last else GENESIS,
    )
    row.hash = _digest(row)
    session.add(row)
    return row


def verify(database: Database) -> AuditResult:
    """Recompute the whole chain.

    A changed, removed or reordered entry breaks it. Cutting off the end leaves a valid shorter chain:
    compare ``head`` and ``entries`` with a copy kept elsewhere (``assistant audit verify --head``).
    """
    previous, count = GENESIS, 0
    with database.reading() as session:
        for row in session.scalars(select(EventRow).order_by(EventRow.seq).execution_options(yield_per=1000)):
            count += 1
            if row.seq != count or row.previous != previous or row.hash != _digest(row):
                return AuditResult(
                    count, previous, row.seq, f"第 {row.seq} 条记录与链不符：被改动、删除或调换"
                )
            previous = row.hash
    return AuditResult(count, previous, None, f"{count} 条记录，链完整")


def contains(database: Database, head: str) -> bool:
    """Say whether an entry with this hash is in the chain (a copy of the head, kept elsewhere, shows cut ends)."""
    with database.reading() as session:
        return session.scalars(select(EventRow.seq).where(EventRow.hash == head)).first() is not None


def history(session: Session, submission: str) -> tuple[Event, ...]:
    """Return a submission's events, oldest first."""
    rows = session.scalars(
        select(EventRow).where(EventRow.submission_id == submission).order_by(EventRow.seq)
    )
    return tuple(_event(row) for row in rows)


def _event(row: EventRow) -> Event:
    return Event(row.seq, row.at, row.actor, row.action, row.submission_id, json.loads(row.payload), row.hash)


def _digest(row: EventRow) -> str:
    moment = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    parts = [row.previous, str(row.seq), moment, row.actor, row.action, row.submission_id or "", row.payload]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
