"""Has Rasa trained, in its own environment, when there is no model of the present examples."""

import asyncio
import logging
import os
from collections.abc import Callable
from pathlib import Path

from bot.core.errors import MotCuaError

log = logging.getLogger(__name__)

#: How `nlu/train.py` ends when a new model was made but may not be used.
_REFUSED = 3


class TrainingFailed(MotCuaError):
    """No model came of it; the trainer's last words are in the message."""


class ModelRefused(MotCuaError):
    """The new model understands too little and is not used; the reasons were told as progress."""


def rasa_python(nlu: Path) -> Path:
    """The Python of Rasa's own environment."""
    return nlu / ".venv" / "bin" / "python"


async def train_model(
    nlu: Path,
    out: Path,
    tell: Callable[[str], None] = log.info,
    *,
    anyway: bool = False,
    beside: bool = False,
) -> None:
    """See to it that the model of the present pipeline and examples is trained, tried and in use.

    About two minutes if there is none. Which one is in use is then said in the folder `out` (`Shelf`). `tell`
    gets each line of progress. `anyway`: use it even if the trial refuses it. `beside`: leave the processor
    to those who answer. Raises TrainingFailed, ModelRefused.
    """
    python = rasa_python(nlu)
    if not python.exists():
        raise TrainingFailed(f"Rasa is not installed ({python} is missing): run `make setup`")
    options = [*(["--anyway"] if anyway else []), *(["--nice", "10"] if beside else [])]
    child = await asyncio.create_subprocess_exec(
        *_command(python, nlu, out),
        *options,
        cwd=nlu,
        env={
            **{k: v for k, v in os.environ.items() if not k.startswith("MOTCUA_")},
            "MOTCUA_PARENT_PID": str(os.getpid()),
            "PYTHONUNBUFFERED": "1",
        },
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
    if code == _REFUSED:
        name = Path(last).name.removesuffix(".tar.gz")
        raise ModelRefused(
            f"Mô hình mới {name} chưa đạt bài thử nên không được dùng (lý do ở trên). "
            f"Sửa câu mẫu rồi huấn luyện lại; vẫn muốn dùng: motcua nlu use {name} --anyway"
        )
    if code != 0 or not last.endswith(".tar.gz"):
        raise TrainingFailed(f"training ended with code {code}: {last}")


def _command(python: Path, nlu: Path, out: Path) -> list[str]:
    # The child runs in `nlu`. Not resolved: the link says which venv.
    return [str(python.absolute()), str((nlu / "train.py").absolute()), "--out", str(out.absolute())]
