"""The bytes of files, in a folder: on the disk before anybody is told they are safe."""

import os
import uuid
from pathlib import Path

from bot.core.messages import Attachment, IdCard


class Blobs:
    """One folder of files, each under a name of our own making."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(
        self, name: str, content: bytes, mime: str, *, doubt: str | None = None, card: IdCard | None = None
    ) -> Attachment:
        """Write down the bytes of a paper that was looked at; whoever looked says what it is."""
        file = uuid.uuid4().hex
        path = self._path(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with part.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        part.rename(path)
        _sync(path.parent)
        return Attachment(name=_safe(name), mime=mime, size=len(content), file=file, doubt=doubt, card=card)

    def path(self, file: str) -> Path | None:
        """Where the file lies; None if it is not ours."""
        if not (len(file) == 32 and all(c in "0123456789abcdef" for c in file)):
            return None
        path = self._path(file)
        return path if path.is_file() else None

    def _path(self, file: str) -> Path:
        return self._folder / file[:2] / file


def _sync(folder: Path) -> None:
    """A file's name is safe only when its folder is on the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _safe(name: str) -> str:
    """A file's name without folders and control signs."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable())[:200] or "tep"
