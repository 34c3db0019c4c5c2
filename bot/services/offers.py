"""What a conversation may know of the ward's books, read from the turn's own transaction."""

from datetime import date, datetime

from bot.core.offers import Booked, Filed
from bot.services.appointments import Appointments
from bot.services.reports import Reports
from bot.services.theirs import Theirs
from bot.store.people import Person
from bot.store.tx import Tx


class TurnOffers:
    """`bot.core.offers.Offers` for one turn of one person. A half hour is looked up once."""

    def __init__(
        self,
        tx: Tx,
        person: Person,
        now: datetime,
        *,
        appointments: Appointments,
        reports: Reports,
        theirs: Theirs,
    ) -> None:
        self._tx = tx
        self._person = person
        self._now = now
        self._appointments = appointments
        self._reports = reports
        self._theirs = theirs
        self._times: dict[tuple[str, date], tuple[str, ...]] = {}

    def times(self, counter: str, day: date) -> tuple[str, ...]:
        if (counter, day) not in self._times:
            self._times[counter, day] = self._appointments.times(self._tx, counter, day, self._now)
        return self._times[counter, day]

    def days(self, counter: str, after: date, count: int) -> tuple[date, ...]:
        return self._appointments.days(self._tx, counter, after, count, self._now)

    def appointments(self) -> tuple[Booked, ...]:
        coming = self._tx.appointments.coming(self._person.id, self._now)
        return tuple(Booked(code=one.code, hour=one.hour) for one in coming)

    def filed(self) -> tuple[Filed, ...]:
        return self._theirs.filed(self._tx, self._person)

    def may_reopen(self, code: str) -> bool:
        return self._reports.may_reopen(self._tx, self._person, code)
