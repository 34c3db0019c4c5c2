"""Fields of work (lĩnh vực), grouped as people look for them: the way in for who does not know a name."""

from collections.abc import Iterable
from pathlib import Path
from typing import Self

import pydantic
from pydantic import ConfigDict, model_validator

from bot.core.content import check, read_yaml
from bot.core.parts import Id, Part, Text
from bot.core.procedure import Procedure


class Group(Part):
    """Fields that belong together for those who ask."""

    id: Id
    name: Text
    #: Official names of the fields, as procedures write them.
    fields: tuple[Text, ...] = pydantic.Field(min_length=1)
    #: Ids of what most people come for; shown first.
    first: tuple[Id, ...] = ()


class Fields(Part):
    """`data/fields.yml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    groups: tuple[Group, ...] = pydantic.Field(min_length=1)

    @model_validator(mode="after")
    def _each_field_once(self) -> Self:
        names = [field for group in self.groups for field in group.fields]
        for kind, given in (("field", names), ("group", [group.id for group in self.groups])):
            if twice := sorted({one for one in given if given.count(one) > 1}):
                raise ValueError(f"{kind} given twice: {', '.join(twice)}")
        return self

    def all(self) -> frozenset[str]:
        """The official names of every field."""
        return frozenset(field for group in self.groups for field in group.fields)

    def get(self, group: str) -> Group | None:
        return next((one for one in self.groups if one.id == group), None)

    def within(self, group: Group, procedures: Iterable[Procedure]) -> list[Procedure]:
        """The group's procedures: what most people come for, then field by field in the order of names."""
        rank = {one: number for number, one in enumerate(group.first)}
        inside = [one for one in procedures if one.field in group.fields]
        return sorted(
            inside,
            key=lambda one: (rank.get(one.id, len(rank)), group.fields.index(one.field), one.name),
        )


def load_fields(path: Path) -> Fields:
    """Read and check `data/fields.yml`; `ContentError` with file and line otherwise."""
    return check(read_yaml(path), Fields)
