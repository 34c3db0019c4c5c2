"""One world for each test, over a database of its own: an SQLite file, and at night PostgreSQL too."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
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


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.nightly)])
def url(request: pytest.FixtureRequest, tmp_path: Path, migrated: Path) -> Iterator[str]:
    """A database with its tables and nothing in them."""
    if request.param == "sqlite":
        yield f"sqlite:///{shutil.copy(migrated, tmp_path / 'motcua.db')}"
    else:
        server = request.getfixturevalue("postgres")
        made = server.create(like=server.migrated)
        yield made
        server.drop(made)


@pytest.fixture
async def another_process(url: str, tmp_path: Path) -> AsyncIterator[Callable[[], World]]:
    """Each call is one more process on the same database and the same clock."""
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
