"""One of the plain moves of a dossier, from its page."""

from starlette.responses import Response

from bot.core.dossier import Status
from bot.core.permissions import MOVE
from bot.desk import deeds, form
from bot.desk import dossier as page
from bot.desk.desk import Desk, NotFound, Visit, number
from bot.desk.guard import needs
from bot.store.tx import Tx

#: Checkboxes are called by this and the id of what is wanted again.
_AGAIN = "again-"


@needs(MOVE)
async def move_form(desk: Desk, visit: Visit) -> Response:
    """The step that was chosen, with its reason, its day and what is wanted again."""
    which, sent = number(visit.request.path_params["dossier"]), await form.read(visit.request)
    typed, seen = _typed(desk, sent), deeds.version_seen(sent)
    due = page.day_of(typed.day)
    if typed.day and due is None:
        return await page.again(desk, visit, which, typed, error=desk.dossiers.words.officers.bad_day)
    if typed.to not in set(Status):
        raise NotFound  # no form of ours sends that
    to, note = Status(typed.to), _note(typed)

    def move(tx: Tx) -> None:
        deeds.the_dossier(tx, which)
        if not page.done_already(tx, which, to, seen, visit.officer.id, note):
            desk.dossiers.move(
                tx,
                which,
                to,
                by=visit.officer,
                note=note,
                seen=seen,
                due=due,
                again=typed.again,
                now=visit.now,
            )

    return await deeds.do(desk, visit, which, typed, move)


def _typed(desk: Desk, sent: dict[str, str]) -> page.Typed:
    """What was chosen and written. A reason that is none of the templates is not taken."""
    to, reason = sent.get("to", ""), sent.get("reason", "")
    templates = desk.dossiers.words.reasons.get(Status(to), ()) if to in set(Status) else ()
    return page.Typed(
        to,
        reason if reason in templates else "",
        sent.get("note", "").strip(),
        day=sent.get("day", ""),
        again=tuple(name.removeprefix(_AGAIN) for name in sent if name.startswith(_AGAIN)),
    )


def _note(typed: page.Typed) -> str:
    """The chosen reason and the written one, as one sentence after the other."""
    if typed.reason and typed.note:
        return f"{typed.reason.rstrip('.')}. {typed.note}"
    return typed.reason or typed.note
