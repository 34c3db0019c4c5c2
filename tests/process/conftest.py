"""The double of Telegram outlives every process; each scene has its own database and the same model."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.doubles.telegram_api import TelegramDouble
from tests.process.scene import MOTCUA, ROOT, Process, Scene, Staff
from tests.process.story import Told, whole_way


@pytest.fixture(scope="session")
def model() -> Path:
    """The folder of the trained model; trained now if there is none of the present examples."""
    subprocess.run([MOTCUA, "train"], cwd=ROOT, check=True, capture_output=True, timeout=300)
    return ROOT / "var" / "models"


@pytest.fixture(scope="session")
def staff(tmp_path_factory: pytest.TempPathFactory) -> Staff:
    return Staff.hired(tmp_path_factory.mktemp("staff"))


@pytest.fixture
def double() -> Iterator[TelegramDouble]:
    with TelegramDouble() as one:
        yield one


@pytest.fixture
def scene(double: TelegramDouble, tmp_path: Path, staff: Staff) -> Iterator[Scene]:
    """Officers are known; the process is not started yet."""
    made = Scene(double, tmp_path, staff)
    yield made
    made.process.close()


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, staff: Staff) -> Told:
    """The whole way, by a process that nobody harms."""
    with TelegramDouble() as double:
        scene = Scene(double, tmp_path_factory.mktemp("undisturbed"), staff)
        try:
            scene.process.start()
            told = []
            for step in whole_way(scene):
                scene.settled()
                told.append((step, scene.told()))
            assert scene.process.end() == 0
            for personal in ("Hoa", "Nhiên", "0912345678", "0912 345 678", "giấy chứng sinh", "Traceback"):
                assert personal not in scene.process.logged, personal
        finally:
            scene.process.close()
        return told


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """A process without Telegram, with these settings."""
    made: list[Process] = []

    def make(**settings: str) -> Process:
        made.append(Process(tmp_path, **settings))
        return made[-1]

    yield make
    for each in made:
        each.close()
