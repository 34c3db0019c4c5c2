"""What commands on the database share: settings, migration, one transaction, and how to say what is wrong."""

import asyncio
import sys
from collections.abc import Callable
from typing import NoReturn, TypeVar

import typer

from bot.config import ConfigError, load_settings
from bot.core.errors import MotCuaError
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.tx import Tx

T = TypeVar("T")


def in_database(work: Callable[[Tx], T]) -> T:
    try:
        settings = load_settings()
        settings.var.mkdir(parents=True, exist_ok=True)
        migrate(settings.database)
        db = Database(settings.database)
        try:
            return asyncio.run(db.write(work))
        finally:
            db.close()
    except (ConfigError, MotCuaError) as error:
        fail(str(error))


def fail(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(1)
