"""The command line: `motcua …`."""

from bot.cli.main import app

__all__ = ["app"]
