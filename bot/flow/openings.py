"""Free half hours at a counter: which can be offered for a question, and whether an answer is one of them."""

from datetime import date, timedelta

from bot.core.messages import Choice
from bot.core.offers import Hour, moment
from bot.flow.answer import Wrong
from bot.flow.dates import show_date, span
from bot.flow.model import Flow, Frame, Slot
from bot.flow.surroundings import Surroundings

#: As many are named when an answer cannot be taken, and as many days are offered.
NEAREST, DAYS = 4, 6
_WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")


def show_time(value: str) -> str:
    """0930 → 9:30, 1430 → 14:30. The small hours keep their zero: 2:30 would be read as half past two in the
    afternoon."""
    hour = int(value[:2])
    return f"{value[:2] if hour < 7 else hour}:{value[2:]}"


def free_times(slot: Slot, around: Surroundings) -> tuple[str, ...] | None:
    """The half hours that can be had for a time, as far as counter and day are known; None: nobody knows."""
    counter, day = counter_of(slot, around), around.answers.get(slot.day)
    if around.offers is None or not counter or not isinstance(day, str):
        return None
    return around.offers.times(counter, date.fromisoformat(day))


def free_days(slot: Slot, around: Surroundings, after: date | None = None) -> tuple[date, ...] | None:
    """The next days that can be had for a date within the slot's own limits; None: nobody knows."""
    counter = counter_of(slot, around)
    if around.offers is None or not counter:
        return None
    first, last = span(slot, around.today)
    begin = date.fromisoformat(first) if first else around.today
    start = max(begin - timedelta(days=1), after or date.min)
    found = around.offers.days(counter, start, DAYS)
    return tuple(day for day in found if last is None or day.isoformat() <= last)


def counter_of(slot: Slot, around: Surroundings) -> str:
    """The counter that a slot is about: named in the flow, or by another answer; empty: not known yet."""
    answer = around.answers.get(slot.counter_from)
    return answer if isinstance(answer, str) else slot.counter


def offered(slot: Slot, around: Surroundings) -> tuple[Choice, ...]:
    """What can be tapped for a date or a time at a counter; nothing for other slots."""
    match slot.type:
        case "time":
            return tuple(Choice(id=one, title=show_time(one)) for one in free_times(slot, around) or ())
        case "date":
            return tuple(
                Choice(id=day.isoformat(), title=f"{_WEEKDAYS[day.weekday()]} {day:%d/%m}")
                for day in free_days(slot, around) or ()
            )
    return ()


def taken(value: str, slot: Slot, around: Surroundings) -> Wrong | None:
    """Why this half hour cannot be had, with the nearest that can; None if it can, or nobody knows."""
    free = free_times(slot, around)
    if free is None or value in free:
        return None
    day = {"gia_tri": show_time(value), "ngay_con": show_date(str(around.answers[slot.day]))}
    if not free:
        return Wrong("time_none", day)
    near = sorted(sorted(free, key=lambda one: abs(_minutes(one) - _minutes(value)))[:NEAREST])
    return Wrong("time_taken", day | {"con_trong": ", ".join(show_time(one) for one in near)})


def full(value: str, slot: Slot, around: Surroundings) -> Wrong | None:
    """Why nothing can be had on this day, with the next days on which something can."""
    counter = counter_of(slot, around)
    if around.offers is None or not counter:
        return None
    day = date.fromisoformat(value)
    if around.offers.times(counter, day):
        return None
    said = {"gia_tri": show_date(value)}
    after = free_days(slot, around, day) or free_days(slot, around) or ()
    if not after:
        return Wrong("date_no_more", said)
    listed = ", ".join(show_date(one.isoformat()) for one in after[:NEAREST])
    return Wrong("date_full", said | {"con_trong": listed})


def hour_of(flow: Flow, frame: Frame, around: Surroundings) -> Hour | None:
    """The half hour that a form has agreed on, if it is about one."""
    for slot in flow.slots.values():
        at = frame.slots.get(slot.id)
        day, counter = frame.slots.get(slot.day), counter_of(slot, around)
        if slot.type == "time" and isinstance(at, str) and isinstance(day, str) and counter:
            return Hour(counter=counter, starts_at=moment(day, at))
    return None


def _minutes(value: str) -> int:
    return int(value[:2]) * 60 + int(value[2:])
