"""The ward's counters and when each takes appointments: ``data/counters.yml``, checked."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Literal, TypeAlias

import pydantic
from pydantic import StringConstraints

from bot.core.calendar import Calendar
from bot.core.offers import Booked, Filed, Hour, moment
from bot.core.parts import ChoiceId, Id, Part, Text

Weekday: TypeAlias = Literal["thu_hai", "thu_ba", "thu_tu", "thu_nam", "thu_sau", "thu_bay", "chu_nhat"]
WEEKDAYS: tuple[Weekday, ...] = (
    "thu_hai",
    "thu_ba",
    "thu_tu",
    "thu_nam",
    "thu_sau",
    "thu_bay",
    "chu_nhat",
)
#: "08:30", or "08:00-11:00": every half hour that begins from the first to before the second.
Times: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^([01]\d|2[0-3]):(00|30)(-([01]\d|2[0-3]):(00|30))?$")
]
_HALF_HOUR = 30
#: How far ahead a free day is looked for.
_HORIZON = 60


class Opening(Part):
    """Half hours of some weekdays, and how many people each takes."""

    on: tuple[Weekday, ...] = pydantic.Field(min_length=1)
    times: tuple[Times, ...] = pydantic.Field(min_length=1)
    capacity: int = pydantic.Field(ge=1, le=50)

    @pydantic.field_validator("times")
    @classmethod
    def _lead_forward(cls, times: tuple[str, ...]) -> tuple[str, ...]:
        for one in times:
            if not list(_half_hours(one)):
                raise ValueError(f'"{one}" ends before it begins')
        return times


class Counter(Part):
    """One counter: a field of work that takes people one after the other."""

    id: ChoiceId
    name: Text
    #: Official names of the fields of work, as `data/fields.yml` has them.
    fields: tuple[Text, ...] = ()
    #: Its own hours; empty: those of `usual`.
    open: tuple[Opening, ...] = ()


class Counters(Part):
    """`data/counters.yml`."""

    #: False: these hours are assumed, and `motcua check` reminds the ward to confirm them.
    confirmed: bool
    #: The flow with which an appointment at any counter is made; its slot `quay` takes the counter.
    flow: Id
    usual: tuple[Opening, ...] = pydantic.Field(min_length=1)
    counters: tuple[Counter, ...] = pydantic.Field(min_length=1)

    def get(self, counter: str) -> Counter | None:
        return next((one for one in self.counters if one.id == counter), None)

    def of_field(self, field: str) -> Counter | None:
        """Where this field of work is dealt with."""
        return next((one for one in self.counters if field in one.fields), None)

    def capacities(self, counter: str, day: date) -> Mapping[str, int]:
        """Half hour ("0830") → how many people, on a day that is worked; in their order."""
        known = self.get(counter)
        if known is None:
            return {}
        found: dict[str, int] = {}
        for opening in known.open or self.usual:
            if WEEKDAYS[day.weekday()] in opening.on:
                for times in opening.times:
                    found.update(dict.fromkeys(_half_hours(times), opening.capacity))
        return dict(sorted(found.items()))


def _half_hours(times: str) -> Iterator[str]:
    """ "08:00-09:30" → 0800, 0830, 0900."""
    first, *end = (int(hour) * 60 + int(minute) for hour, minute in re.findall(r"(\d\d):(\d\d)", times))
    for at in range(first, end[0] if end else first + 1, _HALF_HOUR):
        yield f"{at // 60:02}{at % 60:02}"


#: Of whatever somebody has in that ward.
_CODE = "H00.000-000000-0001"


class AllFree:
    """`bot.core.offers.Offers` of a ward where nobody has booked: for playing conversations."""

    def __init__(self, counters: Counters, calendar: Calendar, today: date) -> None:
        self._counters = counters
        self._calendar = calendar
        self._today = today

    def times(self, counter: str, day: date) -> tuple[str, ...]:
        if day <= self._today or not self._calendar.is_working_day(day):
            return ()
        return tuple(self._counters.capacities(counter, day))

    def days(self, counter: str, after: date, count: int) -> tuple[date, ...]:
        following = self._calendar.next_working_days(max(after, self._today), _HORIZON)
        return tuple(day for day in following if self.times(counter, day))[:count]

    def appointments(self) -> tuple[Booked, ...]:
        counter = self._counters.counters[0].id
        for day in self.days(counter, self._today, 1):
            at = moment(day.isoformat(), self.times(counter, day)[0])
            return (Booked(code=_CODE, hour=Hour(counter=counter, starts_at=at)),)
        return ()

    def filed(self) -> tuple[Filed, ...]:
        return (Filed(code=_CODE, name="Đăng ký khai sinh", may_withdraw=True, may_supplement=True),)

    def may_reopen(self, code: str) -> bool:
        return True
