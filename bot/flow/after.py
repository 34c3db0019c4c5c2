"""Actions around what was filed before: an appointment moved or cancelled, a report reopened, a rating given.

Each names its slots in the step's metadata, ``{code: ma_ho_so}``.
"""

from bot.core.calendar import ZONE
from bot.core.effects import CancelAppointment, MoveAppointment, Rate, ReopenReport
from bot.core.messages import Json
from bot.core.offers import Booked
from bot.flow.dates import show_date
from bot.flow.model import Step
from bot.flow.openings import hour_of, show_time
from bot.flow.talk import Talk

#: Where the flow finds what `find_appointment` has found.
FOUND, COUNTER, BEFORE = "tim_thay", "quay", "gio_cu"


def find_appointment(talk: Talk, step: Step) -> None:
    """Which of their appointments is meant. `tim_thay` becomes ``co``, ``khong`` or ``nhieu`` (no code, and
    several to choose from); with it go the code, the counter `quay`, and the time `gio_cu` in words."""
    frame, code = talk.stack[-1], _code(step)
    given = str(frame.slots.get(code) or "").strip().upper()
    booked = talk.offers.appointments() if talk.offers is not None else ()
    mine = [one for one in booked if not given or one.code == given]
    found: dict[str, Json] = {FOUND: "co" if len(mine) == 1 else "nhieu" if mine else "khong"}
    if len(mine) == 1:
        found |= {code: mine[0].code, COUNTER: mine[0].hour.counter, BEFORE: _in_words(mine[0])}
    talk.note(f"appointment: {found[FOUND]}")
    talk.set(slots=frame.slots | found)


def move_appointment(talk: Talk, step: Step) -> None:
    """To the half hour that the form has agreed on."""
    hour = hour_of(talk.flow, talk.stack[-1], talk.around)
    if hour is not None:
        talk.want(MoveAppointment(code=_said(talk, step, "code"), hour=hour))


def cancel_appointment(talk: Talk, step: Step) -> None:
    talk.want(CancelAppointment(code=_said(talk, step, "code")))


def find_report(talk: Talk, step: Step) -> None:
    """May this report be opened again? `tim_thay` becomes ``co`` or ``khong``."""
    code = _said(talk, step, "code").upper()
    may = talk.offers is not None and talk.offers.may_reopen(code)
    talk.set(slots=talk.stack[-1].slots | {_code(step): code, FOUND: "co" if may else "khong"})


def reopen(talk: Talk, step: Step) -> None:
    talk.want(ReopenReport(code=_said(talk, step, "code"), note=_said(talk, step, "note")))


def rate(talk: Talk, step: Step) -> None:
    """``metadata: {code, score, why, call}``; the score is the id of a choice."""
    slots = talk.stack[-1].slots
    talk.want(
        Rate(
            code=_said(talk, step, "code"),
            score=int(_said(talk, step, "score")),
            why=_said(talk, step, "why"),
            call=slots.get(str(step.metadata.get("call"))) is True,
        )
    )


def _code(step: Step) -> str:
    return str(step.metadata.get("code"))


def _said(talk: Talk, step: Step, name: str) -> str:
    """The answer to the slot that the step names so."""
    value = talk.stack[-1].slots.get(str(step.metadata.get(name)))
    return "" if value is None else str(value)


def _in_words(booked: Booked) -> str:
    at = booked.hour.starts_at.astimezone(ZONE)
    return f"{show_time(f'{at:%H%M}')} ngày {show_date(at.date().isoformat())}"
