"""One world for each test, over an SQLite file of its own."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from bot.services.delivery import Deliveries
from bot.store.migrate import migrate
from tests.services.services_scene import Clock, World


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("services") / "empty.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
async def another_process(tmp_path: Path, migrated: Path) -> AsyncIterator[Callable[[], World]]:
    """Each call is one more process on the same database and the same clock."""
    url = f"sqlite:///{shutil.copy(migrated, tmp_path / 'motcua.db')}"
    clock, worlds = Clock(), list[World]()

    def begin() -> World:
        worlds.append(World(url, tmp_path / "files", clock))
        return worlds[-1]

    yield begin
    for one in worlds:
        await one.door.close()
        await asyncio.to_thread(one.db.close)


@pytest.fixture
def world(another_process: Callable[[], World]) -> World:
    return another_process()


@pytest.fixture
async def running() -> AsyncIterator[Callable[[Deliveries], "asyncio.Task[None]"]]:
    """Starts a sender; all are stopped at the end."""
    tasks: list[asyncio.Task[None]] = []

    def run(deliveries: Deliveries) -> "asyncio.Task[None]":
        tasks.append(asyncio.create_task(deliveries.run()))
        return tasks[-1]

    yield run
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
