"""Who talks to us, and where each stands in their conversation."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import Connection

from bot.core.errors import Conflict
from bot.store.prepared import Prepared
from bot.store.tables import people

_columns = (
    people.c.id,
    people.c.channel,
    people.c.address,
    people.c.name,
    people.c.state,
    people.c.version,
    people.c.blocked_at,
)
_find = Prepared(
    select(*_columns).where(
        people.c.channel == bindparam("channel"), people.c.address == bindparam("address")
    )
)
_get = Prepared(select(*_columns).where(people.c.id == bindparam("id")))
_add = insert(people).returning(people.c.id)
_stand = Prepared(
    update(people)
    .where(people.c.id == bindparam("person"), people.c.version == bindparam("was"))
    .values(state=bindparam("now_at"), version=people.c.version + 1)
)
_block = update(people).where(people.c.id == bindparam("person")).values(blocked_at=bindparam("at"))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on one channel. `state` is JSON of the conversation, empty when nothing is in hand."""

    id: int
    channel: str
    address: str
    name: str
    state: str
    version: int
    #: They do not want to hear from us, since then.
    blocked_at: datetime | None = None


class People:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def meet(self, channel: str, address: str, name: str, now: datetime) -> Person:
        """The person at this address, written down if we meet for the first time."""
        known = _find.one_or_none(self._connection, {"channel": channel, "address": address})
        if known is not None:
            return Person(*known)
        values = {"channel": channel, "address": address, "name": name[:200], "created_at": now}
        made = self._connection.execute(_add, values).scalar_one()
        return Person(made, channel, address, name[:200], "", 0)

    def find(self, channel: str, address: str) -> Person | None:
        known = _find.one_or_none(self._connection, {"channel": channel, "address": address})
        return None if known is None else Person(*known)

    def get(self, person: int) -> Person:
        (known,) = _get.all(self._connection, {"id": person})
        return Person(*known)

    def stand(self, person: int, state: str, *, was: int) -> None:
        """Write down where somebody stands now. Conflict if they are no longer where we read them (`was`)."""
        if _stand.changed(self._connection, {"person": person, "now_at": state, "was": was}) != 1:
            raise Conflict("the conversation has moved on")

    def block(self, person: int, now: datetime | None) -> None:
        """They have blocked us (`now`), or are back (None)."""
        self._connection.execute(_block, {"person": person, "at": now})
