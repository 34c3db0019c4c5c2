"""Where people go: the ward's own counters, and who handles what the ward does not."""

from collections.abc import Mapping
from pathlib import Path

import pydantic

from bot.core.content import ContentError, Document, Problem, check, filled, read_yaml
from bot.core.parts import Id, Part, Text
from bot.core.procedure import DecidedBy, Procedure, Source


class Office(Part):
    """One counter of the ward."""

    id: Id
    name: Text
    #: Whose procedures are handed in here.
    handles: tuple[DecidedBy, ...] = ()
    #: These in words; empty while no source tells.
    address: str | None = None
    hours: str | None = None
    phone: str | None = None
    note: Text | None = None
    #: Not one place and not the ward's (a child's school): it has no address to fill in.
    elsewhere: bool = False


class Portal(Part):
    name: Text
    url: Text


class Offices(Part):
    """`data/offices.yml`."""

    portal: Portal
    offices: tuple[Office, ...] = pydantic.Field(min_length=1)
    source: Source

    def taking_in(self, procedure: Procedure) -> Office:
        """Where it is handed in: as its file says, else by who decides; the first one when none says so."""
        return next(
            (office for office in self.offices if office.id == procedure.handed_in_at),
            next(
                (office for office in self.offices if procedure.decided_by in office.handles), self.offices[0]
            ),
        )


class OtherAgency(Part):
    """A matter that is not the ward's."""

    id: Id
    #: What the matter is called: "đổi giấy phép lái xe".
    name: Text
    #: What people call it.
    names: tuple[Text, ...] = ()
    #: Who handles it.
    agency: Text
    #: The whole answer.
    text: Text
    url: Text | None = None


class OtherAgencies(Part):
    """`data/other_agencies.yml`."""

    matters: tuple[OtherAgency, ...]


def load_offices(path: Path, facts: Mapping[str, str]) -> Offices:
    """Read and check `data/offices.yml`; ``{ward.name}`` and the like are filled in from `facts`."""
    document = filled(read_yaml(path), facts)
    offices = check(document, Offices)
    _refuse_twins(document, "offices", [office.id for office in offices.offices])
    return offices


def load_other_agencies(path: Path) -> Mapping[str, OtherAgency]:
    """Read and check `data/other_agencies.yml`; by id."""
    document = read_yaml(path)
    matters = check(document, OtherAgencies).matters
    _refuse_twins(document, "matters", [matter.id for matter in matters])
    return {matter.id: matter for matter in matters}


def _refuse_twins(document: Document, key: str, ids: list[str]) -> None:
    problems: list[Problem] = [
        document.problem(f'The id "{one}" is used twice.', key, index, "id")
        for index, one in enumerate(ids)
        if one in ids[:index]
    ]
    if problems:
        raise ContentError(problems)
