"""Tries to look a dossier up by its code, counted so that nobody can guess."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, select, text, true
from sqlalchemy.engine import Connection

from bot.store.tables import lookups

_one_at_a_time = text("SELECT pg_advisory_xact_lock(7126005)")


class Lookups:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def alone(self) -> None:
        """Until this transaction ends nobody else looks anything up: what is counted is all there is."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(_one_at_a_time)

    def forget(self, before: datetime) -> None:
        """Drop what was tried before this moment."""
        self._connection.execute(delete(lookups).where(lookups.c.at < before))

    def note(self, person: int, code: str, succeeded: bool, now: datetime) -> None:
        """One try; a code that is longer than any is cut."""
        values = {"person_id": person, "code": code[:40], "at": now, "succeeded": succeeded}
        self._connection.execute(insert(lookups).values(values))

    def in_vain_by(self, person: int, since: datetime) -> int:
        """How often this person failed since then."""
        return self._count(lookups.c.person_id == person, since)

    def in_vain_of(self, code: str, since: datetime) -> int:
        """How often anybody failed at this code since then."""
        return self._count(lookups.c.code == code[:40], since)

    def in_vain(self, since: datetime) -> int:
        """How often anybody failed at anything since then."""
        return self._count(true(), since)

    def _count(self, whose: ColumnElement[bool], since: datetime) -> int:
        counted = (
            select(func.count())
            .select_from(lookups)
            .where(whose, lookups.c.at > since, lookups.c.succeeded.is_(False))
        )
        return self._connection.execute(counted).scalar_one()
