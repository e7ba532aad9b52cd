"""Users, passwords (argon2id), lock-out, logins."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assistant.errors import AssistantError, UsageError
from assistant.triage import audit
from assistant.triage.database import Database
from assistant.triage.tables import LoginRow, UserRow

Role = Literal["chair", "reviewer", "enterprise", "evaluator", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
ROLE_NAMES = {
    "chair": "组长",
    "reviewer": "评审专家",
    "enterprise": "企业",
    "evaluator": "评测人员",
    "admin": "管理员",
}
LOCAL_USER = "本机用户"
MAX_FAILURES = 5
LOCK_TIME = timedelta(minutes=15)
LOGIN_TIME = timedelta(hours=12)
MIN_PASSWORD = 10
NO_PASSWORD = "!"  # noqa: S105  no hash looks like this, so no password fits it


class LoginError(AssistantError):
    """The name or password is wrong, or the account is locked (never says which of the two is wrong)."""

    exit_code = 2


@dataclass(frozen=True)
class User:
    """Who is acting. Carries no secret."""

    id: int
    name: str
    role: Role
    display_name: str


class Accounts:
    """Users and logins of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, role: str, password: str, display_name: str = "") -> User:
        """Create a user.

        Raises:
            UsageError: the name is taken or empty, the role unknown, the password too short.
        """
        if role not in ROLES:
            raise UsageError(f"没有这个角色：{role}", f"可用：{'、'.join(ROLES)}")
        if not name.strip() or len(name) > 64:
            raise UsageError("用户名不能为空，且不超过 64 个字", "请换一个用户名")
        if len(password) < MIN_PASSWORD:
            raise UsageError(f"口令太短，至少 {MIN_PASSWORD} 位", "请换一个更长的口令")
        with self._database.writing() as session:
            if _by_name(session, name) is not None:
                raise UsageError(f"用户名已被使用：{name}", "请换一个用户名")
            row = UserRow(
                name=name, role=role, display_name=display_name or name, password_hash=_hash(password)
            )
            session.add(row)
            session.flush()
            audit.append(session, name, "user_added", None, {"role": role})
            return _user(row)

    def local(self) -> User:
        """Return the user of the single-user mode, made on first use; nobody can log in as it."""
        with self._database.writing() as session:
            row = _by_name(session, LOCAL_USER)
            if row is None:
                row = UserRow(
                    name=LOCAL_USER, role="admin", display_name=LOCAL_USER, password_hash=NO_PASSWORD
                )
                session.add(row)
                session.flush()
            return _user(row)

    def has_users(self) -> bool:
        """Say whether anybody can log in."""
        with self._database.reading() as session:
            return (
                session.scalars(
                    select(UserRow.id).where(UserRow.password_hash != NO_PASSWORD).limit(1)
                ).first()
                is not None
            )

    def login(self, name: str, password: str) -> str:
        """Check a password and return a session token.

        Raises:
            LoginError: wrong name or password, or locked after repeated failures.
        """
        now = datetime.now(UTC)
        with self._database.reading() as session:
            found = _by_name(session, name)
            known = found.password_hash if found and found.active else _DECOY
        # Outside the write transaction, and also for unknown names: the time taken tells nothing.
        right = _verify(known, password)
        failure: LoginError | None = None
        token = ""
        with self._database.writing() as session:
            row = _by_name(session, name)
            if row is not None and row.locked_until and row.locked_until > now:
                failure = LoginError("登录失败次数过多，账号已暂时锁定", "请 15 分钟后再试，或找管理员")
            elif row is None or not right:
                failure = _failed(session, row, name, now)
            else:
                row.failed_logins, row.locked_until = 0, None
                token = secrets.token_urlsafe(32)
                session.add(
                    LoginRow(token_hash=_token_hash(token), user_id=row.id, expires_at=now + LOGIN_TIME)
                )
                audit.append(session, name, "login", None, {})
        if failure is not None:
            raise failure
        return token

    def user_of(self, token: str) -> User | None:
        """Return the user of a session token, None when it is unknown or has expired."""
        with self._database.reading() as session:
            login = session.get(LoginRow, _token_hash(token))
            if login is None or login.expires_at <= datetime.now(UTC):
                return None
            row = session.get(UserRow, login.user_id)
            return _user(row) if row is not None and row.active else None

    def logout(self, token: str) -> None:
        """End a session."""
        with self._database.writing() as session:
            session.execute(delete(LoginRow).where(LoginRow.token_hash == _token_hash(token)))

    def named(self, name: str) -> User | None:
        """Return the active user called ``name``."""
        with self._database.reading() as session:
            row = _by_name(session, name)
            return _user(row) if row is not None and row.active else None

    def all(self) -> tuple[User, ...]:
        """Return all active users by name."""
        with self._database.reading() as session:
            rows = session.scalars(select(UserRow).where(UserRow.active).order_by(UserRow.name))
            return tuple(_user(row) for row in rows)

    def set_password(self, name: str, password: str) -> None:
        """Change a password, lift a lock, and end the user's sessions.

        Raises:
            UsageError: there is no such user, or the password is too short.
        """
        if len(password) < MIN_PASSWORD:
            raise UsageError(f"口令太短，至少 {MIN_PASSWORD} 位", "请换一个更长的口令")
        hashed = _hash(password)
        with self._database.writing() as session:
            row = _by_name(session, name)
            if row is None:
                raise UsageError(f"没有这个用户：{name}", "用 assistant user list 查看")
            row.password_hash, row.failed_logins, row.locked_until = hashed, 0, None
            session.execute(delete(LoginRow).where(LoginRow.user_id == row.id))
            audit.append(session, name, "password_changed", None, {})

    def deactivate(self, name: str) -> None:
        """Shut a user out; what the user decided stays.

        Raises:
            UsageError: there is no such user.
        """
        with self._database.writing() as session:
            row = _by_name(session, name)
            if row is None:
                raise UsageError(f"没有这个用户：{name}", "用 assistant user list 查看")
            row.active = False
            session.execute(delete(LoginRow).where(LoginRow.user_id == row.id))
            audit.append(session, name, "user_deactivated", None, {})


def _failed(session: Session, row: UserRow | None, name: str, now: datetime) -> LoginError:
    if row is not None:
        row.failed_logins += 1
        if row.failed_logins >= MAX_FAILURES:
            row.locked_until, row.failed_logins = now + LOCK_TIME, 0
    audit.append(session, name[:64], "login_failed", None, {})
    return LoginError("用户名或口令不对", "请重新输入")


def _by_name(session: Session, name: str) -> UserRow | None:
    return session.scalars(select(UserRow).where(UserRow.name == name)).first()


def _user(row: UserRow) -> User:
    role: Role = next(role for role in ROLES if role == row.role)
    return User(id=row.id, name=row.name, role=role, display_name=row.display_name or row.name)


def _hash(password: str) -> str:
    from argon2 import PasswordHasher

    return PasswordHasher().hash(password)


def _verify(hashed: str, password: str) -> bool:
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return PasswordHasher().verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# A hash of a password that nobody has, so that unknown names cost as much time as known ones.
_DECOY = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHRzYWx0c2FsdA$2Zw0b2bW7pM3yX8mT1dQm0G1c9d8oV3uJ6r5hK4sN0E"
