""" "Xin lỗi và hẹn lại" on the page of a dossier: another day, with the reason."""

from datetime import date

from starlette.responses import Response

from bot.core.permissions import MOVE
from bot.desk import deeds, form
from bot.desk import dossier as page
from bot.desk.desk import Desk, Visit, number
from bot.desk.guard import needs
from bot.store.tx import Tx

#: What the page calls this form.
POSTPONE = "postpone"


@needs(MOVE)
async def postpone_form(desk: Desk, visit: Visit) -> Response:
    which, sent = number(visit.request.path_params["dossier"]), await form.read(visit.request)
    typed = page.Typed(POSTPONE, note=sent.get("note", "").strip(), day=sent.get("day", ""))
    seen = deeds.version_seen(sent)
    day = page.day_of(typed.day)
    if day is None:
        return await page.again(desk, visit, which, typed, error=desk.dossiers.words.officers.bad_day)

    def postpone(tx: Tx) -> None:
        status, officer = deeds.the_dossier(tx, which).status, visit.officer
        if not page.done_already(tx, which, status, seen, officer.id, typed.note):
            promised: date = day
            desk.dossiers.postpone(
                tx, which, promised, by=officer, reason=typed.note, seen=seen, now=visit.now
            )

    return await deeds.do(desk, visit, which, typed, postpone)
