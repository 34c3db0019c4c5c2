"""What officers work on, and to whom new dossiers were offered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, FromClause, and_, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from bot.core.dossier import Status
from bot.core.permissions import MOVE
from bot.store.json import dump, parse
from bot.store.prepared import Prepared
from bot.store.tables import dossiers, duties, offers, officers

_offer = {
    name: dialect.insert(offers).on_conflict_do_nothing().returning(offers.c.number)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_OPEN = [status.value for status in Status if not status.ended and status is not Status.DONE]


def _is_nobodys(table: FromClause) -> ColumnElement[bool]:
    """Of a dossier: is it new, and has nobody taken it up?"""
    return and_(table.c.officer_id.is_(None), table.c.status == Status.NEW.value)


def _is_last() -> ColumnElement[bool]:
    """Of an offer: is it the last one of its dossier?"""
    later = offers.alias("later")
    return (
        ~select(later.c.number)
        .where(later.c.dossier_id == offers.c.dossier_id, later.c.number > offers.c.number)
        .exists()
    )


def _stands() -> ColumnElement[bool]:
    """Of an offer: is it the last one of a dossier that nobody has taken up?"""
    new = dossiers.alias("new")
    return and_(
        select(new.c.id).where(new.c.id == offers.c.dossier_id, _is_nobodys(new)).exists(), _is_last()
    )


# Asked whenever a dossier is filed. What nobody has taken up is few; what was ever offered or is in hand is
# reached through an index for each officer.
_waiting = Prepared(
    select(offers.c.officer_id, func.count())
    .select_from(dossiers.join(offers, offers.c.dossier_id == dossiers.c.id))
    .where(_is_nobodys(dossiers), _is_last())
    .group_by(offers.c.officer_id)
)
_officers = Prepared(
    select(
        officers.c.id,
        officers.c.name,
        officers.c.telegram_id,
        officers.c.permissions,
        duties.c.fields,
        duties.c.head,
        select(func.count())
        .where(
            dossiers.c.officer_id == officers.c.id, or_(*(dossiers.c.status == status for status in _OPEN))
        )
        .scalar_subquery(),
        select(func.max(offers.c.at)).where(offers.c.officer_id == officers.c.id).scalar_subquery(),
    )
    .outerjoin(duties, duties.c.officer_id == officers.c.id)
    .where(officers.c.active.is_(True))
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An officer who may take a dossier up."""

    id: int
    name: str
    telegram_id: str | None
    #: Empty: every field.
    fields: tuple[str, ...]
    head: bool
    #: Dossiers in hand, and offered ones that nobody has taken up yet.
    busy: int
    #: When something was offered to them last.
    offered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Offer:
    dossier: int
    number: int
    officer: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """A new dossier that nobody has taken up."""

    dossier: int
    #: How often it was offered so far.
    offers: int
    #: When the last time; None: never.
    at: datetime | None


class Routing:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def set_duty(self, officer: int, fields: tuple[str, ...], head: bool) -> None:
        """What an officer works on from now on."""
        values = {"fields": dump(fields), "head": head}
        done = self._connection.execute(update(duties).where(duties.c.officer_id == officer).values(values))
        if done.rowcount == 0:
            self._connection.execute(insert(duties).values(officer_id=officer, **values))

    def duties(self) -> dict[int, tuple[tuple[str, ...], bool]]:
        """Officer → fields, and whether they lead."""
        rows = self._connection.execute(select(duties.c.officer_id, duties.c.fields, duties.c.head)).all()
        return {row[0]: (parse(row[1], tuple[str, ...]), bool(row[2])) for row in rows}

    def candidates(self) -> list[Candidate]:
        """Everybody who may move dossiers, with how much they have in hand."""
        waiting = {row[0]: row[1] for row in _waiting.all(self._connection, {})}
        return [
            Candidate(
                id=row[0],
                name=row[1],
                telegram_id=row[2],
                fields=parse(row[4], tuple[str, ...]) if row[4] else (),
                head=bool(row[5]),
                busy=row[6] + waiting.get(row[0], 0),
                offered_at=row[7],
            )
            for row in _officers.all(self._connection, {})
            if MOVE in parse(row[3], list[str])
        ]

    def heads(self) -> list[Candidate]:
        """Those who lead the others."""
        return [one for one in self.candidates() if one.head]

    def offer(self, dossier: int, number: int, officer: int, now: datetime) -> bool:
        """Write an offer down. False if this one was made already, perhaps by another process."""
        values = {"dossier_id": dossier, "number": number, "officer_id": officer, "at": now}
        made = self._connection.execute(_offer[self._connection.dialect.name], values).one_or_none()
        return made is not None

    def of_dossier(self, dossier: int) -> list[Offer]:
        """The offers of a dossier, first to last."""
        rows = self._connection.execute(
            select(offers.c.dossier_id, offers.c.number, offers.c.officer_id, offers.c.at)
            .where(offers.c.dossier_id == dossier)
            .order_by(offers.c.number)
        ).all()
        return [Offer(*row) for row in rows]

    def offered(self, ids: Sequence[int]) -> dict[int, str]:
        """To whom each of these dossiers is offered now: dossier → the officer's name."""
        rows = self._connection.execute(
            select(offers.c.dossier_id, officers.c.name)
            .join(officers, officers.c.id == offers.c.officer_id)
            .where(offers.c.dossier_id.in_(ids), _stands())
        ).all()
        return {row[0]: row[1] for row in rows}

    def unclaimed(self, before: datetime, most: int) -> list[Unclaimed]:
        """New dossiers that nobody has taken up, the oldest first: those that were never offered, and those
        offered less than `most` times, all before this moment.
        """
        number, at = func.max(offers.c.number), func.max(offers.c.at)
        rows = self._connection.execute(
            select(dossiers.c.id, func.coalesce(number, 0), at)
            .outerjoin(offers, offers.c.dossier_id == dossiers.c.id)
            .where(_is_nobodys(dossiers))
            .group_by(dossiers.c.id)
            .having(or_(number.is_(None), and_(number < most, at < before)))
            .order_by(dossiers.c.id)
        ).all()
        return [Unclaimed(*row) for row in rows]


def offered_to(officer: int) -> ColumnElement[bool]:
    """Of a dossier: is it offered to this officer now?"""
    return dossiers.c.id.in_(select(offers.c.dossier_id).where(offers.c.officer_id == officer, _stands()))
