"""What we owe people: written with its cause, sent after, settled once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from sqlalchemy import bindparam, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from bot.core.messages import Reply
from bot.store.json import dump, parse
from bot.store.prepared import Prepared
from bot.store.tables import deliveries, people


class Lane(IntEnum):
    """Who goes first."""

    REPLY = 0
    NOTICE = 1
    BROADCAST = 2


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery whose turn it is, claimed by us."""

    id: int
    person: int
    channel: str
    address: str
    lane: Lane
    reply: Reply
    attempts: int


_filled = ("key", "person_id", "lane", "body", "fate", "claimed_until", "due_at", "created_at", "expires_at")
_owe = {
    "sqlite": Prepared(
        sqlite.insert(deliveries).on_conflict_do_nothing().returning(deliveries.c.id), *_filled
    ),
    "postgresql": Prepared(postgresql.insert(deliveries).on_conflict_do_nothing().returning(deliveries.c.id)),
}
_waiting_for = Prepared(
    select(deliveries.c.id, deliveries.c.body)
    .where(deliveries.c.person_id == bindparam("person"), deliveries.c.fate == "waiting")
    .order_by(deliveries.c.id)
    .limit(100)
)
_after = (
    select(deliveries.c.id, deliveries.c.body)
    .where(
        deliveries.c.person_id == bindparam("person"),
        deliveries.c.id > bindparam("after"),
        deliveries.c.fate.in_(["sent", "sending"]),
    )
    .order_by(deliveries.c.id)
    .limit(100)
)
_handed_over = Prepared(
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("row"),
        or_(deliveries.c.fate == "sending", deliveries.c.fate == "waiting"),
    )
    .values(fate="sent", claimed_until=None, settled_at=bindparam("at"))
)
_one_claim = text("SELECT pg_advisory_xact_lock(7126002)")


class Outbox:
    def __init__(self, connection: Connection, wake: Callable[[str], None]) -> None:
        self._connection = connection
        self._wake = wake

    def owe(
        self,
        person: int,
        reply: Reply,
        *,
        lane: Lane,
        key: str,
        now: datetime,
        in_hand_until: datetime | None = None,
        expires_at: datetime | None = None,
    ) -> int | None:
        """Owe somebody a message, once for each `key`: its row, or None if it was owed already.

        `in_hand_until`: the caller hands it over itself, right after the commit (a web request that waits).
        """
        values = {
            "key": key,
            "person_id": person,
            "lane": int(lane),
            "body": dump(reply),
            "fate": "sending" if in_hand_until else "waiting",
            "claimed_until": in_hand_until,
            "due_at": now,
            "created_at": now,
            "expires_at": expires_at,
        }
        made = _owe[self._connection.dialect.name].one_or_none(self._connection, values)
        row = None if made is None else int(made[0])
        if row is not None and not in_hand_until:
            self._wake("outbox")
            self._wake(f"person:{person}")
        return row

    def take_back(self, keys: Sequence[str], now: datetime) -> None:
        """What was owed and is not on its way yet is no longer true: it is not said."""
        self._connection.execute(
            update(deliveries)
            .where(deliveries.c.key.in_(keys), deliveries.c.fate == "waiting")
            .values(fate="expired", claimed_until=None, settled_at=now)
        )

    def owed_already(self, keys: Sequence[str]) -> frozenset[str]:
        """Those of the keys for which a message was ever owed."""
        found = select(deliveries.c.key).where(deliveries.c.key.in_(keys))
        return frozenset(self._connection.execute(found).scalars())

    def claim(self, channels: Sequence[str], now: datetime, until: datetime, limit: int) -> list[Due]:
        """The next deliveries to make, in lanes, oldest first; a person's messages keep their order."""
        if self._connection.dialect.name == "postgresql":
            # One claim at a time: a second one would skip a person's first message, locked by the other but
            # not yet marked, and take the one after it.
            self._connection.execute(_one_claim)
        earlier = deliveries.alias("earlier")
        due = (
            select(deliveries.c.id)
            .join(people, people.c.id == deliveries.c.person_id)
            .where(
                deliveries.c.fate == "waiting",
                deliveries.c.due_at <= now,
                people.c.channel.in_(channels),
                # Not while an earlier one of the same lane to the same person is on its way or put off.
                ~select(earlier.c.id)
                .where(
                    earlier.c.person_id == deliveries.c.person_id,
                    earlier.c.lane == deliveries.c.lane,
                    earlier.c.id < deliveries.c.id,
                    or_(
                        earlier.c.fate == "sending", (earlier.c.fate == "waiting") & (earlier.c.due_at > now)
                    ),
                )
                .exists(),
            )
            .order_by(deliveries.c.lane, deliveries.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=deliveries)
        )
        rows = self._connection.execute(due).scalars().all()
        if not rows:
            return []
        self._connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(rows))
            .values(fate="sending", claimed_until=until, attempts=deliveries.c.attempts + 1)
        )
        found = self._connection.execute(
            select(
                deliveries.c.id,
                deliveries.c.person_id,
                people.c.channel,
                people.c.address,
                deliveries.c.lane,
                deliveries.c.body,
                deliveries.c.attempts,
            )
            .join(people, people.c.id == deliveries.c.person_id)
            .where(deliveries.c.id.in_(rows))
            .order_by(deliveries.c.lane, deliveries.c.id)
        ).all()
        made = []
        for row in found:
            reply = parse(row.body, Reply)
            made.append(
                Due(row.id, row.person_id, row.channel, row.address, Lane(row.lane), reply, row.attempts)
            )
        return made

    def take(self, person: int, after: int, now: datetime, until: datetime) -> list[tuple[int, Reply]]:
        """For somebody who came to fetch: all that waits, and with `after` what they may have missed."""
        rows: dict[int, str] = {}
        waiting = _waiting_for.all(self._connection, {"person": person})
        if waiting:
            taken = self._connection.execute(
                update(deliveries)
                # Still waiting: another browser of theirs may have been faster.
                .where(deliveries.c.id.in_([row[0] for row in waiting]), deliveries.c.fate == "waiting")
                .values(fate="sending", claimed_until=until, attempts=deliveries.c.attempts + 1)
                .returning(deliveries.c.id, deliveries.c.body)
            ).all()
            rows = {r.id: r.body for r in taken}
        if after:
            missed = self._connection.execute(_after, {"person": person, "after": after}).all()
            rows |= {r.id: r.body for r in missed}
        return [(row, parse(body, Reply)) for row, body in sorted(rows.items())]

    def anything_for(self, person: int, after: int) -> bool:
        """Would `take` give them something?"""
        if _waiting_for.all(self._connection, {"person": person}):
            return True
        return (
            bool(after)
            and self._connection.execute(_after, {"person": person, "after": after}).first() is not None
        )

    def owed_for(self, key_prefix: str) -> list[tuple[int, Reply]]:
        """What was owed for one reason: keys that begin so."""
        rows = self._connection.execute(
            select(deliveries.c.id, deliveries.c.body)
            .where(deliveries.c.key.startswith(key_prefix, autoescape=True))
            .order_by(deliveries.c.id)
        ).all()
        return [(r.id, parse(r.body, Reply)) for r in rows]

    def handed_over(self, rows: Sequence[int], now: datetime) -> None:
        """Those who fetched these have them."""
        for row in rows:
            _handed_over.changed(self._connection, {"row": row, "at": now})

    def settle(
        self, row: int, fate: str, now: datetime, *, receipt: str | None = None, trouble: str = ""
    ) -> None:
        """The end of one delivery: sent, failed, expired or unknown."""
        self._connection.execute(
            update(deliveries)
            .where(deliveries.c.id == row)
            .values(fate=fate, receipt=receipt, trouble=trouble[:200], settled_at=now, claimed_until=None)
        )

    def put_off(self, row: int, until: datetime, trouble: str) -> None:
        """Try again, not before then."""
        self._connection.execute(
            update(deliveries)
            .where(deliveries.c.id == row)
            .values(fate="waiting", due_at=until, trouble=trouble[:200], claimed_until=None)
        )

    def let_go(self, rows: Sequence[int]) -> None:
        """Claimed, not tried: let it wait again."""
        self._connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(rows))
            .values(fate="waiting", claimed_until=None, attempts=deliveries.c.attempts - 1)
        )

    def sweep(self, now: datetime, grace: timedelta = timedelta(0)) -> int:
        """Deliveries whose process died while sending. Nobody knows whether those got through: answers and
        notices are sent again, a broadcast is settled as unknown. Gives back how many it took up."""
        stuck = (deliveries.c.fate == "sending") & (
            or_(deliveries.c.claimed_until.is_(None), deliveries.c.claimed_until < now - grace)
        )
        lost = self._connection.execute(
            update(deliveries)
            .where(stuck, deliveries.c.lane == int(Lane.BROADCAST))
            .values(fate="unknown", settled_at=now, claimed_until=None)
        ).rowcount
        again = self._connection.execute(
            update(deliveries).where(stuck).values(fate="waiting", claimed_until=None)
        ).rowcount
        if again:
            self._wake("outbox")
        return int(lost + again)

    def free_all(self) -> None:
        """At a start with nobody else about: whatever was being sent, its sender is gone."""
        self._connection.execute(
            update(deliveries).where(deliveries.c.fate == "sending").values(claimed_until=None)
        )

    def expire(self, now: datetime) -> int:
        """Nobody wants these any more."""
        done = self._connection.execute(
            update(deliveries)
            .where(deliveries.c.fate == "waiting", deliveries.c.expires_at < now)
            .values(fate="expired", settled_at=now)
        )
        return int(done.rowcount)

    def receipt_of(self, key: str) -> str | None:
        """The platform's receipt for what was sent for this reason."""
        return self._connection.execute(
            select(deliveries.c.receipt).where(deliveries.c.key == key)
        ).scalar_one_or_none()

    def key_of(self, person: int, receipt: str) -> str | None:
        """The reason of the message that this person has before them."""
        return self._connection.execute(
            select(deliveries.c.key)
            .where(deliveries.c.person_id == person, deliveries.c.receipt == receipt)
            .order_by(deliveries.c.id.desc())
            .limit(1)
        ).scalar_one_or_none()

    def said_to(self, person: int, limit: int) -> list[tuple[int, datetime, Reply]]:
        """The last things we said to somebody, oldest first."""
        rows = self._connection.execute(
            select(deliveries.c.id, deliveries.c.created_at, deliveries.c.body)
            .where(deliveries.c.person_id == person)
            .order_by(deliveries.c.id.desc())
            .limit(limit)
        ).all()
        return [(r.id, r.created_at, parse(r.body, Reply)) for r in reversed(rows)]

    def counts(self) -> dict[str, int]:
        """How many deliveries there are of each open fate."""
        rows = self._connection.execute(
            select(deliveries.c.fate, func.count())
            .where(deliveries.c.fate.in_(["waiting", "sending"]))
            .group_by(deliveries.c.fate)
        ).all()
        return {row[0]: row[1] for row in rows}
