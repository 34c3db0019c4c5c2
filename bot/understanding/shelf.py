"""The folder of trained models as `nlu/shelf.py` lays it out: which is in use, and what each is worth."""

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bot.core.errors import MotCuaError


class Unfit(MotCuaError):
    """A model that may not be served; the message says why, in words for a ward's technician."""


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What the model made of the trial's messages; shares from 0 to 1."""

    messages: int
    with_procedure: int
    intent: float | None
    procedure: float | None
    first_three: float | None
    ms: float


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beside an archive."""

    model: str
    sha256: str
    trained: str
    tried: Tried
    #: Why the trial refuses it; empty if it does not.
    refused: tuple[str, ...] = ()


class InUse(msgspec.Struct, frozen=True, kw_only=True):
    """``in-use.json``: what is served, and what was before."""

    model: str
    before: str = ""
    by_hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What to serve now, and what is wrong with what should be."""

    card: Card | None
    troubles: tuple[str, ...] = ()


class Shelf:
    """One folder, shared by trainings and running programs; nothing is kept in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()

    def archive(self, name: str) -> Path:
        return self.folder / f"{name}.tar.gz"

    def cards(self) -> list[Card]:
        """All models, the newest first."""
        found = [card for file in self.folder.glob("*.json") if (card := self._card(file.stem))]
        return sorted(found, key=lambda card: card.trained, reverse=True)

    def in_use(self) -> InUse | None:
        """What is served, or should be."""
        try:
            return msgspec.json.decode((self.folder / "in-use.json").read_bytes(), type=InUse)
        except (OSError, msgspec.MsgspecError):
            return None

    def stamp(self) -> tuple[int, int]:
        """Another one as soon as somebody has written what is in use."""
        try:
            found = (self.folder / "in-use.json").stat()
        except OSError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_ino)

    def sound(self, name: str) -> Card:
        """Its card, if the archive is the one our training made; else Unfit. Reads the whole archive."""
        card = self._card(name)
        if card is None:
            raise Unfit(f"Mô hình {name}: không có tệp {name}.json của lần huấn luyện, nên không dùng được.")
        try:
            with self.archive(name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            raise Unfit(f"Mô hình {name}: tệp {name}.tar.gz không còn hoặc không đọc được.") from None
        if found != card.sha256:
            raise Unfit(
                f"Mô hình {name}: tệp {name}.tar.gz đã bị thay đổi sau khi huấn luyện, nên không dùng."
            )
        return card

    def choose(self) -> Choice:
        """The model in use; the one before it if that cannot be served."""
        now = self.in_use()
        troubles: list[str] = []
        for name in filter(None, (now.model, now.before) if now else ()):
            try:
                return Choice(card=self.sound(name), troubles=tuple(troubles))
            except Unfit as error:
                troubles.append(str(error))
        return Choice(card=None, troubles=tuple(troubles))

    def use(self, name: str, *, anyway: bool = False) -> Card:
        """Have this model served from now on. `anyway`: even if the trial refuses it. Raises Unfit."""
        card = self.sound(name)
        if card.refused and not anyway:
            raise Unfit("\n".join((*card.refused, f"Vẫn muốn dùng {name}: thêm --anyway.")))
        now = self.in_use()
        before = now.before if now else ""
        if now and now.model != name:
            with suppress(Unfit):
                before = self.sound(now.model).model
        new = self.folder / f".in-use.json.{os.getpid()}"
        new.write_bytes(msgspec.json.encode(InUse(model=name, before=before, by_hand=True)))
        new.replace(self.folder / "in-use.json")
        return card

    def _card(self, name: str) -> Card | None:
        try:
            return msgspec.json.decode((self.folder / f"{name}.json").read_bytes(), type=Card)
        except (OSError, msgspec.MsgspecError):
            return None
