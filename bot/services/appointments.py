"""Appointments at the counters: booked, moved, cancelled, kept or missed, each in somebody's transaction."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.core.calendar import ZONE, Calendar
from bot.core.counters import Counters
from bot.core.dossier import Actor, Status, check_move
from bot.core.effects import Answer, CancelAppointment, MoveAppointment, OpenDossier
from bot.core.errors import Conflict, NotAllowed
from bot.core.messages import Button, Reply
from bot.core.offers import Hour
from bot.core.offers import moment as moment_of
from bot.core.permissions import MOVE
from bot.services.dossiers import Dossiers
from bot.services.notices import AppointmentWords
from bot.services.spoken import moment
from bot.services.wording import ButtonWords, buttons, say
from bot.store.appointments import Appointment, State
from bot.store.dossiers import Dossier, Moved
from bot.store.officers import Officer
from bot.store.outbox import Lane
from bot.store.people import Person
from bot.store.tx import Tx

#: How many working days an officer is offered for another hour.
_DAYS_OFFERED = 5
_HORIZON = 60


class CardKeeper(Protocol):
    """Who keeps the dossier's card in the officers' group."""

    def rebooked(self, tx: Tx, dossier: Dossier, files: int, now: datetime) -> None: ...


class Appointments:
    def __init__(
        self,
        *,
        counters: Counters,
        calendar: Calendar,
        dossiers: Dossiers,
        words: AppointmentWords,
        facts: dict[str, str],
        cards: CardKeeper,
    ) -> None:
        """`facts`: what sentences may say of the ward."""
        self.counters = counters
        self.words = words
        self._calendar = calendar
        self._dossiers = dossiers
        self._facts = dict(facts)
        self._cards = cards

    # ── what is free ──

    def times(self, tx: Tx, counter: str, day: date, now: datetime) -> tuple[str, ...]:
        """The half hours of this day that still have room and are to come."""
        capacities = self._capacities(counter, day)
        if not capacities:
            return ()
        begin = datetime.combine(day, datetime.min.time(), ZONE)
        taken = {
            f"{at.astimezone(ZONE):%H%M}": count
            for at, count in tx.appointments.taken(counter, begin, begin + timedelta(days=1)).items()
        }
        return tuple(
            at
            for at, capacity in capacities.items()
            if taken.get(at, 0) < capacity and moment_of(day.isoformat(), at) > now
        )

    def days(self, tx: Tx, counter: str, after: date, count: int, now: datetime) -> tuple[date, ...]:
        """The next days after this one on which a half hour is free."""
        found: list[date] = []
        for day in self._calendar.next_working_days(max(after, _today(now) - timedelta(days=1)), _HORIZON):
            if len(found) == count:
                break
            if self.times(tx, counter, day, now):
                found.append(day)
        return tuple(found)

    def hours(self, tx: Tx, counter: str, now: datetime) -> tuple[Hour, ...]:
        """What an officer can move an appointment to: every free half hour of the next days."""
        return tuple(
            Hour(counter=counter, starts_at=moment_of(day.isoformat(), at))
            for day in self.days(tx, counter, _today(now), _DAYS_OFFERED, now)
            for at in self.times(tx, counter, day, now)
        )

    def _capacities(self, counter: str, day: date) -> dict[str, int]:
        if not self._calendar.is_working_day(day):
            return {}
        return dict(self.counters.capacities(counter, day))

    # ── what the resident does ──

    def open(self, tx: Tx, person: Person, wanted: OpenDossier, now: datetime) -> Dossier:
        """File what comes with a half hour at a counter. Conflict if it is taken meanwhile: then the turn is
        decided anew, and offers what is free."""
        hour = wanted.hour
        if hour is None:
            return self._dossiers.open(tx, person, wanted, now)
        counter = self.counters.get(hour.counter)
        if not wanted.field and counter is not None and counter.fields:
            wanted = replace(wanted, field=counter.fields[0])
        dossier = self._dossiers.open(tx, person, wanted, now)
        self._book(tx, dossier.id, hour, now)
        return dossier

    def move(self, tx: Tx, person: Person, wanted: MoveAppointment, now: datetime) -> None:
        """Another half hour, chosen by whoever comes."""
        found = self._theirs(tx, person, wanted.code, now)
        self._move(tx, found, wanted.hour, None, now)

    def cancel(self, tx: Tx, person: Person, wanted: CancelAppointment, now: datetime) -> None:
        """They will not come: the dossier is withdrawn."""
        found = self._theirs(tx, person, wanted.code, now)
        self._settle(tx, found, State.CANCELLED, None, now)
        self._end(tx, found, Status.WITHDRAWN, None, self.words.cancelled_by_resident, now)

    def buttons(self, tx: Tx, person: Person, code: str | None, now: datetime) -> tuple[Button, ...]:
        """Beside the state of their dossiers: what can be done about each appointment to come."""
        coming = [
            one for one in tx.appointments.coming(person.id, now) if code is None or one.code == code.upper()
        ]
        found: list[Button] = []
        for one in coming[:3]:
            at = one.hour.starts_at.astimezone(ZONE)
            luc = f"{at.hour}:{at:%M %d/%m}"
            found += [
                Button(title=say(b.title, luc=luc), payload=say(b.payload, ma_ho_so=one.code))
                for b in self.words.status_buttons
            ]
        return tuple(found)

    # ── what an officer does ──

    def kept(self, tx: Tx, number: int, by: Officer, seen: int, now: datetime) -> None:
        """They came; that was it."""
        found = self._to_settle(tx, number, by, seen)
        self._settle(tx, found, State.KEPT, by, now)
        self._end(tx, found, Status.RETURNED, by, "", now)

    def missed(self, tx: Tx, number: int, by: Officer, seen: int, now: datetime) -> None:
        """They did not come, and are told that they may book again."""
        found = self._to_settle(tx, number, by, seen)
        self._settle(tx, found, State.MISSED, by, now)
        step = self._end(tx, found, Status.STOPPED, by, "", now)
        self._tell(tx, found, self.words.missed, self.words.again, f"move:{step.id}", now)

    def call_off(self, tx: Tx, number: int, by: Officer, seen: int, reason: str, now: datetime) -> None:
        """The ward cannot take them then, and says why."""
        if not reason.strip():
            raise NotAllowed(self._dossiers.words.officers.needs_reason)
        found = self._to_settle(tx, number, by, seen)
        self._settle(tx, found, State.CANCELLED, by, now)
        step = self._end(tx, found, Status.STOPPED, by, reason.strip(), now)
        key = f"move:{step.id}"
        self._tell(tx, found, self.words.cancelled, self.words.again, key, now, reason.strip())

    def rebook(self, tx: Tx, number: int, by: Officer, seen: int, at: datetime, now: datetime) -> None:
        """The ward needs another half hour, and tells them."""
        found = self._to_settle(tx, number, by, seen)
        hour = Hour(counter=found.hour.counter, starts_at=at)
        if f"{at.astimezone(ZONE):%H%M}" not in self.times(tx, hour.counter, at.astimezone(ZONE).date(), now):
            raise Conflict("this half hour is full")
        made = self._move(tx, found, hour, by, now)
        moved = replace(found, hour=hour)
        self._tell(tx, moved, self.words.moved, self.words.buttons, f"appointment:{made}:moved", now)

    def _to_settle(self, tx: Tx, number: int, by: Officer, seen: int) -> Appointment:
        dossier, words = tx.dossiers.find(number), self._dossiers.words.officers
        if dossier is None:
            raise NotAllowed(words.gone)
        if not by.may(MOVE):
            raise NotAllowed(words.not_permitted)
        found = tx.appointments.of_dossier(number)
        if dossier.version != seen or found is None or found.state is not State.BOOKED:
            raise Conflict(self._dossiers.who_was_faster(tx, dossier))
        return found

    # ── together ──

    def _book(self, tx: Tx, dossier: int, hour: Hour, now: datetime) -> int:
        at = hour.starts_at.astimezone(ZONE)
        capacity = self._capacities(hour.counter, at.date()).get(f"{at:%H%M}", 0)
        return tx.appointments.book(dossier, hour, capacity, now)

    def _move(self, tx: Tx, found: Appointment, hour: Hour, by: Officer | None, now: datetime) -> int:
        self._settle(tx, found, State.MOVED, by, now)
        made = self._book(tx, found.dossier, hour, now)
        form = tuple(_with_hour(answer, hour) for answer in tx.dossiers.get(found.dossier).form)
        tx.appointments.note_hour(found.dossier, hour.starts_at, form)
        dossier = tx.dossiers.get(found.dossier)
        self._cards.rebooked(tx, dossier, len(tx.dossiers.files_of(dossier.id)), now)
        return made

    def _settle(self, tx: Tx, found: Appointment, state: State, by: Officer | None, now: datetime) -> None:
        tx.appointments.settle(found.id, state, by=by.id if by is not None else None, now=now)
        tx.outbox.take_back([*reminder_keys(found.id)], now)

    def _end(
        self, tx: Tx, found: Appointment, to: Status, by: Officer | None, note: str, now: datetime
    ) -> Moved:
        dossier = tx.dossiers.get(found.dossier)
        actor = Actor.OFFICER if by is not None else Actor.RESIDENT
        move = check_move(dossier.status, to, note, actor, dossier.kind)
        return self._dossiers.step(tx, dossier, move, by.id if by is not None else None, note, now)[1]

    def _theirs(self, tx: Tx, person: Person, code: str, now: datetime) -> Appointment:
        for one in tx.appointments.coming(person.id, now):
            if one.code == code:
                return one
        # The flow has found it in this very transaction, or somebody has just settled it.
        raise Conflict(f"{code} is no appointment to come")

    def notice(
        self, tx: Tx, found: Appointment, sentence: str, offered: tuple[ButtonWords, ...], reason: str = ""
    ) -> Reply:
        """A sentence about an appointment, with its buttons."""
        values = {
            **self._facts,
            "ma_ho_so": found.code,
            "thu_tuc": tx.dossiers.get(found.dossier).procedure_name,
            "luc": moment(found.hour.starts_at),
            "ly_do": reason.rstrip("."),
        }
        return Reply(text=say(sentence, **values), buttons=buttons(offered, **values))

    def _tell(
        self,
        tx: Tx,
        found: Appointment,
        sentence: str,
        offered: tuple[ButtonWords, ...],
        key: str,
        now: datetime,
        reason: str = "",
    ) -> None:
        reply = self.notice(tx, found, sentence, offered, reason)
        tx.outbox.owe(found.person, reply, lane=Lane.NOTICE, key=key, now=now)


def reminder_keys(appointment: int) -> tuple[str, str]:
    """The keys of the reminder on the day before, and of the one shortly before."""
    return f"appointment:{appointment}:day-before", f"appointment:{appointment}:hour-before"


def _today(now: datetime) -> date:
    return now.astimezone(ZONE).date()


def _with_hour(answer: Answer, hour: Hour) -> Answer:
    """The answers that say when: they say the new hour."""
    at = hour.starts_at.astimezone(ZONE)
    match answer.slot:
        case "ngay_hen":
            return replace(answer, value=at.date().isoformat(), shown=f"{at:%d/%m/%Y}")
        case "gio_hen":
            return replace(answer, value=f"{at:%H%M}", shown=f"{at.hour}:{at:%M}")
    return answer
