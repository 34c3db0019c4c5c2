"""What the model learns from: hand-written examples, names of procedures, and phrases to join the two."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from components.augment import variants

#: The class of messages that name no procedure of ours: takes its share of the probability, is not shown.
NONE = "none"
#: Where a phrase of data/nlu/phrases.yml takes the name of a procedure.
BLANK = "THỦ_TỤC"
#: The intent of what other agencies decide.
OUT_OF_SCOPE = "out_of_scope"
#: So many joined examples for each name of a matter of another agency.
JOINED_ELSEWHERE = 6
#: At most so many joined examples a procedure, so that one with many names does not drown the others, and two
#: hundred procedures are learnt in two minutes.
JOINED = 16


@dataclass(frozen=True, slots=True)
class Procedure:
    """What the ranking says about a procedure, and the names it is recognised by."""

    id: str
    code: str
    name: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """One message with what it means. `by_hand` tells what a person wrote from what code made of it."""

    text: str
    intent: str
    procedure: str = NONE
    importance: float = 1.0
    by_hand: bool = True


def read_procedures(folder: Path) -> list[Procedure]:
    """The names in data/procedures/*.yml, in the order of their files."""
    found = []
    for file in sorted(folder.glob("*.yml")):
        entry: Mapping[str, Any] = yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER) or {}
        if not {"id", "code", "name"} <= entry.keys():
            raise ValueError(f"{file}: a procedure needs id, code and name")
        called = [entry["name"], entry.get("official_name"), *(entry.get("names") or ())]
        names = tuple(dict.fromkeys(str(name).strip() for name in called if name))
        found.append(Procedure(str(entry["id"]), str(entry["code"]), str(entry["name"]), names))
    return found


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def joined(procedures: Iterable[Procedure], phrases: Mapping[str, Sequence[str]]) -> list[Example]:
    """Every procedure's names in the phrases of every intent, as many as JOINED allows."""
    made = []
    for procedure in procedures:
        dice = random.Random(procedure.id)
        for name in procedure.names:
            made.append(Example(name, "ask_overview", procedure.id, 0.4, by_hand=False))
        pairs = [(name, intent) for name in procedure.names for intent in sorted(phrases) if phrases[intent]]
        # Round by round, so that each name and each intent get their turn before any comes twice.
        dice.shuffle(pairs)
        for turn in range(JOINED):
            name, intent = pairs[turn % len(pairs)] if pairs else ("", "")
            if name:
                text = dice.choice(phrases[intent]).replace(BLANK, name[0].lower() + name[1:])
                made.append(Example(text, intent, procedure.id, 0.35, by_hand=False))
    return made


def read_elsewhere(file: Path) -> list[str]:
    """What the matters of other agencies are called (data/other_agencies.yml)."""
    entries = (yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER) or {}).get("matters") or ()
    called = [str(name) for entry in entries for name in (entry["name"], *(entry.get("names") or ()))]
    return list(dict.fromkeys(called))


def joined_elsewhere(names: Iterable[str], phrases: Mapping[str, Sequence[str]]) -> list[Example]:
    """The same questions about what other agencies decide: asked in passing, they are out of scope.

    Whole sentences are left out: whoever writes those wants to know the law, and is told what is asked.
    """
    made = []
    talk = [phrase for those in phrases.values() for phrase in those if not phrase.endswith(("?", "."))]
    for name in names:
        dice = random.Random(name)
        for phrase in dice.sample(talk, min(JOINED_ELSEWHERE, len(talk))):
            text = phrase.replace(BLANK, name[0].lower() + name[1:])
            made.append(Example(text, OUT_OF_SCOPE, NONE, 0.35, by_hand=False))
    return made


def as_others_type_it(example: Example) -> list[Example]:
    """Without accents, and (if a person wrote it) once more in another way; what is the same is left out."""
    bare, *others = dict.fromkeys(variants(example.text, seed=7))
    chosen = [bare]
    if example.by_hand and others:
        chosen.append(random.Random(example.text).choice(others))
    return [
        Example(text, example.intent, example.procedure, example.importance * 0.75, by_hand=False)
        for text in chosen
        if text != example.text
    ]


def fold_of(text: str, folds: int) -> int:
    """A fixed share for each text, the same in every run."""
    return zlib.crc32(text.encode()) % folds
