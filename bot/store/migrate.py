"""Brings a database up to the tables this version works with. Forward only: to go back, restore a backup."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection

from bot.core.errors import MotCuaError
from bot.store.database import open_engine

_HERE = Path(__file__).parent / "migrations"


class TooNew(MotCuaError):
    """The database was migrated by a later version of the program."""


def migrate(url: str) -> bool:
    """Create or upgrade the tables; True if there was something to do. Processes may call it at once."""
    engine = open_engine(url).execution_options(begin="IMMEDIATE")
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(7126001)"))
            config = config_for(connection)
            scripts = ScriptDirectory.from_config(config)
            before = MigrationContext.configure(connection).get_current_revision()
            if before == scripts.get_current_head():
                return False
            if before is not None and before not in {s.revision for s in scripts.walk_revisions()}:
                raise TooNew(f"the database is of a later version ({before}) than this program")
            command.upgrade(config, "head")
            return True
    finally:
        engine.dispose()


def config_for(connection: Connection) -> Config:
    """Alembic's configuration, without a file."""
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.attributes["connection"] = connection
    return config
