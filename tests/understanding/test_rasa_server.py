"""Rasa's server lives while we live, comes back when it dies, and leaves nothing behind. Real processes."""

import asyncio
import contextlib
import logging
import os
import re
import select
import sys
from pathlib import Path

import aiohttp
import pytest

from bot.understanding.server import Patience, RasaServer

HERE = Path(__file__).parent
QUICK = Patience(
    first_wait=0.01, longest_wait=0.04, look=0.02, check=0.02, misses=2, farewell=0.3, startup=20, answer=5
)


def child(model: str | None = None, **kept: object) -> RasaServer:
    return RasaServer(
        Path(sys.executable),
        HERE,
        Path(model) if model else None,
        script=HERE / "fake_serve.py",
        patience=QUICK,
        **kept,
    )


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # an orphan that nobody has buried yet is dead all the same
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


async def tell(server: RasaServer, what: str) -> None:
    async with aiohttp.ClientSession() as http:
        with contextlib.suppress(aiohttp.ClientError):  # it dies, as it is told to
            async with http.get(f"{server.url}/{what}", params={"token": server.token}):
                pass


@pytest.fixture(autouse=True)
async def _not_for_ever():
    async with asyncio.timeout(30):
        yield


async def test_it_gets_ready_and_ends_with_us():
    server = child()
    assert server.state == "off"

    await server.start()
    assert server.state == "starting"
    await server.wait_for("ready")
    pid = server.pid
    assert pid is not None

    await server.stop()
    assert server.state == "off"
    assert server.pid is None
    assert not alive(pid)


async def test_it_is_started_again_when_it_dies():
    server = child()
    await server.start()
    await server.wait_for("ready")
    first = server.pid

    await tell(server, "die")
    await server.wait_for("restarting")
    await server.wait_for("ready")

    assert server.pid not in (None, first)
    await server.stop()


async def test_one_that_no_longer_answers_is_started_again():
    server = child()
    await server.start()
    await server.wait_for("ready")

    await tell(server, "deaf")
    await server.wait_for("restarting")
    await server.wait_for("ready")

    await server.stop()


class Waits(logging.Handler):
    """Collects how long the server says it will wait before it starts its child again."""

    def __init__(self, enough: int) -> None:
        super().__init__()
        self.seconds: list[float] = []
        self.full = asyncio.Event()
        self._enough = enough

    def emit(self, record: logging.LogRecord) -> None:
        if "starts again" in record.msg:
            self.seconds.extend(record.args)
            if len(self.seconds) >= self._enough:
                self.full.set()


async def test_one_that_cannot_start_is_tried_again_with_longer_and_longer_waits(caplog):
    caplog.set_level(logging.INFO)
    log, waits = logging.getLogger("bot.understanding.server"), Waits(enough=4)
    log.addHandler(waits)
    server = child("broken")
    await server.start()
    await waits.full.wait()
    await server.stop()
    log.removeHandler(waits)

    assert waits.seconds[:4] == [0.01, 0.02, 0.04, 0.04]
    assert "rasa: no model here" in caplog.text


async def test_a_missing_python_is_told_and_tried_again(caplog):
    server = RasaServer(HERE / "no_such_python", HERE, None, patience=QUICK)
    await server.start()
    await server.wait_for("restarting")
    await server.stop()

    assert "cannot be started: No such file" in caplog.text


async def test_a_stubborn_child_and_its_children_are_ended_within_three_seconds(caplog):
    caplog.set_level(logging.INFO)
    server = child("stubborn")
    await server.start()
    await server.wait_for("ready")
    pid = server.pid
    grandchild = int(re.search(r"grandchild (\d+)", caplog.text)[1])
    assert alive(grandchild)
    its_end = os.pidfd_open(grandchild)

    began = asyncio.get_running_loop().time()
    await server.stop()

    assert asyncio.get_running_loop().time() - began < 3
    assert not alive(pid)
    assert select.select([its_end], [], [], 3)[0]  # killed with the group; dying takes a moment
    os.close(its_end)


async def test_its_words_go_to_our_log_and_our_secrets_stay_with_us(caplog, monkeypatch):
    monkeypatch.setenv("MOTCUA_TELEGRAM_TOKEN", "123:abc")
    caplog.set_level(logging.INFO)
    server = child()
    await server.start()
    await server.wait_for("ready")
    await server.stop()

    line = next(record.getMessage() for record in caplog.records if "secrets" in record.getMessage())
    assert "MOTCUA_RASA_TOKEN" in line
    assert "TELEGRAM" not in line
    assert len(line) < 600


async def told(server: RasaServer) -> tuple[str, int]:
    """Which model it says that it serves, and who says so."""
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{server.url}/status", params={"token": server.token}) as answer,
    ):
        said = await answer.json(content_type=None)
        return said["model_file"], said["pid"]


async def test_a_running_one_takes_another_model_and_keeps_it_when_it_dies():
    server = child("old")
    await server.start()
    await server.wait_for("ready")
    first = server.pid

    assert await server.take(HERE / "new")

    assert server.state == "ready"
    assert await told(server) == ("new", first)

    await tell(server, "die")
    await server.wait_for("restarting")
    await server.wait_for("ready")
    assert (await told(server))[0] == "new"
    await server.stop()


async def test_one_that_gives_no_answer_to_it_is_started_again_with_it():
    server = child("old")
    await server.start()
    await server.wait_for("ready")
    first = server.pid

    assert await server.take(HERE / "deadly")
    await server.wait_for("restarting")
    await server.wait_for("ready")

    assert await told(server) == ("deadly", server.pid)
    assert server.pid != first
    await server.stop()


async def test_one_that_cannot_read_it_goes_on_with_the_old_one_and_so_does_its_successor():
    server = child("old")
    await server.start()
    await server.wait_for("ready")

    assert not await server.take(HERE / "indigestible")

    assert (server.state, await told(server)) == ("ready", ("old", server.pid))
    await tell(server, "die")
    await server.wait_for("restarting")
    await server.wait_for("ready")
    assert (await told(server))[0] == "old"
    await server.stop()


async def test_one_that_has_read_older_components_is_started_again_with_the_new_model(tmp_path):
    (tmp_path / "components").mkdir()
    server = RasaServer(
        Path(sys.executable), tmp_path, HERE / "old", script=HERE / "fake_serve.py", patience=QUICK
    )
    await server.start()
    await server.wait_for("ready")
    first = server.pid
    (tmp_path / "components" / "model.py").write_text("# of the new version\n")

    await server.take(HERE / "new")
    await server.wait_for("restarting")
    await server.wait_for("ready")

    assert server.pid != first
    await server.stop()


async def test_a_good_model_does_not_wait_for_a_broken_one():
    slow = Patience(first_wait=60, look=0.02, check=0.02, farewell=0.3)
    server = RasaServer(
        Path(sys.executable), HERE, HERE / "broken", script=HERE / "fake_serve.py", patience=slow
    )
    await server.start()
    await server.wait_for("restarting")

    await server.take(HERE / "good")
    await server.wait_for("ready")

    assert (await told(server))[0] == "good"
    await server.stop()


async def test_what_was_never_started_is_started_with_its_first_model():
    server = child()
    await server.take(HERE / "first")
    await server.wait_for("ready")
    assert (await told(server))[0] == "first"
    await server.stop()


async def test_stopping_what_never_started_is_nothing():
    await child().stop()


async def test_a_port_and_a_token_are_found_if_none_are_given():
    one, other = child(), child(port=4242, token="t")

    assert one.port > 1023
    assert len(one.token) > 20
    assert (other.url, other.token) == ("http://127.0.0.1:4242", "t")
