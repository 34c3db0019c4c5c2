"""Finds what a crash left behind, and what has had its time. It can be run again at any moment."""

import logging
from collections.abc import Callable
from datetime import datetime

from bot.services.door import FrontDoor
from bot.store.database import Database
from bot.store.tx import Tx

log = logging.getLogger(__name__)


class Sweep:
    def __init__(self, *, db: Database, door: FrontDoor, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._door = door
        self._clock = clock

    async def run(self) -> None:
        """Answer what was left in the inbox, free what was being sent, drop what nobody wants any more."""
        now = self._clock()

        def tidy(tx: Tx) -> tuple[int, int]:
            tx.officers.close_ended_sessions(now)
            return tx.outbox.sweep(now), tx.outbox.expire(now)

        freed, expired = await self._db.write(tidy)
        answered = await self._door.sweep()
        if freed or expired or answered:
            log.info("sweep: %d messages taken up, %d deliveries freed, %d expired", answered, freed, expired)

    async def begin(self, alone: bool) -> None:
        """At the start. `alone`: no other process works on this database, so whatever is claimed was left."""
        if alone:
            await self._db.write(_free_all)
        await self.run()


def _free_all(tx: Tx) -> None:
    tx.inbox.free_all()
    tx.outbox.free_all()
