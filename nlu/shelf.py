"""The folder of trained models: what each is worth, which one is in use, and which may go.

Beside each archive stands its card (``<name>.json``) with the sha256 of the archive: one without it, or with
another sum, is not what our training made and counts as missing. `bot/understanding/shelf.py` reads the same
files and serves what they say.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

#: Trainings under way write into folders that begin so.
SCRATCH = ".training-"
_ARCHIVE = re.compile(r"([0-9a-f]{16})\.(tar\.gz|json)")


@dataclass(frozen=True)
class Tried:
    """What a model made of the trial's messages. Shares from 0 to 1; None where nothing was asked."""

    #: Which messages: figures of two models are compared on the same ones only.
    digest: str
    messages: int
    with_procedure: int
    intent: float | None
    procedure: float | None
    first_three: float | None
    #: Of one parse through Rasa, in the middle and of the slowest twentieth.
    ms: float
    ms_95: float
    #: Each message that went wrong: text, and intent and procedure as meant and as understood.
    wrong: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Card:
    """What stands beside an archive."""

    model: str
    sha256: str
    #: When, with its zone.
    trained: str
    tried: Tried
    #: Why it may not be used, in sentences; empty if it may.
    refused: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class InUse:
    """The file that says what is served."""

    model: str
    #: Kept for going back.
    before: str = ""
    #: Chosen with ``motcua nlu use``: stays until a newly trained model is better founded.
    by_hand: bool = False


class Shelf:
    """One folder, shared by trainings and running programs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.folder.mkdir(parents=True, exist_ok=True)

    def archive(self, name: str) -> Path:
        """Where this model lies, if it does."""
        return self.folder / f"{name}.tar.gz"

    def card(self, name: str) -> Card | None:
        """Its card; None if there is none, or the archive is missing or not the one that was made."""
        try:
            written = json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))
            card = Card(**{**written, "tried": Tried(**written["tried"])})
            return card if sha256(self.archive(name)) == card.sha256 else None
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def in_use(self) -> InUse | None:
        """What is served now."""
        try:
            return InUse(**json.loads((self.folder / "in-use.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def put(self, archive: Path, card: Card) -> None:
        """Lay a model down, or write its card anew. The card comes last: without it there is no model."""
        if archive != self.archive(card.model):
            archive.replace(self.archive(card.model))
        _write(self.folder / f"{card.model}.json", asdict(card))

    def use(self, name: str) -> None:
        """Have this model served from now on, and keep the one before it."""
        now = self.in_use()
        before = (
            now.model if now and now.model != name and self.card(now.model) else now.before if now else ""
        )
        _write(self.folder / "in-use.json", asdict(InUse(name, before)))

    def tidy(self) -> None:
        """Keep the one in use, the one before, and the newest that was refused; remove all others."""
        now = self.in_use()
        keep = {now.model, now.before} if now else set()
        names = {match[1] for each in self.folder.iterdir() if (match := _ARCHIVE.fullmatch(each.name))}
        refused = [card for name in names - keep if (card := self.card(name)) and card.refused]
        keep |= {card.model for card in sorted(refused, key=lambda card: card.trained)[-1:]}
        for name in names - keep:
            self.archive(name).unlink(missing_ok=True)
            (self.folder / f"{name}.json").unlink(missing_ok=True)
        for left in self.folder.glob(f"{SCRATCH}*"):  # by a training that was killed
            shutil.rmtree(left, ignore_errors=True)

    @contextlib.contextmanager
    def alone(self, say: Callable[[str], None]) -> Iterator[None]:
        """One training at a time: the second waits, and finds the work done."""
        with (self.folder / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                say("another training is under way; waiting for it …")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def sha256(file: Path) -> str:
    """The sum of a file, read in pieces."""
    total = hashlib.sha256()
    with file.open("rb") as opened:
        while piece := opened.read(1 << 20):
            total.update(piece)
    return total.hexdigest()


def _write(file: Path, content: dict[str, Any]) -> None:
    """Whole or not at all, also when the power fails."""
    new = file.with_name(f".{file.name}.{os.getpid()}")
    with new.open("w", encoding="utf-8") as opened:
        json.dump(content, opened, ensure_ascii=False, indent=1)
        opened.flush()
        os.fsync(opened.fileno())
    new.replace(file)
