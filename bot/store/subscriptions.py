"""Who wants news of what."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from bot.store.tables import subscriptions


class Subscriptions:
    """A person and a topic are together once: following twice is following once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, person: int) -> frozenset[str]:
        """The topics this person follows."""
        found = select(subscriptions.c.topic).where(subscriptions.c.person_id == person)
        return frozenset(self._connection.execute(found).scalars())

    def follow(self, person: int, topic: str, now: datetime) -> None:
        if topic not in self.of(person):
            values = {"person_id": person, "topic": topic, "since": now}
            self._connection.execute(insert(subscriptions).values(values))

    def unfollow(self, person: int, topic: str | None = None) -> None:
        """Stop one topic, or (None) all."""
        gone = delete(subscriptions).where(subscriptions.c.person_id == person)
        if topic is not None:
            gone = gone.where(subscriptions.c.topic == topic)
        self._connection.execute(gone)
