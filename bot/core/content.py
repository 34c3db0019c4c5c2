"""Reads the YAML that people write, and tells them the line of every mistake.

The YAML is that of the year 2009, not 2005: only `true` and `false` are truth values, "0274…" and
"12:30" stay text, and so do dates. Text is brought to one Unicode form.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import pydantic
import yaml
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

from bot.core.text import nfc

Key = str | int

#: libyaml's parser, in C, goes to about 20,000 levels before its stack ends.
_DEEPEST = 10_000
Model = TypeVar("Model", bound=pydantic.BaseModel)

_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True)
class Problem:
    """One mistake in a content file."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}  {self.message}"


class ContentError(Exception):
    """The author's mistakes, all that could be found at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class Document:
    """A YAML file as plain Python, which still knows its lines."""

    def __init__(self, path: Path, value: Any, tree: yaml.Node | None) -> None:
        self.path = path
        self.value = value
        #: As it was written; None for an empty file.
        self.tree = tree

    def line(self, *keys: Key) -> int:
        """Line where the entry at these keys begins; its nearest ancestor's if there is no such entry."""
        here, line = self.tree, 1 if self.tree is None else int(self.tree.start_mark.line) + 1
        for key in keys:
            found = _entry(here, key)
            if found is None:
                break
            line, here = found
        return line

    def problem(self, message: str, *keys: Key) -> Problem:
        return Problem(self.path, self.line(*keys), message)


def _entry(node: yaml.Node | None, key: Key) -> tuple[int, yaml.Node] | None:
    """Line and node of one entry of a mapping or a list."""
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if isinstance(name, yaml.ScalarNode) and nfc(name.value) == key:
                return name.start_mark.line + 1, value
    elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and 0 <= key < len(node.value):
        return node.value[key].start_mark.line + 1, node.value[key]
    return None


def suggest(word: str, known: Iterable[str]) -> str:
    """' Did you mean "xac_nhan"?', or nothing when no known word is near."""
    found = process.extractOne(word, list(known), scorer=fuzz.ratio, score_cutoff=60)
    return f' Did you mean "{found[0]}"?' if found else ""


def read_yaml(path: Path) -> Document:
    """Read one YAML file; `ContentError` if it is not clean YAML with every key once."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise ContentError([Problem(path, line, "This is not UTF-8 text. Save the file as UTF-8.")]) from None
    except OSError as error:
        raise ContentError([Problem(path, 1, f"Cannot be read: {error.strerror}.")]) from None
    return parse_yaml(path, text)


def filled(document: Document, facts: Mapping[str, str]) -> Document:
    """The document with ``{ward.name}`` and the like filled in; names that are no facts stay as they are."""

    def fill(value: Any) -> Any:
        match value:
            case str():
                return _FACT.sub(lambda gap: facts.get(gap[1], gap[0]), value).strip()
            case list():
                return [fill(one) for one in value]
            case dict():
                return {key: fill(one) for key, one in value.items()}
        return value

    return Document(document.path, fill(document.value), document.tree)


_FACT = re.compile(r"\{([a-z]+\.[a-z_]+)\}")


def parse_yaml(path: Path, text: str) -> Document:
    """As `read_yaml`, for text that is already in hand."""
    if _too_deep(text):
        said = f"This is nested too deeply, or has a line of over {_DEEPEST:,} characters."
        raise ContentError([Problem(path, 1, said)])
    try:
        node = _Loader(text).get_single_node()
        if node is None:
            return Document(path, None, None)
        problems: list[Problem] = []
        value = _value(node, path, problems, set())
        if problems:
            raise ContentError(problems)
        return Document(path, value, node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = f"This is not YAML: {error.problem or error.context}."
        raise ContentError([Problem(path, mark.line + 1 if mark else 1, said)]) from None
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        message = f"Character {error.character!r} is not allowed here."
        raise ContentError([Problem(path, line, message)]) from None
    except RecursionError:
        raise ContentError([Problem(path, 1, "This is nested too deeply.")]) from None


def _too_deep(text: str) -> bool:
    """Could reading this exhaust the parser's stack? Each level needs a bracket or a column of its own."""
    brackets = text.count("[") + text.count("{")
    return brackets > _DEEPEST or max(map(len, text.splitlines()), default=0) > _DEEPEST


def check(document: Document, model: type[Model], *at: Key) -> Model:
    """The part of a document at these keys as a checked model; `ContentError` names every wrong line."""
    value = document.value
    for key in at:
        value = value[key]
    try:
        return model.model_validate(value)
    except pydantic.ValidationError as error:
        details = [ErrorDetails(**{**one, "loc": _written(one["loc"])}) for one in error.errors()]
        raise ContentError(
            document.problem(_explain(detail, model), *at, *detail["loc"])
            for detail in details
            # pydantic also calls a list "too short" when its items have mistakes of their own
            if not (detail["type"] == "too_short" and detail["input"])
        ) from None


def _written(location: tuple[Key, ...]) -> tuple[Key, ...]:
    """A place as the author sees it: without the tags of unions, which begin with "~"."""
    return tuple(key for key in location if not str(key).startswith("~"))


#: libyaml's parser, five times as fast, where PyYAML was built with it.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """PyYAML's safe loader without the surprises of YAML 1.1."""


_Loader.yaml_implicit_resolvers = {}


def _plain(kind: str, pattern: str, first: Iterable[str]) -> None:
    _Loader.add_implicit_resolver(f"{_TAG}{kind}", re.compile(pattern), list(first))


_plain("bool", r"^(?:true|false)$", "tf")
_plain("null", r"^(?:~|null|)$", ["~", "n", ""])
_plain("int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789")
_plain("float", r"^[-+]?(?:0|[1-9][0-9]*)\.[0-9]+$", "-+0123456789")

#: How a scalar becomes a value. What is not here (dates, binary, Python objects) we do not use.
_SCALARS: dict[str, Callable[[str], Any]] = {
    f"{_TAG}str": nfc,
    f"{_TAG}int": int,
    f"{_TAG}float": float,
    f"{_TAG}bool": {"true": True, "false": False}.__getitem__,
    f"{_TAG}null": lambda _: None,
}


def _value(node: yaml.Node, path: Path, problems: list[Problem], seen: set[int]) -> Any:
    """The plain Python of a tree; what YAML allows but we do not is added to `problems`."""

    def wrong(at: yaml.Node, said: str) -> None:
        problems.append(Problem(path, at.start_mark.line + 1, said))

    if id(node) in seen:
        wrong(node, "Anchors and aliases (& and *) are not used here: write the text out.")
        return None
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        try:
            return _SCALARS[node.tag](node.value)
        except (KeyError, ValueError):
            wrong(node, f'"{node.value[:40]}" cannot be read as {node.tag.removeprefix(_TAG)}.')
            return None
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, path, problems, seen) for item in node.value]
    found: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            wrong(key, "A key must be a plain word.")
            continue
        name = nfc(key.value)
        if name in found:
            wrong(key, f'The key "{name}" stands here twice; first on line {lines[name]}.')
            continue
        lines[name] = key.start_mark.line + 1
        found[name] = _value(value, path, problems, seen)
    return found


def _explain(detail: ErrorDetails, model: type[pydantic.BaseModel]) -> str:
    """A pydantic error in words for the author of the file."""
    location, kind, context = detail["loc"], detail["type"], detail.get("ctx", {})
    name = ".".join(map(str, location)) or "This file"
    given = detail["input"]
    match kind:
        case "extra_forbidden":
            known = _keys_at(model, location[:-1])
            return f'The key "{location[-1]}" is not known here.{suggest(str(location[-1]), known)}'
        case "missing":
            return f'The key "{location[-1]}" is missing.'
        case "enum" | "literal_error":
            expected = str(context.get("expected", ""))
            known = [word.strip("' ") for word in expected.replace(" or ", ",").split(",")]
            hint = suggest(given, known) if isinstance(given, str) else ""
            return f'{name}: "{given}" is not one of {", ".join(known)}.{hint}'
        case "string_type":
            return f"{name} must be text; put it in quotes."
        case "string_pattern_mismatch":
            return f'{name}: "{given}" is not written as it must be ({context.get("pattern")}).'
        case "string_too_long":
            return f"{name} has {len(given)} characters; at most {context.get('max_length')} are allowed."
        case "string_too_short" | "too_short":
            return f"{name} is empty."
        case "model_type" | "dict_type" | "model_attributes_type":
            return f"{name} must be a block of keys."
        case "tuple_type" | "list_type":
            return f"{name} must be a list, each line beginning with “-”."
        case "bool_type" | "bool_parsing":
            return f"{name} must be true or false."
        case "value_error":
            said = str(context.get("error", detail["msg"]))
            return f"{name}: {said}." if location else f"{said}."
    return f"{name}: {detail['msg']}."


def _keys_at(model: type[pydantic.BaseModel], location: Iterable[Key]) -> list[str]:
    """The keys that a model allows at this place inside it."""
    here: Any = model
    for key in location:
        if isinstance(key, int):
            continue  # lists were already unwrapped
        fields = {field.alias or name: field for name, field in here.model_fields.items()}
        if key not in fields or (inner := _model_in(fields[key].annotation)) is None:
            return []
        here = inner
    return [field.alias or name for name, field in here.model_fields.items()]


def _model_in(annotation: Any) -> type[pydantic.BaseModel] | None:
    """The model inside `Model | None`, `tuple[Model, ...]` or `Mapping[str, Model]`."""
    if isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel):
        return annotation
    if get_origin(annotation) in (Union, UnionType, Annotated, tuple, list, dict):
        return next((found for arg in get_args(annotation) if (found := _model_in(arg))), None)
    return None
