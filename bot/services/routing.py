"""Who is to take up a new dossier, and who is next if they do not.

It is only an invitation: whoever may move dossiers can take it up. The group hears who is meant, the officer
also in private if their account is known.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.core.calendar import END_OF_DAY, ZONE, Calendar
from bot.core.messages import Reply
from bot.services.wording import RoutingWords, say
from bot.store.database import Database
from bot.store.dossiers import Dossier
from bot.store.outbox import Lane
from bot.store.routing import Candidate, Offer
from bot.store.tx import Tx

#: When a day at the desk is taken to begin; no source tells it (see data/offices.yml), and an hour more or
#: less only moves a reminder.
BEGIN_OF_DAY = time(7, 30)
_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingLimits:
    """How long an invitation stands, in working time, and how many there are."""

    unclaimed_minutes: int = 60
    most_offers: int = 4


class Routing:
    def __init__(
        self,
        *,
        db: Database,
        calendar: Calendar,
        words: RoutingWords,
        limits: RoutingLimits,
        group: tuple[str, str],
        clock: Callable[[], datetime],
    ) -> None:
        """`group`: channel and address of the officers' group; without an address only the desk shows it."""
        self._db = db
        self._calendar = calendar
        self._words = words
        self._limits = limits
        self._group = group
        self._clock = clock

    def offer(self, tx: Tx, dossier: Dossier, now: datetime) -> None:
        """A new dossier: invite the first officer."""
        self._offer(tx, dossier, [], now)

    async def run(self) -> None:
        """Invite the next one wherever nobody took the dossier up. Run again, it invites nobody twice."""
        now = self._clock()
        standing = timedelta(minutes=self._limits.unclaimed_minutes)
        if not self._at_work(now):
            return

        def due(tx: Tx) -> list[Offer]:
            found = tx.routing.waiting(now - standing, _AT_ONCE)
            return [
                one
                for one in found
                if one.number < self._limits.most_offers
                and working_time(self._calendar, one.at, now) >= standing
            ]

        def again(tx: Tx) -> None:
            for one in due(tx):
                self._offer(tx, tx.dossiers.get(one.dossier), tx.routing.of_dossier(one.dossier), now)

        if await self._db.read(due):
            await self._db.write(again)

    def _offer(self, tx: Tx, dossier: Dossier, before: list[Offer], now: datetime) -> None:
        candidates = tx.routing.candidates()
        chosen = choose(candidates, dossier.field, frozenset(one.officer for one in before))
        if chosen is None or not tx.routing.offer(dossier.id, len(before) + 1, chosen.id, now):
            return
        number = len(before) + 1
        values = {"ma_ho_so": dossier.code, "thu_tuc": dossier.procedure_name, "can_bo": chosen.name}
        lines = [say(self._words.invite if number == 1 else self._words.again, **values)]
        heads = [one for one in candidates if one.head and one.id != chosen.id] if number > 1 else []
        if heads:
            lines.append(say(self._words.head, can_bo=", ".join(one.name for one in heads)))
        reply = Reply(text=" ".join(lines))
        channel, address = self._group
        if address:
            group = tx.people.meet(channel, address, "", now)
            tx.outbox.owe(group.id, reply, lane=Lane.NOTICE, key=f"offer:{dossier.id}:{number}", now=now)
        for one in (chosen, *heads):
            self._tell(tx, one, reply, f"offer:{dossier.id}:{number}:{one.id}", now)

    def _tell(self, tx: Tx, officer: Candidate, reply: Reply, key: str, now: datetime) -> None:
        """In private, to whoever has written to us before: a platform lets us write to nobody else."""
        known = tx.people.find(self._group[0], officer.telegram_id) if officer.telegram_id else None
        if known is not None and known.blocked_at is None:
            tx.outbox.owe(known.id, reply, lane=Lane.NOTICE, key=key, now=now)

    def _at_work(self, now: datetime) -> bool:
        local = now.astimezone(ZONE)
        return self._calendar.is_working_day(local.date()) and BEGIN_OF_DAY <= local.time() <= END_OF_DAY


def choose(candidates: list[Candidate], field: str, asked: frozenset[int]) -> Candidate | None:
    """Who is next: of those who work on this field and were not asked yet, whoever has least in hand, then
    whoever was asked longest ago. Nobody left: a head, then anybody of the field again."""
    fitting = [one for one in candidates if not one.fields or field in one.fields]
    for group in (
        [one for one in fitting if one.id not in asked and not one.head],
        [one for one in candidates if one.head and one.id not in asked],
        fitting,
    ):
        if group:
            return min(group, key=_order)
    return None


def _order(one: Candidate) -> tuple[int, float, int]:
    return one.busy, one.offered_at.timestamp() if one.offered_at else 0.0, one.id


def working_time(calendar: Calendar, since: datetime, until: datetime) -> timedelta:
    """How much of the time between lies on working days, from `BEGIN_OF_DAY` to `END_OF_DAY`."""
    start, end = since.astimezone(ZONE), until.astimezone(ZONE)
    total, day = timedelta(), start.date()
    while day <= end.date():
        if calendar.is_working_day(day):
            first = max(start, datetime.combine(day, BEGIN_OF_DAY, ZONE))
            last = min(end, datetime.combine(day, END_OF_DAY, ZONE))
            total += max(timedelta(), last - first)
        day += timedelta(days=1)
    return total


def field_names(duty: Mapping[int, tuple[tuple[str, ...], bool]], officer: int) -> str:
    """For lists: the fields of an officer, or that it is all."""
    fields, head = duty.get(officer, ((), False))
    said = ", ".join(fields) or "mọi lĩnh vực"
    return f"{said}, phụ trách chung" if head else said
