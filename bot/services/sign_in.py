"""Who may come in to the desk: passwords, limited attempts, sessions, and the code for a Telegram account.

Argon2 is slow on purpose, so hashes are made and checked outside of a transaction. Signing in is three steps:
`attempt` (reads), `matches` (slow, no transaction), `settle` (writes).
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.core.errors import NotAllowed
from bot.core.permissions import ALL
from bot.core.text import nfc
from bot.store.officers import Officer, Session
from bot.store.tx import Tx

#: A session nobody uses ends after this long, …
IDLE = timedelta(minutes=30)
#: … and any session after this long.
WHOLE = timedelta(hours=12)
#: A session in use is written down again at most this often.
_NOTED_EVERY = timedelta(minutes=1)

#: Failed attempts are counted over this time, and lock for this time.
WINDOW = timedelta(minutes=15)
FAILURES_OF_A_NAME = 5
FAILURES_OF_A_SOURCE = 20

SHORTEST = 12
#: Nobody types more; a longer one is somebody keeping our processor busy.
LONGEST = 200

#: Letters that are not taken for one another when read out or copied by hand.
_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")

_hasher = PasswordHasher()


@dataclass(frozen=True, slots=True)
class OneTime:
    """A password that opens only the page where another is chosen. `text` is shown once and kept nowhere."""

    text: str
    password_hash: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody at the door. `password_hash` is there to be compared with, whether or not they are known."""

    username: str
    source: str
    officer: int | None
    password_hash: str


class Refusal(StrEnum):
    """Why somebody did not come in; neither says whether the name exists."""

    WRONG = "wrong"
    LOCKED = "locked"


class Unfit(StrEnum):
    """Why a password cannot be chosen."""

    SHORT = "short"
    LONG = "long"
    USERNAME = "username"
    DIFFERENT = "different"
    SAME = "same"


# Passwords


def hash_password(password: str) -> str:
    """Slow (tens of milliseconds, 64 MB): call it outside of a transaction."""
    return _hasher.hash(nfc(password))


def matches(password_hash: str, password: str) -> bool:
    """Slow, as `hash_password` is."""
    if len(password) > LONGEST:
        return False
    try:
        return _hasher.verify(password_hash, nfc(password))
    except (VerificationError, InvalidHashError):
        return False


def unfit(password: str, again: str, username: str) -> Unfit | None:
    """Why this password will not do; None if it will."""
    if len(nfc(password)) < SHORTEST:
        return Unfit.SHORT
    if len(password) > LONGEST:
        return Unfit.LONG
    if password.strip().casefold() == username:
        return Unfit.USERNAME
    if password != again:
        return Unfit.DIFFERENT
    return None


def one_time_password() -> OneTime:
    """Four groups of four letters (72 bits), good for the telephone. Slow, as `hash_password` is."""
    text = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    return OneTime(text, hash_password(text))


# Officers


def add_officer(
    tx: Tx, *, username: str, name: str, permissions: frozenset[str], once: OneTime, now: datetime
) -> int:
    """A new officer, who signs in with `once`. NotAllowed, in words, if the names will not do."""
    username = _plain(username)
    if not _USERNAME.fullmatch(username):
        raise NotAllowed("tên đăng nhập gồm 2–60 chữ cái không dấu, chữ số, dấu chấm, gạch")
    if not name.strip():
        raise NotAllowed("cần có tên cán bộ, như đồng nghiệp và người dân vẫn gọi")
    if permissions - ALL:
        raise NotAllowed(f"không có quyền tên là {', '.join(sorted(permissions - ALL))}")
    if tx.officers.by_username(username) is not None:
        raise NotAllowed(f"đã có cán bộ dùng tên đăng nhập “{username}”")
    return tx.officers.add(
        username=username,
        name=nfc(name.strip())[:100],
        password_hash=once.password_hash,
        permissions=permissions,
        link_code=_fresh_code(),
        now=now,
    )


def first_officer(tx: Tx, now: datetime) -> tuple[str, str] | None:
    """At the very first start: (username, one-time password) of an officer who may do everything.

    None once there is anybody. The hash is made inside the transaction: nothing else runs yet.
    """
    if tx.officers.all():
        return None
    once = one_time_password()
    add_officer(tx, username="quantri", name="Quản trị", permissions=ALL, once=once, now=now)
    return "quantri", once.text


def reset_password(tx: Tx, username: str, once: OneTime) -> bool:
    """Somebody forgot theirs: `once` opens the door, and every session ends. False: no such name."""
    officer = tx.officers.by_username(_plain(username))
    if officer is None:
        return False
    tx.officers.set_password(officer.id, once.password_hash, must_change=True)
    tx.officers.close_sessions_of(officer.id)
    return True


def new_link_code(tx: Tx, officer: int) -> str:
    """A code the officer sends to the bot once, as ``/ketnoi CODE``; the one before is void."""
    code = _fresh_code()
    tx.officers.set_link_code(officer, code)
    return code


def link_telegram(tx: Tx, code: str, telegram_id: str) -> Officer | None:
    """Whose code this is, now tied to this Telegram account. None if it is nobody's, or used up."""
    officer = tx.officers.by_link_code("".join(code.split()).upper())
    if officer is None or not officer.active:
        return None
    tx.officers.link_telegram(officer.id, telegram_id)
    return tx.officers.get(officer.id)


# Signing in


def attempt(tx: Tx, username: str, source: str) -> Attempt:
    """Who this may be. What follows takes the same time for a name that does not exist."""
    username = _plain(username)
    officer = tx.officers.by_username(username)
    if officer is None or not officer.active:
        # The name is kept as a hash: people type their password into the wrong field.
        return Attempt("?" + _hash(username)[:40], source, None, _nobodys_hash())
    return Attempt(username, source, officer.id, officer.password_hash)


def settle(tx: Tx, attempt: Attempt, matched: bool, now: datetime) -> str | Refusal:
    """Write down how it ended: the token of a new session, or why not.

    The limits are asked here, where attempts come one after another: a hundred at once get five guesses, too.
    """
    refusal = confirm(tx, attempt, matched, now)
    if refusal is not None:
        return refusal
    assert attempt.officer is not None
    tx.officers.close_ended_sessions(now)
    tx.officers.note(attempt.officer, "signed_in", "", now)
    return _open_session(tx, attempt.officer, now)


def confirm(tx: Tx, attempt: Attempt, matched: bool, now: datetime) -> Refusal | None:
    """As `settle`, without a session: for somebody signed in who shows their password again."""
    if _is_locked(tx, attempt, now):
        return Refusal.LOCKED
    right = matched and attempt.officer is not None and tx.officers.get(attempt.officer).active
    tx.officers.note_sign_in(attempt.username, attempt.source, now, succeeded=right)
    return None if right else Refusal.WRONG


def _is_locked(tx: Tx, attempt: Attempt, now: datetime) -> bool:
    since = now - WINDOW
    return (
        tx.officers.failed_sign_ins(since, username=attempt.username) >= FAILURES_OF_A_NAME
        or tx.officers.failed_sign_ins(since, source=attempt.source) >= FAILURES_OF_A_SOURCE
    )


# Sessions


def session(tx: Tx, token: str, now: datetime) -> Session | None:
    """The session this cookie opens; None if it ended, was ended, or its officer was shut out."""
    found = tx.officers.session(_hash(token))
    if found is None or found.ends_at <= now or not found.officer.active:
        return None
    return found


def is_due(session: Session, now: datetime) -> bool:
    """Whether it is time to write down that a session is in use."""
    return now - session.seen_at >= _NOTED_EVERY


def touch(tx: Tx, session: Session, now: datetime) -> None:
    """The session is in use: it lives on, up to its whole length."""
    tx.officers.seen(session.id, now, min(now + IDLE, session.created_at + WHOLE))


def sign_out(tx: Tx, session: Session, now: datetime) -> None:
    tx.officers.close_session(session.id)
    tx.officers.note(session.officer.id, "signed_out", "", now)


def sign_out_elsewhere(tx: Tx, session: Session, now: datetime) -> None:
    """End every session of this officer but this one."""
    tx.officers.close_sessions_of(session.officer.id, but=session.id)
    tx.officers.note(session.officer.id, "signed_out_elsewhere", "", now)


def choose_password(tx: Tx, session: Session, password_hash: str, now: datetime) -> str:
    """A password of one's own. Every session ends; the token of the new one is returned."""
    tx.officers.set_password(session.officer.id, password_hash, must_change=False)
    tx.officers.close_sessions_of(session.officer.id)
    tx.officers.note(session.officer.id, "password_changed", "", now)
    return _open_session(tx, session.officer.id, now)


def _open_session(tx: Tx, officer: int, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    tx.officers.open_session(_hash(token), officer, now, now + IDLE)
    return token


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(username: str) -> str:
    return nfc(username).strip().casefold()[:60]


def _fresh_code() -> str:
    return "".join(secrets.choice(_CODE_LETTERS) for _ in range(8))


@cache
def _nobodys_hash() -> str:
    """What the password of somebody who does not exist is compared with."""
    return hash_password(secrets.token_urlsafe(16))
