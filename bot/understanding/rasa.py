"""Asks Rasa's server what a text means; the rules answer at once when it is away, slow or talks nonsense."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from types import TracebackType
from typing import Self

import aiohttp
import msgspec

from bot.core.heard import Entity, Guess, Heard
from bot.core.text import nfc
from bot.understanding.base import UNCLEAR, Reader

log = logging.getLogger(__name__)

#: The longest that a citizen waits for a change of models, in seconds; then the rules answer.
_CHANGE = 10.0
#: Characters that the model reads of one text: more only costs time.
LONGEST = 1_000
#: More requests at once would only queue up inside Rasa, which parses one after the other.
_AT_ONCE = 8
#: A parsed text takes a few kB; more is not an answer.
_LARGEST = 256_000
_PROBE = "xin chào"
_MOST_PROCEDURES = 5

#: What may go wrong between us and Rasa, none of it the citizen's fault.
_FAILURES = (aiohttp.ClientError, OSError, TimeoutError, msgspec.MsgspecError, ValueError)


class _Intent(msgspec.Struct):
    name: str | None = None
    confidence: float = 0.0


class _Procedure(msgspec.Struct):
    id: str
    confidence: float
    code: str = ""
    name: str = ""


class _Entity(msgspec.Struct):
    entity: str
    start: int
    end: int
    value: str | int | float | bool | dict[str, object] | list[object] | None = None


class _Parsed(msgspec.Struct):
    """Of Rasa's answer, what we use."""

    intent: _Intent | None = None
    procedures: tuple[_Procedure, ...] = ()
    entities: tuple[_Entity, ...] = ()


_decode = msgspec.json.Decoder(_Parsed).decode
_encode = msgspec.json.Encoder().encode


class RasaReader:
    """Rasa behind the protocol `Reader`.

    After one failure nobody waits again: `fallback` answers everyone until a probe in the background gets
    a proper answer. So it is, too, before Rasa has come up for the first time.
    """

    def __init__(
        self,
        url: str,
        token: str,
        fallback: Reader,
        timeout: float = 2.0,
        *,
        probe_every: float = 0.5,
    ) -> None:
        self._url = f"{url.rstrip('/')}/model/parse"
        self._params = {"token": token} if token else {}
        self._fallback = fallback
        self._patience = timeout
        self._probe_every = probe_every
        self._up = asyncio.Event()
        self._open = asyncio.Event()
        self._open.set()
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._http: aiohttp.ClientSession | None = None
        self._probing: asyncio.Task[None] | None = None

    @property
    def ready(self) -> bool:
        """Does Rasa answer, as far as we know?"""
        return self._up.is_set()

    async def start(self) -> None:
        """Open the pool and begin to look for Rasa."""
        if self._http is None:
            # aiohttp: for this call seven times as quick as httpx (0.15 ms beside 1 ms)
            pool = aiohttp.TCPConnector(limit=_AT_ONCE + 1, keepalive_timeout=60)
            self._http = aiohttp.ClientSession(
                connector=pool,
                headers={"Content-Type": "application/json"},
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        self._look()

    async def close(self) -> None:
        self._up.clear()
        if self._probing is not None:
            self._probing.cancel()
            await asyncio.gather(self._probing, return_exceptions=True)
            self._probing = None
        if self._http is not None:
            await self._http.close()
            self._http = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def wait_ready(self) -> None:
        """Return once Rasa answers. Give it a limit with `asyncio.timeout`."""
        await self._up.wait()

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """While Rasa changes its model, a second or two in which it hears nobody: texts wait for it."""
        self._open.clear()
        try:
            # those that are being read come to their end first
            for _ in range(_AT_ONCE):
                await self._slots.acquire()
            for _ in range(_AT_ONCE):
                self._slots.release()
            yield
        finally:
            self._open.set()

    async def read(self, text: str) -> Heard:
        if self._up.is_set() and not self._open.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(_CHANGE):
                    await self._open.wait()
        if not self._up.is_set() or self._http is None:
            return await self._fallback.read(text)
        try:
            async with asyncio.timeout(self._patience), self._slots:
                parsed = await self._parse(self._http, nfc(text)[:LONGEST])
        except _FAILURES as error:
            if self._up.is_set():
                # the kind of error only: its message might quote the text
                log.warning(
                    "Rasa gave no answer (%s): the rules answer until it is back", type(error).__name__
                )
                self._up.clear()
                self._look()
            return await self._fallback.read(text)
        return _heard(text, parsed)

    async def _parse(self, http: aiohttp.ClientSession, text: str) -> _Parsed:
        async with http.post(self._url, params=self._params, data=_encode({"text": text})) as response:
            if response.status != 200:
                raise ValueError(f"status {response.status}")
            body = await response.content.read(_LARGEST)
            while chunk := await response.content.read(_LARGEST - len(body)):
                body += chunk
            return _decode(body)

    def _look(self) -> None:
        if self._http is not None and (self._probing is None or self._probing.done()):
            self._probing = asyncio.create_task(self._probe(self._http), name="rasa-probe")

    async def _probe(self, http: aiohttp.ClientSession) -> None:
        """Ask until there is a proper answer."""
        told = ""
        while not self._up.is_set():
            try:
                # more patient than a turn is: a server that has just started thinks longer the first time
                async with asyncio.timeout(5 * self._patience):
                    await self._parse(http, _PROBE)
                self._up.set()
                log.info("Rasa is ready")
            except _FAILURES as error:
                why = str(error) if isinstance(error, ValueError) else type(error).__name__
                if why != told:
                    # a status means it is there and refuses us: the token, or no model
                    level = logging.WARNING if isinstance(error, ValueError) else logging.INFO
                    log.log(level, "Rasa is not ready yet (%s)", why)
                    told = why
                await asyncio.sleep(self._probe_every)


def _heard(text: str, parsed: _Parsed) -> Heard:
    intent = parsed.intent or _Intent()
    return Heard(
        text=text,
        intent=intent.name or UNCLEAR,
        confidence=intent.confidence,
        procedures=tuple(
            Guess(id=one.id, code=one.code, name=one.name, confidence=one.confidence)
            for one in parsed.procedures[:_MOST_PROCEDURES]
        ),
        entities=tuple(
            Entity(entity=one.entity, value=_plain(one.value), start=one.start, end=one.end)
            for one in parsed.entities
        ),
        source="rasa",
    )


def _plain(value: object) -> str:
    """Entities of ours are text; Rasa allows any JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else _encode(value).decode()
