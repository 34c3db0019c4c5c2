"""Lays blocks of questions into a form: "ho_ten" of a person becomes "ho_ten_me" of the mother."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from bot.core.form import Block, Field, Line, Person, Use

_SLOT = re.compile(r"\bslots\.([a-z_][a-z0-9_]*)|\{(?:slots\.)?([a-z_][a-z0-9_]*)\}")


class Misuse(Exception):
    """A form names a block, or a field of it, that does not exist."""


def lay(lines: Iterable[Line], blocks: Mapping[str, Block]) -> tuple[tuple[Field, ...], tuple[Person, ...]]:
    """Every question in its order, and the people that blocks are about; `Misuse` if it cannot be done."""
    fields: list[Field] = []
    people: list[Person] = []
    for line in lines:
        if isinstance(line, Field):
            fields.append(line)
            continue
        block = blocks.get(line.use)
        if block is None:
            raise Misuse(f'The block "{line.use}" is not in data/forms.yml.')
        laid = tuple(_laid(line, block))
        fields += laid
        if block.person is not None:
            people.append(_person(line, block.person, {field.id for field in laid}))
    return tuple(fields), tuple(people)


def _laid(line: Use, block: Block) -> Iterator[Field]:
    known = {field.id: field for field in block.fields}
    for name in (*line.only, *line.optional, *line.change):
        if name not in known:
            raise Misuse(f'The block "{line.use}" has no field "{name}".')
    for name in line.only or known:
        field = _changed(known[name], line.change[name]) if name in line.change else known[name]
        yield _renamed(field, line, frozenset(known))


def _changed(field: Field, change: Mapping[str, Any]) -> Field:
    """The field with what this form has otherwise, checked as if it were written so."""
    if "id" in change:
        raise Misuse(f'"{field.id}" keeps its id in a block; what is put behind it is "as".')
    try:
        return Field.model_validate({**field.model_dump(by_alias=True), **change})
    except ValidationError as error:
        reasons = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise Misuse(f'"{field.id}" cannot be changed so: {reasons}.') from None


def _renamed(field: Field, line: Use, own: frozenset[str]) -> Field:
    """The field as this form asks it."""

    def said(text: str) -> str:
        return _names(text, line, own).replace("{nguoi}", line.who or "")

    conditions = [f"({one})" for one in (line.if_, field.if_ and said(field.if_)) if one]
    changes = {
        "id": _name(field.id, line),
        "label": said(field.label),
        "ask": said(field.ask),
        "help": field.help and said(field.help),
        "required": field.required and field.id not in line.optional,
        "if_": " and ".join(conditions) or None,
        "rejections": tuple(
            one.model_copy(update={"if_": said(one.if_), "utter": said(one.utter)})
            for one in field.rejections
        ),
    }
    return field.model_copy(update=changes)


def _name(id_: str, line: Use) -> str:
    return f"{id_}_{line.as_}" if line.as_ else id_


def _names(text: str, line: Use, own: frozenset[str]) -> str:
    """The block's own slots under their new names, in a condition or a wording."""

    def renamed(found: re.Match[str]) -> str:
        part = 1 if found[1] else 2
        if found[part] not in own:
            return found[0]
        before, after = found.start(part) - found.start(), found.end(part) - found.start()
        return f"{found[0][:before]}{_name(found[part], line)}{found[0][after:]}"

    return _SLOT.sub(renamed, text)


def _person(line: Use, person: Person, asked: set[str]) -> Person:
    """The person of a block, with the names of the fields that this form asks."""
    names = {
        part: _name(name, line)
        for part in ("name", "cccd", "born", "sex", "residence")
        if (name := getattr(person, part)) is not None and _name(name, line) in asked
    }
    if "name" not in names:
        raise Misuse(f'The block "{line.use}" is about a person: their name has to be asked.')
    return Person(who=line.who or person.who, always=line.always or person.always, **names)
