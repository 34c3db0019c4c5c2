"""Step 4 of a message's life: claim what is owed, commit, send, settle. Nothing is sent anywhere else."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from pyrate_limiter import Duration, Limiter, Rate

from bot.channels.base import Channel
from bot.core.errors import Blocked, Refused, Throttled, Uncertain, Unreachable
from bot.store.database import Database
from bot.store.outbox import Due, Lane
from bot.store.tx import Tx

log = logging.getLogger(__name__)

#: Deliveries one process has under way at once.
AT_ONCE = 40
#: Longer than any send may take: after it, whoever claimed a delivery is taken for dead.
CLAIM = timedelta(seconds=90)
#: The longest pause between two attempts.
LONGEST = timedelta(minutes=10)
#: How often to look for what another process has left or made due.
LOOK = 1.0


@dataclass(frozen=True, slots=True)
class Sent:
    receipt: str


@dataclass(frozen=True, slots=True)
class TryAgain:
    after: timedelta
    trouble: str


@dataclass(frozen=True, slots=True)
class GivenUp:
    trouble: str
    stop_writing: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have got through, and to send it again would be worse than not to know."""

    trouble: str


Outcome: TypeAlias = Sent | TryAgain | GivenUp | Unknown


def wait_before(attempt: int) -> timedelta:
    """The pause after this attempt (from 1): 2 s, 4 s, 8 s … up to `LONGEST`."""
    return min(timedelta(seconds=2 ** min(attempt, 20)), LONGEST)


async def attempt(
    channel: Channel, due: Due, *, patience: float, max_attempts: int, editing: str | None = None
) -> Outcome:
    """Try once. The only place in the program that decides about retries.

    `editing`: the receipt of the message that this one takes the place of.
    """
    try:
        async with asyncio.timeout(patience):
            return Sent(await channel.send(due.address, due.reply, editing=editing))
    except Throttled as slow:
        return TryAgain(slow.wait, "throttled")
    except Blocked:
        return GivenUp("blocked", stop_writing=True)
    except Refused as error:
        return GivenUp(str(error) or "refused")
    except (Uncertain, TimeoutError):
        if due.lane is Lane.BROADCAST:
            return Unknown("no answer")
        trouble = "no answer"
    except Unreachable:
        trouble = "unreachable"
    if due.attempts >= max_attempts:
        return GivenUp(trouble)
    return TryAgain(wait_before(due.attempts), trouble)


class Deliveries:
    """The worker of the outbox for channels that push."""

    def __init__(
        self,
        *,
        db: Database,
        channels: Mapping[str, Channel],
        clock: Callable[[], datetime],
        per_second: float,
        patience: float,
        max_attempts: int,
    ) -> None:
        self._db = db
        self._channels = dict(channels)
        self._clock = clock
        self._patience = patience
        self._max_attempts = max_attempts
        rate = (
            Rate(round(per_second), Duration.SECOND) if per_second >= 1 else Rate(1, round(1000 / per_second))
        )
        self._limits = {name: Limiter(rate) for name in channels}
        self._woken = asyncio.Event()
        self._under_way: dict[asyncio.Task[None], int] = {}

    def wake(self) -> None:
        """There may be something to send."""
        self._woken.set()

    async def run(self) -> None:
        """Send what falls due until cancelled; what is under way then is let end."""
        if not self._channels:
            return
        try:
            while True:
                self._woken.clear()
                free = AT_ONCE - sum(self._under_way.values())
                due = await self._claim(free) if free > 0 else []
                for person in _by_person(due):
                    task = asyncio.create_task(self._send_all(person))
                    self._under_way[task] = len(person)
                    task.add_done_callback(self._ended)
                if not due:
                    # Not `wait_for`: before Python 3.12 it may forget that it was cancelled.
                    with suppress(TimeoutError):
                        async with asyncio.timeout(LOOK):
                            await self._woken.wait()
        finally:
            if self._under_way:
                await asyncio.wait(list(self._under_way), timeout=5)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task]
        self._woken.set()
        if not task.cancelled() and task.exception() is not None:
            log.error("a delivery ended badly; the sweep will take it up", exc_info=task.exception())

    async def _claim(self, limit: int) -> list[Due]:
        now = self._clock()
        names = list(self._channels)
        try:
            return await self._db.write(lambda tx: tx.outbox.claim(names, now, now + CLAIM, limit))
        except Exception:
            log.exception("nothing could be claimed; looking again soon")
            return []

    async def _send_all(self, dues: list[Due]) -> None:
        """One person's messages, in their order. If one must wait, those after it wait too."""
        began = self._clock()
        for index, due in enumerate(dues):
            if self._clock() - began > CLAIM / 3:  # or the sweep would take us for dead
                await self._db.write(lambda tx, r=[d.id for d in dues[index:]]: tx.outbox.let_go(r))  # type: ignore[misc]
                return
            await self._limits[due.channel].try_acquire_async(due.channel)
            outcome = await attempt(
                self._channels[due.channel],
                due,
                patience=self._patience,
                max_attempts=self._max_attempts,
                editing=await self._receipt_of(due.reply.replaces),
            )
            rest = [later.id for later in dues[index + 1 :]] if isinstance(outcome, TryAgain) else []
            await self._db.write(lambda tx, d=due, o=outcome, r=rest: self._settle(tx, d, o, r))  # type: ignore[misc]
            if rest or isinstance(outcome, TryAgain):
                return

    async def _receipt_of(self, key: str | None) -> str | None:
        """Asked at the last moment: what is replaced may have been claimed together with this."""
        return await self._db.read(lambda tx: tx.outbox.receipt_of(key)) if key else None

    def _settle(self, tx: Tx, due: Due, outcome: Outcome, rest: list[int]) -> None:
        now = self._clock()
        match outcome:
            case Sent(receipt):
                tx.outbox.settle(due.id, "sent", now, receipt=receipt)
            case TryAgain(after, trouble):
                tx.outbox.put_off(due.id, now + after, trouble)
                log.warning("delivery %d put off for %s: %s", due.id, after, trouble)
            case Unknown(trouble):
                tx.outbox.settle(due.id, "unknown", now, trouble=trouble)
            case GivenUp(trouble, stop_writing):
                tx.outbox.settle(due.id, "failed", now, trouble=trouble)
                log.error("delivery %d given up: %s", due.id, trouble)
                if stop_writing:
                    tx.people.block(due.person, now)
                if due.lane is Lane.NOTICE:
                    # An officer is shown every notice that did not arrive, so that somebody can telephone.
                    tx.dossiers.call_officer(
                        due.person, f"Không gửi được tin báo: {due.reply.text[:120]}", now
                    )
        if rest:
            tx.outbox.let_go(rest)


def _by_person(dues: list[Due]) -> list[list[Due]]:
    people: dict[int, list[Due]] = defaultdict(list)
    for due in dues:
        people[due.person].append(due)
    return list(people.values())
