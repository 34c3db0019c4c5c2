"""People are answered by the old model while the new one is trained, and nobody notices the change. Real
processes in the places of Rasa and of its training.
"""

import asyncio
import contextlib
import logging
import os
import shutil
import sys
from functools import partial
from pathlib import Path

import pytest

from bot.core.heard import Heard
from bot.understanding.rasa import RasaReader
from bot.understanding.server import Patience, RasaServer
from bot.understanding.shelf import Shelf
from bot.understanding.training import ModelRefused, TrainingFailed, train_model
from bot.understanding.upkeep import Upkeep
from tests.understanding.models_scene import lay, lay_all, put_in_use
from tests.understanding.understanding_scene import ROOT

HERE = Path(__file__).parent
OLD, NEW = "a" * 16, "b" * 16
QUICK = Patience(
    first_wait=0.01, longest_wait=0.04, look=0.02, check=0.02, misses=8, farewell=0.3, startup=20
)


class Rules:
    async def read(self, text: str) -> Heard:
        return Heard(text=text, intent="by_rules", confidence=1.0, source="rules")


class House:
    """Rasa's house with doubles in it, and the folder of models."""

    def __init__(self, place: Path) -> None:
        self.nlu, self.models = place / "nlu", place / "models"
        (self.nlu / ".venv" / "bin").mkdir(parents=True)
        (self.nlu / ".venv" / "bin" / "python").symlink_to(sys.executable)
        shutil.copy(HERE / "fake_train.py", self.nlu / "train.py")
        (self.nlu / "root").write_text(str(ROOT))
        self.does(NEW)
        self.server = RasaServer(
            Path(sys.executable), self.nlu, None, script=HERE / "fake_serve.py", patience=QUICK
        )
        self.reader = RasaReader(self.server.url, self.server.token, Rules(), 5, probe_every=0.01)
        self.train = partial(train_model, self.nlu, self.models)
        self.upkeep = Upkeep(
            self.server, self.reader, Shelf(self.models), partial(self.train, beside=True), look=0.02
        )

    def does(self, what: str) -> None:
        (self.nlu / "does").write_text(what)

    def may_end(self) -> None:
        (self.nlu / "gate").touch()

    @contextlib.asynccontextmanager
    async def open(self):
        running = asyncio.create_task(self.upkeep.run())
        async with self.reader:
            try:
                yield
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
                await self.server.stop()

    async def ready(self) -> None:
        async with asyncio.timeout(15):
            await self.server.wait_for("ready")
            await self.reader.wait_ready()

    async def heard(self) -> str:
        """The model that reads a text now, or `by_rules`."""
        return (await self.reader.read("xin chào")).intent.removesuffix(".tar.gz")

    async def until(self, true) -> None:
        async with asyncio.timeout(15):
            while not true():  # noqa: ASYNC110  no event tells it
                await asyncio.sleep(0.01)


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


async def test_the_old_model_answers_until_the_new_one_does_and_nobody_is_answered_by_rules(house, caplog):
    caplog.set_level(logging.INFO)
    lay_all(house.models, OLD)
    async with house.open():
        await house.ready()
        assert await house.heard() == OLD
        assert house.upkeep.news == "training"
        first = house.server.pid

        house.may_end()
        heard = [OLD]
        async with asyncio.timeout(15):
            while heard[-1] != NEW:
                heard.append(await house.heard())

        assert set(heard) == {OLD, NEW}
        assert house.server.pid == first
        assert house.upkeep.serving.model == NEW
        await house.until(lambda: house.upkeep.news == "none")
    assert f"nice 10, parent {os.getpid()}" in caplog.text


async def test_without_any_model_the_rules_answer_until_there_is_one(house):
    async with house.open():
        await house.until(lambda: house.upkeep.news == "training")
        assert await house.heard() == "by_rules"
        assert house.server.state == "off"
        house.may_end()
        await house.ready()
        assert await house.heard() == NEW


async def test_a_refused_model_is_told_and_the_old_one_goes_on(house, caplog):
    caplog.set_level(logging.INFO)
    lay_all(house.models, OLD)
    house.does(f"{NEW} refused")
    house.may_end()
    async with house.open():
        await house.until(lambda: house.upkeep.news == "refused")
        await house.ready()
        assert await house.heard() == OLD
    assert "Mô hình mới kém." in caplog.text
    assert f"motcua nlu use {NEW} --anyway" in caplog.text


async def test_a_training_that_fails_is_told_and_the_old_one_goes_on(house, caplog):
    lay_all(house.models, OLD)
    house.does(f"{NEW} fails")
    house.may_end()
    async with house.open():
        await house.until(lambda: house.upkeep.news == "failed")
        await house.ready()
        assert await house.heard() == OLD
    assert "training ended with code 1: ValueError: no examples" in caplog.text


async def test_a_running_program_goes_back_when_it_is_told_to(house):
    both = Shelf(lay_all(house.models, OLD, NEW))
    house.may_end()
    async with house.open():
        await house.ready()
        await house.until(lambda: house.upkeep.news == "none")
        assert await house.heard() == NEW

        both.use(OLD)
        await house.until(lambda: house.upkeep.serving.model == OLD)
        assert await house.heard() == OLD
        assert house.reader.ready


async def test_a_model_that_rasa_cannot_read_does_not_take_the_old_one_away(house, caplog):
    both = Shelf(lay_all(house.models, OLD, NEW))
    lay(house.models, "indigestible")
    house.may_end()
    async with house.open():
        await house.ready()
        await house.until(lambda: house.upkeep.news == "none")
        both.use("indigestible")
        await house.until(lambda: "không đọc được mô hình indigestible" in caplog.text)
        await house.until(lambda: both.in_use().model == NEW)
        assert await house.heard() == NEW
        assert house.reader.ready


async def test_a_changed_archive_is_not_served_but_trained_anew(house, caplog):
    lay_all(house.models, NEW)
    (house.models / f"{NEW}.tar.gz").write_bytes(b"somebody else's")
    async with house.open():
        await house.until(lambda: "đã bị thay đổi" in caplog.text)
        assert house.server.state == "off"
        house.may_end()
        await house.ready()
        assert await house.heard() == NEW


async def test_meanwhile_the_model_before_a_missing_one_is_served(house, caplog):
    lay_all(house.models, OLD, NEW)
    (house.models / f"{NEW}.tar.gz").unlink()
    async with house.open():
        await house.ready()
        assert await house.heard() == OLD
        assert "không còn" in caplog.text
        house.may_end()
        await house.until(lambda: house.upkeep.serving.model == NEW)


async def test_an_archive_that_is_changed_while_it_is_served_is_noticed_when_rasa_dies(house, caplog):
    lay_all(house.models, OLD)
    house.may_end()
    house.does(OLD)
    async with house.open():
        await house.until(lambda: house.upkeep.news == "none" and house.server.state == "ready")
        (house.models / f"{OLD}.tar.gz").write_bytes(b"somebody else's")
        os.kill(house.server.pid, 9)
        await house.until(lambda: "đã bị thay đổi" in caplog.text)
        await house.until(lambda: house.upkeep.serving is not None and house.server.state == "ready")
        assert Shelf(house.models).choose().troubles == ()


async def test_a_model_that_is_trained_again_under_its_name_is_read_again(house):
    lay_all(house.models, NEW)
    house.may_end()
    async with house.open():
        await house.until(lambda: house.upkeep.news == "none" and house.server.state == "ready")
        before = house.upkeep.serving
        lay(house.models, NEW, day=25)
        put_in_use(house.models, NEW)
        await house.until(lambda: house.upkeep.serving.sha256 != before.sha256)


async def test_no_training_outlives_the_program(house, caplog):
    caplog.set_level(logging.INFO)
    async with house.open():
        await house.until(lambda: "nlu: training" in caplog.text)
    assert house.upkeep._training.cancelled()


async def test_training_by_hand_tells_each_line_and_takes_what_is_insisted_on(house):
    house.may_end()
    house.does(f"{NEW} refused")
    lines: list[str] = []
    with pytest.raises(ModelRefused, match=NEW):
        await house.train(lines.append)
    assert lines[-2:] == ["nlu: Mô hình mới kém.", str(house.models / f"{NEW}.tar.gz")]
    assert Shelf(house.models).in_use() is None

    await house.train(lines.append, anyway=True)
    assert Shelf(house.models).in_use().model == NEW


async def test_a_missing_environment_is_told(tmp_path):
    with pytest.raises(TrainingFailed, match="make setup"):
        await train_model(tmp_path, tmp_path / "models")
