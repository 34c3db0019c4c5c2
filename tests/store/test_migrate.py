"""Migrations: they make the tables we describe, once, whoever runs them."""

import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from bot.store.database import open_engine
from bot.store.migrate import TooNew, migrate
from bot.store.tables import metadata
from tests.store.store_scene import ROOT

ONE_PROCESS = "import sys; from bot.store.migrate import migrate; input(); print(migrate(sys.argv[1]))"


def test_the_migrations_make_the_tables_that_the_program_describes(url):
    engine = open_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_migrating_twice_does_nothing_the_second_time(bare_url):
    assert migrate(bare_url)
    assert not migrate(bare_url)


def test_of_two_processes_that_migrate_at_once_one_does_it_and_both_go_on(bare_url):
    command = [sys.executable, "-W", "error", "-c", ONE_PROCESS, bare_url]
    both = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for one in both:  # both have imported what they need and wait for the line
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    ended = [one.communicate(timeout=30) for one in both]

    assert sorted(out.strip() for out, _ in ended) == ["False", "True"], ended


def test_a_database_of_a_later_version_is_refused_and_left_alone(url):
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(TooNew, match="9999"):
        migrate(url)

    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"
    engine.dispose()
