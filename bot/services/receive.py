"""Step 1 of a message's life: it is written down, and only then is the platform told that we have it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.messages import Incoming
from bot.store.people import Person
from bot.store.tx import Tx

#: How long whoever wrote it down has to answer it before the sweep takes it up.
CLAIM = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Taken:
    """A message in the inbox, and who said it."""

    row: int
    person: Person
    #: False: the platform delivered it twice.
    fresh: bool
    #: Is it still to be answered?
    open: bool


def take_in(tx: Tx, incoming: Incoming, now: datetime) -> Taken:
    """Write a message down, once for each (channel, external id). In a group, the group speaks."""
    name = "" if incoming.group else incoming.sender_name
    person = tx.people.meet(incoming.channel, incoming.group or incoming.sender, name, now)
    if person.blocked_at is not None:
        tx.people.block(person.id, None)
    row, fresh, still_open = tx.inbox.keep(person.id, incoming, now, now + CLAIM)
    if fresh:
        tx.files.keep(person.id, incoming.files, now)
    return Taken(row, person, fresh, still_open)
