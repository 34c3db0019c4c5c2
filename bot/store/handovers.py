"""Codes by which a conversation moves to another account, each once."""

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from bot.store.tables import handovers


class Handovers:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def make(self, person: int, digest: str, now: datetime, ends_at: datetime) -> None:
        """Write a code down; those this person was given before no longer work."""
        self._connection.execute(
            update(handovers)
            .where(handovers.c.person_id == person, handovers.c.used_at.is_(None))
            .values(used_at=now)
        )
        values = {"person_id": person, "digest": digest, "made_at": now, "ends_at": ends_at}
        self._connection.execute(insert(handovers).values(values))

    def use(self, digest: str, by: int, now: datetime) -> tuple[int, int] | None:
        """Number and giver of an open code, used up with this; None if there is no such code (any more)."""
        used = self._connection.execute(
            update(handovers)
            .where(handovers.c.digest == digest, handovers.c.used_at.is_(None), handovers.c.ends_at > now)
            .values(used_at=now, taken_by=by)
        )
        if used.rowcount != 1:
            return None
        row = self._connection.execute(
            select(handovers.c.id, handovers.c.person_id).where(handovers.c.digest == digest)
        ).one()
        return int(row[0]), int(row[1])
