"""Submissions and drafts: taking them in, showing them, keeping and deleting them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from assistant.records import Review
from assistant.triage import access, audit
from assistant.triage.accounts import User
from assistant.triage.files import Files
from assistant.triage.queue import risk
from assistant.triage.tables import (
    AdjudicationRow,
    AssignmentRow,
    DecisionRow,
    OpinionRow,
    PanelRow,
    SubmissionFlagRow,
    SubmissionRow,
)


@dataclass(frozen=True)
class Upload:
    """A file and its review, as taken in."""

    name: str
    data: bytes
    review: Review
    kind: Literal["submission", "draft"] = "submission"
    panel: int | None = None
    previous: str | None = None
    keep_days: int | None = None


@dataclass(frozen=True)
class Opened:
    """A submission as one user may see it. ``blinded``: model flags are held back until a first opinion."""

    id: str
    kind: str
    state: str
    version: int
    file_name: str
    file_sha256: str
    panel: int | None
    previous: str | None
    created_at: datetime
    review: Review
    blinded: bool
    panel_name: str = ""
    rubric: str = "sample"


def add(session: Session, files: Files, user: User, upload: Upload) -> str:
    """Store an upload and return its id.

    Raises:
        AccessError: the role takes nothing in, or the previous draft is not the user's.
    """
    access.require(user, "enterprise", "chair")
    if upload.previous is not None:
        access.submission(session, user, upload.previous)
    now = datetime.now(UTC)
    declaration, policy = upload.review.declaration, upload.review.checks.policy
    enterprise, application = declaration.enterprise, declaration.application
    row = SubmissionRow(
        id=str(uuid4()),
        owner_id=user.id,
        panel_id=upload.panel,
        kind=upload.kind,
        created_at=now,
        keep_until=now + timedelta(days=upload.keep_days) if upload.keep_days else None,
        previous_id=upload.previous,
        file_sha256=files.put(upload.data),
        file_name=upload.name[:255],
        enterprise=((enterprise.name if enterprise else None) or "")[:255],
        factory=((application.factory_name if application else None) or "")[:255],
        jurisdiction=(policy.jurisdiction or "")[:32],
        tier=policy.tier or "",
        industry=((enterprise.industry if enterprise else None) or "")[:64],
        risk=risk(upload.review),
        review=upload.review.model_dump_json(),
    )
    session.add(row)
    session.flush()
    session.add_all(
        SubmissionFlagRow(
            submission_id=row.id, flag_id=flag.id, kind=flag.kind, severity=flag.severity, author=flag.author
        )
        for flag in upload.review.flags
    )
    payload = {"file": row.file_sha256, "name": row.file_name, "kind": row.kind, "policy": policy.version}
    audit.append(session, user.name, "submitted", row.id, payload)
    return row.id


def open_for(session: Session, user: User, identifier: str) -> Opened:
    """Return a submission as ``user`` may see it.

    Raises:
        AccessError: not the user's to see.
    """
    row = access.submission(session, user, identifier)
    review = Review.model_validate_json(row.review)
    blinded = is_blinded(session, user, row)
    panel = session.get(PanelRow, row.panel_id) if row.panel_id is not None else None
    if blinded:
        rules = tuple(flag for flag in review.flags if flag.author == "rule")
        review = review.model_copy(update={"flags": rules})
    return Opened(
        id=row.id,
        kind=row.kind,
        state=row.state,
        version=row.version,
        file_name=row.file_name,
        file_sha256=row.file_sha256,
        panel=row.panel_id,
        previous=row.previous_id,
        created_at=row.created_at,
        review=review,
        blinded=blinded,
        panel_name=panel.name if panel else "",
        rubric=panel.rubric if panel else "sample",
    )


def is_blinded(session: Session, user: User, row: SubmissionRow) -> bool:
    """Say whether model flags and others' opinions are still hidden from ``user``."""
    panel = session.get(PanelRow, row.panel_id) if row.panel_id is not None else None
    if panel is None or not panel.blind or user.role != "reviewer":
        return False
    said = select(OpinionRow.id).where(OpinionRow.submission_id == row.id, OpinionRow.user_id == user.id)
    return session.scalars(said).first() is None


def file_of(session: Session, files: Files, user: User, identifier: str) -> bytes:
    """Return the uploaded file.

    Raises:
        AccessError: not the user's to see.
        InputError: the file is gone.
    """
    return files.get(access.submission(session, user, identifier).file_sha256)


def remove(session: Session, files: Files, user: User, identifier: str) -> None:
    """Delete a submission with its file; the log keeps that it was deleted, and by whom.

    Raises:
        AccessError: an enterprise may delete its own drafts, an administrator anything.
    """
    row = access.submission(session, user, identifier)
    if user.role != "admin" and not (row.owner_id == user.id and row.kind == "draft"):
        raise access.AccessError("只能删除自己的草稿；正式材料由管理员删除", "请联系管理员")
    _delete(session, files, user.name, row, "deleted")


def sweep(session: Session, files: Files, now: datetime | None = None) -> int:
    """Delete what is past its retention date; returns how many."""
    moment = now or datetime.now(UTC)
    rows = session.scalars(select(SubmissionRow).where(SubmissionRow.keep_until <= moment)).all()
    for row in rows:
        _delete(session, files, "保存期限", row, "expired")
    return len(rows)


def _delete(session: Session, files: Files, actor: str, row: SubmissionRow, action: str) -> None:
    digest = row.file_sha256
    for table in (SubmissionFlagRow, AssignmentRow, DecisionRow, OpinionRow, AdjudicationRow):
        session.execute(delete(table).where(table.submission_id == row.id))
    audit.append(session, actor, action, row.id, {"file": digest})
    session.delete(row)
    session.flush()
    others = select(func.count()).select_from(SubmissionRow).where(SubmissionRow.file_sha256 == digest)
    if not session.scalar(others):
        files.drop(digest)
