"""What a channel is to us, and what we are to a channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.core.messages import Attachment, Incoming, Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One message for somebody who comes to fetch it (the web page, a REST client)."""

    #: Grows with time: "what came after 17?"
    id: int
    reply: Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One line of a conversation, as a page shows it after a reload."""

    at: datetime
    #: Exactly one of the two.
    incoming: Incoming | None = None
    owed: Owed | None = None


class Channel(Protocol):
    """A platform we can write to. Errors of `send` are those of `bot.core.errors`."""

    name: str

    async def send(self, address: str, reply: Reply, *, editing: str | None = None) -> str:
        """Deliver one reply and give back the platform's receipt; `editing`: the receipt of the message that
        this one takes the place of. Raises Unreachable, Throttled, Uncertain, Refused or Blocked."""
        ...

    async def fetch(self, attachment: Attachment, limit: int) -> bytes:
        """The bytes of a file still with the platform. Raises FileRefused (for good) or Unreachable."""
        ...

    async def acknowledge(self, incoming: Incoming, notice: str = "") -> None:
        """Tell the platform at once that a tap was seen, with a short notice. Best effort: never raises."""
        ...


class Door(Protocol):
    """What the program offers to every channel: the way in, and the way out for those who come and fetch."""

    async def receive(self, incoming: Incoming) -> None:
        """Write it down. When this returns it is safe, and the platform may be told so; the answer comes
        through `Channel.send`. A repeat of the same (channel, external_id) changes nothing."""
        ...

    async def converse(self, incoming: Incoming) -> Sequence[Owed]:
        """Write it down, answer it and give back everything owed to the sender, oldest first. A repeat gets
        the same answer again."""
        ...

    async def collect(
        self, channel: str, sender: str, *, after: int = 0, wait: float = 0.0
    ) -> Sequence[Owed]:
        """What is owed to the sender: all that was not handed over yet and, with `after`, everything newer
        than that id. Waits up to `wait` seconds for something to come."""
        ...

    async def settle(self, ids: Sequence[int]) -> None:
        """These were handed over. What is not settled is handed over again."""
        ...

    async def history(self, channel: str, sender: str, *, limit: int = 50) -> Sequence[Spoken]:
        """The last lines of a conversation, oldest first."""
        ...

    async def keep_file(self, name: str, content: bytes) -> Attachment:
        """Keep bytes that came with a message; type by content. Raises FileRefused."""
        ...

    def file_path(self, file: str) -> Path | None:
        """Where a kept file lies."""
        ...

    async def may_show(self, channel: str, sender: str, file: str) -> bool:
        """May this person be shown this file (they sent it, or we did to them)?"""
        ...
