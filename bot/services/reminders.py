"""Reminds of appointments: on the working day before, and shortly before. By the clock, each once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.core.calendar import ZONE, Calendar
from bot.services.appointments import Appointments, reminder_keys
from bot.store.appointments import Appointment
from bot.store.database import Database
from bot.store.outbox import Lane
from bot.store.tx import Tx

#: No working day is further from the one before it (Tết).
_FAR = timedelta(days=20)
#: A clock that stood still makes up for it so long; later the reminder would only confuse.
_LATE_DAY_BEFORE = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Reminder:
    appointment: Appointment
    key: str
    sentence: str


class Reminders:
    def __init__(
        self,
        *,
        db: Database,
        appointments: Appointments,
        calendar: Calendar,
        clock: Callable[[], datetime],
        remind_at: time,
        minutes_before: int,
    ) -> None:
        """`remind_at`: when on the working day before; `minutes_before`: how long before the hour itself."""
        self._db = db
        self._appointments = appointments
        self._calendar = calendar
        self._clock = clock
        self._remind_at = remind_at
        self._before = timedelta(minutes=minutes_before)

    async def run(self) -> None:
        """Owe every reminder whose time has come. Run again, or beside another, it owes nothing twice."""
        now = self._clock()
        if await self._db.read(lambda tx: self._due(tx, now)):
            await self._db.write(lambda tx: self._owe(tx, now))

    def _owe(self, tx: Tx, now: datetime) -> None:
        words = self._appointments.words
        for one in self._due(tx, now):
            held = tx.appointments.hold(one.appointment.id)
            if held is not None:
                reply = self._appointments.notice(tx, held, one.sentence, words.buttons)
                until = held.hour.starts_at
                tx.outbox.owe(held.person, reply, lane=Lane.NOTICE, key=one.key, now=now, expires_at=until)

    def _due(self, tx: Tx, now: datetime) -> list[Reminder]:
        found = [
            reminder for one in tx.appointments.between(now, now + _FAR) for reminder in self._of(one, now)
        ]
        owed = tx.outbox.owed_already([one.key for one in found]) if found else frozenset()
        return [one for one in found if one.key not in owed]

    def _of(self, one: Appointment, now: datetime) -> Iterator[Reminder]:
        """The reminders of an appointment whose time it is; none from before it was booked."""
        words, (day_before, hour_before) = self._appointments.words, reminder_keys(one.id)
        at = one.hour.starts_at
        early = datetime.combine(self._working_day_before(at.astimezone(ZONE).date()), self._remind_at, ZONE)
        if one.booked_at <= early <= now < min(early + _LATE_DAY_BEFORE, at):
            yield Reminder(one, day_before, words.day_before)
        shortly = at - self._before
        if one.booked_at <= shortly <= now < at:
            yield Reminder(one, hour_before, words.hour_before)

    def _working_day_before(self, day: date) -> date:
        before = day - timedelta(days=1)
        while not self._calendar.is_working_day(before):
            before -= timedelta(days=1)
        return before
