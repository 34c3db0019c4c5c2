"""A dossier's life: opened by a resident, moved by officers, each step told to both sides.

Every function here is part of somebody's transaction: the cause and its messages are saved together. What
residents do to a dossier later is in `theirs`, what they are told of its state in `status`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.core.calendar import ZONE
from bot.core.dossier import Move, Slip, Status, Time, check_move
from bot.core.effects import OpenDossier
from bot.core.errors import Conflict, NotAllowed, ReasonMissing
from bot.core.messages import Reply
from bot.core.permissions import MOVE
from bot.services.filing import applicant_of, appointed, search_words
from bot.services.spoken import due_text, hour
from bot.services.wording import DossierWords, buttons, say
from bot.store.dossiers import Dossier, Moved, NewDossier
from bot.store.officers import Officer
from bot.store.outbox import Lane
from bot.store.people import Person
from bot.store.tx import Tx


@dataclass(frozen=True, slots=True)
class Subject:
    """What a dossier is about: a procedure of the catalogue, or a flow that is none (a report)."""

    name: str
    field: str


class Ward(Protocol):
    """What dossiers need to know of the ward."""

    def subject(self, procedure: str) -> Subject: ...

    def due(self, procedure: str, received: datetime) -> datetime | None:
        """When the result is promised; None if no source says."""
        ...

    def after_pause(self, procedure: str, due: datetime, paused_at: datetime, now: datetime) -> datetime:
        """The due time of a dossier whose time stood still from `paused_at` until now."""
        ...

    def end_of(self, day: date) -> datetime | None:
        """When this day at the desk ends; None: nobody works on it."""
        ...

    def form_of(self, procedure: str) -> str | None:
        """The flow with which it is filed."""
        ...


class Announcer(Protocol):
    """Who tells the officers (their chat group). Writes to the outbox, in the same transaction."""

    def opened(self, tx: Tx, dossier: Dossier, files: int, now: datetime) -> None: ...

    def moved(self, tx: Tx, dossier: Dossier, step: Moved, files: int, now: datetime) -> None: ...

    def supplemented(self, tx: Tx, dossier: Dossier, files: int, note: str, now: datetime) -> None: ...

    def called(self, tx: Tx, call: int, reason: str, now: datetime) -> None: ...


class SlipMaker(Protocol):
    """Who makes the papers that a step calls for, and owes them to the resident."""

    def owe(self, tx: Tx, dossier: Dossier, step: Moved, slip: Slip, now: datetime) -> None: ...


class NoSlips:
    """A ward that makes none."""

    def owe(self, tx: Tx, dossier: Dossier, step: Moved, slip: Slip, now: datetime) -> None:
        pass


class Dossiers:
    def __init__(
        self,
        *,
        ward: Ward,
        words: DossierWords,
        facts: Mapping[str, str],
        agency_code: str,
        announcer: Announcer,
        slips: SlipMaker | None = None,
    ) -> None:
        self.words = words
        self.ward = ward
        self.announcer = announcer
        self._facts = dict(facts)
        self._agency_code = agency_code
        self._slips = slips or NoSlips()

    def open(self, tx: Tx, person: Person, wanted: OpenDossier, now: datetime) -> Dossier:
        """File a request: it gets its code, and the officers get its card. Its time begins when it is
        received.

        One filled form is filed once: the turn that asks for it takes the form out of the conversation in the
        same transaction, and of two turns that began from one state the second finds another version and is
        decided anew. A second tap on “Nộp” therefore meets no form any more.
        """
        subject = self.ward.subject(wanted.procedure)
        code, applicant = self._next_code(tx, now), applicant_of(wanted.form) or person.name
        new = NewDossier(
            code=code,
            kind=wanted.kind,
            procedure=wanted.procedure,
            procedure_name=subject.name,
            field=wanted.field or subject.field,
            person=person.id,
            applicant=applicant,
            form=wanted.form,
            due_at=appointed(wanted.form) if wanted.kind == "lich_hen" else None,
            words=search_words(code, applicant, subject.name, wanted.form),
        )
        dossier, _ = tx.dossiers.open(new, wanted.papers, now)
        self.announcer.opened(tx, dossier, sum(len(paper.files) for paper in wanted.papers), now)
        return dossier

    def move(
        self,
        tx: Tx,
        number: int,
        to: Status,
        *,
        by: Officer,
        note: str = "",
        seen: int | None = None,
        due: date | None = None,
        again: tuple[str, ...] = (),
        now: datetime,
    ) -> Dossier:
        """Move a dossier along, write down who did it, and owe its resident a notice.

        `seen`: the version the officer had before them. `due`: the day they promise, heeded only where no
        source gives one. `again`: papers and answers (slots) that have to be given again. Raises Conflict,
        with who was faster, if the dossier has moved since, and NotAllowed if the table does not have this
        step, it lacks a reason, or its day cannot be.
        """
        dossier = self._in_hand(tx, number, by, seen)
        again = self._known(tx, dossier, again) if to is Status.SUPPLEMENT else ()
        if again and not note.strip():
            note = say(self.words.again, cac_phan=self._named(tx, dossier, again))
        move = self._allowed(dossier, to, note)
        promised = self._promise(due, now) if due is not None and to.time is Time.RUNS else None
        received = tx.dossiers.was_at(dossier.id, Status.RECEIVED)
        moved, step = self.step(tx, dossier, move, by.id, note.strip(), now, promised=promised, again=again)
        self._tell_resident(tx, moved, step, self.words.statuses[moved.status].notice, now)
        if move.slip is not None and not (move.slip is Slip.RECEIPT and received):
            self._slips.owe(tx, moved, step, move.slip, now)
        return moved

    def postpone(
        self, tx: Tx, number: int, day: date, *, by: Officer, reason: str, seen: int | None, now: datetime
    ) -> Dossier:
        """ "Xin lỗi và hẹn lại": another day, with the reason; the resident is told, with an apology.

        Raises Conflict as `move` does, and NotAllowed if its time does not run, the reason is missing, or
        the day is none of work, is over, or is not later than what was promised.
        """
        dossier, words = self._in_hand(tx, number, by, seen), self.words.officers
        if dossier.kind != "ho_so" or dossier.status.time is not Time.RUNS:
            raise NotAllowed(say(words.not_allowed, trang_thai=self.words.statuses[dossier.status].name))
        if not reason.strip():
            raise NotAllowed(words.needs_reason)
        due_at = self._promise(day, now)
        if dossier.due_at is not None and due_at <= dossier.due_at:
            raise NotAllowed(words.day_not_later)
        moved, step = tx.dossiers.move(
            dossier, dossier.status, by=by.id, note=reason.strip(), now=now, due_at=due_at
        )
        self._tell_resident(tx, moved, step, self.words.apology, now)
        self._announce(tx, moved, step, now)
        self._slips.owe(tx, moved, step, Slip.APOLOGY, now)
        return moved

    def step(
        self,
        tx: Tx,
        dossier: Dossier,
        move: Move,
        by: int | None,
        note: str,
        now: datetime,
        *,
        promised: datetime | None = None,
        again: tuple[str, ...] = (),
    ) -> tuple[Dossier, Moved]:
        """Take a step of the table, with what it does to the time; the officers' card says so."""
        due_at, paused_at = self._time(dossier, move.to, promised, now)
        moved, step = tx.dossiers.move(
            dossier, move.to, by=by, note=note, now=now, due_at=due_at, paused_at=paused_at, wanted=again
        )
        self._announce(tx, moved, step, now)
        return moved, step

    def call_officer(self, tx: Tx, person: Person, reason: str, now: datetime) -> None:
        """Somebody wants a person: it stands on the desk, and the officers are told."""
        call = tx.dossiers.call_officer(person.id, reason, now)
        self.announcer.called(tx, call, reason, now)

    def who_was_faster(self, tx: Tx, dossier: Dossier) -> str:
        """For whoever is second: what was done, by whom and when."""
        last = tx.dossiers.history_of(dossier.id)[-1]
        return say(
            self.words.officers.too_late,
            ma_ho_so=dossier.code,
            trang_thai=self.words.statuses[dossier.status].name,
            can_bo=last.officer_name or self.words.card.by_resident,
            luc=hour(last.at),
        )

    def due_text(self, dossier: Dossier) -> str:
        return due_text(self.words, dossier)

    def needs_day(self, dossier: Dossier, now: datetime) -> bool:
        """Must whoever receives it promise a day themselves, because no source gives one?"""
        unpromised = dossier.kind == "ho_so" and dossier.due_at is None
        return unpromised and self.ward.due(dossier.procedure, now) is None

    # ── what a step does to the time ──

    def _time(
        self, dossier: Dossier, to: Status, promised: datetime | None, now: datetime
    ) -> tuple[datetime | None, datetime | None]:
        """Due and paused since when, after this step."""
        due, since = dossier.due_at, dossier.paused_at
        if dossier.kind != "ho_so":
            return due, None
        if due is None:
            runs = to.time is Time.RUNS
            return (self.ward.due(dossier.procedure, now) or promised) if runs else None, None
        if to.time is Time.STANDS:
            return due, since or now
        if to.time is Time.RUNS and since is not None:
            return self.ward.after_pause(dossier.procedure, due, since, now), None
        return due, None

    def _promise(self, day: date, now: datetime) -> datetime:
        due = self.ward.end_of(day)
        if due is None or due <= now:
            raise NotAllowed(self.words.officers.bad_day)
        return due

    # ── what must be so before ──

    def _in_hand(self, tx: Tx, number: int, by: Officer, seen: int | None) -> Dossier:
        dossier = tx.dossiers.find(number)
        words = self.words.officers
        if dossier is None:
            raise NotAllowed(words.gone)
        if not by.may(MOVE):
            raise NotAllowed(words.not_permitted)
        if seen is not None and seen != dossier.version:
            raise Conflict(self.who_was_faster(tx, dossier))
        return dossier

    def _allowed(self, dossier: Dossier, to: Status, note: str) -> Move:
        """The row of the table for one of the plain moves; refused in the ward's words."""
        words = self.words.officers
        try:
            move = check_move(dossier.status, to, note, kind=dossier.kind)
        except ReasonMissing:
            raise NotAllowed(words.needs_reason) from None
        except NotAllowed:
            move = None
        if move is None or move.own_form:
            raise NotAllowed(say(words.not_allowed, trang_thai=self.words.statuses[dossier.status].name))
        return move

    def _known(self, tx: Tx, dossier: Dossier, again: tuple[str, ...]) -> tuple[str, ...]:
        """Those of these papers and answers that the dossier has, each once."""
        has = {file.paper for file in tx.dossiers.files_of(dossier.id)} | {a.slot for a in dossier.form}
        return tuple(one for one in dict.fromkeys(again) if one in has)

    # ── what is said ──

    def _named(self, tx: Tx, dossier: Dossier, again: tuple[str, ...]) -> str:
        return "; ".join(tx.dossiers.names_of(dossier, again).values())

    def _announce(self, tx: Tx, dossier: Dossier, step: Moved, now: datetime) -> None:
        self.announcer.moved(tx, dossier, step, len(tx.dossiers.files_of(dossier.id)), now)

    def _tell_resident(self, tx: Tx, dossier: Dossier, step: Moved, sentence: str, now: datetime) -> None:
        if not sentence:
            return
        officer = tx.officers.get(step.officer).name if step.officer else ""
        note = step.note.rstrip(".")
        if step.wanted and note:
            named = say(self.words.again, cac_phan=self._named(tx, dossier, step.wanted))
            note = note if note == named.rstrip(".") else f"{note}. {named}"
        values = {
            **self._facts,
            "ma_ho_so": dossier.code,
            "thu_tuc": dossier.procedure_name,
            "ly_do": note,
            "can_bo": officer,
            "han_tra": self.due_text(dossier),
        }
        offered = () if step.postponed else self.words.notice_buttons.get(dossier.status, ())
        notice = Reply(text=say(sentence, **values), buttons=buttons(offered, **values))
        tx.outbox.owe(dossier.person, notice, lane=Lane.NOTICE, key=f"move:{step.id}", now=now)

    def _next_code(self, tx: Tx, now: datetime) -> str:
        """``H29.118-261123-0004``: agency, day, number of the day (Thông tư 01/2018/TT-VPCP, Điều 19)."""
        day = now.astimezone(ZONE).strftime("%y%m%d")
        return f"{self._agency_code}-{day}-{tx.dossiers.next_number(f'dossier:{day}'):04d}"
