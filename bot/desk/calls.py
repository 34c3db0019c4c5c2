"""Residents who asked for an officer, longest waiting first."""

from dataclasses import dataclass

from starlette.responses import Response

from bot.core.permissions import MOVE, READ
from bot.desk.desk import Desk, Visit, number
from bot.desk.guard import needs
from bot.store.dossiers import Call, Dossier
from bot.store.tx import Tx

#: Dossiers of theirs that are shown beside: enough to know what it is about.
_DOSSIERS = 3


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits, with what they filed lately."""

    call: Call
    dossiers: tuple[Dossier, ...]


@needs(READ)
async def calls_page(desk: Desk, visit: Visit) -> Response:
    def look(tx: Tx) -> tuple[Waiting, ...]:
        return tuple(
            Waiting(call, tuple(tx.dossiers.of_person(call.person, _DOSSIERS)))
            for call in tx.dossiers.open_calls()
        )

    waiting = await desk.db.read(look)
    return desk.show(
        visit, "calls.html", waiting=waiting, done=visit.asked("done"), may_answer=visit.officer.may(MOVE)
    )


@needs(MOVE)
async def answer_call(desk: Desk, visit: Visit) -> Response:
    """An officer has spoken with them. Whoever is second is told it is done."""
    call = number(visit.request.path_params["call"])

    def answer(tx: Tx) -> bool:
        first = tx.dossiers.answer_call(call, visit.officer.id, visit.now)
        if first:
            tx.officers.note(visit.officer.id, "call_answered", str(call), visit.now)
        return first

    first = await desk.db.write(answer)
    return desk.go(visit, f"/calls?done={'1' if first else 'already'}")
