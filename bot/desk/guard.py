"""The door of every page: where a request comes from, who makes it, and whether they may.

A page is a function marked with the permission it needs; there is no way to a page but through `Guarded`.
"""

import ipaddress
import logging
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeAlias
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from bot.core.permissions import CONTENT, READ
from bot.desk import errors
from bot.desk.desk import Desk, NotFound, Visit
from bot.desk.form import TooMuch
from bot.services import sign_in
from bot.store.officers import Session
from bot.store.tx import Tx

log = logging.getLogger(__name__)

#: Permission of a page that everybody signed in may see.
SIGNED_IN = "signed_in"

Handler: TypeAlias = Callable[[Desk, Visit], Awaitable[Response]]

_SAFE_METHODS = {"GET", "HEAD"}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_HARMLESS = re.compile(r"[A-Za-z0-9/_.~?&=%+-]*")


@dataclass(frozen=True, slots=True)
class Page:
    """A function that answers, and who may call it."""

    handle: Handler
    #: One of `bot.core.permissions`, SIGNED_IN, or None for everybody.
    permission: str | None
    #: Also for officers who have yet to choose a password of their own.
    newcomers: bool
    #: The browser asks for it by itself: no sign that somebody is there.
    polled: bool
    #: It is the same for everybody, so nobody is looked up.
    impersonal: bool


def needs(
    permission: str | None, *, newcomers: bool = False, polled: bool = False, impersonal: bool = False
) -> Callable[[Handler], Page]:
    """Mark a function as a page, and say who may see it."""
    return lambda handle: Page(handle, permission, newcomers, polled, impersonal and permission is None)


class Guarded:
    """A page behind its door."""

    def __init__(self, desk: Desk, page: Page) -> None:
        self._desk = desk
        self._page = page

    @property
    def permission(self) -> str | None:
        return self._page.permission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        visit = Visit(
            request=Request(scope, receive), now=self._desk.clock(), root=str(scope.get("root_path", ""))
        )
        response = await self._answer(visit)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        await response(scope, receive, send)

    async def _answer(self, visit: Visit) -> Response:
        try:
            if visit.request.method not in _SAFE_METHODS and not from_our_own_page(visit.request):
                return errors.foreign(self._desk, visit)
            visit = await self._recognise(visit)
            return self._turned_away(visit) or await self._page.handle(self._desk, visit)
        except NotFound:
            return errors.not_found(self._desk, visit)
        except TooMuch:
            return errors.too_much(self._desk, visit)
        except Exception:
            incident = secrets.token_hex(4)
            log.exception("desk: incident %s", incident)
            return errors.broken(self._desk, visit, incident)

    async def _recognise(self, visit: Visit) -> Visit:
        """The same visit, with who makes it."""
        token = visit.request.cookies.get(self._desk.cookie)
        if not token or self._page.impersonal:
            return visit

        def look(tx: Tx) -> tuple[Session | None, int, int]:
            session = sign_in.session(tx, token, visit.now)
            reads = session is not None and session.officer.may(READ)
            teaches = session is not None and session.officer.may(CONTENT)
            waiting = len(tx.dossiers.open_calls()) if reads else 0
            return session, waiting, tx.unclear.count_open() if teaches else 0

        session, waiting, unclear = await self._desk.db.read(look)
        if session is not None and not self._page.polled and sign_in.is_due(session, visit.now):
            used = session
            await self._desk.db.write(lambda tx: sign_in.touch(tx, used, visit.now))
        return replace(visit, session=session, waiting=waiting, unclear=unclear)

    def _turned_away(self, visit: Visit) -> Response | None:
        """What somebody gets who may not see this page; None for whoever may."""
        permission = self._page.permission
        if permission is None:
            return None
        if visit.session is None:
            return _to_sign_in(visit)
        if visit.officer.must_change and not self._page.newcomers:
            return _elsewhere(visit, f"{visit.root}/password")
        if permission != SIGNED_IN and not visit.officer.may(permission):
            return errors.forbidden(self._desk, visit)
        return None


def from_our_own_page(request: Request) -> bool:
    """Whether a form was sent from one of our own pages. Browsers say so; silence is no answer.

    Sec-Fetch-Site is only sent over https and to localhost, Origin always.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc == request.headers.get("host", "")


def safe_next(root: str, wanted: str) -> str:
    """Where to go after signing in: an address of the desk, or its first page for anything else."""
    if (
        wanted.startswith(f"{root}/")
        and "//" not in wanted
        and ".." not in wanted
        and _HARMLESS.fullmatch(wanted)
    ):
        return wanted
    return f"{root}/"


def source_of(request: Request) -> str:
    """Where attempts to sign in are counted: an address, or the network of one household (IPv6)."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host or "?"
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else host


def _to_sign_in(visit: Visit) -> Response:
    """Back to where they were going, once signed in; to the page with the form, if they were sending one."""
    request = visit.request
    if request.headers.get("hx-request"):
        here = urlsplit(request.headers.get("hx-current-url", ""))
    elif request.method in _SAFE_METHODS:
        here = urlsplit(str(request.url))
    else:
        here = urlsplit(request.headers.get("referer", ""))
    wanted = safe_next(visit.root, here.path + (f"?{here.query}" if here.query else ""))
    return _elsewhere(visit, f"{visit.root}/sign-in?next={quote(wanted, safe='/')}")


def _elsewhere(visit: Visit, address: str) -> Response:
    if visit.request.headers.get("hx-request"):
        return Response(status_code=401, headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)
