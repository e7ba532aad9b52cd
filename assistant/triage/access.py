"""Who may see and do what. One place decides; every door asks here."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session

from assistant.errors import AssistantError
from assistant.triage.accounts import User
from assistant.triage.tables import AssignmentRow, PanelRow, SubmissionRow


class AccessError(AssistantError):
    """Not allowed, or not there: the two are never told apart to somebody who may not know."""

    exit_code = 2


class ConflictError(AssistantError):
    """Somebody else, or another window, changed the record since it was read."""

    exit_code = 2


def visible(user: User) -> ColumnElement[bool]:
    """Return the condition on submissions that ``user`` may see."""
    if user.role == "admin":
        return true()
    if user.role == "enterprise":
        return SubmissionRow.owner_id == user.id
    if user.role in ("chair", "reviewer"):
        assigned = exists().where(
            AssignmentRow.submission_id == SubmissionRow.id, AssignmentRow.user_id == user.id
        )
        chaired = exists().where(PanelRow.id == SubmissionRow.panel_id, PanelRow.chair_id == user.id)
        if user.role == "chair":
            # What no panel has yet taken up waits for any chair.
            waiting = and_(SubmissionRow.panel_id.is_(None), SubmissionRow.kind == "submission")
            return or_(assigned, chaired, waiting)
        return or_(assigned, chaired)
    return false()


def submission(session: Session, user: User, identifier: str) -> SubmissionRow:
    """Return a submission that ``user`` may see.

    Raises:
        AccessError: there is none of that id for this user.
    """
    row = session.scalars(select(SubmissionRow).where(SubmissionRow.id == identifier, visible(user))).first()
    if row is None:
        raise AccessError("没有这份材料，或无权查看", "请从列表中打开")
    return row


def require(user: User, *roles: str) -> None:
    """Let the given roles pass; the administrator always does.

    Raises:
        AccessError: the user has another role.
    """
    if user.role != "admin" and user.role not in roles:
        raise AccessError("当前角色不能进行这项操作", "请用有权限的账号登录")


def require_chair(session: Session, user: User, row: SubmissionRow) -> None:
    """Let the chair of the submission's panel pass.

    Raises:
        AccessError: somebody else asks.
    """
    if user.role == "admin":
        return
    panel = session.get(PanelRow, row.panel_id) if row.panel_id is not None else None
    if panel is None or panel.chair_id != user.id:
        raise AccessError("只有评审组组长可以裁定", "请联系组长")


def may_rule(session: Session, user: User, row: SubmissionRow) -> bool:
    """Say whether ``user`` chairs the submission's panel."""
    try:
        require_chair(session, user, row)
    except AccessError:
        return False
    return True
