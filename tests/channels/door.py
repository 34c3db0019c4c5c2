"""A Door that plays a script: what the program would answer, without the program."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.channels.base import Owed, Spoken
from bot.core.errors import FileRefused
from bot.core.messages import Attachment, Incoming, Reply

Script = Callable[[Incoming], Sequence[Reply]]


def echo(incoming: Incoming) -> Sequence[Reply]:
    return (Reply(text=incoming.tapped or incoming.text),)


class ScriptedDoor:
    """In memory, and true to the promises of `Door`."""

    def __init__(self, folder: Path, script: Script = echo) -> None:
        self.folder = folder
        self.script = script
        self.heard: list[Incoming] = []
        self.settled: list[int] = []
        self.failures = 0
        self._answers: dict[str, tuple[Owed, ...]] = {}
        self._said: dict[str, list[Spoken]] = {}
        self._waiting: dict[int, str] = {}
        self._number = 0
        self._news = asyncio.Condition()
        self._owner: dict[str, set[str]] = {}

    async def receive(self, incoming: Incoming) -> None:
        self.heard.append(incoming)

    async def converse(self, incoming: Incoming) -> Sequence[Owed]:
        if self.failures > 0:
            self.failures -= 1
            raise OSError("the database is away")
        if incoming.external_id not in self._answers:
            self.heard.append(incoming)
            self._line(incoming.sender).append(Spoken(at=datetime.now(UTC), incoming=incoming))
            for file in incoming.files:
                self._owner.setdefault(incoming.sender, set()).add(file.file or "")
            owed = tuple([await self.owe(incoming.sender, reply) for reply in self.script(incoming)])
            self._answers[incoming.external_id] = owed
        return self._answers[incoming.external_id]

    async def owe(self, sender: str, reply: Reply) -> Owed:
        """Something for the sender, as a notice comes."""
        self._number += 1
        owed = Owed(id=self._number, reply=reply)
        self._line(sender).append(Spoken(at=datetime.now(UTC), owed=owed))
        self._waiting[owed.id] = sender
        async with self._news:
            self._news.notify_all()
        return owed

    async def collect(
        self, channel: str, sender: str, *, after: int = 0, wait: float = 0.0
    ) -> Sequence[Owed]:
        async with self._news:
            try:
                async with asyncio.timeout(wait):
                    await self._news.wait_for(lambda: self._owed(sender, after))
            except TimeoutError:
                pass
        return self._owed(sender, after)

    async def settle(self, ids: Sequence[int]) -> None:
        self.settled += ids
        for number in ids:
            self._waiting.pop(number, None)

    async def history(self, channel: str, sender: str, *, limit: int = 50) -> Sequence[Spoken]:
        return self._line(sender)[-limit:]

    async def keep_file(self, name: str, content: bytes) -> Attachment:
        if not content:
            raise FileRefused("empty")
        file = f"f{len(list(self.folder.iterdir())) + 1}"
        (self.folder / file).write_bytes(content)
        image = content.startswith((b"\x89PNG", b"\xff\xd8\xff"))
        mime = "image/png" if image else "application/octet-stream"
        return Attachment(name=name, mime=mime, size=len(content), file=file)

    def file_path(self, file: str) -> Path | None:
        return self.folder / file

    async def may_show(self, channel: str, sender: str, file: str) -> bool:
        return file in self._owner.get(sender, ())

    def let_see(self, sender: str, file: str) -> None:
        self._owner.setdefault(sender, set()).add(file)

    def _line(self, sender: str) -> list[Spoken]:
        return self._said.setdefault(sender, [])

    def _owed(self, sender: str, after: int) -> list[Owed]:
        return [
            spoken.owed
            for spoken in self._line(sender)
            if spoken.owed and (spoken.owed.id in self._waiting or (after and spoken.owed.id > after))
        ]
