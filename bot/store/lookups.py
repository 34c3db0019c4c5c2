"""Tries to look a dossier up by its code, counted so that nobody can guess."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.engine import Connection

from bot.store.tables import lookups


class Lookups:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

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

    def _count(self, whose: ColumnElement[bool], since: datetime) -> int:
        counted = (
            select(func.count())
            .select_from(lookups)
            .where(whose, lookups.c.at > since, lookups.c.succeeded.is_(False))
        )
        return self._connection.execute(counted).scalar_one()
