"""The two real databases: an SQLite file, and a PostgreSQL server of our own."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.store.database import Database
from bot.store.migrate import migrate
from tests.postgres import Postgres


@pytest.fixture(scope="session")
def sqlite_migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'motcua.db'}"
    else:
        server = request.getfixturevalue("postgres")
        url = server.create()
        yield url
        server.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with its tables and nothing in them."""
    if request.param == "sqlite":
        empty = request.getfixturevalue("sqlite_migrated")
        yield f"sqlite:///{shutil.copy(empty, tmp_path / 'motcua.db')}"
    else:
        server = request.getfixturevalue("postgres")
        made = server.create(like=server.migrated)
        yield made
        server.drop(made)


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    made = postgres.create(like=postgres.migrated)
    yield made
    postgres.drop(made)


@pytest.fixture
def opened() -> Iterator[Callable[[str], Database]]:
    """Opens databases, as each process would its own, and closes them."""
    open_ones: list[Database] = []

    def open_(url: str) -> Database:
        open_ones.append(Database(url))
        return open_ones[-1]

    yield open_
    for one in open_ones:
        one.close()


@pytest.fixture
def db(url: str, opened: Callable[[str], Database]) -> Database:
    return opened(url)
