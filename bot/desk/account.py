"""An officer's own page: name, permissions, Telegram, password, sessions."""

from starlette.responses import Response

from bot.desk.desk import Desk, Visit
from bot.desk.guard import SIGNED_IN, needs
from bot.desk.words import PERMISSIONS
from bot.services import sign_in
from bot.services.routing import field_names


@needs(SIGNED_IN)
async def account_page(desk: Desk, visit: Visit) -> Response:
    duties = await desk.db.read(lambda tx: tx.routing.duties())
    held = [name for permission, name in PERMISSIONS.items() if visit.officer.may(permission)]
    return desk.show(
        visit,
        "account.html",
        permissions=held,
        works_on=field_names(duties, visit.officer.id),
        done=visit.asked("done"),
    )


@needs(SIGNED_IN)
async def link_code(desk: Desk, visit: Visit) -> Response:
    """A fresh code for Telegram."""
    await desk.db.write(lambda tx: sign_in.new_link_code(tx, visit.officer.id))
    return desk.go(visit, "/account?done=code")


@needs(SIGNED_IN)
async def sign_out_elsewhere(desk: Desk, visit: Visit) -> Response:
    session = visit.session
    assert session is not None
    await desk.db.write(lambda tx: sign_in.sign_out_elsewhere(tx, session, visit.now))
    return desk.go(visit, "/account?done=elsewhere")
