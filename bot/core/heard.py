"""What we think a citizen meant, and the little that understanding may know of where they stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.messages import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """One procedure they may mean. `confidence` from 0 to 1."""

    id: str
    code: str
    name: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A piece of the text with a meaning: `entity` as in ``nlu/components/patterns.py``."""

    entity: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A text, read."""

    text: str
    intent: str
    confidence: float
    #: Best first, at most five.
    procedures: tuple[Guess, ...] = ()
    entities: tuple[Entity, ...] = ()
    #: Who read it: ``rasa``, ``rules`` or ``search``.
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Collecting:
    """The question in hand."""

    slot: str
    type: str
    required: bool
    choices: tuple[Choice, ...] = ()
    #: Does the text, as it is, pass as an answer? None if anything would (free text).
    fits: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Where the citizen stands when the text arrives."""

    collecting: Collecting | None = None
    #: Id of the flow in hand, if any.
    flow: str | None = None
    #: Is nothing typed in that flow, only chosen (a guide)? Words are then asked for their own sake.
    light: bool = False
    #: Names of the flow's slots, by what people call them (label → slot), for "sửa số điện thoại".
    labels: Mapping[str, str] = field(default_factory=dict)
    #: Is there a flow put aside that could be gone on with?
    paused: bool = False
    #: The procedure talked about last.
    subject: str | None = None
    #: Intent → flow, from the flows' `nlu_trigger`.
    triggers: Mapping[str, str] = field(default_factory=dict)
    #: Procedure → flow with which it is filed.
    forms: Mapping[str, str] = field(default_factory=dict)
