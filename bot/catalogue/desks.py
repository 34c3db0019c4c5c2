"""Whose work a dossier is: its field of work, the group of fields, and the desk that has matters of its own.

An officer takes up what goes by one of the names given to them, be it a field's, a group's or a desk's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pydantic
from rapidfuzz import fuzz, process

from bot.catalogue.fields import Fields
from bot.core.content import ContentError, Document, Problem, check, read_yaml, suggest
from bot.core.parts import Id, Part, Text
from bot.core.text import fold


class WardDesk(Part):
    """A part of the ward that takes matters of its own, such as the police."""

    id: Id
    #: As cards show it.
    name: Text
    #: Official names of fields of work.
    fields: tuple[Text, ...] = ()
    #: Ids of procedures whose field is not this desk's.
    procedures: tuple[Id, ...] = ()
    #: Ids of procedures of its fields that are not this desk's all the same.
    without: tuple[Id, ...] = ()

    def takes(self, field: str, procedure: str) -> bool:
        """A report may name the desk where a procedure names its field."""
        inside = field in self.fields or field == self.name
        return procedure in self.procedures or (inside and procedure not in self.without)

    @pydantic.model_validator(mode="after")
    def _has_matters(self) -> Self:
        if not (self.fields or self.procedures):
            raise ValueError("a desk needs fields or procedures")
        return self


class WardDesks(Part):
    """`data/routing.yml`."""

    desks: tuple[WardDesk, ...] = ()


def load_desks(path: Path, fields: Fields | None, procedures: frozenset[str] | None) -> WardDesks:
    """Read and check it; `fields` and `procedures`: those that there are, where they could be read."""
    document = read_yaml(path)
    desks = check(document, WardDesks)
    if problems := list(_problems(document, desks, fields, procedures)):
        raise ContentError(problems)
    return desks


@dataclass(frozen=True, slots=True)
class Whose:
    """The names of whoever may take a dossier up."""

    names: frozenset[str]
    #: The desk it is forwarded to; empty: none.
    desk: str = ""


class Work:
    """All fields, groups and desks of the ward."""

    def __init__(self, fields: Fields, desks: WardDesks) -> None:
        self._desks = desks.desks
        self._group_of = {field: group.name for group in fields.groups for field in group.fields}
        short = {group.id: group.name for group in fields.groups} | {one.id: one.name for one in self._desks}
        self.names = frozenset({*self._group_of, *short.values()})
        self._said = {fold(name): name for name in self.names} | short

    def of(self, field: str, procedure: str) -> Whose:
        """Whose work this is."""
        desk = next((one for one in self._desks if one.takes(field, procedure)), None)
        found = {field, self._group_of.get(field, "")} | ({desk.name} if desk else set())
        return Whose(frozenset(found - {""}), desk.name if desk else "")

    def called(self, words: str) -> str | None:
        """The name meant by what somebody typed: a name in any case, with or without accents, or an id."""
        return self._said.get(words.strip()) or self._said.get(fold(words))

    def nearest(self, words: str) -> str | None:
        """The name most like what was typed, if one is like it."""
        folded = {fold(name): name for name in self.names}
        found = process.extractOne(fold(words), list(folded), scorer=fuzz.ratio, score_cutoff=60)
        return folded[found[0]] if found else None


def _problems(
    document: Document, desks: WardDesks, fields: Fields | None, procedures: frozenset[str] | None
) -> Iterator[Problem]:
    known = fields.all() if fields is not None else None
    groups = {one for group in fields.groups for one in (group.id, group.name)} if fields else set()
    taken: dict[str, str] = {}
    for number, desk in enumerate(desks.desks):
        at = ("desks", number)
        for key, name in (("id", desk.id), ("name", desk.name)):
            if name in groups or (known is not None and name in known) or name in taken:
                yield document.problem(f'"{name}" is the name of something else already.', *at, key)
            taken[name] = desk.id
        for key, given, there in (
            ("fields", desk.fields, known),
            ("procedures", desk.procedures, procedures),
            ("without", desk.without, procedures),
        ):
            for index, one in enumerate(given):
                if there is not None and one not in there:
                    said = f'"{one}" does not exist.{suggest(one, there)}'
                    yield document.problem(said, *at, key, index)
                elif one in taken and key != "without":
                    yield document.problem(f'"{one}" belongs to "{taken[one]}" already.', *at, key, index)
                elif key != "without":
                    taken[one] = desk.id
