"""What the REST channel and the web page have in common: messages are posted, answers are fetched."""

import asyncio
import logging
from collections.abc import Callable, Sequence

import filetype
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from bot.channels import wire
from bot.channels.base import Door, Owed
from bot.channels.body import TooLarge, body_of, throw_away
from bot.core.errors import FileRefused, Unreachable
from bot.core.messages import Attachment, Incoming, Reply

log = logging.getLogger(__name__)

JSON = "application/json; charset=utf-8"
#: 25 MB of files are 34 MB of base64.
BODY = 35_000_000
LONGEST_WAIT = 25.0

_SHOWN = ("image/jpeg", "image/png", "image/webp", "image/gif")


class FetchedChannel:
    """A channel whose answers wait until somebody comes for them."""

    name: str
    #: The outbox leaves these alone.
    pushes = False

    def __init__(self, door: Door) -> None:
        self._door = door
        self._closing = asyncio.Event()

    async def close(self) -> None:
        """Send those who wait home. To be called when the server begins to stop, for it waits for them."""
        self._closing.set()

    async def _collected(self, sender: str, after: int, wait: float) -> Sequence[Owed]:
        """What is owed now or comes within `wait` seconds, unless we close before."""
        if wait <= 0 or self._closing.is_set():
            return await self._door.collect(self.name, sender, after=after)
        coming = asyncio.ensure_future(self._door.collect(self.name, sender, after=after, wait=wait))
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            await asyncio.wait((coming, closing), return_when=asyncio.FIRST_COMPLETED)
            # What is not handed over now stays owed.
            return coming.result() if coming.done() else ()
        finally:
            coming.cancel()
            closing.cancel()

    async def send(self, address: str, reply: Reply, *, editing: str | None = None) -> str:
        raise Unreachable(f"{self.name}: answers are fetched, not sent")

    async def fetch(self, attachment: Attachment, limit: int) -> bytes:
        raise FileRefused("gone", f"{self.name}: files come with their bytes")

    async def acknowledge(self, incoming: Incoming, notice: str = "") -> None:
        """Nothing to stop: the answer is the answer."""


async def read_sent(request: Request, limit: int) -> wire.Sent | Response:
    """The posted message, or the refusal to answer with."""
    try:
        return wire.parse(await body_of(request, limit))
    except TooLarge:
        await throw_away(request)
        told = wire.TOO_LARGE.format(limit=limit * 3 // 4 // 1_000_000 or 1)
        return Response(wire.sorry(told), 413, media_type=JSON)
    except wire.Unreadable as error:
        return refusal(400, wire.UNREADABLE.format(why=error))


def refusal(status: int, text: str) -> Response:
    return Response(wire.sorry(text), status, media_type=JSON)


async def conversed(door: Door, channel: str, sender: str, sent: wire.Sent) -> Sequence[Owed] | Response:
    """The answer to a message, or an apology: the client may send the same message again."""
    try:
        return await door.converse(await wire.incoming(door, channel, sender, sent))
    except Exception:
        log.exception("%s: a message was not answered", channel)
        return refusal(503, wire.BUSY)


def handed_over(
    door: Door,
    recipient: str,
    owed: Sequence[Owed],
    link: Callable[[str], str],
    *,
    numbered: bool = False,
    table: bool = False,
) -> Response:
    """The answer; it counts as handed over once it was written to the network."""
    body = wire.all_said(recipient, owed, link, numbered=numbered, table=table)
    settle = BackgroundTask(door.settle, [each.id for each in owed]) if owed else None
    return Response(body, media_type=JSON, background=settle, headers={"Cache-Control": "no-store"})


def numbers(request: Request) -> tuple[int, float] | None:
    """`after` and `wait` of a request; None if they are none."""
    try:
        after = int(request.query_params.get("after") or 0)
        wait = float(request.query_params.get("wait") or 0)
    except ValueError:
        return None
    if not 0 <= after < 2**63 or wait != wait:
        return None
    return after, min(max(wait, 0.0), LONGEST_WAIT)


async def file_shown(door: Door, channel: str, sender: str, file: str) -> Response:
    """A kept file, for those who may see it. Pictures are shown; everything else is only downloaded."""
    path = door.file_path(file) if await door.may_show(channel, sender, file) else None
    if path is None or not path.is_file():
        return PlainTextResponse("Không có tệp này, hoặc anh/chị không xem được.", 404)
    kind = filetype.guess(str(path))
    mime = kind.mime if kind else "application/octet-stream"
    name = f"{file}.{kind.extension}" if kind and "." not in file else file
    return FileResponse(
        path,
        media_type=mime,
        filename=name,
        content_disposition_type="inline" if mime in _SHOWN else "attachment",
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, max-age=3600",
        },
    )
