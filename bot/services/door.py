"""The one way in, and the way out for those who come and fetch: what every channel is given."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from bot.channels.base import Owed, Spoken
from bot.core.messages import Attachment, Incoming
from bot.services.papers import Papers
from bot.services.receive import CLAIM, Taken, take_in
from bot.services.turn import Decided, Turns
from bot.store.blobs import Blobs
from bot.store.database import Database
from bot.store.tx import Tx

log = logging.getLogger(__name__)

#: Turns under way at once; what comes above it waits in the inbox for the sweep.
AT_ONCE = 400
#: Handed-over rows are settled together, this often (seconds).
SETTLE = 0.02
#: Another process may have owed something: look this often while somebody waits (seconds).
LOOK = 2.0


class FrontDoor:
    """`bot.channels.base.Door`, on our inbox and outbox."""

    def __init__(
        self, *, db: Database, turns: Turns, papers: Papers, blobs: Blobs, clock: Callable[[], datetime]
    ) -> None:
        self._db = db
        self._turns = turns
        self._papers = papers
        self._blobs = blobs
        self._clock = clock
        self._under_way: set[asyncio.Task[object]] = set()
        self._handed_over: list[int] = []
        self._settling: asyncio.Task[None] | None = None
        self._waiting: dict[int, set[asyncio.Event]] = {}

    async def receive(self, incoming: Incoming) -> None:
        taken = await self._take_in(incoming)
        if taken.open and len(self._under_way) < AT_ONCE and taken.fresh:
            self._begin(taken, incoming, attempts=0)

    async def converse(self, incoming: Incoming) -> Sequence[Owed]:
        taken, decided = await self._take_in_and_answer(incoming)
        if decided is not None:
            return [Owed(id=row, reply=reply) for row, reply in decided.replies]
        if not taken.open:
            return await self._said(taken.row)
        # The turn goes on to its end even if whoever asked hangs up.
        decided = await asyncio.shield(self._begin(taken, incoming, attempts=0, in_hand=True))
        if not taken.fresh and not decided.replies:  # the same message is being answered elsewhere
            return await self._said(taken.row)
        return [Owed(id=row, reply=reply) for row, reply in decided.replies]

    async def _said(self, row: int) -> list[Owed]:
        """What was answered to this message."""
        said = await self._db.read(lambda tx: tx.outbox.owed_for(f"reply:{row}:"))
        return [Owed(id=delivery, reply=reply) for delivery, reply in said]

    async def collect(
        self, channel: str, sender: str, *, after: int = 0, wait: float = 0.0
    ) -> Sequence[Owed]:
        person = await self._db.read(lambda tx: tx.people.find(channel, sender))
        if person is None:
            if wait:
                await asyncio.sleep(min(wait, LOOK))
            return []
        woken = asyncio.Event()
        self._waiting.setdefault(person.id, set()).add(woken)
        try:
            return await self._collect(person.id, after, wait, woken)
        finally:
            waiting = self._waiting[person.id]
            waiting.discard(woken)
            if not waiting:
                del self._waiting[person.id]

    async def _collect(self, person: int, after: int, wait: float, woken: asyncio.Event) -> list[Owed]:
        loop = asyncio.get_running_loop()
        until = loop.time() + wait
        while True:
            woken.clear()
            something = await self._db.read(lambda tx: tx.outbox.anything_for(person, after))
            if something and (rows := await self._take(person, after)):
                return rows
            left = until - loop.time()
            if left <= 0:
                return []
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, LOOK)):
                    await woken.wait()

    async def _take(self, person: int, after: int) -> list[Owed]:
        now = self._clock()
        rows = await self._db.write(lambda tx: tx.outbox.take(person, after, now, now + CLAIM))
        return [Owed(id=row, reply=reply) for row, reply in rows]

    async def settle(self, ids: Sequence[int]) -> None:
        self._handed_over.extend(ids)
        if self._handed_over and self._settling is None:
            self._settling = asyncio.create_task(self._settle_soon())

    async def history(self, channel: str, sender: str, *, limit: int = 50) -> Sequence[Spoken]:
        def lines(tx: Tx) -> list[Spoken]:
            person = tx.people.find(channel, sender)
            if person is None:
                return []
            said = [
                Spoken(at=at, incoming=incoming) for _, at, incoming in tx.inbox.said_by(person.id, limit)
            ]
            told = [
                Spoken(at=at, owed=Owed(id=row, reply=reply))
                for row, at, reply in tx.outbox.said_to(person.id, limit)
            ]
            return sorted([*said, *told], key=lambda line: line.at)[-limit:]

        return await self._db.read(lines)

    async def keep_file(self, name: str, content: bytes) -> Attachment:
        return await self._papers.keep(name, content)

    def file_path(self, file: str) -> Path | None:
        return self._blobs.path(file)

    async def may_show(self, channel: str, sender: str, file: str) -> bool:
        def theirs(tx: Tx) -> bool:
            person = tx.people.find(channel, sender)
            kept = tx.files.get(file)
            return person is not None and kept is not None and kept.person == person.id

        return await self._db.read(theirs)

    def wake(self, topics: frozenset[str]) -> None:
        """After a commit: somebody who waits may be owed something."""
        for topic in topics:
            if topic.startswith("person:"):
                for event in self._waiting.get(int(topic[7:]), ()):
                    event.set()

    async def sweep(self) -> int:
        """Take up what was written down but never answered: its process died, or its turn failed."""
        now = self._clock()
        left = await self._db.write(lambda tx: tx.inbox.claim_left(now, now + CLAIM))
        for heard in left:
            person = await self._db.read(lambda tx, who=heard.person: tx.people.get(who))  # type: ignore[misc]
            taken = Taken(heard.id, person, fresh=False, open=True)
            self._begin(taken, heard.incoming, attempts=heard.attempts)
        return len(left)

    async def close(self) -> None:
        """Let turns under way end and write down what was handed over."""
        if self._under_way:
            await asyncio.wait(list(self._under_way), timeout=10)
        while self._settling is not None:
            await self._settling

    async def _take_in(self, incoming: Incoming) -> Taken:
        now = self._clock()
        return await self._db.write(lambda tx: take_in(tx, incoming, now))

    async def _take_in_and_answer(self, incoming: Incoming) -> tuple[Taken, Decided | None]:
        """Written down, and answered in the same transaction if that needs nothing but the database.

        Whoever waits is told nothing before it commits, so nothing is lost that was said to be safe.
        """
        now = self._clock()

        def both(tx: Tx) -> tuple[Taken, Decided | None]:
            taken = take_in(tx, incoming, now)
            return taken, self._turns.at_once(tx, taken, incoming, now) if taken.fresh else None

        try:
            return await self._db.write(both)
        except Exception:
            # Not even the message is kept. Step by step it will be; if its turn fails again, that is seen to.
            return await self._take_in(incoming), None

    def _begin(
        self, taken: Taken, incoming: Incoming, *, attempts: int, in_hand: bool = False
    ) -> asyncio.Task[Decided]:
        task = asyncio.create_task(self._turns.answer(taken, incoming, in_hand=in_hand, attempts=attempts))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def _settle_soon(self) -> None:
        try:
            await asyncio.sleep(SETTLE)
            while self._handed_over:
                rows, self._handed_over = self._handed_over, []
                now = self._clock()
                await self._db.write(lambda tx, rows=rows, now=now: tx.outbox.handed_over(rows, now))  # type: ignore[misc]
        finally:
            self._settling = None
