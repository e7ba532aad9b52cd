"""Judging: a verdict for each finding, an opinion for each submission, undo, conflicts, adjudication.

Every write is an event in the chain, in the same transaction. Writes carry the version that the user saw;
when somebody else (or another window) wrote since, nothing is changed and the user is told.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assistant.errors import UsageError
from assistant.triage import access, audit
from assistant.triage.accounts import User
from assistant.triage.said import (
    RECOMMENDATIONS,
    VERDICTS,
    Conflict,
    Decision,
    Opinion,
    Ruling,
    conflicts_of,
    decisions_of,
    opinions_of,
)
from assistant.triage.tables import (
    AdjudicationRow,
    AssignmentRow,
    DecisionRow,
    EventRow,
    OpinionRow,
    SubmissionRow,
)

__all__ = [
    "RECOMMENDATIONS",
    "VERDICTS",
    "Conflict",
    "Decision",
    "Opinion",
    "Ruling",
    "adjudicate",
    "conflicts_of",
    "decide",
    "decisions_of",
    "give_opinion",
    "known_findings",
    "opinions_of",
    "undo",
]


def decide(session: Session, user: User, identifier: str, decision: Decision) -> int:
    """Record a verdict on a finding and return its new version.

    ``decision.version`` is the version the user saw, 0 when there was none yet; ``reviewer`` and
    ``updated_at`` are filled in here.

    Raises:
        AccessError: not the user's to review.
        UsageError: an unknown verdict, or a rejection without a reason.
        ConflictError: written elsewhere since.
    """
    row = _reviewable(session, user, identifier)
    if decision.verdict not in VERDICTS:
        raise UsageError(f"没有这种处理：{decision.verdict}", f"可用：{'、'.join(VERDICTS)}")
    if decision.verdict == "驳回" and not decision.reason.strip():
        raise UsageError("驳回一条疑点要写明理由", "请填写理由")
    if decision.finding not in known_findings(row):
        raise UsageError("这份材料没有这条疑点", "请刷新页面")
    found = _decision(session, user, identifier, decision.finding)
    _same_version(found.version if found else 0, decision.version)
    if found is None:
        found = DecisionRow(submission_id=identifier, finding=decision.finding, user_id=user.id, version=0)
        session.add(found)
    found.verdict, found.reason, found.comment = decision.verdict, decision.reason, decision.comment
    return _record(session, user, row, found, "decided")


def undo(session: Session, user: User, identifier: str, finding: str) -> int:
    """Put a finding back to what this user said before the last change; returns the new version.

    Raises:
        AccessError: not the user's to review.
        UsageError: there is nothing to undo.
    """
    row = _reviewable(session, user, identifier)
    found = _decision(session, user, identifier, finding)
    if found is None or found.verdict is None:
        raise UsageError("没有可以撤销的处理", "")
    earlier = _earlier(session, user, identifier, finding)
    found.verdict = earlier.get("verdict")
    found.reason, found.comment = str(earlier.get("reason", "")), str(earlier.get("comment", ""))
    return _record(session, user, row, found, "undone")


def give_opinion(session: Session, user: User, identifier: str, opinion: Opinion) -> int:
    """Record an opinion on the submission and return its new version.

    Raises:
        AccessError: not the user's to review.
        UsageError: an unknown recommendation.
        ConflictError: written elsewhere since.
    """
    row = _reviewable(session, user, identifier)
    if opinion.recommendation not in RECOMMENDATIONS:
        raise UsageError(f"没有这种意见：{opinion.recommendation}", f"可用：{'、'.join(RECOMMENDATIONS)}")
    now = datetime.now(UTC)
    found = session.scalars(
        select(OpinionRow).where(OpinionRow.submission_id == identifier, OpinionRow.user_id == user.id)
    ).first()
    _same_version(found.version if found else 0, opinion.version)
    if found is None:
        found = OpinionRow(
            submission_id=identifier,
            user_id=user.id,
            first_recommendation=opinion.recommendation,
            first_at=now,
            version=0,
        )
        session.add(found)
    found.recommendation, found.text = opinion.recommendation, opinion.text
    found.scores = json.dumps(opinion.scores, sort_keys=True)
    found.version += 1
    found.updated_at = now
    payload = {"recommendation": found.recommendation, "text": found.text, "scores": opinion.scores}
    audit.append(session, user.name, "opinion", identifier, {**payload, "version": found.version})
    _refresh_state(session, row)
    return found.version


def adjudicate(session: Session, user: User, identifier: str, ruling: Ruling) -> None:
    """Settle a conflict, or close the submission, as the chair.

    Raises:
        AccessError: only the chair may.
        UsageError: an unknown verdict, or no reason.
    """
    row = access.submission(session, user, identifier)
    access.require_chair(session, user, row)
    allowed: tuple[str, ...] = VERDICTS if ruling.finding else RECOMMENDATIONS
    if ruling.verdict not in allowed:
        raise UsageError(f"没有这种裁定：{ruling.verdict}", f"可用：{'、'.join(allowed)}")
    if not ruling.reason.strip():
        raise UsageError("裁定要写明理由", "请填写理由")
    found = session.scalars(
        select(AdjudicationRow).where(
            AdjudicationRow.submission_id == identifier, AdjudicationRow.finding == ruling.finding
        )
    ).first()
    if found is None:
        found = AdjudicationRow(submission_id=identifier, finding=ruling.finding, version=0)
        session.add(found)
    found.user_id, found.verdict, found.reason = user.id, ruling.verdict, ruling.reason
    found.version += 1
    found.updated_at = datetime.now(UTC)
    payload = asdict(ruling)
    audit.append(session, user.name, "adjudicated", identifier, payload)
    session.flush()
    _refresh_state(session, row)


def known_findings(row: SubmissionRow) -> set[str]:
    """Return the keys of everything on a submission that can be judged (see report.findings)."""
    review = json.loads(row.review)
    flags = {f"flag-{flag['id']}" for flag in review["flags"]}
    return flags | {f"check-{number}" for number in range(len(review["checks"]["results"]))}


def _reviewable(session: Session, user: User, identifier: str) -> SubmissionRow:
    row = access.submission(session, user, identifier)
    access.require(user, "chair", "reviewer")
    return row


def _decision(session: Session, user: User, identifier: str, finding: str) -> DecisionRow | None:
    return session.scalars(
        select(DecisionRow).where(
            DecisionRow.submission_id == identifier,
            DecisionRow.finding == finding,
            DecisionRow.user_id == user.id,
        )
    ).first()


def _same_version(stored: int, seen: int) -> None:
    if stored != seen:
        raise access.ConflictError(
            f"这条意见在别处已更新（现为第 {stored} 版，您看到的是第 {seen} 版），本次未保存",
            "请刷新后再填写",
        )


def _record(session: Session, user: User, row: SubmissionRow, found: DecisionRow, action: str) -> int:
    found.version += 1
    found.updated_at = datetime.now(UTC)
    payload: dict[str, Any] = {
        "finding": found.finding,
        "verdict": found.verdict,
        "reason": found.reason,
        "comment": found.comment,
        "version": found.version,
    }
    audit.append(session, user.name, action, row.id, payload)
    session.flush()
    _refresh_state(session, row)
    return found.version


def _earlier(session: Session, user: User, identifier: str, finding: str) -> dict[str, Any]:
    """Return the state before the last step that has not been undone yet, empty when there was none."""
    rows = session.scalars(
        select(EventRow)
        .where(EventRow.submission_id == identifier, EventRow.actor == user.name)
        .where(EventRow.action.in_(("decided", "undone")))
        .order_by(EventRow.seq)
    )
    states: list[dict[str, Any]] = []
    for row in rows:
        payload = json.loads(row.payload)
        if payload["finding"] != finding:
            continue
        if row.action == "decided":
            states.append(payload)
        elif states:
            states.pop()
    return states[-2] if len(states) > 1 else {}


def _refresh_state(session: Session, row: SubmissionRow) -> None:
    session.flush()
    closed = select(AdjudicationRow.id).where(
        AdjudicationRow.submission_id == row.id, AdjudicationRow.finding == ""
    )
    assigned = session.scalar(select(func.count()).where(AssignmentRow.submission_id == row.id)) or 0
    opinions = session.scalars(
        select(OpinionRow.recommendation).where(OpinionRow.submission_id == row.id)
    ).all()
    if session.scalars(closed).first() is not None:
        row.state = "decided"
    elif any(conflict.settled is None for conflict in conflicts_of(session, row.id)):
        row.state = "conflict"
    elif assigned and len(opinions) >= assigned and len(set(opinions)) == 1:
        row.state = "decided"
    else:
        row.state = "reviewing"
    row.version += 1
