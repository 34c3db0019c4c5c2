"""Who is to take up a new dossier, and who is next if they do not.

It is only an invitation: whoever may move dossiers can take it up. The group hears who is meant, the officer
also in private if their account is known.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.catalogue.desks import Whose, Work
from bot.core.calendar import Calendar
from bot.core.messages import Button, Reply
from bot.services.wording import RoutingWords, say
from bot.store.database import Database
from bot.store.dossiers import Dossier
from bot.store.outbox import Lane
from bot.store.routing import Candidate, Unclaimed
from bot.store.tx import Tx

_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingLimits:
    """How long an invitation stands, in working time, and how many there are."""

    unclaimed_minutes: int = 60
    most_offers: int = 4


class Cards(Protocol):
    """Who shows officers a dossier (their chat group)."""

    def offered(
        self, tx: Tx, dossier: Dossier, said: str, number: int, now: datetime, *, just_opened: bool
    ) -> None:
        """`said`: who is invited; `number`: of the invitation, from 1."""
        ...

    def desk_button(self, path: str) -> tuple[Button, ...]:
        """A way to a page of the desk, where there is one."""
        ...


class Routing:
    def __init__(
        self,
        *,
        db: Database,
        work: Work,
        calendar: Calendar,
        words: RoutingWords,
        limits: RoutingLimits,
        cards: Cards,
        channel: str,
        clock: Callable[[], datetime],
    ) -> None:
        """`channel`: where officers are told in private."""
        self._db = db
        self._work = work
        self._calendar = calendar
        self._words = words
        self._limits = limits
        self._cards = cards
        self._channel = channel
        self._clock = clock

    def offer(self, tx: Tx, dossier: Dossier, now: datetime) -> None:
        """A new dossier: invite the first officer. What comes at night is offered in the morning (`run`)."""
        if self._calendar.at_work(now):
            self._offer(tx, dossier, 0, now, just_opened=True)

    async def run(self) -> None:
        """Invite the next one wherever nobody took a dossier up. Run again, it invites nobody twice."""
        now = self._clock()
        if not self._calendar.at_work(now):
            return
        if await self._db.read(lambda tx: self._due(tx, now)):
            await self._db.write(lambda tx: self._again(tx, now))

    def _due(self, tx: Tx, now: datetime) -> list[Unclaimed]:
        standing = timedelta(minutes=self._limits.unclaimed_minutes)
        return [
            one
            for one in tx.routing.unclaimed(now - standing, self._limits.most_offers)
            if one.at is None or self._calendar.working_time(one.at, now) >= standing
        ]

    def _again(self, tx: Tx, now: datetime) -> None:
        made = 0
        for one in self._due(tx, now):
            made += self._offer(tx, tx.dossiers.get(one.dossier), one.offers, now, just_opened=False)
            if made == _AT_ONCE:
                return

    def _offer(self, tx: Tx, dossier: Dossier, after: int, now: datetime, *, just_opened: bool) -> bool:
        """Make the offer after so many; False if there is nobody, or another process has just made it."""
        before = tx.routing.of_dossier(dossier.id)
        if len(before) != after:
            return False
        candidates, number = tx.routing.candidates(), len(before) + 1
        whose = self._work.of(dossier.field, dossier.procedure)
        chosen = choose(candidates, whose, frozenset(one.officer for one in before))
        if chosen is None or not tx.routing.offer(dossier.id, number, chosen.id, now):
            return False
        heads = [one for one in candidates if one.head and one.id != chosen.id] if number > 1 else []
        values = {
            "ma_ho_so": dossier.code,
            "thu_tuc": dossier.procedure_name,
            "can_bo": chosen.name,
            "phu_trach": ", ".join(one.name for one in heads),
            "noi": whose.desk,
        }
        words = self._words
        said = [say(words.desk, **values)] if whose.desk else []
        said.append(say(words.invite if number == 1 else words.again, **values))
        said += [say(words.head, **values)] if heads else []
        self._cards.offered(tx, dossier, " ".join(said), number, now, just_opened=just_opened)
        self._tell(tx, chosen, say(words.you, **values), dossier, number, now)
        for head in heads:
            self._tell(tx, head, say(words.you_lead, **values), dossier, number, now)
        return True

    def _tell(
        self, tx: Tx, officer: Candidate, said: str, dossier: Dossier, number: int, now: datetime
    ) -> None:
        """In private, to whoever has written to us before: a platform lets us write to nobody else."""
        known = tx.people.find(self._channel, officer.telegram_id) if officer.telegram_id else None
        if known is not None and known.blocked_at is None:
            reply = Reply(text=said, buttons=self._cards.desk_button(f"/dossiers/{dossier.id}"))
            key = f"unclaimed:{dossier.id}:{number}:{officer.id}"
            tx.outbox.owe(known.id, reply, lane=Lane.NOTICE, key=key, now=now)


def choose(candidates: list[Candidate], whose: Whose, asked: frozenset[int]) -> Candidate | None:
    """Who is next: of those who work on this and were not asked yet, whoever has least in hand, then whoever
    was asked longest ago. Nobody left: a head, then anybody of those who work on this again.

    What belongs to a desk is for those who name it; for those who work on everything only if nobody does.
    """
    own = [one for one in candidates if whose.names.intersection(one.fields)]
    fitting = own if own and whose.desk else [*own, *(one for one in candidates if not one.fields)]
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


def field_names(duty: Mapping[int, tuple[tuple[str, ...], bool]], officer: int) -> str:
    """For lists: the fields of an officer, or that it is all."""
    fields, head = duty.get(officer, ((), False))
    said = "; ".join(fields) or "mọi lĩnh vực"
    return f"{said}, phụ trách chung" if head else said
