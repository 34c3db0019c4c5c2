"""The one place through which files come in: looked at and cleaned first, then on the disk."""

import asyncio
from pathlib import PurePath

from bot.core.messages import Attachment
from bot.papers.kind import HEIC, JPEG, PDF, PNG, WEBP
from bot.papers.look import look
from bot.papers.looked import Limits
from bot.store.blobs import Blobs

#: Looked at together: each takes a processor for a moment, and a large picture some hundred megabytes.
AT_ONCE = 2
#: How a file of this type is usually called. (Names are shown to officers, who save papers by them.)
_ENDINGS = {
    JPEG: (".jpg", ".jpeg", ".jpe", ".jfif"),
    PNG: (".png",),
    WEBP: (".webp",),
    HEIC: (".heic", ".heif"),
    PDF: (".pdf",),
}
_KNOWN = {ending for endings in _ENDINGS.values() for ending in endings}


class Papers:
    """What residents send as papers."""

    def __init__(self, blobs: Blobs, limits: Limits) -> None:
        self._blobs = blobs
        self._limits = limits
        self._free = asyncio.Semaphore(AT_ONCE)

    @property
    def max_bytes(self) -> int:
        return self._limits.max_bytes

    async def keep(self, name: str, content: bytes) -> Attachment:
        """Keep a paper; type, size and name are those of what is kept. FileRefused if it is none."""
        async with self._free:
            return await asyncio.to_thread(self._look_and_keep, name, content)

    def _look_and_keep(self, name: str, content: bytes) -> Attachment:
        looked = look(content, self._limits)
        called = _called(name, looked.mime)
        return self._blobs.keep(called, looked.content, looked.mime, doubt=looked.doubt, card=looked.card)


def _called(name: str, mime: str) -> str:
    """The name with the ending of what it became: a HEIC that is a JPEG now, a picture that was misnamed."""
    ending = PurePath(name).suffix.lower()
    if ending not in _KNOWN or ending in _ENDINGS[mime]:
        return name
    return name[: -len(ending)] + _ENDINGS[mime][0]
