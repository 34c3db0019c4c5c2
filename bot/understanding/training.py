"""Has Rasa trained, in its own environment, when there is no model of the present examples."""

import asyncio
import logging
import os
from collections.abc import Callable
from pathlib import Path

from bot.core.errors import MotCuaError

log = logging.getLogger(__name__)


class TrainingFailed(MotCuaError):
    """No model came of it; the trainer's last words are in the message."""


def rasa_python(nlu: Path) -> Path:
    """The Python of Rasa's own environment."""
    return nlu / ".venv" / "bin" / "python"


async def trained_model(nlu: Path, out: Path, tell: Callable[[str], None] = log.info) -> Path:
    """The model of the present pipeline and examples, trained now if there is none (about two minutes).

    `tell` gets each line of progress. Raises TrainingFailed.
    """
    python = rasa_python(nlu)
    if not python.exists():
        raise TrainingFailed(f"Rasa is not installed ({python} is missing): run `make setup`")
    child = await asyncio.create_subprocess_exec(
        str(python),
        str(nlu / "train.py"),
        "--out",
        str(out),
        cwd=nlu,
        env={**{k: v for k, v in os.environ.items() if not k.startswith("MOTCUA_")}, "PYTHONUNBUFFERED": "1"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        limit=1 << 20,
    )
    last = ""
    try:
        assert child.stdout is not None
        async for raw in child.stdout:
            line = raw.decode(errors="replace").rstrip()
            if line:
                last = line
                tell(line)
        code = await child.wait()
    except BaseException:
        if child.returncode is None:
            child.kill()
            await child.wait()
        raise
    if code != 0 or not last.endswith(".tar.gz"):
        raise TrainingFailed(f"training ended with code {code}: {last}")
    return Path(last)
