"""What a conversation may know of the ward's books while it goes on: what is free, and what is theirs.

The engine asks, whoever calls it answers: the turn from its transaction, a test from a list.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol

from bot.core.calendar import ZONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """A half hour at a counter."""

    counter: str
    starts_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """An appointment that somebody has, under the code of its dossier."""

    code: str
    hour: Hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A filing of theirs that has not ended, and what they may do to it."""

    code: str
    #: Of the procedure.
    name: str
    may_withdraw: bool
    may_supplement: bool


class Offers(Protocol):
    """All of it is about the person who talks, and about now."""

    def times(self, counter: str, day: date) -> tuple[str, ...]:
        """The half hours that can still be had: "0830", earliest first."""
        ...

    def days(self, counter: str, after: date, count: int) -> tuple[date, ...]:
        """The next days after this one on which there is something to be had, at most `count`."""
        ...

    def appointments(self) -> tuple[Booked, ...]:
        """What they have booked and what is still to come, the nearest first."""
        ...

    def filed(self) -> tuple[Filed, ...]:
        """What they have filed that has not ended, newest first."""
        ...

    def may_reopen(self, code: str) -> bool:
        """Is this a report of theirs that was answered, and for the first time?"""
        ...


def moment(day: str, at: str) -> datetime:
    """The answers "2026-11-30" and "0930" as a moment."""
    return datetime.combine(date.fromisoformat(day), time(int(at[:2]), int(at[2:])), ZONE)
