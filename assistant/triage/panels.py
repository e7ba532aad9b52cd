"""Panels: members, assignment, the conflicts queue, agreement, and what seeing the model changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assistant.errors import UsageError
from assistant.triage import access, audit, decisions
from assistant.triage.accounts import User
from assistant.triage.agreement import Agreement, agreement
from assistant.triage.tables import (
    AdjudicationRow,
    AssignmentRow,
    DecisionRow,
    OpinionRow,
    PanelRow,
    SubmissionRow,
    UserRow,
)


@dataclass(frozen=True)
class Panel:
    """A panel and its settings."""

    id: int
    name: str
    chair: str
    blind: bool
    rubric: str


@dataclass(frozen=True)
class Drift:
    """How often reviewers changed their first opinion after seeing the model and the others."""

    opinions: int
    changed: int


@dataclass(frozen=True)
class Seats:
    """Who reviews a submission; whether the user sits on its panel, and may settle it."""

    reviewers: tuple[str, ...]
    inside: bool
    rules: bool


def create(session: Session, user: User, name: str, *, blind: bool = True, rubric: str = "sample") -> int:
    """Create a panel chaired by ``user`` and return its id.

    Raises:
        AccessError: only a chair may.
        UsageError: the name is empty or taken.
    """
    access.require(user, "chair")
    if not name.strip():
        raise UsageError("评审组要有名称", "请填写名称")
    if session.scalars(select(PanelRow.id).where(PanelRow.name == name)).first() is not None:
        raise UsageError(f"评审组名称已被使用：{name}", "请换一个名称")
    row = PanelRow(name=name, chair_id=user.id, blind=blind, rubric=rubric)
    session.add(row)
    session.flush()
    audit.append(session, user.name, "panel_created", None, {"panel": name, "blind": blind, "rubric": rubric})
    return row.id


def set_blind(session: Session, user: User, panel: int, *, blind: bool) -> None:
    """Turn blind-first on or off.

    Raises:
        AccessError: only the panel's chair may.
    """
    row = _chaired(session, user, panel)
    row.blind = blind
    audit.append(session, user.name, "panel_blind", None, {"panel": row.name, "blind": blind})


def assign(session: Session, user: User, identifier: str, reviewer: str) -> None:
    """Give a submission of the chair's panel to a reviewer; giving it twice changes nothing.

    Raises:
        AccessError: only the chair may.
        UsageError: there is no such reviewer.
    """
    row = access.submission(session, user, identifier)
    access.require_chair(session, user, row)
    found = session.scalars(select(UserRow).where(UserRow.name == reviewer, UserRow.active)).first()
    if found is None or found.role not in ("reviewer", "chair"):
        raise UsageError(f"没有这位评审专家：{reviewer}", "用 assistant user list 查看")
    if session.get(AssignmentRow, (identifier, found.id)) is None:
        session.add(AssignmentRow(submission_id=identifier, user_id=found.id, assigned_at=datetime.now(UTC)))
        audit.append(session, user.name, "assigned", identifier, {"reviewer": reviewer})


def move_to_panel(session: Session, user: User, identifier: str, panel: int) -> None:
    """Put a submission before a panel.

    Raises:
        AccessError: only the panel's chair or an administrator may.
    """
    target = _chaired(session, user, panel)
    row = session.get(SubmissionRow, identifier)
    free = row is not None and row.kind == "submission" and row.panel_id in (None, panel)
    if row is None or not (free or user.role == "admin"):
        raise access.AccessError("没有这份材料，或已分给别的评审组", "请联系管理员")
    row.panel_id = target.id
    audit.append(session, user.name, "panel_assigned", identifier, {"panel": target.name})


def all_of(session: Session, user: User) -> tuple[Panel, ...]:
    """Return the panels that ``user`` chairs; all for an administrator."""
    query = (
        select(PanelRow, UserRow.name).join(UserRow, UserRow.id == PanelRow.chair_id).order_by(PanelRow.id)
    )
    if user.role != "admin":
        query = query.where(PanelRow.chair_id == user.id)
    return tuple(Panel(p.id, p.name, chair, p.blind, p.rubric) for p, chair in session.execute(query))


def conflicts(session: Session, user: User, panel: int | None = None) -> tuple[decisions.Conflict, ...]:
    """Return the unsettled conflicts on what ``user`` may see, oldest submission first."""
    access.require(user, "chair")
    query = select(SubmissionRow.id).where(access.visible(user), SubmissionRow.state == "conflict")
    if panel is not None:
        query = query.where(SubmissionRow.panel_id == panel)
    found = (
        decisions.conflicts_of(session, i) for i in session.scalars(query.order_by(SubmissionRow.created_at))
    )
    return tuple(conflict for many in found for conflict in many if conflict.settled is None)


def panel_agreement(session: Session, user: User, panel: int, what: str = "opinions") -> Agreement:
    """Return the agreement of a panel on its opinions, or on its decisions about findings.

    Raises:
        AccessError: only the panel's chair may.
        UsageError: ``what`` is neither ``opinions`` nor ``decisions``.
    """
    _chaired(session, user, panel)
    ratings: dict[str, dict[str, str]] = {}
    if what == "opinions":
        query = select(OpinionRow.submission_id, UserRow.name, OpinionRow.recommendation)
        query = query.join(UserRow, UserRow.id == OpinionRow.user_id)
        query = query.join(SubmissionRow, SubmissionRow.id == OpinionRow.submission_id)
    elif what == "decisions":
        item = DecisionRow.submission_id + "/" + DecisionRow.finding
        query = select(item, UserRow.name, func.coalesce(DecisionRow.verdict, ""))
        query = query.join(UserRow, UserRow.id == DecisionRow.user_id)
        query = query.join(SubmissionRow, SubmissionRow.id == DecisionRow.submission_id)
    else:
        raise UsageError(f"不能统计这种一致性：{what}", "可用：opinions、decisions")
    for key, name, category in session.execute(query.where(SubmissionRow.panel_id == panel)):
        if category:
            ratings.setdefault(key, {})[name] = category
    return agreement(list(ratings.values()))


def drift(session: Session, user: User, panel: int) -> Drift:
    """Return how often first opinions were changed.

    Raises:
        AccessError: only the panel's chair may.
    """
    _chaired(session, user, panel)
    query = select(OpinionRow).join(SubmissionRow, SubmissionRow.id == OpinionRow.submission_id)
    rows = session.scalars(query.where(SubmissionRow.panel_id == panel)).all()
    return Drift(len(rows), sum(row.recommendation != row.first_recommendation for row in rows))


def reviewers(session: Session, user: User) -> tuple[str, ...]:
    """Return the names to whom a chair can give submissions.

    Raises:
        AccessError: only a chair may ask.
    """
    access.require(user, "chair")
    query = select(UserRow.name).where(UserRow.active, UserRow.role.in_(("reviewer", "chair")))
    return tuple(session.scalars(query.order_by(UserRow.name)))


def seats(session: Session, user: User, identifier: str) -> Seats:
    """Return who reviews a submission.

    Raises:
        AccessError: not the user's to see.
    """
    row = access.submission(session, user, identifier)
    query = select(UserRow.name).join(AssignmentRow, AssignmentRow.user_id == UserRow.id)
    names = session.scalars(query.where(AssignmentRow.submission_id == identifier).order_by(UserRow.name))
    inside = user.role in ("chair", "reviewer", "admin")
    return Seats(tuple(names) if inside else (), inside, inside and access.may_rule(session, user, row))


def recommended(session: Session, user: User, panel: int) -> tuple[str, ...]:
    """Return the submissions that the chair's ruling or all reviewers recommend, lowest risk first.

    Raises:
        AccessError: only the panel's chair may.
    """
    _chaired(session, user, panel)
    row = SubmissionRow
    ruled = select(AdjudicationRow.verdict).where(
        AdjudicationRow.submission_id == row.id, AdjudicationRow.finding == ""
    )
    said = select(func.min(OpinionRow.recommendation)).where(OpinionRow.submission_id == row.id)
    last = func.coalesce(ruled.scalar_subquery(), said.scalar_subquery())
    query = select(row.id).where(row.panel_id == panel, row.state == "decided", last == "推荐")
    return tuple(session.scalars(query.order_by(row.risk, row.created_at, row.id)))


def _chaired(session: Session, user: User, panel: int) -> PanelRow:
    row = session.get(PanelRow, panel)
    if row is None or (user.role != "admin" and row.chair_id != user.id):
        raise access.AccessError("没有这个评审组，或不是其组长", "请联系管理员")
    return row
