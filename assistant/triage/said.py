"""What was said on a submission, as records: decisions, opinions, rulings, and where reviewers differ."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.triage import access
from assistant.triage.accounts import User
from assistant.triage.tables import AdjudicationRow, DecisionRow, OpinionRow, UserRow

VerdictWord = Literal["采纳", "驳回", "需补充材料"]
Recommendation = Literal["推荐", "不推荐", "需补充材料"]
VERDICTS: tuple[VerdictWord, ...] = get_args(VerdictWord)
RECOMMENDATIONS: tuple[Recommendation, ...] = get_args(Recommendation)


@dataclass(frozen=True)
class Decision:
    """A reviewer's judgement of one finding; ``verdict`` None means taken back."""

    finding: str
    reviewer: str
    verdict: str | None
    reason: str
    comment: str
    version: int
    updated_at: datetime


@dataclass(frozen=True)
class Opinion:
    """A reviewer's opinion; ``first`` is the one given before seeing the model and the others."""

    reviewer: str
    recommendation: str
    text: str
    scores: dict[str, float]
    first: str
    version: int
    updated_at: datetime


@dataclass(frozen=True)
class Ruling:
    """The chair's word on a finding; ``finding`` empty: on the submission as a whole."""

    finding: str
    verdict: str
    reason: str


@dataclass(frozen=True)
class Conflict:
    """Reviewers differ on a finding, or (``finding`` empty) on the submission; ``settled`` by whom and how."""

    submission: str
    finding: str
    verdicts: dict[str, str]
    settled: str | None
    reason: str


def decisions_of(session: Session, user: User, identifier: str, *, blinded: bool) -> tuple[Decision, ...]:
    """Return the decisions on a submission: the user's own, and the others' once they may be seen."""
    access.submission(session, user, identifier)
    query = select(DecisionRow, UserRow).join(UserRow, UserRow.id == DecisionRow.user_id)
    query = query.where(DecisionRow.submission_id == identifier).order_by(DecisionRow.id)
    if blinded:
        query = query.where(DecisionRow.user_id == user.id)
    return tuple(
        Decision(d.finding, u.name, d.verdict, d.reason, d.comment, d.version, d.updated_at)
        for d, u in session.execute(query)
    )


def opinions_of(session: Session, user: User, identifier: str, *, blinded: bool) -> tuple[Opinion, ...]:
    """Return the opinions on a submission: the user's own, and the others' once they may be seen."""
    access.submission(session, user, identifier)
    query = select(OpinionRow, UserRow).join(UserRow, UserRow.id == OpinionRow.user_id)
    query = query.where(OpinionRow.submission_id == identifier).order_by(OpinionRow.id)
    if blinded:
        query = query.where(OpinionRow.user_id == user.id)
    return tuple(
        Opinion(
            u.name,
            o.recommendation,
            o.text,
            json.loads(o.scores),
            o.first_recommendation,
            o.version,
            o.updated_at,
        )
        for o, u in session.execute(query)
    )


def conflicts_of(session: Session, identifier: str) -> tuple[Conflict, ...]:
    """Return where reviewers of a submission differ, settled or not."""
    said: dict[str, dict[str, str]] = {}
    decisions = select(DecisionRow.finding, UserRow.name, DecisionRow.verdict).join(
        UserRow, UserRow.id == DecisionRow.user_id
    )
    decisions = decisions.where(DecisionRow.submission_id == identifier, DecisionRow.verdict.is_not(None))
    for finding, name, verdict in session.execute(decisions.order_by(DecisionRow.id)):
        said.setdefault(finding, {})[name] = str(verdict)
    opinions = select(UserRow.name, OpinionRow.recommendation).join(UserRow, UserRow.id == OpinionRow.user_id)
    for name, recommendation in session.execute(
        opinions.where(OpinionRow.submission_id == identifier).order_by(OpinionRow.id)
    ):
        said.setdefault("", {})[name] = recommendation
    settled = {
        row.finding: row
        for row in session.scalars(select(AdjudicationRow).where(AdjudicationRow.submission_id == identifier))
    }
    return tuple(
        Conflict(
            identifier,
            finding,
            verdicts,
            settled[finding].verdict if finding in settled else None,
            settled[finding].reason if finding in settled else "",
        )
        for finding, verdicts in said.items()
        if len(set(verdicts.values())) > 1
    )
