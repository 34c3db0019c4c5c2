"""A folder of models as `nlu/train.py` leaves it, without a training: archives of a few bytes.

Imports nothing of ours: it also runs in the double of the trainer, whose Python has none of our libraries.
"""

import hashlib
import json
from pathlib import Path


def lay(folder: Path, name: str, *, refused: tuple[str, ...] = (), day: int = 1, intent: float = 0.9) -> None:
    """One model with its card; a later day is a newer one."""
    folder.mkdir(parents=True, exist_ok=True)
    content = f"{name} of day {day}".encode()
    (folder / f"{name}.tar.gz").write_bytes(content)
    tried = {
        "digest": "d", "messages": 300, "with_procedure": 200, "intent": intent, "procedure": 0.95,
        "first_three": 0.99, "ms": 3.14, "ms_95": 6.0, "wrong": [],
    }  # fmt: skip
    card = {
        "model": name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "trained": f"2026-11-{day:02}T08:00:00+07:00",
        "tried": tried,
        "refused": list(refused),
    }
    (folder / f"{name}.json").write_text(json.dumps(card))


def put_in_use(folder: Path, name: str, before: str = "") -> None:
    """As a training does, at one stroke."""
    new = folder / "new"
    new.write_text(json.dumps({"model": name, "before": before, "by_hand": False}))
    new.replace(folder / "in-use.json")


def lay_all(folder: Path, *names: str) -> Path:
    """These models, each a day after the other; the last one is in use. The folder."""
    before = ""
    for day, name in enumerate(names, 1):
        lay(folder, name, day=day)
        put_in_use(folder, name, before)
        before = name
    return folder
