"""One dossier: what was filed, what happened, and the steps that are allowed now."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from starlette.responses import Response

from bot.core.dossier import Status, Time, plain_moves
from bot.core.permissions import MOVE, READ
from bot.desk import when
from bot.desk.at_the_counter import AtTheCounter, at_the_counter
from bot.desk.desk import Desk, NotFound, Visit, number
from bot.desk.guard import needs
from bot.services.spoken import due_text
from bot.store.dossiers import Dossier, DossierFile, Moved
from bot.store.ratings import Rating
from bot.store.slips import DrawnSlip
from bot.store.tx import Tx

#: A reason is a sentence or two; the slip has a few lines for it.
LONGEST_NOTE = 1000
_ENDS_BADLY = frozenset({Status.NOT_RECEIVED, Status.STOPPED})
#: What a browser shows by itself; anything else is handed over as a file.
SHOWN_AS_PICTURE = frozenset({"image/jpeg", "image/png", "image/webp"})


@dataclass(frozen=True, slots=True)
class Step:
    """A move that may be made now, with what its form asks."""

    to: Status
    button: str
    needs_reason: bool
    #: The resident's notice has a place for a word of the officer's.
    takes_note: bool
    reasons: tuple[str, ...]
    #: Its resident is told.
    told: bool
    #: The request is not granted, and nothing follows.
    ends: bool
    #: No source gives a due date: the officer promises one.
    asks_day: bool = False
    #: (id, name) of the papers and answers that can be asked for again.
    papers: tuple[tuple[str, str], ...] = ()
    answers: tuple[tuple[str, str], ...] = ()

    @property
    def asks(self) -> bool:
        return self.needs_reason or self.takes_note or self.asks_day


@dataclass(frozen=True, slots=True)
class Typed:
    """What an officer had sent when it could not be done, so that nothing is typed twice."""

    to: str
    reason: str = ""
    note: str = ""
    #: What is wrong, beside the field it is about; empty: nothing, but somebody was faster.
    error: str = ""
    #: Who was faster, and what they did.
    faster: str = ""
    #: As a browser sends it: 2026-11-30.
    day: str = ""
    #: Ids of papers and answers that are wanted again.
    again: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        return "\n".join(part for part in (self.reason, self.note) if part)


@dataclass(frozen=True, slots=True)
class Seen:
    """A dossier as it is shown."""

    dossier: Dossier
    status: str
    due: when.Due
    papers: tuple[DossierFile, ...]
    history: tuple[Moved, ...]
    #: Papers of the one-stop shop that were drawn for it.
    slips: tuple[DrawnSlip, ...]
    #: What its papers and answers are called, by their ids.
    names: dict[str, str]
    may_postpone: bool
    steps: tuple[Step, ...]
    counter: AtTheCounter
    rating: Rating | None


@needs(READ)
async def dossier_page(desk: Desk, visit: Visit) -> Response:
    which = number(visit.request.path_params["dossier"])
    seen = await desk.db.read(lambda tx: _look(tx, desk, visit, which))
    await desk.db.write(
        lambda tx: tx.officers.note(visit.officer.id, "dossier_read", seen.dossier.code, visit.now)
    )
    return _show(desk, visit, seen, None)


def day_of(text: str) -> date | None:
    """The day that a browser's date field sent; None if it is none."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def done_already(tx: Tx, which: int, to: Status, version: int, officer: int, note: str) -> bool:
    """A double click: this very step was taken a moment ago, by the same officer, from the same page."""
    dossier = tx.dossiers.get(which)
    last = tx.dossiers.history_of(which)[-1]
    step = (last.to_status, last.officer, last.note if note else "")
    return dossier.version == version + 1 and step == (to, officer, note)


async def again(
    desk: Desk, visit: Visit, which: int, typed: Typed, *, error: str = "", conflict: bool = False
) -> Response:
    """The page as it stands now, with what was typed."""

    def look(tx: Tx) -> tuple[Seen, str]:
        seen = _look(tx, desk, visit, which)
        return seen, desk.dossiers.who_was_faster(tx, seen.dossier) if conflict else ""

    seen, faster = await desk.db.read(look)
    kept = replace(typed, error=error, faster=faster)
    return _show(desk, visit, seen, kept, status=409 if conflict else 422)


def _look(tx: Tx, desk: Desk, visit: Visit, which: int) -> Seen:
    dossier = tx.dossiers.find(which)
    if dossier is None:
        raise NotFound
    words, files = desk.dossiers.words, tuple(tx.dossiers.files_of(which))
    return Seen(
        dossier=dossier,
        status=words.statuses[dossier.status].name,
        due=when.due(dossier, visit.now, due_text(words, dossier)),
        papers=files,
        history=tuple(tx.dossiers.history_of(which)),
        slips=tuple(tx.slips.of_dossier(which)),
        names=_names(dossier, files),
        may_postpone=visit.officer.may(MOVE) and dossier.kind == "ho_so" and dossier.status.time is Time.RUNS,
        steps=_steps(desk, dossier, files, visit.now) if visit.officer.may(MOVE) else (),
        counter=at_the_counter(tx, desk, dossier, visit.now) if visit.officer.may(MOVE) else AtTheCounter(),
        rating=tx.ratings.of_dossier(which),
    )


def _names(dossier: Dossier, files: tuple[DossierFile, ...]) -> dict[str, str]:
    return {file.paper: file.paper_name for file in files} | {a.slot: a.label for a in dossier.form}


def _steps(desk: Desk, dossier: Dossier, files: tuple[DossierFile, ...], now: datetime) -> tuple[Step, ...]:
    words = desk.dossiers.words
    asks_day = desk.dossiers.needs_day(dossier, now)
    papers = tuple({file.paper: file.paper_name for file in files}.items())
    answers = tuple((answer.slot, answer.label) for answer in dossier.form)
    return tuple(
        Step(
            to=move.to,
            button=words.statuses[move.to].button,
            needs_reason=move.needs_reason,
            takes_note="{ly_do}" in words.statuses[move.to].notice,
            reasons=words.reasons.get(move.to, ()),
            told=bool(words.statuses[move.to].notice),
            ends=move.to in _ENDS_BADLY,
            asks_day=asks_day and move.to is Status.RECEIVED,
            papers=papers if move.to is Status.SUPPLEMENT else (),
            answers=answers if move.to is Status.SUPPLEMENT else (),
        )
        for move in plain_moves(dossier.status, dossier.kind)  # the others: `bot.desk.counter`
    )


def _show(desk: Desk, visit: Visit, seen: Seen, typed: Typed | None, status: int = 200) -> Response:
    last = seen.history[-1]
    words = desk.dossiers.words.statuses
    return desk.show(
        visit,
        "dossier.html",
        status=status,
        seen=seen,
        typed=typed,
        done=bool(visit.asked("done")) and last.officer == visit.officer.id,
        told=bool(words[last.to_status].notice),
        status_name={status: words[status].name for status in Status},
        pictures=SHOWN_AS_PICTURE,
        longest_note=LONGEST_NOTE,
        may_move=visit.officer.may(MOVE),
    )
