"""The two servers that are measured, each as it is really run, each a child that is ended with us."""

import asyncio
import json
import os
import signal
import socket
import sqlite3
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WEBHOOK = "/webhooks/rest/webhook"
#: Seconds until both have to be ready; the stock bot may have to be trained first.
STARTUP = 150


class NotReady(Exception):
    """A server did not come up; its log says why."""


class Server:
    """A child in a process group of its own, whose output goes to a file."""

    def __init__(self, name: str, command: list[str], log: Path, **environment: str) -> None:
        self.name = name
        self.port = 0
        self._command, self._log, self._environment = command, log, environment
        self._child: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        with self._log.open("wb") as log:
            self._child = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=ROOT,
                env={**os.environ, **self._environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def stop(self) -> None:
        if self._child is None:
            return
        for wanted in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self._child.pid, wanted)
            with suppress(TimeoutError):
                async with asyncio.timeout(10):
                    await self._child.wait()
                    return

    async def wait_ready(self) -> None:
        """Until it answers as it will when it is measured."""
        until = time.monotonic() + STARTUP
        while not await asyncio.to_thread(self.ready):
            if self._child is None or self._child.returncode is not None or time.monotonic() > until:
                raise NotReady(f"{self.name}: see {self._log}")
            await asyncio.sleep(0.3)

    def ready(self) -> bool:
        raise NotImplementedError

    @property
    def last_words(self) -> str:
        return self._log.read_text(errors="replace")[-2000:]

    @property
    def cpu(self) -> float:
        """CPU seconds used so far by it and its children (0 where there is no /proc)."""
        return sum(_cpu(pid) for pid in _family(self._child.pid)) if self._child else 0.0


class Stock(Server):
    """`rasa run` with Rasa's own settings: REST channel, trackers in memory, one process."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        command = [str(ROOT / "nlu/.venv/bin/python"), str(ROOT / "bench/stock/run.py"), "--port", str(port)]
        super().__init__("stock Rasa", command, folder / "stock.log")
        self.port = port
        self.parse = self.port, "/model/parse"

    def ready(self) -> bool:
        return _get(f"http://127.0.0.1:{self.port}/status").get("model_file") is not None


class Ours(Server):
    """`motcua run` with SQLite on the disk and its Rasa child; nothing of it is switched off."""

    def __init__(self, folder: Path) -> None:
        self._var = folder / "var"
        self._var.mkdir()
        models = ROOT / "var" / "models"
        models.mkdir(parents=True, exist_ok=True)
        (self._var / "models").symlink_to(models)
        port = free_port()
        super().__init__(
            "motcua",
            [str(Path(sys.executable).parent / "motcua"), "run"],
            folder / "motcua.log",
            MOTCUA_VAR=str(self._var),
            MOTCUA_PORT=str(port),
        )
        self.port = port

    def ready(self) -> bool:
        return bool(
            _get(f"http://127.0.0.1:{self.port}/healthz").get("nlu") == "ready"
            and (self._var / "rasa.json").exists()
        )

    @property
    def parse(self) -> tuple[int, str]:
        """Port and path of our Rasa's own /model/parse."""
        note = json.loads((self._var / "rasa.json").read_text())
        return int(note["url"].rpartition(":")[2]), f"/model/parse?token={note['token']}"

    def kept(self) -> tuple[int, int, int]:
        """What stands on the disk: messages, those not answered, those that the model has read."""
        with sqlite3.connect(self._var / "motcua.db") as database:
            row = database.execute(
                "select count(*), sum(status <> 'done'), sum(trace like 'heard%(rasa)%') from inbox"
            ).fetchone()
            return int(row[0]), int(row[1] or 0), int(row[2] or 0)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _get(url: str) -> dict[str, Any]:
    """The JSON at this address; empty while there is none."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            found = json.load(answer)
            return found if isinstance(found, dict) else {}
    except (OSError, ValueError, urllib.error.URLError):
        return {}


def _family(pid: int) -> list[int]:
    family = [pid]
    for parent in family:
        with suppress(OSError):
            for task in Path(f"/proc/{parent}/task").iterdir():
                family += [int(child) for child in (task / "children").read_text().split()]
    return family


def _cpu(pid: int) -> float:
    with suppress(OSError, IndexError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0
