"""Working days and deadlines of a Vietnamese office.

The day of receipt is not counted, and a period that ends on a day off ends on the next working day
(Bộ luật Dân sự 2015, Điều 147-148). What is received on a day off counts as received on the next working day.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

#: Same-day results: what comes later than this is given back on the next working day.
SAME_DAY_UNTIL = time(15, 0)
#: When a day at the desk is taken to begin; no source tells it (see data/offices.yml), and an hour more or
#: less only moves a reminder.
BEGIN_OF_DAY = time(7, 30)
#: When a day at the desk ends, and with it every period counted in days.
END_OF_DAY = time(17, 0)
_WHOLE_DAY = timedelta(days=1)

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days the ward works. `working` are Saturdays and Sundays worked in exchange for another day."""

    holidays: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()

    def is_holiday(self, day: date) -> bool:
        return day in self.holidays

    def is_working_day(self, day: date) -> bool:
        if day in self.working:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays

    def working_days(self, after: date) -> Iterator[date]:
        """The working days after this one, without end."""
        day = after
        while True:
            day += timedelta(days=1)
            if self.is_working_day(day):
                yield day

    def next_working_days(self, after: date, count: int) -> tuple[date, ...]:
        return tuple(islice(self.working_days(after), count))

    def on_or_after(self, day: date) -> date:
        """This day if it is a working day, else the next one."""
        return day if self.is_working_day(day) else next(self.working_days(day))

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after this one; the day itself is not counted."""
        if count < 1:
            return self.on_or_after(day)
        return self.next_working_days(day, count)[-1]

    def working_days_between(self, after: date, until: date) -> int:
        """How many working days lie after the first day, up to and with the last."""
        days = (until - after).days
        return sum(self.is_working_day(after + timedelta(days=number)) for number in range(1, days + 1))

    def after_pause(self, due: datetime, paused_at: datetime, now: datetime, unit: str) -> datetime:
        """When a dossier is due whose time stood still from `paused_at` until now.

        As much time is left as when it stopped, counted in the unit of the period:

        * ``gio``: hours by the clock, of which none run on a day off: a pause of three hours on a working
          day moves the due time by three hours, one over a weekend moves nothing;
        * ``ngay``, ``thang``: days of the calendar, from midnight to midnight;
        * ``ngay_lam_viec`` and whatever has no unit: a pause in which k working days began moves the due
          time by k working days; a pause within one day, or over a weekend, moves nothing;
        * ``trong_ngay`` (the same day): as working days, but who goes on after 15:00 goes on as if it were
          received then, so that nobody has less than two hours for it.

        What would end on a day off ends on the next working day. A dossier that was late when it stopped
        stays late by as much. The result is never before `due`.
        """
        at, stopped = now.astimezone(ZONE), paused_at.astimezone(ZONE)
        due = due.astimezone(ZONE)
        match unit:
            case "trong_ngay" if stopped <= due:
                return max(self.after_pause(due, paused_at, now, "ngay_lam_viec"), self.same_day_deadline(at))
            case "gio":
                return self._forward(due, self._within(stopped, at, time(), _WHOLE_DAY))
            case "ngay" | "thang":
                later = due.date() + (at.date() - stopped.date())
                return due.combine(self.on_or_after(later), due.time(), ZONE)
        passed = self.working_days_between(stopped.date(), at.date())
        return due.combine(self.add_working_days(due.date(), passed), due.time(), ZONE)

    def day_before(self, due: datetime) -> datetime:
        """The same hour on the working day before."""
        day = due.astimezone(ZONE).date() - timedelta(days=1)
        while not self.is_working_day(day):
            day -= timedelta(days=1)
        local = due.astimezone(ZONE)
        return local.combine(day, local.time(), ZONE)

    def deadline(self, received: datetime, value: int, unit: str) -> datetime:
        """When a dossier received now is due. Units: ``ngay``, ``ngay_lam_viec``, ``gio``, ``thang``."""
        at = received.astimezone(ZONE)
        at = at.combine(self.on_or_after(at.date()), at.time(), ZONE)
        match unit:
            case "gio":
                due = at + timedelta(hours=value)
                return due.combine(self.on_or_after(due.date()), due.time(), ZONE)
            case "ngay_lam_viec":
                return _end_of(self.add_working_days(at.date(), value))
            case "ngay":
                return _end_of(self.on_or_after(at.date() + timedelta(days=value)))
            case "thang":
                return _end_of(self.on_or_after(_add_months(at.date(), value)))
        raise ValueError(f"unknown unit of time: {unit!r}")

    def end_of(self, day: date) -> datetime:
        """When a day at the desk ends."""
        return _end_of(day)

    def working_time(self, since: datetime, until: datetime) -> timedelta:
        """How much of the time between lies on working days, from `BEGIN_OF_DAY` to `END_OF_DAY`."""
        begin, end = (datetime.combine(date.min, hour) for hour in (BEGIN_OF_DAY, END_OF_DAY))
        return self._within(since.astimezone(ZONE), until.astimezone(ZONE), BEGIN_OF_DAY, end - begin)

    def _within(self, start: datetime, end: datetime, opens: time, lasting: timedelta) -> timedelta:
        """How much of the time between lies on working days, so long from this hour."""
        total, day = timedelta(), start.date()
        while day <= end.date():
            if self.is_working_day(day):
                opening = datetime.combine(day, opens, ZONE)
                total += max(timedelta(), min(end, opening + lasting) - max(start, opening))
            day += timedelta(days=1)
        return total

    def _forward(self, at: datetime, left: timedelta) -> datetime:
        """The moment when so much more time of working days has passed, nights among it."""
        while True:
            midnight = datetime.combine(at.date() + timedelta(days=1), time(), ZONE)
            if self.is_working_day(at.date()):
                if left < midnight - at:
                    return at + left
                left -= midnight - at
            at = midnight

    def at_work(self, now: datetime) -> bool:
        """Is it a working day, between its beginning and its end?"""
        local = now.astimezone(ZONE)
        return self.is_working_day(local.date()) and BEGIN_OF_DAY <= local.time() <= END_OF_DAY

    def same_day_deadline(self, received: datetime) -> datetime:
        """When a result promised for the same day is due."""
        at = received.astimezone(ZONE)
        if at.time() <= SAME_DAY_UNTIL and self.is_working_day(at.date()):
            return _end_of(at.date())
        return _end_of(next(self.working_days(at.date())))


def vietnam_holidays(years: Iterable[int], extra: Iterable[date] = ()) -> frozenset[date]:
    """Public holidays, Tết and days off in lieu among them, and those the ward adds."""
    from holidays import country_holidays  # slow to import, and most programs never ask

    return frozenset(country_holidays("VN", years=list(years))) | frozenset(extra)


def vietnam_worked_weekends(years: Iterable[int]) -> frozenset[date]:
    """Saturdays and Sundays that the country works in exchange for a day off."""
    from holidays import country_holidays

    chosen = frozenset(years)
    known = country_holidays("VN", years=list(chosen)).weekend_workdays
    return frozenset(day for day in known if day.year in chosen)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, END_OF_DAY, ZONE)


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))
