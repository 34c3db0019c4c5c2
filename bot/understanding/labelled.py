"""Messages that officers have labelled, as examples for Rasa: read, joined with what is there, written."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pydantic

from bot.core.content import check, read_yaml
from bot.core.masking import mask_numbers, with_stand_ins
from bot.core.text import gist

_HEAD = """\
# Câu người dân đã nhắn mà trợ lý chưa hiểu, do cán bộ gắn nhãn; `motcua nlu export-unclear` ghi thêm vào đây.
# Tên, số điện thoại, địa chỉ… trong câu là chữ thay thế, không phải của ai.
version: "3.1"

"""
#: "[x](y)", "[x]{y}" and "[x][y]" are Rasa's way to mark an entity.
_ENTITY = re.compile(r"\](?=[(\[{])")


@dataclass(frozen=True, slots=True, order=True)
class Example:
    """A message and what it means. In the order in which they are written."""

    intent: str
    #: Empty where no procedure is meant.
    procedure: str
    text: str


@dataclass(frozen=True, slots=True)
class Standing:
    """An example of another file."""

    example: Example
    file: Path


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An example that is not written: it stands elsewhere already, or (None) there is no such procedure."""

    example: Example
    standing: Standing | None

    @property
    def contradicts(self) -> bool:
        """Does it mean something else where it stands?"""
        return self.standing is not None and _label(self.standing.example) != _label(self.example)


@dataclass(frozen=True, slots=True)
class Joined:
    """What the file is to hold, sorted; and what became of the labels."""

    examples: tuple[Example, ...]
    new: int
    #: Stood there under another label.
    changed: int
    left_out: tuple[LeftOut, ...]


class _Metadata(pydantic.BaseModel):
    procedure: str = ""


class _Block(pydantic.BaseModel):
    #: None in a block that is no intent's: lookup tables, synonyms.
    intent: str | None = None
    metadata: _Metadata = _Metadata()
    examples: str = ""


class _File(pydantic.BaseModel):
    nlu: tuple[_Block, ...] = ()


def read_examples(path: Path) -> list[Example]:
    """The examples of one file; ContentError if it cannot be read."""
    document = read_yaml(path)
    if document.value is None:
        return []
    return [
        Example(block.intent, block.metadata.procedure, line.strip().removeprefix("-").strip())
        for block in check(document, _File).nlu
        if block.intent
        for line in block.examples.splitlines()
        if line.strip()
    ]


def standing_elsewhere(folder: Path, own: Path) -> dict[str, Standing]:
    """Every example below this folder by its gist, but for those of the file itself."""
    files = (file for file in sorted(folder.rglob("*.yml")) if file.resolve() != own.resolve())
    return {gist(one.text): Standing(one, file) for file in files for one in read_examples(file)}


def as_typed(text: str) -> str:
    """A message as one line for Rasa: made-up values where it is masked, and no marks of an entity."""
    return with_stand_ins(_ENTITY.sub("] ", mask_numbers(text))).lstrip("- ")


def join(
    labelled: Iterable[Example],
    in_file: Sequence[Example],
    elsewhere: Mapping[str, Standing],
    procedures: frozenset[str],
) -> Joined:
    """The examples of the file and the labelled ones, each text once; the latest label holds.

    `labelled` come in the order in which the labels were given.
    """
    left_out: list[LeftOut] = []
    found: dict[str, Example] = {}
    for one in in_file:
        key = gist(one.text)
        if key in elsewhere:
            left_out.append(LeftOut(one, elsewhere[key]))
        else:
            found[key] = one
    before = dict(found)
    for one in labelled:
        example = Example(one.intent, one.procedure, as_typed(one.text))
        key = gist(example.text)
        if example.procedure and example.procedure not in procedures:
            left_out.append(LeftOut(example, None))
        elif key in elsewhere:
            left_out.append(LeftOut(example, elsewhere[key]))
        elif key not in found or _label(found[key]) != _label(example):
            found[key] = example
    return Joined(
        examples=tuple(sorted(found.values())),
        new=len(found.keys() - before.keys()),
        changed=sum(_label(found[key]) != _label(one) for key, one in before.items()),
        left_out=tuple(dict.fromkeys(left_out)),
    )


def written(examples: Iterable[Example]) -> str:
    """The file: a block for each intent and procedure."""
    blocks = []
    for (intent, procedure), group in groupby(sorted(examples), key=_label):
        about = f"  metadata: {{procedure: {procedure}}}\n" if procedure else ""
        lines = "".join(f"    - {example.text}\n" for example in group)
        blocks.append(f"- intent: {intent}\n{about}  examples: |\n{lines}")
    return _HEAD + ("nlu:\n" + "\n".join(blocks) if blocks else "nlu: []\n")


def _label(example: Example) -> tuple[str, str]:
    return example.intent, example.procedure
