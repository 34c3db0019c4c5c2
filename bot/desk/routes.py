"""Every address of the desk, in one list."""

from collections.abc import Callable, Mapping
from datetime import datetime

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.desk import account, calls, counter, dossier, due, files, inbox, moving, sign_in_pages, unclear
from bot.desk.desk import Desk, NotFound, Visit
from bot.desk.guard import Guarded, Page, needs
from bot.desk.look import Look
from bot.services.appointments import Appointments
from bot.services.dossiers import Dossiers
from bot.services.reports import Reports
from bot.store.blobs import Blobs
from bot.store.database import Database

_FOR_EVER = "public, max-age=31536000, immutable"
_A_DAY = "public, max-age=86400"


def desk_routes(
    db: Database,
    dossiers: Dossiers,
    blobs: Blobs,
    ward_name: str,
    clock: Callable[[], datetime],
    secure_cookies: bool,
    procedures: Mapping[str, str],
    *,
    appointments: Appointments,
    reports: Reports,
) -> list[BaseRoute]:
    """The desk, to be mounted: ``Mount("/desk", routes=desk_routes(…))``.

    Each route brings its own door (session, permission, CSRF, headers, error pages): no middleware is needed.
    """
    desk = Desk(
        db=db,
        dossiers=dossiers,
        appointments=appointments,
        reports=reports,
        blobs=blobs,
        ward_name=ward_name,
        clock=clock,
        secure_cookies=secure_cookies,
        procedures=procedures,
        look=Look(),
    )

    def route(path: str, page: Page, method: str | None) -> Route:
        return Route(path, Guarded(desk, page), methods=[method] if method else None)

    return [
        route("/sign-in", sign_in_pages.sign_in_page, "GET"),
        route("/sign-in", sign_in_pages.sign_in_form, "POST"),
        route("/sign-out", sign_in_pages.sign_out, "POST"),
        route("/password", sign_in_pages.password_page, "GET"),
        route("/password", sign_in_pages.password_form, "POST"),
        route("/", inbox.inbox, "GET"),
        route("/news", inbox.news, "GET"),
        route("/calls", calls.calls_page, "GET"),
        route("/calls/{call:int}/answered", calls.answer_call, "POST"),
        route("/dossiers/{dossier:int}", dossier.dossier_page, "GET"),
        route("/dossiers/{dossier:int}/moves", moving.move_form, "POST"),
        route("/dossiers/{dossier:int}/due", due.postpone_form, "POST"),
        route("/dossiers/{dossier:int}/answer", counter.answer_form, "POST"),
        route("/dossiers/{dossier:int}/appointment", counter.appointment_form, "POST"),
        route("/dossiers/{dossier:int}/files/{file}", files.dossier_file, "GET"),
        route("/unclear", unclear.unclear_page, "GET"),
        route("/unclear/{message:int}", unclear.settle_form, "POST"),
        route("/unclear/{message:int}/undo", unclear.undo_form, "POST"),
        route("/account", account.account_page, "GET"),
        route("/account/link-code", account.link_code, "POST"),
        route("/account/sessions", account.sign_out_elsewhere, "POST"),
        route("/static/{name:path}", static, "GET"),
        route("/{anything:path}", nothing, None),
    ]


@needs(None, impersonal=True)
async def static(desk: Desk, visit: Visit) -> Response:
    """Style, script and fonts, out of memory: no path of the disk is ever made from an address."""
    asset = desk.look.assets.get(visit.request.path_params["name"])
    if asset is None:
        raise NotFound
    lasting = _FOR_EVER if visit.asked("v") == asset.digest else _A_DAY
    return Response(asset.content, media_type=asset.mime, headers={"Cache-Control": lasting})


@needs(None)
async def nothing(desk: Desk, visit: Visit) -> Response:
    raise NotFound
