"""Rasa's server as a watched child: started with us, restarted when it dies, ended with us."""

import asyncio
import contextlib
import logging
import os
import secrets
import signal
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import aiohttp

log = logging.getLogger(__name__)

State: TypeAlias = Literal["starting", "ready", "restarting", "off"]

#: The longest line of Rasa's that our log takes over.
_LINE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long we wait for the child, in seconds."""

    #: Before the first new start; doubled each time it dies again …
    first_wait: float = 1.0
    #: … up to this.
    longest_wait: float = 30.0
    #: A child that lived this long had no trouble starting: the next wait is the first again.
    calm: float = 60.0
    #: Between two looks at a child that is coming up, and at one that is up.
    look: float = 0.25
    check: float = 15.0
    #: One answer to a look.
    answer: float = 5.0
    #: Importing Rasa and reading the model, on a slow disk.
    startup: float = 180.0
    #: So many looks in a row without an answer, and a child that was up is taken for stuck.
    misses: int = 4
    #: From a polite end to a hard one; `stop` stays below 3 s.
    farewell: float = 2.0
    #: A running server that is told to read another model.
    change: float = 60.0


class RasaServer:
    """One child on 127.0.0.1, in a process group of its own."""

    def __init__(
        self,
        python: Path,
        nlu_dir: Path,
        model: Path | None,
        port: int | None = None,
        token: str | None = None,
        *,
        script: Path | None = None,
        patience: Patience | None = None,
    ) -> None:
        """`python`: that of Rasa's own environment. `model` may be set later, before `start`."""
        # The child runs in `nlu_dir`, so places are made absolute. Not resolved: the link says which venv.
        self._python = python.absolute()
        self._script = (script or nlu_dir / "serve.py").absolute()
        self._nlu_dir = nlu_dir
        self.model = model
        self.port = port or _free_port()
        self.token = token or secrets.token_urlsafe(24)
        self._patience = patience or Patience()
        self._state: State = "off"
        self._changed = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None
        self._child: asyncio.subprocess.Process | None = None
        #: How often it died, or was ended for another model.
        self.falls = 0
        #: Set: do not wait before the next start.
        self._hurry = asyncio.Event()
        #: Which components the child has read; a model of others is not for it.
        self._components = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def state(self) -> State:
        return self._state

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child is not None else None

    async def start(self) -> None:
        """Start and watch it. Returns at once; `state` says how far it is."""
        if self._watch is None:
            self._become("starting")
            self._watch = asyncio.create_task(self._keep_running(), name="rasa-server")

    async def take(self, model: Path) -> bool:
        """Serve this archive (absolute) from now on: the running child reads it, or is started anew.

        False if Rasa says that it cannot read it; the old one is then served as before.
        """
        if self._state == "ready" and self._components == self._newest_component():
            match await self._change(model):
                case 204:
                    self.model = model
                    return True
                case None:
                    log.warning("Rasa gave no answer to the new model: it is started again with it")
                case _:
                    return False
        self.model = model
        if self._watch is None:
            await self.start()
        self._hurry.set()
        if self._child is not None:
            _signal_group(self._child, signal.SIGKILL)
        return True

    async def stop(self) -> None:
        """End the child and all it started, within 3 seconds."""
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)
        self._become("off")

    async def wait_for(self, *states: State) -> None:
        """Return once it is in one of these states."""
        while self._state not in states:
            changed = self._changed
            await changed.wait()

    def _become(self, state: State) -> None:
        if state != self._state:
            self._state = state
            self._changed.set()
            self._changed = asyncio.Event()

    async def _keep_running(self) -> None:
        wait, clock = self._patience.first_wait, asyncio.get_running_loop()
        while True:
            began = clock.time()
            try:
                await self._run_once()
            except OSError as error:
                log.error("Rasa cannot be started: %s", error.strerror)
            self.falls += 1
            if clock.time() - began >= self._patience.calm:
                wait = self._patience.first_wait
            self._become("restarting")
            if not self._hurry.is_set():
                log.warning("Rasa starts again in %.3g s", wait)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._hurry.wait()
            wait = min(2 * wait, self._patience.longest_wait)
            if self._hurry.is_set():  # another model: its troubles are its own
                wait = self._patience.first_wait

    async def _run_once(self) -> None:
        """One life of the child, from its start to its end."""
        self._hurry.clear()
        command = [str(self._script), "--port", str(self.port)]
        if self.model is not None:
            command += ["--model", str(self.model.absolute())]
        self._components = self._newest_component()
        child = await asyncio.create_subprocess_exec(
            str(self._python),
            *command,
            cwd=self._nlu_dir,
            # The token goes by the environment: a command line can be read by everyone on the machine.
            # Our own secrets stay with us. Rasa logs what people write at "info", so it is kept at "warning".
            env={
                **{name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")},
                "MOTCUA_RASA_TOKEN": self.token,
                "MOTCUA_PARENT_PID": str(os.getpid()),
                "LOG_LEVEL": "WARNING",
                "PYTHONUNBUFFERED": "1",
            },
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        self._child = child
        if self._hurry.is_set():  # while it was being made
            _signal_group(child, signal.SIGKILL)
        try:
            async with asyncio.TaskGroup() as together:
                output = together.create_task(self._forward(child))
                health = together.create_task(self._look_after(child))
                code = await child.wait()
                health.cancel()
                # a grandchild may hold the pipe open for ever
                _signal_group(child, signal.SIGKILL)
                await asyncio.wait([output], timeout=self._patience.answer)
                output.cancel()
            log.warning("Rasa ended with code %s", code)
        finally:
            self._child = None
            await self._end(child)

    async def _look_after(self, child: asyncio.subprocess.Process) -> None:
        """Say when it is ready, and end it when it never gets so or no longer answers."""
        patience, clock = self._patience, asyncio.get_running_loop()
        deadline, misses = clock.time() + patience.startup, 0
        async with aiohttp.ClientSession() as http:
            while True:
                answered = await self._answers(http)
                if answered and self._state != "ready":
                    self._become("ready")
                    log.info("Rasa's server is ready on port %d", self.port)
                misses = 0 if answered else misses + 1
                if self._state == "ready" and misses >= patience.misses:
                    log.error("Rasa no longer answers: it is ended and started again")
                    return _signal_group(child, signal.SIGKILL)
                if self._state != "ready" and clock.time() > deadline:
                    log.error(
                        "Rasa was not ready after %.0f s: it is ended and started again", patience.startup
                    )
                    return _signal_group(child, signal.SIGKILL)
                await asyncio.sleep(patience.check if answered else patience.look)

    async def _change(self, model: Path) -> int | None:
        """Rasa's own way of changing the model: its status, if there was an answer.

        While it reads the new one it hears nobody.
        """
        try:
            async with (
                asyncio.timeout(self._patience.change),
                aiohttp.ClientSession() as http,
                http.put(
                    f"{self.url}/model",
                    params={"token": self.token},
                    json={"model_file": str(model)},
                ) as response,
            ):
                return response.status
        except (aiohttp.ClientError, OSError, TimeoutError):
            return None

    def _newest_component(self) -> int:
        """Another number as soon as one of our components is another file than it was."""
        return max((file.stat().st_mtime_ns for file in self._nlu_dir.glob("components/*.py")), default=0)

    async def _answers(self, http: aiohttp.ClientSession) -> bool:
        try:
            async with (
                asyncio.timeout(self._patience.answer),
                http.get(f"{self.url}/status", params={"token": self.token}) as response,
            ):
                return response.status == 200
        except (aiohttp.ClientError, OSError, TimeoutError):
            return False

    @staticmethod
    async def _forward(child: asyncio.subprocess.Process) -> None:
        """Every line the child writes goes to our log."""
        assert child.stdout is not None
        rest = b""
        while chunk := await child.stdout.read(65_536):
            *lines, rest = (rest + chunk).split(b"\n")
            rest = rest[-65_536:]
            for line in lines:
                if text := line.decode("utf-8", "replace").strip():
                    log.info("rasa: %s", text[:_LINE])

    async def _end(self, child: asyncio.subprocess.Process) -> None:
        """TERM, then KILL, for the child and all it started."""
        if child.returncode is None:
            _signal_group(child, signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._patience.farewell):
                    await child.wait()
        _signal_group(child, signal.SIGKILL)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.5):
                await child.wait()


def _signal_group(child: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
