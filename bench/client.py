"""A small HTTP client, so that what is measured is the server. It drives both servers in the same way."""

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

import httptools
import msgspec


class Failed(Exception):
    """An answer that is not one: an error status, or nothing said."""


class Line(asyncio.Protocol):
    """One connection that is kept open, one request at a time."""

    def __init__(self, host: str, port: int) -> None:
        self._head = f" HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\nContent-Length: "
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._body = b""

    async def post(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer."""
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(f"POST {path}{self._head}{len(body)}\r\n\r\n".encode() + body)
        return await self._answer

    def close(self) -> None:
        assert self._transport is not None
        self._transport.close()

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are not asyncio's by class.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(Failed(f"the server hung up ({exc})"))

    # What the parser calls.

    def on_message_begin(self) -> None:
        self._body = b""

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        # After a message the parser starts afresh: no keep-alive bookkeeping of ours.
        status, self._parser = self._parser.get_status_code(), httptools.HttpResponseParser(self)
        if self._answer is not None and not self._answer.done():
            self._answer.set_result((status, self._body))


async def connect(port: int, host: str = "127.0.0.1") -> Line:
    _, line = await asyncio.get_running_loop().create_connection(lambda: Line(host, port), host, port)
    return line


class Talk(Protocol):
    """What one connection says, request by request; told the last answer, so that it can look at it."""

    def __call__(self, number: int) -> Iterator[tuple[bytes, str]]:
        """Bodies to post, each with words that its answer has to hold (empty: any text will do)."""
        ...


@dataclass
class Figures:
    """What came of driving one server."""

    turns: int = 0
    busy: float = 0.0
    #: CPU seconds that the server and its children used.
    cpu: float = 0.0
    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def add(self, other: "Figures") -> None:
        self.turns += other.turns
        self.busy += other.busy
        self.cpu += other.cpu
        self.seconds += other.seconds
        self.failures += other.failures

    @property
    def rate(self) -> float:
        return self.turns / self.busy if self.busy else 0.0

    def percentile(self, of_hundred: int) -> float:
        """In milliseconds."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, len(ordered) * of_hundred // 100)] if ordered else 0.0


async def drive(
    port: int,
    path: str,
    talk: Talk,
    numbers: Iterator[int],
    *,
    connections: int,
    lasting: float,
    pause: float = 0.0,
) -> Figures:
    """Talk on so many connections at once for so many seconds. What has begun then is let end, and counts.

    `pause`: how long people think between two messages, on average; without it the server is never idle.
    """
    lines = [await connect(port) for _ in range(connections)]
    figures = Figures()
    began = time.perf_counter()
    until = began + lasting

    async def work(line: Line) -> None:
        while time.perf_counter() < until:
            for body, expected in talk(next(numbers)):
                if pause:
                    await asyncio.sleep(random.expovariate(1 / pause))
                sent = time.perf_counter()
                if sent >= until:
                    return
                status, answer = await line.post(path, body)
                figures.seconds.append(time.perf_counter() - sent)
                if trouble := _trouble(status, answer, expected):
                    figures.failures.append(f"{trouble} to {body[:120].decode(errors='replace')}")

    try:
        await asyncio.gather(*[work(line) for line in lines])
    finally:
        for line in lines:
            line.close()
    figures.turns = len(figures.seconds)
    figures.busy = time.perf_counter() - began
    return figures


def _trouble(status: int, answer: bytes, expected: str) -> str:
    """What is wrong with an answer; empty if nothing is."""
    if status != 200:
        return f"status {status}"
    said = _said(msgspec.json.decode(answer))
    if not said:
        return "nothing said"
    return "" if expected in said else f"no “{expected}” in “{said[:200]}”"


def _said(answer: Any) -> str:
    """The texts of a list of messages, or the intent of a parse."""
    if isinstance(answer, list):
        return " ".join(message.get("text") or "" for message in answer)
    return (answer.get("intent") or {}).get("name") or ""
