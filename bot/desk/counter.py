"""What an officer does on the page of a report or an appointment: answer, keep, move, call off."""

from datetime import datetime

from starlette.responses import Response

from bot.core.dossier import Status
from bot.core.permissions import MOVE
from bot.desk import deeds, form
from bot.desk import dossier as page
from bot.desk.desk import Desk, NotFound, Visit, number
from bot.desk.guard import needs
from bot.store.tx import Tx


@needs(MOVE)
async def answer_form(desk: Desk, visit: Visit) -> Response:
    """The answer to a report: it is sent, and that is its end."""
    which, sent = number(visit.request.path_params["dossier"]), await form.read(visit.request)
    text, seen = sent.get("note", "").strip(), deeds.version_seen(sent)

    def answer(tx: Tx) -> None:
        deeds.the_dossier(tx, which)
        if not page.done_already(tx, which, Status.RETURNED, seen, visit.officer.id, text):
            desk.reports.answer(tx, which, text, visit.officer, seen, visit.now)

    return await deeds.do(desk, visit, which, page.Typed("answer", note=text), answer)


@needs(MOVE)
async def appointment_form(desk: Desk, visit: Visit) -> Response:
    """They came, they did not come, the ward needs another hour, or cannot take them."""
    which, sent = number(visit.request.path_params["dossier"]), await form.read(visit.request)
    to, note, seen = sent.get("to", ""), sent.get("note", "").strip(), deeds.version_seen(sent)
    book, by, now = desk.appointments, visit.officer, visit.now

    def act(tx: Tx) -> None:
        deeds.the_dossier(tx, which)
        match to:
            case "kept":
                if not page.done_already(tx, which, Status.RETURNED, seen, by.id, ""):
                    book.kept(tx, which, by, seen, now)
            case "missed":
                if not page.done_already(tx, which, Status.STOPPED, seen, by.id, ""):
                    book.missed(tx, which, by, seen, now)
            case "call_off":
                if not page.done_already(tx, which, Status.STOPPED, seen, by.id, note):
                    book.call_off(tx, which, by, seen, note, now)
            case "rebook":
                book.rebook(tx, which, by, seen, _moment(sent.get("at", "")), now)
            case _:
                raise NotFound  # no form of ours sends that

    return await deeds.do(desk, visit, which, page.Typed(to, note=note), act)


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise NotFound from None
    if at.tzinfo is None:
        raise NotFound
    return at
