"""A PostgreSQL server of our own, for the tests of one process."""

import itertools

from sqlalchemy import create_engine, make_url, text

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
