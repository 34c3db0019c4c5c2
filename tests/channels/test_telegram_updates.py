"""Updates by polling and by webhook: nothing is confirmed before it is written down."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels import telegram_updates
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_updates import TelegramUpdates
from bot.core.messages import Incoming
from tests.channels.server import serving
from tests.doubles.telegram_api import TelegramDouble

SECRET = "s3cret_of-the-webhook"


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram_updates, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(telegram_updates, "LAST_PAUSE", 0.05)


class Inbox:
    """Writes down what comes; fails as often as it is told to."""

    def __init__(self) -> None:
        self.kept: list[Incoming] = []
        self.failures = 0
        self._more = asyncio.Condition()

    async def receive(self, incoming: Incoming) -> None:
        if self.failures > 0:
            self.failures -= 1
            raise OSError("disk full")
        async with self._more:
            self.kept.append(incoming)
            self._more.notify_all()

    async def holds(self, count: int) -> list[str]:
        async with asyncio.timeout(10), self._more:
            await self._more.wait_for(lambda: len(self.kept) >= count)
        return [incoming.text for incoming in self.kept]


@asynccontextmanager
async def polling(double: TelegramDouble, inbox: Inbox) -> AsyncIterator[TelegramUpdates]:
    channel = TelegramChannel(double.token, api_url=double.url, open_file=lambda _: None)
    updates = TelegramUpdates(channel.bot, secret=SECRET, patience=2)
    task = asyncio.create_task(updates.poll(inbox.receive))
    try:
        yield updates
    finally:
        await updates.close()
        await task
        await channel.close()


def pending_is(double: TelegramDouble, count: int) -> None:
    assert double.state()["pending"] == count


async def test_polling_brings_everything_in_order(telegram: TelegramDouble) -> None:
    inbox, hoa = Inbox(), telegram.citizen()
    hoa.says("một")
    async with polling(telegram, inbox):
        await inbox.holds(1)
        hoa.says("hai")
        hoa.blocks()  # nothing for us, and no reason to stop
        hoa.unblocks()
        hoa.says("ba")
        assert await inbox.holds(3) == ["một", "hai", "ba"]


async def test_an_update_is_not_confirmed_before_it_is_kept(telegram: TelegramDouble) -> None:
    inbox, hoa = Inbox(), telegram.citizen()
    hoa.says("một")
    hoa.says("hai")
    writing, never = asyncio.Event(), asyncio.Event()

    async def hang(incoming: Incoming) -> None:
        writing.set()
        await never.wait()

    channel = TelegramChannel(telegram.token, api_url=telegram.url, open_file=lambda _: None)
    killed = asyncio.create_task(TelegramUpdates(channel.bot, secret="").poll(hang))
    await writing.wait()
    killed.cancel()
    await asyncio.gather(killed, return_exceptions=True)
    await channel.close()

    pending_is(telegram, 2)
    async with polling(telegram, inbox):
        assert await inbox.holds(2) == ["một", "hai"]


async def test_what_could_not_be_kept_is_tried_again_and_not_skipped(
    telegram: TelegramDouble, caplog: pytest.LogCaptureFixture
) -> None:
    inbox, hoa = Inbox(), telegram.citizen()
    inbox.failures = 3
    hoa.says("một")
    hoa.says("hai")
    async with polling(telegram, inbox):
        assert await inbox.holds(2) == ["một", "hai"]
    assert caplog.text.count("was not kept") == 3


async def test_polling_lives_through_trouble(telegram: TelegramDouble) -> None:
    inbox, hoa = Inbox(), telegram.citizen()
    telegram.fault("500", method="deleteWebhook")
    for kind in ("500", "drop", "429", "409"):
        telegram.fault(kind, method="getUpdates")
    hoa.says("một")
    async with polling(telegram, inbox):
        assert await inbox.holds(1) == ["một"]
    assert 5 <= telegram.calls("getUpdates") <= 8


async def test_an_odd_update_does_not_spoil_the_others(telegram: TelegramDouble) -> None:
    inbox, hoa = Inbox(), telegram.citizen()
    telegram.push("message", {"from": "nobody", "chat": {"id": {}}, "date": "yesterday"})
    hoa.says("một")
    async with polling(telegram, inbox):
        assert await inbox.holds(1) == ["một"]


async def test_two_programs_with_one_token_are_told(
    telegram: TelegramDouble, caplog: pytest.LogCaptureFixture
) -> None:
    inbox = Inbox()
    async with polling(telegram, inbox), polling(telegram, inbox):
        await asyncio.to_thread(telegram.wait_for, lambda state: state["calls"].get("getUpdates", 0) > 1)
        telegram.citizen().says("một")
        await inbox.holds(1)
    assert any("another program" in r.message and r.levelno == logging.ERROR for r in caplog.records)


@asynccontextmanager
async def hooked(double: TelegramDouble, inbox: Inbox) -> AsyncIterator[tuple[TelegramUpdates, str]]:
    channel = TelegramChannel(double.token, api_url=double.url, open_file=lambda _: None)
    updates = TelegramUpdates(channel.bot, secret=SECRET)
    async with serving(Starlette(routes=updates.routes(inbox.receive))) as url:
        yield updates, url
        await updates.close()
        await channel.close()


async def test_the_webhook_brings_everything_and_failures_come_again(telegram: TelegramDouble) -> None:
    inbox, hoa = Inbox(), telegram.citizen()
    inbox.failures = 2
    hoa.says("một")
    async with hooked(telegram, inbox) as (updates, url):
        telegram.fault("500", method="setWebhook")
        await updates.open_webhook(url)
        hoa.says("hai")
        assert await inbox.holds(2) == ["một", "hai"]


@pytest.mark.parametrize(
    ("secret", "body", "status"),
    [
        (SECRET, b'{"update_id": 1}', 200),
        ("", b'{"update_id": 1}', 403),
        (SECRET + "x", b'{"update_id": 1}', 403),
        ("ế".encode(), b'{"update_id": 1}', 403),
        (SECRET, b"{", 400),
        (SECRET, b"\xff\xfe", 400),
        (SECRET, b"[1]", 400),
        (SECRET, b"[" * 100_000, 400),
        (SECRET, b" " * 1_000_001, 413),
    ],
)
async def test_the_webhook_is_strict(secret: str | bytes, body: bytes, status: int) -> None:
    inbox = Inbox()
    updates = TelegramUpdates(TelegramChannel("1:x", open_file=lambda _: None).bot, secret=SECRET)
    transport = httpx.ASGITransport(Starlette(routes=updates.routes(inbox.receive)))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        answer = await client.post(telegram_updates.PATH, content=body, headers=headers)
    assert answer.status_code == status
    assert inbox.kept == []
