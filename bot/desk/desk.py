"""What every page of the desk is given: the parts it may use, and the visit it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.desk.look import Look
from bot.services.appointments import Appointments
from bot.services.dossiers import Dossiers
from bot.services.reports import Reports
from bot.store.blobs import Blobs
from bot.store.database import Database
from bot.store.officers import Officer, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request, and who makes it."""

    request: Request
    now: datetime
    #: Where the desk is mounted, e.g. ``/desk``: the beginning of every address on a page.
    root: str
    session: Session | None = None
    #: Residents who wait for an officer; shown beside the menu.
    waiting: int = 0
    #: Messages that wait for a label; shown beside the menu, too.
    unclear: int = 0

    @property
    def officer(self) -> Officer:
        """Whoever is signed in; only for pages that need a permission."""
        assert self.session is not None
        return self.session.officer

    def asked(self, name: str) -> str:
        """A part of the address's query, without spaces around it."""
        return self.request.query_params.get(name, "").strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The parts of the program that the desk stands on."""

    db: Database
    dossiers: Dossiers
    appointments: Appointments
    reports: Reports
    blobs: Blobs
    ward_name: str
    clock: Callable[[], datetime]
    secure_cookies: bool
    #: The ward's procedures: id → name.
    procedures: Mapping[str, str]
    look: Look

    @property
    def cookie(self) -> str:
        """Only a cookie from this very host may begin with ``__Host-``, and only over https."""
        return "__Host-ban_lam_viec" if self.secure_cookies else "ban_lam_viec"

    def show(self, visit: Visit, template: str, *, status: int = 200, **facts: object) -> Response:
        html = self.look.render(template, desk=self, visit=visit, **facts)
        return HTMLResponse(html, status)

    def go(self, visit: Visit, path: str) -> Response:
        """After a form: to a page of the desk, so that reloading does not send the form again."""
        return RedirectResponse(visit.root + path, 303)

    def remember(self, response: Response, token: str) -> None:
        """Give the browser its session."""
        response.set_cookie(
            self.cookie, token, path="/", secure=self.secure_cookies, httponly=True, samesite="lax"
        )

    def forget(self, response: Response) -> None:
        response.delete_cookie(
            self.cookie, path="/", secure=self.secure_cookies, httponly=True, samesite="lax"
        )


class NotFound(Exception):
    """There is no such thing, or it is not theirs to know of."""


#: The greatest id a database column holds.
_GREATEST = 2**63 - 1


def number(text: str | int) -> int:
    """An id out of an address; NotFound if it cannot be one."""
    try:
        value = int(text)
    except ValueError:
        raise NotFound from None
    if not 0 < value <= _GREATEST:
        raise NotFound
    return value
