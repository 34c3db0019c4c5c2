"""The bytes of files, in a folder: on the disk before anybody is told they are safe."""

import os
import uuid
from pathlib import Path

import filetype

from bot.core.errors import FileRefused
from bot.core.messages import Attachment

#: What a paper may be, by its content and not by its name.
ACCEPTED = {"image/jpeg", "image/png", "image/webp", "image/heic", "application/pdf"}


class Blobs:
    """One folder of files, each under a name of our own making."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder = folder
        self.max_bytes = max_bytes

    def keep(self, name: str, content: bytes) -> Attachment:
        """Write the bytes down. FileRefused if they are empty, too many, or neither picture nor PDF."""
        if not content:
            raise FileRefused("empty")
        if len(content) > self.max_bytes:
            raise FileRefused("too_large", str(len(content)))
        mime = filetype.guess_mime(content[:8192])
        if mime not in ACCEPTED:
            raise FileRefused("unknown_type", str(mime))
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
        return Attachment(name=_safe(name), mime=mime, size=len(content), file=file)

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
