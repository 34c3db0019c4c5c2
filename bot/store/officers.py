"""The ward's officers, their sessions, and what they looked at."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection

from bot.store.json import dump, parse
from bot.store.tables import audit, officers, sessions, sign_ins

_columns = (
    officers.c.id,
    officers.c.username,
    officers.c.name,
    officers.c.password_hash,
    officers.c.must_change,
    officers.c.permissions,
    officers.c.telegram_id,
    officers.c.link_code,
    officers.c.active,
)


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who works on dossiers. `permissions` as in `bot.core.permissions`."""

    id: int
    username: str
    name: str
    password_hash: str
    must_change: bool
    permissions: frozenset[str]
    telegram_id: str | None
    link_code: str | None
    active: bool

    def may(self, permission: str) -> bool:
        return self.active and permission in self.permissions


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in browser."""

    id: str
    officer: Officer
    created_at: datetime
    seen_at: datetime
    ends_at: datetime


class Officers:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        *,
        username: str,
        name: str,
        password_hash: str,
        permissions: frozenset[str],
        link_code: str,
        now: datetime,
        telegram_id: str | None = None,
    ) -> int:
        """A new officer, whose password is good for choosing another."""
        values = {
            "username": username,
            "name": name,
            "password_hash": password_hash,
            "must_change": True,
            "permissions": dump(sorted(permissions)),
            "telegram_id": telegram_id,
            "link_code": link_code,
            "active": True,
            "created_at": now,
        }
        made: int = self._connection.execute(insert(officers).returning(officers.c.id), values).scalar_one()
        return made

    def all(self) -> list[Officer]:
        rows = self._connection.execute(select(*_columns).order_by(officers.c.name)).all()
        return [_officer(*row) for row in rows]

    def get(self, officer: int) -> Officer:
        return _officer(*self._connection.execute(select(*_columns).where(officers.c.id == officer)).one())

    def by_username(self, username: str) -> Officer | None:
        return self._one(officers.c.username == username)

    def by_telegram(self, telegram_id: str) -> Officer | None:
        return self._one(officers.c.telegram_id == telegram_id)

    def by_link_code(self, code: str) -> Officer | None:
        return self._one(officers.c.link_code == code)

    def link_telegram(self, officer: int, telegram_id: str) -> None:
        """Tie a Telegram account to an officer; the code is used up, and no two officers share an account."""
        self._connection.execute(
            update(officers).where(officers.c.telegram_id == telegram_id).values(telegram_id=None)
        )
        self._connection.execute(
            update(officers).where(officers.c.id == officer).values(telegram_id=telegram_id, link_code=None)
        )

    def set_link_code(self, officer: int, code: str) -> None:
        self._connection.execute(update(officers).where(officers.c.id == officer).values(link_code=code))

    def set_password(self, officer: int, password_hash: str, *, must_change: bool) -> None:
        self._connection.execute(
            update(officers)
            .where(officers.c.id == officer)
            .values(password_hash=password_hash, must_change=must_change)
        )

    def set_active(self, officer: int, active: bool) -> None:
        """Let an officer in, or shut them out at once."""
        self._connection.execute(update(officers).where(officers.c.id == officer).values(active=active))
        if not active:
            self._connection.execute(delete(sessions).where(sessions.c.officer_id == officer))

    def open_session(self, session: str, officer: int, now: datetime, ends_at: datetime) -> None:
        values = {"id": session, "officer_id": officer, "created_at": now, "seen_at": now, "ends_at": ends_at}
        self._connection.execute(insert(sessions), values)

    def session(self, session: str) -> Session | None:
        row = self._connection.execute(
            select(sessions.c.id, sessions.c.created_at, sessions.c.seen_at, sessions.c.ends_at, *_columns)
            .join(officers, officers.c.id == sessions.c.officer_id)
            .where(sessions.c.id == session)
        ).one_or_none()
        if row is None:
            return None
        session_id, created_at, seen_at, ends_at, *officer = row
        return Session(session_id, _officer(*officer), created_at, seen_at, ends_at)

    def seen(self, session: str, now: datetime, ends_at: datetime) -> None:
        self._connection.execute(
            update(sessions).where(sessions.c.id == session).values(seen_at=now, ends_at=ends_at)
        )

    def close_session(self, session: str) -> None:
        self._connection.execute(delete(sessions).where(sessions.c.id == session))

    def close_sessions_of(self, officer: int, *, but: str = "") -> None:
        self._connection.execute(
            delete(sessions).where(sessions.c.officer_id == officer, sessions.c.id != but)
        )

    def close_ended_sessions(self, now: datetime) -> None:
        self._connection.execute(delete(sessions).where(sessions.c.ends_at < now))

    def note_sign_in(self, username: str, source: str, now: datetime, *, succeeded: bool) -> None:
        values = {"username": username[:60], "source": source[:60], "at": now, "succeeded": succeeded}
        self._connection.execute(insert(sign_ins), values)

    def failed_sign_ins(self, since: datetime, *, username: str = "", source: str = "") -> int:
        """How often signing in failed since then, under this name or from this place."""
        who = sign_ins.c.username == username if username else sign_ins.c.source == source
        return self._connection.execute(
            select(func.count()).where(who, sign_ins.c.at > since, sign_ins.c.succeeded.is_(False))
        ).scalar_one()

    def note(self, officer: int | None, action: str, subject: str, now: datetime) -> None:
        """A line for the audit log: who, what, about what; never personal data."""
        values = {"at": now, "officer_id": officer, "action": action, "subject": subject[:120]}
        self._connection.execute(insert(audit), values)

    def _one(self, condition: object) -> Officer | None:
        row = self._connection.execute(select(*_columns).where(condition)).one_or_none()  # type: ignore[arg-type]
        return None if row is None else _officer(*row)


def _officer(
    id: int,
    username: str,
    name: str,
    password_hash: str,
    must_change: bool,
    permissions: str,
    telegram_id: str | None,
    link_code: str | None,
    active: bool,
) -> Officer:
    held = frozenset(parse(permissions, list[str]))
    return Officer(id, username, name, password_hash, must_change, held, telegram_id, link_code, active)
