"""A dossier's life: opened by a resident, moved by officers, each step told to both sides.

Every function here is part of somebody's transaction: the cause and its messages are saved together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.core.calendar import ZONE
from bot.core.dossier import Status, check_move
from bot.core.effects import Answer, OpenDossier, SupplementDossier
from bot.core.errors import Conflict, NotAllowed
from bot.core.messages import Reply
from bot.core.permissions import MOVE
from bot.core.text import fold
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


class Announcer(Protocol):
    """Who tells the officers (their chat group). Writes to the outbox, in the same transaction."""

    def opened(self, tx: Tx, dossier: Dossier, files: int, now: datetime) -> None: ...

    def moved(self, tx: Tx, dossier: Dossier, step: Moved, files: int, now: datetime) -> None: ...

    def supplemented(self, tx: Tx, dossier: Dossier, files: int, note: str, now: datetime) -> None: ...

    def called(self, tx: Tx, call: int, reason: str, now: datetime) -> None: ...


class Dossiers:
    def __init__(
        self,
        *,
        ward: Ward,
        words: DossierWords,
        facts: Mapping[str, str],
        agency_code: str,
        announcer: Announcer,
    ) -> None:
        self.words = words
        self._ward = ward
        self._facts = dict(facts)
        self._agency_code = agency_code
        self._announcer = announcer

    def open(self, tx: Tx, person: Person, wanted: OpenDossier, now: datetime) -> Dossier:
        """File a request: it gets its code and its due time, and the officers get its card."""
        subject = self._ward.subject(wanted.procedure)
        new = NewDossier(
            code=self._next_code(tx, now),
            kind=wanted.kind,
            procedure=wanted.procedure,
            procedure_name=subject.name,
            field=wanted.field or subject.field,
            person=person.id,
            applicant=applicant_of(wanted.form) or person.name,
            form=wanted.form,
            due_at=_appointed(wanted.form)
            if wanted.kind == "lich_hen"
            else self._ward.due(wanted.procedure, now),
            words="",
        )
        said = [word for a in wanted.form for word in (a.shown, str(a.value))]
        searched = fold(" ".join(dict.fromkeys([new.code, new.applicant, subject.name, *said])))
        dossier, _ = tx.dossiers.open(replace(new, words=searched[:2000]), wanted.papers, now)
        self._announcer.opened(tx, dossier, sum(len(paper.files) for paper in wanted.papers), now)
        return dossier

    def supplement(self, tx: Tx, person: Person, added: SupplementDossier, now: datetime) -> Dossier | None:
        """The resident hands in what was asked for; the dossier returns to its officer. None: not theirs."""
        dossier = tx.dossiers.by_code(added.code)
        if dossier is None or dossier.person != person.id:
            return None
        tx.dossiers.add_papers(dossier.id, added.papers, now)
        files = sum(len(paper.files) for paper in added.papers)
        if dossier.status is Status.SUPPLEMENT:
            due = self._ward.due(dossier.procedure, now) or dossier.due_at
            dossier, step = tx.dossiers.move(
                dossier, Status.RECEIVED, by=None, note=added.note, now=now, due_at=due
            )
            self._announcer.moved(tx, dossier, step, len(tx.dossiers.files_of(dossier.id)), now)
        self._announcer.supplemented(tx, dossier, files, added.note, now)
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
        now: datetime,
    ) -> Dossier:
        """Move a dossier along, write down who did it, and owe its resident a notice.

        `seen`: the version the officer had before them. Raises Conflict, with who was faster, if the dossier
        has moved since, and NotAllowed if the rules do not have this step or it lacks a reason.
        """
        dossier = tx.dossiers.find(number)
        words = self.words.officers
        if dossier is None:
            raise NotAllowed(words.gone)
        if not by.may(MOVE):
            raise NotAllowed(words.not_permitted)
        if seen is not None and seen != dossier.version:
            raise Conflict(self.who_was_faster(tx, dossier))
        try:
            check_move(dossier.status, to, note)
        except NotAllowed:
            known = say(words.not_allowed, trang_thai=self.words.statuses[dossier.status].name)
            raise NotAllowed(
                words.needs_reason if not note.strip() and _may(dossier, to) else known
            ) from None
        moved, step = tx.dossiers.move(
            dossier, to, by=by.id, note=note.strip(), now=now, due_at=dossier.due_at
        )
        self._tell_resident(tx, moved, step, now)
        self._announcer.moved(tx, moved, step, len(tx.dossiers.files_of(moved.id)), now)
        return moved

    def call_officer(self, tx: Tx, person: Person, reason: str, now: datetime) -> None:
        """Somebody wants a person: it stands on the desk, and the officers are told."""
        call = tx.dossiers.call_officer(person.id, reason, now)
        self._announcer.called(tx, call, reason, now)

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

    def tell_status(self, tx: Tx, person: Person, code: str | None, now: datetime) -> tuple[Reply, ...]:
        """Answer "hồ sơ của tôi tới đâu rồi" from the same facts the officers see."""
        words = self.words.status
        if code:
            found = tx.dossiers.by_code(code.upper())
            mine = [found] if found is not None and found.person == person.id else []
            if not mine:
                return (Reply(text=say(words.unknown_code, ma_ho_so=code)),)
        else:
            mine = tx.dossiers.of_person(person.id, limit=5)
            if not mine:
                return (Reply(text=say(words.none)),)
        text = "\n\n".join(self._status_of(tx, dossier, now) for dossier in mine)
        return (Reply(text=text, buttons=buttons(words.buttons)),)

    def due_text(self, dossier: Dossier) -> str:
        return due_text(self.words, dossier)

    def _status_of(self, tx: Tx, dossier: Dossier, now: datetime) -> str:
        words = self.words.status
        values = {
            "ma_ho_so": dossier.code,
            "thu_tuc": dossier.procedure_name,
            "trang_thai": self.words.statuses[dossier.status].name.lower(),
            "han_tra": self.due_text(dossier),
        }
        lines = [say(words.one, **values)]
        note = tx.dossiers.history_of(dossier.id)[-1].note
        if note:
            lines.append(say(words.reason, ly_do=note))
        if not dossier.status.ended and dossier.status is not Status.DONE:
            late = dossier.due_at is not None and dossier.due_at < now and dossier.kind == "ho_so"
            due = words.appointment if dossier.kind == "lich_hen" else words.overdue if late else words.due
            lines.append(say(due, **values))
        return "\n".join(lines)

    def _tell_resident(self, tx: Tx, dossier: Dossier, step: Moved, now: datetime) -> None:
        sentence = self.words.statuses[dossier.status].notice
        if not sentence:
            return
        officer = tx.officers.get(step.officer).name if step.officer else ""
        values = {
            **self._facts,
            "ma_ho_so": dossier.code,
            "thu_tuc": dossier.procedure_name,
            "ly_do": step.note,
            "can_bo": officer,
            "han_tra": self.due_text(dossier),
        }
        offered = buttons(self.words.notice_buttons.get(dossier.status, ()), **values)
        notice = Reply(text=say(sentence, **values), buttons=offered)
        tx.outbox.owe(dossier.person, notice, lane=Lane.NOTICE, key=f"move:{step.id}", now=now)

    def _next_code(self, tx: Tx, now: datetime) -> str:
        """``H29.118-261123-0004``: agency, day, number of the day (Thông tư 01/2018/TT-VPCP, Điều 19)."""
        day = now.astimezone(ZONE).strftime("%y%m%d")
        return f"{self._agency_code}-{day}-{tx.dossiers.next_number(f'dossier:{day}'):04d}"


def applicant_of(form: tuple[Answer, ...]) -> str:
    """Who files: the slot named for it, the one their relation points to, else the first name in the form."""
    names = {answer.slot: answer.shown for answer in form if answer.value}
    relation = next((str(answer.value) for answer in form if answer.slot == "quan_he"), "")
    for slot in ("ho_ten_nguoi_yeu_cau", "ten_nguoi_yeu_cau", "ho_ten", f"ten_{relation}"):
        if names.get(slot):
            return names[slot]
    return next((shown for slot, shown in names.items() if slot.startswith(("ho_ten", "ten_"))), "")


def short_name(name: str) -> str:
    """The least that tells residents apart in a group: "Lê Thị Hoa" → "Lê Thị H."."""
    words = name.split()
    return name if len(words) < 2 else " ".join([*words[:-1], f"{words[-1][0]}."])


def due_text(words: DossierWords, dossier: Dossier) -> str:
    """When the result is promised, in words; the appointment slip says so if no source does."""
    return moment(dossier.due_at) if dossier.due_at else words.no_due


_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def moment(at: datetime) -> str:
    """As people write it: "17:00, thứ Hai, 30/11/2026"."""
    local = at.astimezone(ZONE)
    return f"{local:%H:%M}, {_WEEKDAYS[local.weekday()]}, {local:%d/%m/%Y}"


def hour(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%H:%M %d/%m}"


def _may(dossier: Dossier, to: Status) -> bool:
    try:
        check_move(dossier.status, to, "x")
    except NotAllowed:
        return False
    return True


def _appointed(form: tuple[Answer, ...]) -> datetime | None:
    """When an appointment is: its slots `ngay_hen` (ISO date) and `gio_hen` ("09:00" or "0900")."""
    values = {answer.slot: str(answer.value) for answer in form}
    day, at = values.get("ngay_hen"), values.get("gio_hen", "").replace("_", ":")
    if not day:
        return None
    if len(at) == 4 and at.isdigit():
        at = f"{at[:2]}:{at[2:]}"
    try:
        return datetime.fromisoformat(f"{day}T{at or '07:30'}").replace(tzinfo=ZONE)
    except ValueError:
        return datetime.fromisoformat(f"{day}T07:30").replace(tzinfo=ZONE)
