""" "Xin lỗi và hẹn lại" on the page of a dossier: another day, with the reason."""

from datetime import date

from starlette.responses import Response

from bot.core.errors import Conflict, NotAllowed
from bot.core.permissions import MOVE
from bot.desk import dossier as page
from bot.desk import form
from bot.desk.desk import Desk, NotFound, Visit, number
from bot.desk.guard import needs
from bot.store.tx import Tx

#: What the page calls this form.
POSTPONE = "postpone"


@needs(MOVE)
async def postpone_form(desk: Desk, visit: Visit) -> Response:
    which, sent = number(visit.request.path_params["dossier"]), await form.read(visit.request)
    typed = page.Typed(POSTPONE, note=sent.get("note", "").strip(), day=sent.get("day", ""))
    try:
        seen = int(sent.get("seen", ""))
    except ValueError:
        raise NotFound from None
    if len(typed.note) > page.LONGEST_NOTE:
        problem = f"Dài quá {page.LONGEST_NOTE} ký tự. Anh/chị viết gọn lại giúp."
        return await page.again(desk, visit, which, typed, error=problem)
    day = page.day_of(typed.day)
    if day is None:
        return await page.again(desk, visit, which, typed, error=desk.dossiers.words.officers.bad_day)

    def postpone(tx: Tx) -> None:
        dossier = tx.dossiers.find(which)
        if dossier is None:
            raise NotFound
        status, officer = dossier.status, visit.officer
        if not page.done_already(tx, which, status, seen, officer.id, typed.note):
            promised: date = day
            desk.dossiers.postpone(
                tx, which, promised, by=officer, reason=typed.note, seen=seen, now=visit.now
            )

    try:
        await desk.db.write(postpone)
    except Conflict:
        return await page.again(desk, visit, which, typed, conflict=True)
    except NotAllowed as refused:
        return await page.again(desk, visit, which, typed, error=str(refused))
    return desk.go(visit, f"/dossiers/{which}?done=1")
