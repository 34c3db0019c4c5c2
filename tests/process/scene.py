"""The real process and the world around it: the double of Telegram, a folder of its own, a desk in a browser.

Nothing here waits for a length of time: it waits for a condition, and gives up at a deadline.
"""

import contextlib
import http.cookiejar
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, TypeAlias, TypeVar

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from tests.doubles.telegram_api import TelegramDouble
from tests.pictures import jpeg

T = TypeVar("T")
Json: TypeAlias = dict[str, Any]

ROOT = Path(__file__).parents[2]
MOTCUA = ROOT / ".venv" / "bin" / "motcua"
#: Nothing listens there: word search answers at once, and a test need not wait for Rasa.
NO_RASA = "http://127.0.0.1:9"
#: A small JPEG, as phones send them.
JPEG = jpeg()


def until(true: Callable[[], T], what: str, seconds: float = 20.0) -> T:
    """The first true value of `true()`. The only place that waits."""
    end = time.monotonic() + seconds
    while not (value := true()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.01)
    return value


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """`motcua run` with a folder of its own. It can be started again and again; its words are kept."""

    def __init__(self, var: Path, **settings: str) -> None:
        self.var = var
        self.port = free_port()
        self.settings = {
            "MOTCUA_VAR": str(var),
            "MOTCUA_PORT": str(self.port),
            "MOTCUA_RASA_URL": NO_RASA,
            "MOTCUA_SENDING__PER_SECOND": "1000",
        } | settings
        self._child: subprocess.Popen[bytes] | None = None
        var.mkdir(parents=True, exist_ok=True)
        self._printed, self._logged = var / "printed", var / "logged"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._child is not None
        return self._child.pid

    @property
    def printed(self) -> str:
        return self._printed.read_text(encoding="utf-8")

    @property
    def logged(self) -> str:
        return self._logged.read_text(encoding="utf-8")

    def environment(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
        return clean | {name: value for name, value in self.settings.items() if value}

    def command(self, *words: str) -> str:
        """What another `motcua` command prints."""
        done = subprocess.run(
            [MOTCUA, *words], env=self.environment(), cwd=ROOT, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def begin(self) -> None:
        with self._printed.open("ab") as out, self._logged.open("ab") as log:
            self._child = subprocess.Popen(
                [MOTCUA, "run"],
                env=self.environment(),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=log,
            )

    def start(self) -> None:
        self.begin()
        # Loading all content takes seconds, and many on a machine that does much else.
        until(self.health, f"healthy\n{self.logged}", seconds=90.0)

    def health(self) -> Json | None:
        assert self._child is not None
        assert self._child.poll() is None, (
            f"it ended with {self._child.returncode}\n{self.printed}{self.logged}"
        )
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return dict(json.load(answer))
        except (OSError, ValueError):
            return None

    def children(self) -> set[int]:
        """Everything started by it, however deep."""
        found, look = set(), [self.pid]
        while look:
            for tasks in Path(f"/proc/{look.pop()}/task").glob("*/children"):
                with contextlib.suppress(OSError):
                    new = {int(word) for word in tasks.read_text().split()} - found
                    found |= new
                    look += new
        return found

    def kill(self) -> None:
        """As a power cut: nothing is said to it."""
        self.end(signal.SIGKILL)

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Its exit code; nothing it started is left."""
        assert self._child is not None
        if self._child.poll() is not None:
            return self._child.returncode
        children = self.children()
        self._child.send_signal(how)
        try:
            code = self._child.wait(10)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
            raise AssertionError(f"not ended 10 s after {how.name}\n{self.logged}") from None
        until(lambda: not any(_alive(pid) for pid in children), "no child is left", 5)
        return code

    def close(self) -> None:
        """After a test: gone, whatever happened."""
        if self._child is not None and self._child.poll() is None:
            self.kill()

    def post(self, body: bytes | Json, path: str = "/webhooks/rest/webhook") -> tuple[int, list[Json]]:
        """What REST answers: status and messages."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, sent, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)


class Desk:
    """An officer's browser, without JavaScript."""

    def __init__(self, process: Process) -> None:
        self._url = f"{process.url}/desk"
        self._origin = process.url
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._browser = urllib.request.build_opener(cookies)

    def sign_in(self, username: str, once: str, password: str = "trời hôm nay nắng đẹp") -> None:
        self.send("/sign-in", username=username, password=once)
        self.send("/password", password=password, again=password)

    def page(self, path: str) -> str:
        with self._browser.open(self._url + path, timeout=20) as answer:
            return str(answer.read().decode())

    def send(self, path: str, **fields: str) -> str:
        request = urllib.request.Request(
            self._url + path, urllib.parse.urlencode(fields).encode(), {"Origin": self._origin}
        )
        with self._browser.open(request, timeout=20) as answer:
            return str(answer.read().decode())


@dataclass(frozen=True)
class Staff:
    """Two officers in a database of their own, with their one-time passwords. Lan's account is linked."""

    #: Empty: SQLite in the folder of the process.
    url: str
    lan: str
    minh: str
    LAN: ClassVar = 200_000_001

    @classmethod
    def hired(cls, var: Path, url: str = "") -> "Staff":
        motcua = Process(var, MOTCUA_DATABASE_URL=url)
        lan = motcua.command("officers", "add", "lan", "--name", "chị Lan", "--telegram", str(cls.LAN))
        minh = motcua.command("officers", "add", "minh", "--name", "anh Minh")
        return cls(url or f"sqlite:///{var}/motcua.db", lan.split()[-1], minh.split()[-1])


class Scene:
    """A ward with one resident, and two officers in their group: Minh has not linked his account yet."""

    def __init__(self, double: TelegramDouble, var: Path, staff: Staff, url: str = "") -> None:
        """`url`: a PostgreSQL database that knows the staff; without it, a copy of theirs in SQLite."""
        self.double = double
        self.group = double.group()
        self.hoa = double.citizen("Hoa Sữa")
        self.lan = double.citizen("Lan", id=Staff.LAN)
        self.minh = double.citizen("Minh")
        self.staff = staff
        self.process = Process(
            var,
            MOTCUA_TELEGRAM_TOKEN=double.token,
            MOTCUA_TELEGRAM_API_URL=double.url,
            MOTCUA_TELEGRAM_OFFICERS_CHAT=str(self.group),
        )
        if url:
            self.process.settings["MOTCUA_DATABASE_URL"] = url
        else:
            shutil.copy(make_url(staff.url).database or "", var / "motcua.db")
        here = make_url(url).set(drivername="postgresql+psycopg") if url else f"sqlite:///{var}/motcua.db"
        self._database = create_engine(here, poolclass=NullPool)
        self._forgiven: set[str] = set()
        self._heard = 0

    def settled(self, *, taps: bool = True) -> None:
        """Everything that came in is answered, and everything owed is sent. `taps`: and every tapped button
        has stopped turning."""

        def idle() -> bool:
            state = self.double.state()
            health = self.process.health()
            return (
                not state["pending"]
                and not (taps and self._turning(state) - self._forgiven)
                and health is not None
                and health["inbox"] == 0
                and health["slips"] == 0
                and health["outbox"] == {}
            )

        try:
            until(idle, "everything answered and sent")
        except AssertionError as error:
            raise AssertionError(f"{error}; {self._unsettled()}") from None
        self._heard = self.heard()

    def _unsettled(self) -> str:
        """What is still under way, for whoever reads why a test failed."""
        state, newest = self.double.state(), "ORDER BY id DESC LIMIT 3"
        inbox = self.rows(f"SELECT id, status, attempts, claimed_until FROM inbox {newest}")
        owed = self.rows(f"SELECT id, fate, attempts, claimed_until, trouble FROM deliveries {newest}")
        return (
            f"updates not fetched: {state['pending']}, buttons turning: {sorted(self._turning(state))}, "
            f"health: {self.process.health()}, inbox: {inbox}, deliveries: {owed}\n"
            f"{self.process.logged[-2000:]}"
        )

    def struck_down(self) -> None:
        """Dead in the moment in which what was said is in the inbox, and started again. Whether a button
        stopped turning is not promised then."""
        until(lambda: self.heard() > self._heard, "it is written down")
        self.process.kill()
        self.process.start()
        self.settled(taps=False)
        self._forgiven = self._turning(self.double.state())

    def heard(self) -> int:
        """How many messages and taps were ever written down."""
        return int(self.rows("SELECT count(*) FROM inbox")[0][0])

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read in the database beside the process."""
        with self._database.connect() as db:
            return [tuple(row) for row in db.execute(text(query))]

    @staticmethod
    def _turning(state: Json) -> set[str]:
        return {number for number, tap in state["taps"].items() if tap["answered"] is None}

    def told(self) -> list[str]:
        """What the resident and the group have before them now, with buttons; codes and times left out."""
        shown = [f"Hoa: {_shown(message)}" for message in self.hoa.got()]
        shown += [f"Minh: {_shown(message)}" for message in self.minh.got()]
        return shown + [f"nhóm: {_shown(message)}" for message in self.double.said(self.group)]

    def newest(self, chat: int | None = None) -> str:
        return _shown(self.double.said(chat or self.hoa.id)[-1])

    def notice(self, tap: str) -> str:
        """What the officer who tapped was shown."""
        return str(self.double.state()["taps"][tap]["answered"])


def _shown(message: Json) -> str:
    text = message.get("text") or message.get("caption") or "(tệp)"
    keys = [key["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for key in row]
    text = re.sub(r"\d\d:\d\d \d\d/\d\d", "LÚC", text)
    text = re.sub(r"\d\d:\d\d, [^,]+, \d\d/\d\d/\d{4}", "HẠN", text)
    return text + "".join(f" [{key}]" for key in keys)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
