"""Measures the real thing: Rasa's own server with a trained model, one process, over HTTP on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np

NLU = Path(__file__).resolve().parents[1]
STARTUP = 120.0
#: Messages parsed one after the other, and connections that ask at once.
ONE_BY_ONE, AT_ONCE, REQUESTS = 500, 16, 3_000


@dataclass(frozen=True, slots=True)
class Speed:
    """What one server process does."""

    #: Seconds from its start to its first answer.
    ready: float
    #: Milliseconds a parse on one connection.
    p50: float
    p95: float
    #: Parses a second with AT_ONCE connections.
    per_second: float
    #: Resident memory afterwards, in MB (0 where there is no /proc).
    memory: float


def measure(command: Sequence[str], texts: Sequence[str]) -> Speed:
    """Start the server, ask it, end it. Raises RuntimeError when it does not come up."""
    with serving(command) as (child, url):
        return asyncio.run(_measure(child, url, texts))


def asked(child: subprocess.Popen[bytes], url: str, texts: Sequence[str]) -> list[dict[str, Any]]:
    """What a server that is coming up says of each text."""
    return asyncio.run(_asked(child, url, texts))


@contextlib.contextmanager
def serving(command: Sequence[str]) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A server as a child, with the address where it parses; its port and a token join the command."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_urlsafe(8)
    named = "--token" if "serve.py" in " ".join(command) else "--auth-token"
    child = subprocess.Popen(
        [*command, "--port", str(port), named, token],
        cwd=NLU,
        env={
            **os.environ,
            "MOTCUA_PARENT_PID": str(os.getpid()),
            "RASA_TELEMETRY_ENABLED": "false",
            "SANIC_WORKERS": "1",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield child, f"http://127.0.0.1:{port}/model/parse?token={token}"
    finally:
        child.terminate()
        child.wait(timeout=30)


class _Client:
    """Parses over HTTP."""

    def __init__(self, pool: aiohttp.ClientSession, url: str) -> None:
        self._pool, self._url = pool, url

    async def parse(self, text: str) -> dict[str, Any]:
        async with self._pool.post(self._url, json={"text": text}) as response:
            response.raise_for_status()
            answer: dict[str, Any] = await response.json()
            return answer

    async def wait(self, child: subprocess.Popen[bytes]) -> None:
        """Until there is a first answer with an intent."""
        began = time.perf_counter()
        while True:
            try:
                if (await self.parse("xin chào"))["intent"]["name"]:
                    return
            except aiohttp.ClientError:
                pass
            if child.poll() is not None or time.perf_counter() - began > STARTUP:
                raise RuntimeError("Rasa's server did not come up")
            await asyncio.sleep(0.1)


async def _asked(child: subprocess.Popen[bytes], url: str, texts: Sequence[str]) -> list[dict[str, Any]]:
    async with aiohttp.ClientSession() as pool:
        client = _Client(pool, url)
        await client.wait(child)
        return [await client.parse(text) for text in texts]


async def _measure(child: subprocess.Popen[bytes], url: str, texts: Sequence[str]) -> Speed:
    began = time.perf_counter()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as pool:
        client = _Client(pool, url)
        await client.wait(child)
        ready = time.perf_counter() - began
        for text in texts[:50]:  # what is loaded on first use is not what is measured
            await client.parse(text)
        spent = await asyncio.to_thread(_one_by_one, url, texts)
        todo = iter(range(REQUESTS))
        began = time.perf_counter()

        async def worker() -> None:
            for i in todo:
                await client.parse(texts[i % len(texts)])

        await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
        rate = REQUESTS / (time.perf_counter() - began)
    p50, p95 = np.percentile(spent, [50, 95])
    return Speed(ready, float(p50), float(p95), rate, _memory(child.pid))


def _one_by_one(url: str, texts: Sequence[str]) -> list[float]:
    """Milliseconds of each parse on one plain connection, which adds less of its own than a pool does."""
    host, _, path = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host)
    spent = []
    for i in range(ONE_BY_ONE):
        body = json.dumps({"text": texts[i % len(texts)]})
        start = time.perf_counter()
        connection.request("POST", f"/{path}", body, {"Content-Type": "application/json"})
        connection.getresponse().read()
        spent.append((time.perf_counter() - start) * 1000)
    connection.close()
    return spent


def _memory(pid: int) -> float:
    status = Path(f"/proc/{pid}/status")
    if sys.platform != "linux" or not status.exists():
        return 0.0
    line = next((one for one in status.read_text().splitlines() if one.startswith("VmRSS:")), "VmRSS: 0 kB")
    return int(line.split()[1]) / 1024
