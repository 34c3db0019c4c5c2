"""Reminds officers of what is nearly due or overdue. By the clock, each once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.calendar import ZONE, Calendar
from bot.core.messages import Reply
from bot.services.dossiers import Dossiers
from bot.services.wording import say
from bot.store.database import Database
from bot.store.dossiers import Dossier
from bot.store.outbox import Lane
from bot.store.tx import Tx

#: What one run takes up; the next minute takes up the rest.
_AT_ONCE = 200
#: What the clock has said, as the dossier keeps it.
BEFORE, PASSED = "before", "passed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRules:
    """When officers are reminded."""

    #: So many working days before, at the same hour.
    days_before: int
    #: For what is due on the day itself, counted in hours, or received after that.
    hours_before: int
    #: The resident of an overdue dossier is told so although no officer has apologised yet.
    apologise_by_itself: bool


class Urgency(Protocol):
    """What must be known of a procedure."""

    def urgent(self, procedure: str) -> bool:
        """Is it counted in hours, or due on the day itself?"""
        ...


class Announcer(Protocol):
    """Who tells the officers (their chat group)."""

    def reminded(self, tx: Tx, dossier: Dossier, text: str, key: str, now: datetime) -> None: ...


class Deadlines:
    def __init__(
        self,
        *,
        db: Database,
        dossiers: Dossiers,
        ward: Urgency,
        calendar: Calendar,
        announcer: Announcer,
        rules: ReminderRules,
        clock: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._words = dossiers.words
        self._dossiers = dossiers
        self._ward = ward
        self._calendar = calendar
        self._announcer = announcer
        self._rules = rules
        self._clock = clock

    async def run(self) -> None:
        """Owe every reminder whose time has come. Run again, or beside another, it owes nothing twice."""
        now = self._clock()
        if await self._db.read(lambda tx: self._found(tx, now)):
            await self._db.write(lambda tx: self._owe(tx, now))

    def remind_at(self, dossier: Dossier) -> datetime | None:
        """When its officer hears that it is nearly due; None while nothing is promised."""
        if dossier.due_at is None:
            return None
        shortly = dossier.due_at - timedelta(hours=self._rules.hours_before)
        if self._ward.urgent(dossier.procedure):
            return shortly
        early = dossier.due_at
        for _ in range(self._rules.days_before):
            early = self._calendar.day_before(early)
        return early if early > dossier.moved_at else shortly

    # ── what is due to be said ──

    def _found(self, tx: Tx, now: datetime) -> list[tuple[str, Dossier]]:
        late = tx.dossiers.due_before(now, (PASSED,), _AT_ONCE)
        soon = [
            one
            for one in tx.dossiers.due_before(self._horizon(now), (BEFORE, PASSED), _AT_ONCE)
            if one.due_at is not None and one.due_at >= now and _reached(self.remind_at(one), now)
        ]
        return [*((PASSED, one) for one in late), *((BEFORE, one) for one in soon)]

    def _horizon(self, now: datetime) -> datetime:
        """Nothing that is due later is to be reminded of now."""
        today = now.astimezone(ZONE).date()
        days = self._calendar.next_working_days(today, self._rules.days_before + 1)
        return self._calendar.end_of(days[-1])

    def _owe(self, tx: Tx, now: datetime) -> None:
        for what, dossier in self._found(tx, now):
            if tx.dossiers.note_reminder(dossier, what):
                self._remind(tx, what, dossier, now)

    def _remind(self, tx: Tx, what: str, dossier: Dossier, now: datetime) -> None:
        assert dossier.due_at is not None, "only what is promised is due"
        key = f"due:{dossier.id}:{dossier.due_at.astimezone(ZONE):%Y-%m-%dT%H:%M}"
        sentence = {BEFORE: self._words.card.before, PASSED: self._words.card.passed}
        values = {
            "ma_ho_so": dossier.code,
            "thu_tuc": dossier.procedure_name,
            "can_bo": self._called(tx, what, dossier),
            "han_tra": self._dossiers.due_text(dossier),
        }
        self._announcer.reminded(tx, dossier, say(sentence[what], **values), f"{key}:{what}", now)
        if what == PASSED and self._rules.apologise_by_itself:
            sorry = Reply(text=say(self._words.apology_by_itself, **values))
            tx.outbox.owe(dossier.person, sorry, lane=Lane.NOTICE, key=f"{key}:sorry", now=now)

    def _called(self, tx: Tx, what: str, dossier: Dossier) -> str:
        """By name: whose dossier it is, and the head when it is late."""
        names = [dossier.officer_name or self._words.card.nobody]
        if what == PASSED:
            names += [one.name for one in tx.routing.heads() if one.id != dossier.officer]
        return ", ".join(names)


def _reached(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now
