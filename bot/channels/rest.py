"""REST: the JSON of Rasa's own REST channel, for the ward's other programs. On loopback or with a token."""

import hmac
import ipaddress
from functools import lru_cache
from urllib.parse import quote, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels import fetched
from bot.channels.base import Door
from bot.channels.text import clean

CLOSED = "Cổng này chỉ dành cho chương trình trên cùng máy hoặc có mã truy cập."
NO_SENDER = "Yêu cầu không đúng dạng nên chưa đọc được: thiếu “sender”."
NO_NUMBER = "Yêu cầu không đúng dạng nên chưa đọc được: “after” hoặc “wait” không phải là số."

#: A request with one of these came through a proxy: who is behind it, nobody knows.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via", "cf-connecting-ip")


class RestChannel(fetched.FetchedChannel):
    """`token` empty: only programs on this machine."""

    name = "rest"

    def __init__(self, door: Door, *, token: str = "", body_limit: int = fetched.BODY) -> None:
        super().__init__(door)
        self._token = token.encode()
        self._limit = body_limit

    def routes(self) -> list[Route]:
        return [
            Route("/webhooks/rest/webhook", self._webhook, methods=["POST"]),
            Route("/webhooks/rest/messages", self._messages, methods=["GET"]),
            Route("/webhooks/rest/files/{file}", self._file, methods=["GET"]),
        ]

    async def _webhook(self, request: Request) -> Response:
        if not self._welcome(request):
            return fetched.refusal(401, CLOSED)
        sent = await fetched.read_sent(request, self._limit)
        if isinstance(sent, Response):
            return sent
        sender = clean(sent.sender or "").strip()
        if not sender:
            return fetched.refusal(400, NO_SENDER)
        owed = await fetched.conversed(self._door, self.name, sender, sent)
        if isinstance(owed, Response):
            return owed
        return fetched.handed_over(self._door, sender, owed, lambda file: _link(sender, file))

    async def _messages(self, request: Request) -> Response:
        if not self._welcome(request):
            return fetched.refusal(401, CLOSED)
        sender, asked = _asking(request), fetched.numbers(request)
        if not sender or asked is None:
            return fetched.refusal(400, NO_NUMBER if sender else NO_SENDER)
        owed = await self._collected(sender, asked[0], asked[1])
        return fetched.handed_over(self._door, sender, owed, lambda file: _link(sender, file), numbered=True)

    async def _file(self, request: Request) -> Response:
        if not self._welcome(request):
            return fetched.refusal(401, CLOSED)
        sender = _asking(request)
        return await fetched.file_shown(self._door, self.name, sender, request.path_params["file"])

    def _welcome(self, request: Request) -> bool:
        # Once, as a dict: each look-up in Starlette's own headers goes through all of them.
        headers = dict(request.headers.items())
        scheme, _, shown = headers.get("authorization", "").partition(" ")
        if self._token and scheme.lower() == "bearer":
            return hmac.compare_digest(shown.strip().encode("latin-1"), self._token)
        if not headers.keys().isdisjoint(_FORWARDED):
            return False
        # The name in `Host` too, and no foreign page: a browser on this machine runs other people's scripts.
        foreign = headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        client = request.client.host if request.client else ""
        return _loopback(client) and _names_us(headers.get("host", "")) and not foreign


@lru_cache(maxsize=64)
def _names_us(host: str) -> bool:
    """Does this header `Host` name this machine?"""
    name = urlsplit(f"//{host}").hostname or ""
    return name == "localhost" or _loopback(name)


@lru_cache(maxsize=64)
def _loopback(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def _asking(request: Request) -> str:
    """Who asks, without what no database keeps."""
    return clean(request.query_params.get("sender", "")).strip()


def _link(sender: str, file: str) -> str:
    return f"/webhooks/rest/files/{quote(file, safe='')}?{urlencode({'sender': sender})}"
