"""The queue: riskiest first, with filters, search, progress, and what awaits a reviewer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from assistant.records import Review
from assistant.triage import access
from assistant.triage.accounts import User
from assistant.triage.tables import AssignmentRow, OpinionRow, SubmissionFlagRow, SubmissionRow

State = Literal["new", "reviewing", "conflict", "decided"]
STATE_NAMES = {"new": "待评审", "reviewing": "评审中", "conflict": "有分歧", "decided": "已定"}

_STATUS_WEIGHT = {"fail": 3.0, "advisory": 1.0, "unknown": 0.5}
_SEVERITY_WEIGHT = {"high": 4.0, "medium": 1.5, "low": 0.5}


def risk(review: Review) -> float:
    """Return how urgently a person should look: binding failures and serious flags count most.

    An order for the queue, nothing else: no threshold on it decides anything.
    """
    results = sum(_STATUS_WEIGHT.get(result.status, 0.0) for result in review.checks.results)
    flags = sum(_SEVERITY_WEIGHT[flag.severity] for flag in review.flags)
    return round(results + flags + 2.0 * len(review.problems), 2)


@dataclass(frozen=True)
class Filter:
    """What to show; empty means everything.

    ``awaiting`` shows what this user has not given an opinion on, ``free`` what no panel has taken up.
    """

    tier: str | None = None
    jurisdiction: str | None = None
    industry: str | None = None
    state: State | None = None
    flag_kind: str | None = None
    search: str = ""
    awaiting: bool = False
    panel: int | None = None
    free: bool = False
    kind: Literal["submission", "draft"] = "submission"


@dataclass(frozen=True)
class Entry:
    """A line of the queue."""

    id: str
    enterprise: str
    factory: str
    file_name: str
    jurisdiction: str
    tier: str
    industry: str
    state: str
    risk: float
    created_at: datetime
    assigned: int
    opinions: int


@dataclass(frozen=True)
class Queue:
    """One page of the queue; ``total`` counts all that match, ``done`` those decided."""

    entries: tuple[Entry, ...]
    total: int
    done: int
    awaiting: int


def load(session: Session, user: User, wanted: Filter, *, offset: int = 0, limit: int = 50) -> Queue:
    """Return a page of what ``user`` may see, riskiest first."""
    condition = and_(access.visible(user), *_conditions(user, wanted))
    rows = session.execute(_page(condition).offset(offset).limit(limit)).all()
    count = select(func.count()).select_from(SubmissionRow)
    return Queue(
        entries=tuple(_entry(tuple(row)) for row in rows),
        total=session.scalar(count.where(condition)) or 0,
        done=session.scalar(count.where(condition, SubmissionRow.state == "decided")) or 0,
        awaiting=session.scalar(count.where(access.visible(user), _awaits(user))) or 0,
    )


@dataclass(frozen=True)
class Facets:
    """What the filters can offer."""

    jurisdictions: tuple[str, ...]
    industries: tuple[str, ...]


def facets(session: Session, user: User) -> Facets:
    """Return the jurisdictions and industries that occur in what ``user`` may see."""
    seen = and_(access.visible(user), SubmissionRow.kind == "submission")
    places, industries = (
        tuple(session.scalars(select(column).where(seen, column != "").distinct().order_by(column)))
        for column in (SubmissionRow.jurisdiction, SubmissionRow.industry)
    )
    return Facets(places, industries)


def _entry(values: tuple[Any, ...]) -> Entry:
    return Entry(*values)


def _page(condition: ColumnElement[bool]) -> Select[tuple[object, ...]]:
    assigned = select(func.count()).where(AssignmentRow.submission_id == SubmissionRow.id).scalar_subquery()
    opinions = select(func.count()).where(OpinionRow.submission_id == SubmissionRow.id).scalar_subquery()
    row = SubmissionRow
    columns = (
        row.id, row.enterprise, row.factory, row.file_name, row.jurisdiction, row.tier, row.industry, row.state,
        row.risk, row.created_at, assigned, opinions,
    )  # fmt: skip
    page: Select[tuple[object, ...]] = (
        select(*columns).where(condition).order_by(row.risk.desc(), row.created_at, row.id)
    )
    return page


def _conditions(user: User, wanted: Filter) -> list[ColumnElement[bool]]:
    row = SubmissionRow
    conditions: list[ColumnElement[bool]] = [row.kind == wanted.kind]
    for column, value in (
        (row.tier, wanted.tier),
        (row.jurisdiction, wanted.jurisdiction),
        (row.industry, wanted.industry),
        (row.state, wanted.state),
        (row.panel_id, wanted.panel),
    ):
        if value:
            conditions.append(column == value)
    if wanted.flag_kind:
        flagged = exists().where(
            SubmissionFlagRow.submission_id == row.id, SubmissionFlagRow.kind == wanted.flag_kind
        )
        conditions.append(flagged)
    if words := wanted.search.split():
        places = (row.enterprise, row.factory, row.file_name)
        conditions += [or_(*(place.contains(word, autoescape=True) for place in places)) for word in words]
    if wanted.free:
        conditions.append(row.panel_id.is_(None))
    if wanted.awaiting:
        conditions.append(_awaits(user))
    return conditions


def _awaits(user: User) -> ColumnElement[bool]:
    mine = exists().where(AssignmentRow.submission_id == SubmissionRow.id, AssignmentRow.user_id == user.id)
    said = exists().where(OpinionRow.submission_id == SubmissionRow.id, OpinionRow.user_id == user.id)
    return and_(mine, not_(said), SubmissionRow.kind == "submission")
