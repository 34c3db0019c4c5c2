"""From the YAML of one file to flows, each step with the place it was written at."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pydantic

from bot.core.content import ContentError, Document, Key, Problem, check
from bot.core.messages import Button, Choice
from bot.flow.conditions import Condition, ConditionError, parse
from bot.flow.model import END, Branch, Flow, Rejection, Response, Slot, Step
from bot.flow.schema import KINDS, FilePart, FlowPart, StepPart
from bot.flow.wording import read_template


@dataclass
class Source:
    """One file, read; the places are for messages to its author."""

    document: Document
    flows: dict[str, Flow] = field(default_factory=dict)
    slots: dict[str, Slot] = field(default_factory=dict)
    responses: dict[str, Response] = field(default_factory=dict)
    places: dict[tuple[str, str], tuple[Key, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, message: str, *at: Key) -> None:
        self.problems.append(self.document.problem(message, *at))

    def place(self, flow: str, step: str) -> tuple[Key, ...]:
        return self.places.get((flow, step), ("flows", flow))


def read_source(document: Document) -> Source:
    """Everything in one file, with all mistakes that the file shows by itself."""
    source = Source(document)
    try:
        part = check(document, FilePart)
    except ContentError as error:
        source.problems += error.problems
        return source
    source.slots = {id_: _slot(source, part, id_) for id_ in part.slots}
    for name, variants in part.responses.items():
        source.responses[name] = _response(source, part, name)
        if not name.startswith("utter_"):
            source.wrong(f'A response is named "utter_…", and not "{name}".', "responses", name)
        if len(variants) != 1:
            source.wrong(f'"{name}" must have exactly one wording.', "responses", name)
    for id_, flow in part.flows.items():
        source.flows[id_] = _FlowReader(source, id_, flow).flow()
    return source


def _slot(source: Source, part: FilePart, id_: str) -> Slot:
    given = part.slots[id_]
    options = given.metadata
    at = ("slots", id_)
    if (given.type == "choice") != bool(options.choices):
        source.wrong('metadata.choices are given exactly when type is "choice".', *at)
    ids = {"", *(one.id for one in options.choices)}
    if given.type == "choice" and not {options.yes, options.no} <= ids:
        source.wrong("yes and no name one of the choices.", *at, "metadata")
    if given.type != "date" and (options.past or options.working_day or options.partial):
        source.wrong('past, working_day and partial are for type "date".', *at)
    if given.type != "address" and (options.here or options.rough or options.historic):
        source.wrong('here, rough and historic are for type "address".', *at)
    if given.type != "file" and options.multiple:
        source.wrong('multiple is for type "file".', *at)
    if (given.type == "time") != bool(options.day):
        source.wrong('metadata.day is given exactly when type is "time".', *at)
    if options.day and (options.day not in part.slots or part.slots[options.day].type != "date"):
        source.wrong(f'day names a slot of type "date", and not "{options.day}".', *at, "metadata")
    if bool(options.counter) != (given.type == "time") and given.type != "date":
        source.wrong('A "time" names its counter; beside it only a "date" may.', *at)
    values = {name: getattr(options, name) for name in type(options).model_fields if name != "choices"}
    if options.counter in part.slots:
        values |= {"counter": "", "counter_from": options.counter}
    choices = tuple(Choice(id=one.id, title=one.title) for one in options.choices)
    return Slot(id=id_, type=given.type, initial=given.initial_value, choices=choices, **values)


def _response(source: Source, part: FilePart, name: str) -> Response:
    one = part.responses[name][0] if part.responses[name] else None
    if one is None:
        return Response(())
    buttons = tuple(Button(title=button.title, payload=button.payload) for button in one.buttons)
    return Response(read_template(one.text), buttons)


class _FlowReader:
    """Reads one flow; steps inside branches are laid out after the step they belong to."""

    def __init__(self, source: Source, id_: str, part: FlowPart) -> None:
        self.source = source
        self.id = id_
        self.part = part
        self.steps: dict[str, Step] = {}

    def flow(self) -> Flow:
        at = ("flows", self.id)
        first = self._steps(self.part.steps, END, (*at, "steps"))
        metadata = self.part.metadata.model_dump(exclude_unset=True)
        return Flow(
            id=self.id,
            name=self.part.name or self.part.description,
            description=self.part.description,
            first=first,
            steps=self.steps,
            guard=self._condition(self.part.if_, (*at, "if")) if self.part.if_ is not None else None,
            intents=tuple(self._intents((*at, "nlu_trigger"))),
            persisted=frozenset(self.part.persisted_slots),
            metadata=metadata,
        )

    def _intents(self, at: tuple[Key, ...]) -> Iterator[str]:
        """``- intent: book_appointment`` or ``- intent: {name: book_appointment}``."""
        given = self.part.nlu_trigger
        for number, one in enumerate(given if isinstance(given, list) else [given] if given else []):
            match one:
                case {"intent": str(name)} | {"intent": {"name": str(name)}}:
                    yield name
                case _:
                    self.source.wrong("A trigger is written “- intent: <name>”.", *at, number)

    def _steps(self, steps: list[Any], after: str, at: tuple[Key, ...]) -> str:
        """Read a list of steps; the last one leads to `after`. Gives the id of the first."""
        read = [(self._part(one, (*at, number)), (*at, number)) for number, one in enumerate(steps)]
        parts = [(part, place) for part, place in read if part is not None]
        ids = [self._id(part, place) for part, place in parts]
        for (part, place), id_, following in zip(parts, ids, [*ids[1:], after][: len(ids)], strict=True):
            self.source.places[self.id, id_] = place
            self.steps[id_] = self._step(part, id_, place, ())
            branches = self._next(part, following, id_, (*place, "next"))
            self.steps[id_] = self._step(part, id_, place, branches)
        if not ids:
            self.source.wrong(f'"{self.id}" has no steps here.', *at)
        return ids[0] if ids else END

    def _part(self, given: Any, at: tuple[Key, ...]) -> StepPart | None:
        try:
            part = check(self.source.document, StepPart, *at)
        except ContentError as error:
            self.source.problems += error.problems
            return None
        except (pydantic.ValidationError, TypeError, KeyError):
            self.source.wrong("A step is a block of keys.", *at)
            return None
        named = [kind for kind in KINDS if kind in given]
        if len(named) != 1:
            self.source.wrong(f"A step has exactly one of {', '.join(KINDS)}.", *at)
            return None
        return part

    def _id(self, part: StepPart, at: tuple[Key, ...]) -> str:
        kind = _kind(part)
        target = getattr(part, kind)
        number = sum(1 for known in self.source.places if known[0] == self.id)
        made = f"{number}_{kind}_{target}" if isinstance(target, str) else f"{number}_{kind}"
        id_ = part.id or made
        if (self.id, id_) in self.source.places:
            self.source.wrong(f'There are two steps "{id_}" in "{self.id}".', *at)
        self.source.places[self.id, id_] = at
        return id_

    def _step(self, part: StepPart, id_: str, at: tuple[Key, ...], branches: tuple[Branch, ...]) -> Step:
        kind = _kind(part)
        target = getattr(part, kind)
        metadata = dict(part.metadata)
        when = metadata.pop("if", None)
        return Step(
            id=id_,
            kind=kind,  # type: ignore[arg-type]  # one of KINDS
            target=target if isinstance(target, str) and kind != "noop" else "",
            next=branches,
            utter=part.utter or (f"utter_ask_{target}" if kind == "collect" else ""),
            rejections=tuple(self._rejections(part, at)) if branches else (),
            ask_before_filling=part.ask_before_filling,
            reset_after_flow_ends=part.reset_after_flow_ends,
            force_slot_filling=part.force_slot_filling,
            values=self._values(part, at),
            when=self._condition(when, (*at, "metadata", "if")) if when is not None and branches else None,
            review=metadata.pop("review", False) is True,
            consent=metadata.pop("consent", False) is True,
            metadata=metadata,
        )

    def _values(self, part: StepPart, at: tuple[Key, ...]) -> dict[str, Any]:
        """``set_slots: [{x: 1}]``, or a plain block."""
        match part.set_slots:
            case None:
                return {}
            case dict() as values:
                return values
            case list() as several if all(isinstance(one, dict) for one in several):
                return {name: value for one in several for name, value in one.items()}
        self.source.wrong("set_slots is a list of “- slot: value”.", *at, "set_slots")
        return {}

    def _rejections(self, part: StepPart, at: tuple[Key, ...]) -> Iterator[Rejection]:
        for number, rejection in enumerate(part.rejections):
            condition = self._condition(rejection.if_, (*at, "rejections", number, "if"))
            if condition is not None:
                yield Rejection(condition, rejection.utter)

    def _next(self, part: StepPart, following: str, id_: str, at: tuple[Key, ...]) -> tuple[Branch, ...]:
        match part.next:
            case None:
                return (Branch(following),)
            case str(name):
                return (Branch(name),)
            case list() as branches if branches:
                return tuple(self._branches(branches, following, id_, at))
        self.source.wrong("next is a step's id, END, or a list of “- if: … then: …” with “- else: …”.", *at)
        return (Branch(following),)

    def _branches(
        self, branches: list[Any], following: str, id_: str, at: tuple[Key, ...]
    ) -> Iterator[Branch]:
        for number, branch in enumerate(branches):
            last = number == len(branches) - 1
            match branch:
                case {"if": source, "then": then, **rest} if not rest and not last:
                    condition = self._condition(source, (*at, number, "if"))
                    target = self._target(then, following, (*at, number, "then"))
                    if condition is not None:
                        yield Branch(target, condition)
                case {"else": then, **rest} if not rest and last:
                    yield Branch(self._target(then, following, (*at, number, "else")))
                case {"if": _, "then": _}:
                    self.source.wrong(f'The branches of "{id_}" need an “- else:” at the end.', *at, number)
                case _:
                    self.source.wrong(
                        "A branch is “- if: … then: …”, and the last one “- else: …”.", *at, number
                    )

    def _target(self, then: Any, following: str, at: tuple[Key, ...]) -> str:
        if isinstance(then, str):
            return then
        if isinstance(then, list):
            return self._steps(then, following, at)
        self.source.wrong("This is a step's id, END, or a list of steps.", *at)
        return END

    def _condition(self, source: Any, at: tuple[Key, ...]) -> Condition | None:
        try:
            return parse(source if isinstance(source, str) else str(source).lower())
        except ConditionError as error:
            self.source.wrong(f"This condition cannot be read: {error}.", *at)
            return None


def _kind(part: StepPart) -> str:
    return next((kind for kind in KINDS if getattr(part, kind) is not None), "noop")
