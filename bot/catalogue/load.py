"""Reads `data/procedures/`, all of it or none: a mistake in one file names every mistake in all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.catalogue.fields import Fields
from bot.catalogue.offices import Offices
from bot.catalogue.wording import Aspect
from bot.core import payload
from bot.core.content import ContentError, Document, Problem, check, read_yaml, suggest
from bot.core.form import Field
from bot.core.procedure import Procedure

#: The longest payload that an answer's button may carry for a procedure.
_LONGEST_ASPECT = max(Aspect, key=len)


@dataclass(frozen=True)
class Catalogue:
    """What the ward knows: its procedures by id, in the order of their names."""

    procedures: Mapping[str, Procedure]
    _codes: Mapping[str, Procedure] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "procedures", MappingProxyType(dict(self.procedures)))
        object.__setattr__(self, "_codes", {one.code: one for one in self.procedures.values()})

    def get(self, procedure_id: str) -> Procedure | None:
        return self.procedures.get(procedure_id)

    def by_code(self, code: str) -> Procedure | None:
        return self._codes.get(code)

    def as_json(self) -> dict[str, Any]:
        """Everything, as `motcua catalogue --json` prints it."""
        return {"procedures": [one.model_dump(mode="json") for one in self.procedures.values()]}


def load_catalogue(folder: Path, fields: Fields | None = None, offices: Offices | None = None) -> Catalogue:
    """Read every `*.yml` of the folder; `ContentError` with all problems of all files.

    `fields`, `offices`: what the files may name, where that could be read.
    """
    problems: list[Problem] = []
    found: list[tuple[Document, Procedure]] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            document = read_yaml(path)
            found.append((document, check(document, Procedure)))
        except ContentError as error:
            problems.extend(error.problems)
    if not found and not problems:
        problems.append(Problem(folder, 1, "There is no procedure here."))
    # Ids that broken files would have had: a reference to one of them is not a second mistake.
    known = {path.stem for path in folder.glob("*.yml")}
    codes: dict[str, str] = {}
    for document, procedure in found:
        problems.extend(_problems_of(document, procedure, known))
        problems.extend(_unknown_names(document, procedure, fields, offices))
        if (other := codes.setdefault(procedure.code, procedure.id)) != procedure.id:
            problems.append(
                document.problem(f'The code {procedure.code} already belongs to "{other}".', "code")
            )
    if not problems and fields is not None:
        problems.extend(_strangers(folder.parent / "fields.yml", fields, [one for _, one in found]))
    if problems:
        raise ContentError(sorted(problems, key=lambda one: (one.path, one.line)))
    return Catalogue({procedure.id: procedure for _, procedure in found})


def _problems_of(document: Document, procedure: Procedure, known: set[str]) -> Iterator[Problem]:
    """What a model cannot see: names that must fit each other, inside one file and between files."""
    if procedure.id != document.path.stem:
        yield document.problem(
            f'The id is "{procedure.id}", but the file is called "{document.path.stem}".', "id"
        )
    for aspect_or_flow in (
        payload.write("Ask", _LONGEST_ASPECT, procedure.id, "9"),
        payload.write("StartFlow", procedure.appointment_flow or procedure.id),
    ):
        if len(aspect_or_flow.encode()) > payload.LIMIT:
            yield document.problem(f"The id is too long for a button ({aspect_or_flow}).", "id")
    for index, other in enumerate(procedure.related):
        if other not in known or other == procedure.id:
            said = f'The related procedure "{other}" does not exist.{suggest(other, known)}'
            if other == procedure.id:
                said = "A procedure cannot be related to itself."
            yield document.problem(said, "related", index)
    papers = [paper.id for paper in procedure.papers]
    yield from _twins(document, papers, "papers")
    if procedure.form is None:
        return
    own = [(index, one) for index, one in enumerate(procedure.form.fields) if isinstance(one, Field)]
    fields = [one.id for _, one in own]
    for at, (index, one) in enumerate(own):
        if one.id in fields[:at]:
            yield document.problem(f'The id "{one.id}" is used twice here.', "form", "fields", index, "id")
        yield from _twins(document, [c.id for c in one.choices], "form", "fields", index, "choices")
    for index, asked in enumerate(procedure.form.papers):
        if asked.id not in papers:
            yield document.problem(
                f'The form collects "{asked.id}", which is not in papers.{suggest(asked.id, papers)}',
                "form",
                "papers",
                index,
            )
        elif not procedure.papers[papers.index(asked.id)].upload:
            yield document.problem(
                f'The form collects the paper "{asked.id}", which lacks "upload: true".',
                "form",
                "papers",
                index,
            )
        if asked.id in fields:
            yield document.problem(f'"{asked.id}" is both a field and a paper of the form.', "form", "papers")


def _unknown_names(
    document: Document, procedure: Procedure, fields: Fields | None, offices: Offices | None
) -> Iterator[Problem]:
    """Names that belong to other files."""
    if fields is not None and procedure.field not in fields.all():
        said = f'The field "{procedure.field}" is not in fields.yml.{suggest(procedure.field, fields.all())}'
        yield document.problem(said, "field")
    if offices is not None and (place := procedure.handed_in_at) is not None:
        there = [office.id for office in offices.offices]
        if place not in there:
            said = f'The office "{place}" is not in offices.yml.{suggest(place, there)}'
            yield document.problem(said, "handed_in_at")


def _strangers(path: Path, fields: Fields, procedures: list[Procedure]) -> Iterator[Problem]:
    """What fields.yml puts first must be there to be put first."""
    for group in fields.groups:
        inside = {one.id for one in fields.within(group, procedures)}
        for one in group.first:
            if one not in inside:
                yield Problem(path, 1, f'"{one}" is put first in {group.id}, but is no procedure of it.')


def _twins(document: Document, ids: list[str], *at: str | int) -> Iterator[Problem]:
    for index, one in enumerate(ids):
        if one in ids[:index]:
            yield document.problem(f'The id "{one}" is used twice here.', *at, index, "id")
