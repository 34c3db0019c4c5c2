"""Messages that were not understood, masked, until an officer says what they mean."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from bot.core.text import gist
from bot.store.tables import officers, unclear

#: What is told anew each time it is said.
_LATEST = ("intent", "confidence", "procedure", "source", "last_at")
_keep = {
    name: given.on_conflict_do_update(
        index_elements=["key"],
        set_={**{column: given.excluded[column] for column in _LATEST}, "times": unclear.c.times + 1},
    )
    for name, given in (("sqlite", sqlite.insert(unclear)), ("postgresql", postgresql.insert(unclear)))
}
_columns = (
    unclear.c.id,
    unclear.c.text,
    unclear.c.intent,
    unclear.c.confidence,
    unclear.c.procedure,
    unclear.c.source,
    unclear.c.times,
    unclear.c.first_at,
    unclear.c.last_at,
    unclear.c.state,
    unclear.c.label_intent,
    unclear.c.label_procedure,
    unclear.c.officer_id,
    officers.c.name,
    unclear.c.settled_at,
)


class Fate(StrEnum):
    """Where a message stands."""

    OPEN = "open"
    LABELLED = "labelled"
    #: Nothing is to be learnt from it.
    ASIDE = "aside"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUnclear:
    """A masked text, and what it was taken for."""

    text: str
    intent: str
    confidence: float
    #: The likeliest procedure; empty if none was likely.
    procedure: str
    source: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """A message as it stands."""

    id: int
    text: str
    intent: str
    confidence: float
    procedure: str
    source: str
    times: int
    first_at: datetime
    last_at: datetime
    fate: Fate
    label_intent: str
    label_procedure: str
    officer: int | None
    officer_name: str | None
    settled_at: datetime | None


class UnclearMessages:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, new: NewUnclear, now: datetime) -> None:
        """Write it down; if somebody has said the same before, count it."""
        values = {
            "key": _key(new.text),
            "text": new.text,
            "intent": new.intent[:60],
            "confidence": new.confidence,
            "procedure": new.procedure[:60],
            "source": new.source[:20],
            "first_at": now,
            "last_at": now,
        }
        self._connection.execute(_keep[self._connection.dialect.name], values)

    def find(self, message: int) -> Unclear | None:
        found = self._some(unclear.c.id == message)
        return found[0] if found else None

    def open(self, limit: int, offset: int = 0) -> list[Unclear]:
        """What waits for a label: most asked first, then newest."""
        order = (unclear.c.times.desc(), unclear.c.last_at.desc(), unclear.c.id.desc())
        return self._some(unclear.c.state == Fate.OPEN, *order, limit=limit, offset=offset)

    def settled(self, limit: int, offset: int = 0) -> list[Unclear]:
        """What was labelled or put aside, latest first."""
        order = (unclear.c.settled_at.desc(), unclear.c.id.desc())
        return self._some(unclear.c.state != Fate.OPEN, *order, limit=limit, offset=offset)

    def labelled(self) -> list[Unclear]:
        """Everything with a label, in the order in which the labels were given."""
        return self._some(unclear.c.state == Fate.LABELLED, unclear.c.settled_at, unclear.c.id)

    def count_open(self) -> int:
        return self._count(unclear.c.state == Fate.OPEN)

    def count_settled(self) -> int:
        return self._count(unclear.c.state != Fate.OPEN)

    def label(
        self, message: int, *, text: str, intent: str, procedure: str, officer: int, now: datetime
    ) -> bool:
        """Say what an open message means. False if somebody was faster."""
        return self._settle(
            message, Fate.LABELLED, officer, now, text=text, label_intent=intent, label_procedure=procedure
        )

    def put_aside(self, message: int, *, officer: int, now: datetime) -> bool:
        return self._settle(message, Fate.ASIDE, officer, now)

    def reopen(self, message: int) -> bool:
        """Take the label back. False if there was none."""
        nothing = {"label_intent": "", "label_procedure": "", "officer_id": None, "settled_at": None}
        done = self._connection.execute(
            update(unclear)
            .where(unclear.c.id == message, unclear.c.state != Fate.OPEN)
            .values(state=Fate.OPEN.value, **nothing)
        )
        return done.rowcount == 1

    def _settle(self, message: int, fate: Fate, officer: int, now: datetime, **more: str) -> bool:
        done = self._connection.execute(
            update(unclear)
            .where(unclear.c.id == message, unclear.c.state == Fate.OPEN)
            .values(state=fate.value, officer_id=officer, settled_at=now, **more)
        )
        return done.rowcount == 1

    def _some(
        self,
        condition: ColumnElement[bool],
        *order: ColumnElement[Any],
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Unclear]:
        statement = (
            select(*_columns)
            .outerjoin(officers, officers.c.id == unclear.c.officer_id)
            .where(condition)
            .order_by(*order)
        )
        if limit is not None:
            statement = statement.limit(limit).offset(offset)
        rows = self._connection.execute(statement).all()
        return [_unclear(*row) for row in rows]

    def _count(self, condition: ColumnElement[bool]) -> int:
        statement = select(func.count()).select_from(unclear).where(condition)
        return self._connection.execute(statement).scalar_one()


def _unclear(*values: Any) -> Unclear:
    one = Unclear(*values)
    return replace(one, fate=Fate(one.fate))


def _key(text: str) -> str:
    """A digest: of fixed length, and it tells nobody what an officer has taken out of the text."""
    return hashlib.sha256(gist(text).encode()).hexdigest()
