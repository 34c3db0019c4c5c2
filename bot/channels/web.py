"""The web chat: a page at `/`, the same JSON as REST, and who somebody is stands in a cookie."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import jinja2
from starlette.background import BackgroundTask
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.channels import fetched, wire
from bot.channels.base import Door, Owed, Spoken
from bot.channels.web_files import FOLDER, StaticFiles
from bot.core.messages import Incoming, Reply

FOREIGN = "Yêu cầu này không đến từ trang trò chuyện của phường."
NOBODY = "Anh/chị mở lại trang giúp: trình duyệt chưa giữ được phiên trò chuyện."
NO_NUMBER = "Yêu cầu không đúng dạng."
HISTORY = 100

#: 192 bits, as `secrets.token_urlsafe(24)` writes them.
_SENDER = re.compile(r"[A-Za-z0-9_-]{32}")
_YEAR = 365 * 24 * 3600

_PAGE = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' blob:;"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
    # Not `no-referrer`: forms would then say "Origin: null".
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPage:
    """What the ward may say on the page."""

    ward: str
    #: Shown to somebody who never said anything; its buttons carry ordinary payloads.
    welcome: Reply
    #: A line under the text field, e.g. the phone number of the office.
    footer: str = ""


class WebChannel(fetched.FetchedChannel):
    name = "web"

    def __init__(
        self, door: Door, page: WebPage, *, public_url: str = "", body_limit: int = fetched.BODY
    ) -> None:
        super().__init__(door)
        self._page = page
        self._limit = body_limit
        self._public = public_url.rstrip("/")
        self._https = self._public.startswith("https://")
        # `__Host-`: no other host and no other path can set it.
        self._cookie = "__Host-motcua" if self._https else "motcua"
        self._static = StaticFiles()
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(FOLDER), autoescape=True, undefined=jinja2.StrictUndefined
        )

    def routes(self) -> list[Route]:
        return [
            Route("/", self._index, methods=["GET"]),
            Route("/chat/messages", self._post, methods=["POST"]),
            Route("/chat/messages", self._collect, methods=["GET"]),
            Route("/chat/history", self._history, methods=["GET"]),
            Route("/chat/plain", self._plain_post, methods=["POST"]),
            Route("/chat/files/{file}", self._file, methods=["GET"]),
            *self._static.routes(),
        ]

    async def _index(self, request: Request) -> Response:
        """The page; with `?plain=1` one that works without JavaScript."""
        known = self._sender(request)
        sender = known or secrets.token_urlsafe(24)
        about: dict[str, Any] = {"page": self._page, "static": self._static.prefix, "limit": self._limit}
        background = None
        if "plain" in request.query_params:
            # What is owed is in the history already; showing it hands it over.
            owed = await self._door.collect(self.name, sender) if known else ()
            background = BackgroundTask(self._door.settle, [each.id for each in owed]) if owed else None
            about["lines"] = await self._lines(sender)
            code = request.query_params.get("tiep", "")[:20]
            about["draft"] = f"tiep {code[:5]}-{code[5:]}" if code.isalnum() else ""
            html = self._templates.get_template("plain.html").render(about)
        else:
            html = self._templates.get_template("index.html").render(about)
        response = HTMLResponse(html, headers=_PAGE, background=background)
        self._remember(response, sender)
        return response

    async def _post(self, request: Request) -> Response:
        if not self._same_origin(request):
            return fetched.refusal(403, FOREIGN)
        sent = await fetched.read_sent(request, self._limit)
        if isinstance(sent, Response):
            return sent
        sender = self._sender(request)
        if sender is None:
            return fetched.refusal(401, NOBODY)
        owed = await fetched.conversed(self._door, self.name, sender, sent)
        return owed if isinstance(owed, Response) else self._handed_over(owed)

    async def _collect(self, request: Request) -> Response:
        sender, asked = self._sender(request), fetched.numbers(request)
        if sender is None or asked is None:
            return fetched.refusal(401 if sender is None else 400, NOBODY if sender is None else NO_NUMBER)
        return self._handed_over(await self._collected(sender, asked[0], asked[1]))

    async def _history(self, request: Request) -> Response:
        sender = self._sender(request)
        if sender is None:
            return fetched.refusal(401, NOBODY)
        return Response(
            wire.encode(await self._lines(sender)),
            media_type=fetched.JSON,
            headers={"Cache-Control": "no-store"},
        )

    async def _file(self, request: Request) -> Response:
        return await fetched.file_shown(
            self._door, self.name, self._sender(request) or "", request.path_params["file"]
        )

    async def _plain_post(self, request: Request) -> Response:
        """The form of the page without JavaScript."""
        sender, size = self._sender(request), request.headers.get("content-length", "")
        if sender is None or not self._same_origin(request):
            return fetched.refusal(403, FOREIGN)
        if not size.isdecimal() or int(size) > self._limit:
            return fetched.refusal(413, wire.TOO_LARGE.format(limit=self._limit // 1_000_000 or 1))
        async with request.form(max_files=1, max_fields=5, max_part_size=200_000) as form:
            message, file = form.get("tap") or form.get("message") or "", form.get("file")
            files = []
            if isinstance(file, UploadFile) and file.filename:
                files.append(wire.SentFile(name=file.filename, data=await file.read()))
            number = form.get("message_id")
        metadata = wire.Metadata(message_id=number[:100] if isinstance(number, str) else None)
        text = message if isinstance(message, str) else ""
        sent = wire.Sent(message=text, attachments=files, metadata=metadata)
        owed = await fetched.conversed(self._door, self.name, sender, sent)
        if isinstance(owed, Response):
            return owed
        return RedirectResponse("/?plain=1#cuoi", 303)

    def _handed_over(self, owed: Sequence[Owed]) -> Response:
        return fetched.handed_over(self._door, "", owed, _link, numbered=True, table=True)

    async def _lines(self, sender: str) -> list[dict[str, Any]]:
        """The conversation as a page shows it: whose line, when, and the messages of it."""
        spoken = await self._door.history(self.name, sender, limit=HISTORY)
        if not spoken:
            return [
                {"mine": False, "at": None, "messages": wire.said("", self._page.welcome, _link, table=True)}
            ]
        titles: dict[str, str] = {}
        return [_line(each, titles) for each in spoken]

    def _sender(self, request: Request) -> str | None:
        sender = request.cookies.get(self._cookie, "")
        return sender if _SENDER.fullmatch(sender) else None

    def _remember(self, response: Response, sender: str) -> None:
        response.set_cookie(
            self._cookie, sender, max_age=_YEAR, path="/", secure=self._https, httponly=True, samesite="lax"
        )

    def _same_origin(self, request: Request) -> bool:
        """Browsers say where a request comes from; one that does not say is not let in."""
        site = request.headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        origin = request.headers.get("origin", "")
        return bool(origin) and (
            origin == self._public or urlsplit(origin).netloc == request.headers.get("host", "")
        )


def _line(spoken: Spoken, titles: dict[str, str]) -> dict[str, Any]:
    """One line; `titles` learns what buttons were called, so that a tap is shown by its title."""
    at = spoken.at.isoformat()
    if spoken.owed is not None:
        reply = spoken.owed.reply
        titles |= {button.payload: button.title for button in reply.buttons if button.payload}
        titles |= {row.payload: f"Sửa {row.label}" for row in reply.rows if row.payload}
        said = wire.said("", reply, _link, number=spoken.owed.id, table=True)
        return {"mine": False, "at": at, "messages": said}
    return {"mine": True, "at": at, "messages": _mine(spoken.incoming, titles)}


def _mine(incoming: Incoming | None, titles: dict[str, str]) -> list[wire.Said]:
    if incoming is None:
        return []
    text = incoming.text or titles.get(incoming.tapped or "", "Đã chọn" if incoming.tapped else "")
    if incoming.place is not None:
        text = text or "Đã chia sẻ vị trí"
    said = [wire.Said("", text)] if text else []
    for file in incoming.files:
        about = {"name": file.name}
        if file.file is None:
            said.append(wire.Said("", f"Tệp {file.name}"))
        elif file.mime.startswith("image/"):
            said.append(wire.Said("", image=_link(file.file), custom=about))
        else:
            said.append(wire.Said("", attachment=_link(file.file), custom=about))
    return said


def _link(file: str) -> str:
    return f"/chat/files/{quote(file, safe='')}"
