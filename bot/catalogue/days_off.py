"""The days that the ward works: the country's holidays, corrected by ``data/holidays.yml``."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pydantic

from bot.core.calendar import Calendar, vietnam_holidays, vietnam_worked_weekends
from bot.core.content import ContentError, Document, Problem, check, read_yaml
from bot.core.parts import Part, Text
from bot.core.procedure import Source


class Day(Part):
    """One day that is not as the calendar of the country has it."""

    day: date
    #: Why, as the notice says it.
    name: Text
    source: Source


class DaysOff(Part):
    """`data/holidays.yml`."""

    #: Days off beside the country's holidays: in lieu of another day, or of the city's own.
    off: tuple[Day, ...] = ()
    #: Worked although they are a weekend or a holiday: in exchange for another day.
    worked: tuple[Day, ...] = ()

    @pydantic.model_validator(mode="after")
    def _each_once(self) -> "DaysOff":
        days = [one.day for one in (*self.off, *self.worked)]
        twice = sorted({day for day in days if days.count(day) > 1})
        if twice:
            raise ValueError(f"{twice[0]:%Y-%m-%d} stands here twice")
        return self


def load_days_off(path: Path) -> DaysOff:
    """Read and check the file; ContentError names every mistake with its line."""
    document = read_yaml(path)
    days = check(document, DaysOff)
    problems = list(_pointless(document, days))
    if problems:
        raise ContentError(problems)
    return days


def calendar_of(days: DaysOff, years: range) -> Calendar:
    """The country's holidays of these years, with what the ward's file says otherwise."""
    off = {one.day for one in days.off}
    worked = {one.day for one in days.worked}
    return Calendar(
        holidays=(vietnam_holidays(years) | off) - worked,
        working=(vietnam_worked_weekends(years) | worked) - off,
    )


def _pointless(document: Document, days: DaysOff) -> Iterator[Problem]:
    """A Sunday off, or a Monday worked, is a slip of the pen."""
    for kind, these in (("off", days.off), ("worked", days.worked)):
        for number, one in enumerate(these):
            usual = calendar_of(DaysOff(), range(one.day.year, one.day.year + 1))
            if usual.is_working_day(one.day) == (kind == "worked"):
                said = "is no working day anyway" if kind == "off" else "is a working day anyway"
                yield document.problem(f"{one.day:%Y-%m-%d} {said}.", kind, number)
