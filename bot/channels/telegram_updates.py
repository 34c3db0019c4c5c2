"""Telegram: what comes in, by long polling or by webhook. Nothing is confirmed before it is written down."""

import asyncio
import hmac
import json
import logging
import random
from collections.abc import Awaitable, Callable
from typing import TypeAlias
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.aiohttp_request import AiohttpRequest
from bot.channels.body import TooLarge, body_of
from bot.channels.telegram_read import read
from bot.core.messages import Incoming

log = logging.getLogger(__name__)

Receive: TypeAlias = Callable[[Incoming], Awaitable[None]]

PATH = "/webhooks/telegram"
WANTED = ("message", "callback_query", "my_chat_member")
WEBHOOK_BODY = 1_000_000
#: Seconds between two tries: doubled from the first to the last, with some chance in it.
FIRST_PAUSE, LAST_PAUSE = 0.5, 30.0


class TelegramUpdates:
    """Where updates come from. `poll` and `open_webhook` exclude each other; Telegram sees to that."""

    def __init__(self, bot: Bot, *, secret: str, patience: int = 25) -> None:
        self._bot = bot
        self._secret = secret.encode()
        self._patience = patience
        self._request = AiohttpRequest(connections=1, read=patience + 10)
        self._stop = asyncio.Event()

    async def close(self) -> None:
        """End `poll` soon; what is being written down is written to its end."""
        self._stop.set()

    async def poll(self, receive: Receive) -> None:
        """Fetch updates until closed. An update is confirmed by asking for the next one, and we ask only
        after `receive` came back: what a crash interrupts comes again."""
        try:
            await self._until_done(
                "leave webhook", lambda: self._bot.delete_webhook(drop_pending_updates=False)
            )
            await self._poll(receive)
        finally:
            await self._request.shutdown()

    async def _poll(self, receive: Receive) -> None:
        offset, tries = 0, 0
        while not self._stop.is_set():
            try:
                updates = await self._next(offset)
            except (TelegramError, KeyError) as error:
                if self._stop.is_set():
                    return
                _tell("polling", error)
                tries += 1
                await self._pause(tries, error)
                continue
            tries = 0
            for update in updates:
                if not await self._receive(update, receive):
                    return
                offset = max(offset, _number(update) + 1)

    async def open_webhook(self, public_url: str) -> None:
        """Ask Telegram to come to us; tried until it is done or we are closed."""
        url = public_url.rstrip("/") + PATH
        await self._until_done(
            "set webhook",
            lambda: self._bot.set_webhook(
                url, secret_token=self._secret.decode(), allowed_updates=WANTED, drop_pending_updates=False
            ),
        )

    def routes(self, receive: Receive) -> list[Route]:
        async def webhook(request: Request) -> Response:
            shown = request.headers.get("x-telegram-bot-api-secret-token", "")
            if not self._secret or not hmac.compare_digest(shown.encode(), self._secret):
                return PlainTextResponse("who are you?", 403)
            try:
                update = json.loads(await body_of(request, WEBHOOK_BODY))
            except TooLarge:
                return PlainTextResponse("too large", 413)
            except (ValueError, RecursionError):
                return PlainTextResponse("not JSON", 400)
            if not isinstance(update, dict):
                return PlainTextResponse("no update", 400)
            try:
                for incoming in read(update):
                    await receive(incoming)
            except Exception:
                log.exception("telegram: update %s was not kept; Telegram will repeat it", _number(update))
                return PlainTextResponse("try again", 500)
            return PlainTextResponse("ok")

        return [Route(PATH, webhook, methods=["POST"])]

    async def _next(self, offset: int) -> list[object]:
        wanted = urlencode(
            {"offset": offset, "timeout": self._patience, "allowed_updates": json.dumps(WANTED)}
        )
        # The raw JSON, not `Bot.get_updates`: one odd update must not spoil the whole answer.
        asked = asyncio.create_task(self._request.post(f"{self._bot.base_url}/getUpdates?{wanted}"))
        stopped = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait((asked, stopped), return_when=asyncio.FIRST_COMPLETED)
            updates: object = asked.result() if asked.done() else []
            return list(updates) if isinstance(updates, list) else []
        finally:
            for task in (asked, stopped):
                task.cancel()

    async def _receive(self, update: object, receive: Receive) -> bool:
        """Write one update down, however often it takes. False when closed before that."""
        tries = 0
        for incoming in read(update):
            while True:
                try:
                    await receive(incoming)
                    break
                except Exception:
                    tries += 1
                    log.exception("telegram: update %s was not kept (try %d)", incoming.external_id, tries)
                    await self._pause(tries)
                    if self._stop.is_set():
                        return False
        return True

    async def _until_done(self, what: str, action: Callable[[], Awaitable[object]]) -> None:
        tries = 0
        while not self._stop.is_set():
            try:
                await action()
                return
            except TelegramError as error:
                _tell(what, error)
                tries += 1
                await self._pause(tries, error)

    async def _pause(self, tries: int, error: Exception | None = None) -> None:
        seconds = min(LAST_PAUSE, FIRST_PAUSE * 2 ** min(tries - 1, 10)) * random.uniform(0.7, 1.3)  # noqa: S311
        if isinstance(error, RetryAfter):
            wait = error.retry_after
            seconds = max(seconds, wait if isinstance(wait, int | float) else wait.total_seconds())
        try:
            async with asyncio.timeout(seconds):
                await self._stop.wait()
        except TimeoutError:
            pass


def _tell(what: str, error: Exception) -> None:
    match error:
        case Conflict():
            log.error("telegram: %s: another program uses this bot's token at the same time: %s", what, error)
        case InvalidToken():
            log.error("telegram: %s: the token is refused; check MOTCUA_TELEGRAM_TOKEN", what)
        case _:
            log.warning("telegram: %s: %s", what, error)


def _number(update: object) -> int:
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) else -1
