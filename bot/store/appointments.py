"""Who comes to which counter when; a half hour never takes more people than it has room for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from bot.core.dossier import Status
from bot.core.effects import Answer
from bot.core.errors import Conflict
from bot.core.offers import Hour
from bot.store.json import dump
from bot.store.tables import appointments, dossiers, half_hours


class State(StrEnum):
    BOOKED = "booked"
    CANCELLED = "cancelled"
    MOVED = "moved"
    KEPT = "kept"
    MISSED = "missed"


#: A dossier that ended so holds no place at the counter, whatever became of its appointment.
_GIVEN_UP = (Status.NOT_RECEIVED.value, Status.WITHDRAWN.value, Status.STOPPED.value)
_ENDED = tuple(status.value for status in Status if status.ended)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    id: int
    dossier: int
    code: str
    person: int
    hour: Hour
    state: State
    booked_at: datetime


class Appointments:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def taken(self, counter: str, begin: datetime, end: datetime) -> Mapping[datetime, int]:
        """How many come to this counter in each half hour from `begin` to before `end`."""
        rows = self._connection.execute(
            select(appointments.c.starts_at, func.count())
            .join(dossiers, dossiers.c.id == appointments.c.dossier_id)
            .where(
                appointments.c.counter == counter,
                appointments.c.starts_at >= begin,
                appointments.c.starts_at < end,
                _holds_a_place(),
            )
            .group_by(appointments.c.starts_at)
        ).all()
        return {row[0]: row[1] for row in rows}

    def book(self, dossier: int, hour: Hour, capacity: int, now: datetime) -> int:
        """Take a place: its number. Conflict if the half hour has no room left.

        Whoever wants a place in the same half hour waits at its row until we have committed, and counts us.
        """
        insertion = sqlite.insert if self._connection.dialect.name == "sqlite" else postgresql.insert
        lock = insertion(half_hours).values(counter=hour.counter, starts_at=hour.starts_at)
        self._connection.execute(
            lock.on_conflict_do_update(
                index_elements=["counter", "starts_at"], set_={"counter": lock.excluded.counter}
            )
        )
        count = (
            select(func.count())
            .select_from(appointments)
            .join(dossiers, dossiers.c.id == appointments.c.dossier_id)
            .where(
                appointments.c.counter == hour.counter,
                appointments.c.starts_at == hour.starts_at,
                _holds_a_place(),
            )
        )
        if self._connection.execute(count).scalar_one() >= capacity:
            raise Conflict("this half hour is full")
        values = {
            "dossier_id": dossier,
            "counter": hour.counter,
            "starts_at": hour.starts_at,
            "state": State.BOOKED.value,
            "booked_at": now,
        }
        made: int = self._connection.execute(
            insert(appointments).returning(appointments.c.id), values
        ).scalar_one()
        return made

    def settle(self, appointment: int, state: State, *, by: int | None, now: datetime) -> None:
        """It is no longer booked. Conflict if it was not any more."""
        done = self._connection.execute(
            update(appointments)
            .where(appointments.c.id == appointment, appointments.c.state == State.BOOKED.value)
            .values(state=state.value, officer_id=by, settled_at=now)
        )
        if done.rowcount != 1:
            raise Conflict(f"appointment {appointment} is settled")

    def note_hour(self, dossier: int, starts_at: datetime, form: tuple[Answer, ...]) -> None:
        """The dossier says the new hour, in its form and as its due time. Whoever saw the old one is late."""
        self._connection.execute(
            update(dossiers)
            .where(dossiers.c.id == dossier)
            .values(due_at=starts_at, form=dump(form), version=dossiers.c.version + 1)
        )

    def of_dossier(self, dossier: int) -> Appointment | None:
        """Its last one, whatever became of it."""
        found = _select().where(appointments.c.dossier_id == dossier).order_by(appointments.c.id.desc())
        row = self._connection.execute(found.limit(1)).one_or_none()
        return None if row is None else _appointment(row)

    def coming(self, person: int, now: datetime) -> list[Appointment]:
        """What somebody has booked and what is still to come, the nearest first."""
        found = _select().where(dossiers.c.person_id == person, appointments.c.starts_at > now, _booked())
        rows = self._connection.execute(found.order_by(appointments.c.starts_at)).all()
        return [_appointment(row) for row in rows]

    def between(self, begin: datetime, end: datetime) -> list[Appointment]:
        """What is booked and begins after `begin` and not after `end`."""
        found = _select().where(appointments.c.starts_at > begin, appointments.c.starts_at <= end, _booked())
        rows = self._connection.execute(found.order_by(appointments.c.starts_at, appointments.c.id)).all()
        return [_appointment(row) for row in rows]

    def hold(self, appointment: int) -> Appointment | None:
        """Still booked? Then nobody settles it before this transaction ends."""
        found = _select().where(appointments.c.id == appointment, _booked())
        row = self._connection.execute(found.with_for_update(of=appointments)).one_or_none()
        return None if row is None else _appointment(row)


def _booked() -> Any:
    return and_(appointments.c.state == State.BOOKED.value, dossiers.c.status.not_in(_ENDED))


def _holds_a_place() -> Any:
    return or_(
        and_(appointments.c.state == State.BOOKED.value, dossiers.c.status.not_in(_GIVEN_UP)),
        appointments.c.state.in_([State.KEPT.value, State.MISSED.value]),
    )


def _select() -> Select[Any]:
    return select(
        appointments.c.id,
        appointments.c.dossier_id,
        dossiers.c.code,
        dossiers.c.person_id,
        appointments.c.counter,
        appointments.c.starts_at,
        appointments.c.state,
        appointments.c.booked_at,
    ).join(dossiers, dossiers.c.id == appointments.c.dossier_id)


def _appointment(row: Any) -> Appointment:
    id_, dossier, code, person, counter, starts_at, state, booked_at = row
    return Appointment(
        id=id_,
        dossier=dossier,
        code=code,
        person=person,
        hour=Hour(counter=counter, starts_at=starts_at),
        state=State(state),
        booked_at=booked_at,
    )
