"""Dossiers, their papers and every step they took."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from bot.core.dossier import Status, Time
from bot.core.effects import Answer, Paper
from bot.core.errors import Conflict
from bot.store.dossier_rows import Call, Dossier, DossierFile, Moved, NewDossier, Wanted
from bot.store.json import dump, parse
from bot.store.prepared import Prepared
from bot.store.routing import offered_to
from bot.store.tables import calls, counters, dossier_files, dossiers, files, moves, officers, people

__all__ = ["Call", "Dossier", "DossierFile", "Dossiers", "Moved", "NewDossier", "Wanted"]

_count = {
    name: Prepared(
        dialect.insert(counters)
        .on_conflict_do_update(index_elements=["name"], set_={"value": counters.c.value + 1})
        .returning(counters.c.value),
        "name",
        "value",
    )
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_columns = (
    dossiers.c.id,
    dossiers.c.code,
    dossiers.c.kind,
    dossiers.c.procedure,
    dossiers.c.procedure_name,
    dossiers.c.field,
    dossiers.c.person_id,
    dossiers.c.applicant,
    dossiers.c.form,
    dossiers.c.status,
    dossiers.c.version,
    dossiers.c.officer_id,
    officers.c.name,
    dossiers.c.due_at,
    dossiers.c.paused_at,
    dossiers.c.opened_at,
    dossiers.c.moved_at,
    people.c.channel,
)


class Dossiers:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_number(self, name: str) -> int:
        """The next number of this counter, from 1."""
        return _only(_count[self._connection.dialect.name], self._connection, {"name": name, "value": 1})

    def open(self, new: NewDossier, papers: tuple[Paper, ...], now: datetime) -> tuple[Dossier, Moved]:
        """Write down a new dossier, its papers and its first step."""
        values: dict[str, Any] = {
            "code": new.code,
            "kind": new.kind,
            "procedure": new.procedure,
            "procedure_name": new.procedure_name,
            "field": new.field,
            "person_id": new.person,
            "applicant": new.applicant[:200],
            "form": dump(new.form),
            "status": Status.NEW.value,
            "due_at": new.due_at,
            "opened_at": now,
            "moved_at": now,
            "words": new.words,
        }
        row = _only(_open, self._connection, values)
        self.add_papers(row, papers, now)
        step = self._note_move(row, None, Status.NEW, None, "", now)
        return self.get(row), step

    def add_papers(self, dossier: int, papers: tuple[Paper, ...], now: datetime) -> None:
        rows = [
            {
                "dossier_id": dossier,
                "file_id": file,
                "paper": paper.paper,
                "name": paper.name[:200],
                "added_at": now,
            }
            for paper in papers
            for file in paper.files
        ]
        if rows:
            self._connection.execute(insert(dossier_files), rows)

    def replace_papers(self, dossier: int, papers: tuple[Paper, ...], now: datetime) -> None:
        """Newer files for these papers: the old ones stay, and are known to be old."""
        self._connection.execute(
            update(dossier_files)
            .where(
                dossier_files.c.dossier_id == dossier,
                dossier_files.c.paper.in_([paper.paper for paper in papers]),
                dossier_files.c.replaced_at.is_(None),
            )
            .values(replaced_at=now)
        )
        self.add_papers(dossier, papers, now)

    def rewrite(self, dossier: int, form: tuple[Answer, ...], words: str) -> None:
        """The form with answers given anew, and the words by which it is found."""
        self._connection.execute(
            update(dossiers).where(dossiers.c.id == dossier).values(form=dump(form), words=words)
        )

    def due_before(self, moment: datetime, unless: tuple[str, ...], limit: int) -> list[Dossier]:
        """Filings whose time runs and is over before this moment; the first due first.

        `unless`: those of which the clock has said one of these are left out.
        """
        running = [status.value for status in Status if status.time is Time.RUNS]
        return self._found(
            dossiers.c.status.in_(running),
            dossiers.c.due_at < moment,
            dossiers.c.reminded.not_in(unless),
            order=dossiers.c.due_at,
            limit=limit,
        )

    def note_reminder(self, dossier: Dossier, what: str) -> bool:
        """Write down that the clock has spoken. False if it had, or the dossier has moved meanwhile."""
        done = self._connection.execute(
            update(dossiers)
            .where(
                dossiers.c.id == dossier.id,
                dossiers.c.version == dossier.version,
                dossiers.c.reminded != what,
            )
            .values(reminded=what)
        )
        return done.rowcount == 1

    def _found(self, *conditions: Any, order: Any, limit: int) -> list[Dossier]:
        rows = self._connection.execute(
            _select().where(dossiers.c.kind == "ho_so", *conditions).order_by(order).limit(limit)
        ).all()
        return [_dossier(row) for row in rows]

    def move(
        self,
        dossier: Dossier,
        to: Status,
        *,
        by: int | None,
        note: str,
        now: datetime,
        due_at: datetime | None,
        paused_at: datetime | None = None,
        wanted: tuple[str, ...] = (),
    ) -> tuple[Dossier, Moved]:
        """Take a step from what was read. Conflict if somebody took one in between.

        A step to the status where it stands sets another due time, or leaves a note.
        """
        done = self._connection.execute(
            update(dossiers)
            .where(dossiers.c.id == dossier.id, dossiers.c.version == dossier.version)
            .values(
                status=to.value,
                version=dossiers.c.version + 1,
                officer_id=by if by is not None else dossiers.c.officer_id,
                moved_at=now,
                due_at=due_at,
                paused_at=paused_at,
                reminded=dossiers.c.reminded
                if due_at == dossier.due_at and dossier.status is not Status.NEW
                else "",
            )
        )
        if done.rowcount != 1:
            raise Conflict(f"dossier {dossier.id} has moved")
        new_due = due_at if due_at != dossier.due_at else None
        step = self._note_move(dossier.id, dossier.status, to, by, note, now, new_due, wanted)
        return self.get(dossier.id), step

    def get(self, dossier: int) -> Dossier:
        row = _get.one_or_none(self._connection, {"id": dossier})
        assert row is not None
        return _dossier(row)

    def find(self, dossier: int) -> Dossier | None:
        row = self._connection.execute(_select().where(dossiers.c.id == dossier)).one_or_none()
        return None if row is None else _dossier(row)

    def by_code(self, code: str) -> Dossier | None:
        row = self._connection.execute(_select().where(dossiers.c.code == code)).one_or_none()
        return None if row is None else _dossier(row)

    def of_person(self, person: int, limit: int = 10) -> list[Dossier]:
        """Somebody's dossiers, newest first."""
        rows = self._connection.execute(
            _select().where(dossiers.c.person_id == person).order_by(dossiers.c.id.desc()).limit(limit)
        ).all()
        return [_dossier(row) for row in rows]

    def page(self, wanted: Wanted) -> list[Dossier]:
        """A page of dossiers, newest first."""
        condition = _condition(wanted)
        if wanted.before is not None:
            condition = and_(condition, dossiers.c.id < wanted.before)
        rows = self._connection.execute(
            _select().where(condition).order_by(dossiers.c.id.desc()).limit(wanted.limit)
        ).all()
        return [_dossier(row) for row in rows]

    def count(self, wanted: Wanted) -> int:
        statement = select(func.count()).select_from(dossiers).where(_condition(wanted))
        return self._connection.execute(statement).scalar_one()

    def files_of(self, dossier: int) -> list[DossierFile]:
        rows = self._connection.execute(
            select(
                dossier_files.c.file_id,
                dossier_files.c.paper,
                dossier_files.c.name,
                files.c.name,
                files.c.mime,
                files.c.size,
                dossier_files.c.added_at,
                dossier_files.c.replaced_at,
            )
            .join(files, files.c.id == dossier_files.c.file_id)
            .where(dossier_files.c.dossier_id == dossier)
            .order_by(dossier_files.c.id)
        ).all()
        return [DossierFile(*row) for row in rows]

    def history_of(self, dossier: int) -> list[Moved]:
        """Every step, oldest first."""
        rows = self._connection.execute(
            select(
                moves.c.id,
                moves.c.from_status,
                moves.c.to_status,
                moves.c.officer_id,
                officers.c.name,
                moves.c.note,
                moves.c.at,
                moves.c.due_at,
                moves.c.wanted,
            )
            .outerjoin(officers, officers.c.id == moves.c.officer_id)
            .where(moves.c.dossier_id == dossier)
            .order_by(moves.c.id)
        ).all()
        return [
            Moved(
                id=r[0],
                from_status=Status(r[1]) if r[1] else None,
                to_status=Status(r[2]),
                officer=r[3],
                officer_name=r[4],
                note=r[5],
                at=r[6],
                due_at=r[7],
                wanted=parse(r[8], tuple[str, ...]),
            )
            for r in rows
        ]

    def was_at(self, dossier: int, status: Status) -> bool:
        """Has it ever stood there?"""
        found = select(moves.c.id).where(moves.c.dossier_id == dossier, moves.c.to_status == status.value)
        return self._connection.execute(found.limit(1)).one_or_none() is not None

    def came_from(self, dossier: int, status: Status) -> Status:
        """Where it stood before it came to this status the last time."""
        step = next(step for step in reversed(self.history_of(dossier)) if step.came_to(status))
        return step.from_status or Status.NEW

    def names_of(self, dossier: Dossier, ids: tuple[str, ...]) -> dict[str, str]:
        """What people call these papers and answers of it; those that it does not have are left out."""
        names = {file.paper: file.paper_name for file in self.files_of(dossier.id)} if ids else {}
        names |= {answer.slot: answer.label for answer in dossier.form}
        return {id_: names[id_] for id_ in ids if id_ in names}

    def call_officer(self, person: int, reason: str, now: datetime) -> int:
        """Somebody wants a person."""
        made: int = self._connection.execute(
            insert(calls).returning(calls.c.id), {"person_id": person, "reason": reason, "at": now}
        ).scalar_one()
        return made

    def open_calls(self) -> list[Call]:
        """Who still waits for an officer, longest first."""
        rows = self._connection.execute(
            select(calls.c.id, calls.c.person_id, people.c.name, people.c.channel, calls.c.reason, calls.c.at)
            .join(people, people.c.id == calls.c.person_id)
            .where(calls.c.answered_at.is_(None))
            .order_by(calls.c.id)
            .limit(200)
        ).all()
        return [Call(*row) for row in rows]

    def answer_call(self, call: int, officer: int, now: datetime) -> bool:
        """An officer has seen to it. False if somebody already had."""
        done = self._connection.execute(
            update(calls)
            .where(calls.c.id == call, calls.c.answered_at.is_(None))
            .values(officer_id=officer, answered_at=now)
        )
        return done.rowcount == 1

    def _note_move(
        self,
        dossier: int,
        frm: Status | None,
        to: Status,
        by: int | None,
        note: str,
        now: datetime,
        due_at: datetime | None = None,
        wanted: tuple[str, ...] = (),
    ) -> Moved:
        values = {
            "dossier_id": dossier,
            "from_status": frm.value if frm else "",
            "to_status": to.value,
            "officer_id": by,
            "note": note,
            "at": now,
            "due_at": due_at,
            "wanted": dump(wanted),
        }
        row = _only(_step, self._connection, values)
        return Moved(row, frm, to, by, None, note, now, due_at, wanted)


def _select() -> Select[Any]:
    return (
        select(*_columns)
        .join(people, people.c.id == dossiers.c.person_id)
        .outerjoin(officers, officers.c.id == dossiers.c.officer_id)
    )


_get = Prepared(_select().where(dossiers.c.id == bindparam("id")))
_open = Prepared(
    insert(dossiers).returning(dossiers.c.id),
    *("code", "kind", "procedure", "procedure_name", "field", "person_id", "applicant", "form", "status"),
    *("due_at", "opened_at", "moved_at", "words"),
)
_step = Prepared(
    insert(moves).returning(moves.c.id),
    *("dossier_id", "from_status", "to_status", "officer_id", "note", "at", "due_at", "wanted"),
)


def _only(statement: Prepared, connection: Connection, values: dict[str, Any]) -> int:
    """The one number that a statement gives back."""
    row = statement.one_or_none(connection, values)
    assert row is not None
    return int(row[0])


def _condition(wanted: Wanted) -> Any:
    conditions: list[Any] = []
    if wanted.statuses:
        conditions.append(dossiers.c.status.in_([s.value for s in wanted.statuses]))
    if wanted.officer is not None:
        conditions.append(dossiers.c.officer_id == wanted.officer)
    if wanted.unclaimed:
        conditions.append(dossiers.c.officer_id.is_(None))
    if wanted.offered_to is not None:
        conditions.append(offered_to(wanted.offered_to))
    if wanted.overdue_at is not None:
        conditions.append(
            and_(
                dossiers.c.due_at < wanted.overdue_at,
                dossiers.c.paused_at.is_(None),
                dossiers.c.status.in_([s.value for s in Status if not s.ended and s is not Status.DONE]),
            )
        )
    conditions.extend(dossiers.c.words.contains(word, autoescape=True) for word in wanted.words.split()[:8])
    return and_(*conditions) if conditions else or_(dossiers.c.id > 0)


def _dossier(row: Any) -> Dossier:
    (
        id_, code, kind, procedure, procedure_name, field, person, applicant, form, status, version,
        officer, officer_name, due_at, paused_at, opened_at, moved_at, channel,
    ) = row  # fmt: skip
    return Dossier(
        id=id_,
        code=code,
        kind=kind,
        procedure=procedure,
        procedure_name=procedure_name,
        field=field,
        person=person,
        applicant=applicant,
        form=parse(form, tuple[Answer, ...]),
        status=Status(status),
        version=version,
        officer=officer,
        officer_name=officer_name,
        due_at=due_at,
        paused_at=paused_at,
        opened_at=opened_at,
        moved_at=moved_at,
        channel=channel,
    )
