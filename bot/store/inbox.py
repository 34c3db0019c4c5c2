"""What was said to us: kept before it is understood, so that no crash loses it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from bot.core.messages import Incoming
from bot.store.json import dump, parse
from bot.store.prepared import Prepared
from bot.store.tables import inbox

_filled = ("channel", "external_id", "person_id", "body", "received_at", "claimed_until")
_keep = {
    "sqlite": Prepared(sqlite.insert(inbox).on_conflict_do_nothing().returning(inbox.c.id), *_filled),
    "postgresql": Prepared(postgresql.insert(inbox).on_conflict_do_nothing().returning(inbox.c.id)),
}
_same = select(inbox.c.id, inbox.c.status).where(
    inbox.c.channel == bindparam("channel"), inbox.c.external_id == bindparam("external_id")
)
_done = Prepared(
    update(inbox)
    .where(inbox.c.id == bindparam("row"), inbox.c.status == "new")
    .values(status=bindparam("becomes"), trace=bindparam("why"), claimed_until=None)
)


@dataclass(frozen=True, slots=True)
class Heard:
    """An inbox row that still waits for its turn."""

    id: int
    person: int
    incoming: Incoming
    attempts: int


class Inbox:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, person: int, incoming: Incoming, now: datetime, until: datetime) -> tuple[int, bool, bool]:
        """Keep what was said, claimed by us `until` then: (row, is it new, is it still to be answered)."""
        external_id = _fitting(incoming.external_id)
        values = {
            "channel": incoming.channel,
            "external_id": external_id,
            "person_id": person,
            "body": dump(incoming),
            "received_at": now,
            "claimed_until": until,
        }
        kept = _keep[self._connection.dialect.name].one_or_none(self._connection, values)
        if kept is not None:
            return kept[0], True, True
        same = self._connection.execute(
            _same, {"channel": incoming.channel, "external_id": external_id}
        ).one()
        return same.id, False, same.status == "new"

    def done(self, row: int, trace: str) -> bool:
        """Its turn is over. False if somebody else has ended it already."""
        values = {"row": row, "becomes": "done", "why": trace}
        return _done.changed(self._connection, values) == 1

    def give_up(self, row: int, trace: str) -> None:
        """No turn could be made of it after many attempts."""
        _done.changed(self._connection, {"row": row, "becomes": "failed", "why": trace})

    def claim_left(self, now: datetime, until: datetime, limit: int = 100) -> list[Heard]:
        """What was kept but never answered, because its process died: oldest first, now claimed by us."""
        left = (
            select(inbox.c.id)
            .where(
                inbox.c.status == "new",
                or_(inbox.c.claimed_until.is_(None), inbox.c.claimed_until < now),
            )
            .order_by(inbox.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = self._connection.execute(left).scalars().all()
        if not rows:
            return []
        claim = (
            update(inbox)
            .where(inbox.c.id.in_(rows))
            .values(claimed_until=until, attempts=inbox.c.attempts + 1)
            .returning(inbox.c.id, inbox.c.person_id, inbox.c.body, inbox.c.attempts)
        )
        found = self._connection.execute(claim).all()
        return [Heard(r.id, r.person_id, parse(r.body, Incoming), r.attempts) for r in sorted(found)]

    def free_all(self) -> None:
        """At a start with nobody else about: whatever was being answered, nobody is at it."""
        self._connection.execute(update(inbox).where(inbox.c.status == "new").values(claimed_until=None))

    def postpone(self, row: int, until: datetime) -> None:
        """Leave it for the sweep, not before then."""
        self._connection.execute(
            update(inbox).where(inbox.c.id == row, inbox.c.status == "new").values(claimed_until=until)
        )

    def said_by(self, person: int, limit: int) -> list[tuple[int, datetime, Incoming]]:
        """The last things somebody said, oldest first."""
        rows = self._connection.execute(
            select(inbox.c.id, inbox.c.received_at, inbox.c.body)
            .where(inbox.c.person_id == person)
            .order_by(inbox.c.id.desc())
            .limit(limit)
        ).all()
        return [(r.id, r.received_at, parse(r.body, Incoming)) for r in reversed(rows)]

    def waiting(self) -> int:
        """How many are still to be answered."""
        rows = self._connection.execute(select(inbox.c.id).where(inbox.c.status == "new")).all()
        return len(rows)


def _fitting(external_id: str) -> str:
    """As it is if the column holds it, else a digest: cut short, two messages might become one."""
    return external_id if len(external_id) <= 200 else hashlib.sha256(external_id.encode()).hexdigest()
