"""One transaction, with a repository for each kind of thing."""

from functools import cached_property

from sqlalchemy.engine import Connection

from bot.store.appointments import Appointments
from bot.store.dossiers import Dossiers
from bot.store.files import Files
from bot.store.handovers import Handovers
from bot.store.inbox import Inbox
from bot.store.lookups import Lookups
from bot.store.officers import Officers
from bot.store.outbox import Outbox
from bot.store.people import People
from bot.store.ratings import Ratings
from bot.store.routing import Routing
from bot.store.slips import Slips
from bot.store.subscriptions import Subscriptions
from bot.store.unclear import UnclearMessages


class Tx:
    """What a unit of work is given. Everything done through it is kept together or not at all."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._topics: set[str] = set()

    @cached_property
    def people(self) -> People:
        return People(self.connection)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self.connection)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.connection, self.wake)

    @cached_property
    def dossiers(self) -> Dossiers:
        return Dossiers(self.connection)

    @cached_property
    def appointments(self) -> Appointments:
        return Appointments(self.connection)

    @cached_property
    def ratings(self) -> Ratings:
        return Ratings(self.connection)

    @cached_property
    def files(self) -> Files:
        return Files(self.connection)

    @cached_property
    def handovers(self) -> Handovers:
        return Handovers(self.connection)

    @cached_property
    def lookups(self) -> Lookups:
        return Lookups(self.connection)

    @cached_property
    def officers(self) -> Officers:
        return Officers(self.connection)

    @cached_property
    def routing(self) -> Routing:
        return Routing(self.connection)

    @cached_property
    def slips(self) -> Slips:
        return Slips(self.connection)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        return Subscriptions(self.connection)

    @cached_property
    def unclear(self) -> UnclearMessages:
        return UnclearMessages(self.connection)

    def wake(self, topic: str) -> None:
        """After the commit, tell whoever waits for this."""
        self._topics.add(topic)

    @property
    def topics(self) -> frozenset[str]:
        return frozenset(self._topics)
