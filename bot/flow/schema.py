"""The keys of a ``flows/*.yml`` file, in the format of Rasa CALM; what is ours stands under `metadata`."""

from typing import Any, Literal

import pydantic

from bot.core.form import Person
from bot.core.parts import ChoiceId, Id, Part, Text
from bot.flow.model import SlotType


class ButtonPart(Part):
    title: Text
    payload: Text


class ResponsePart(Part):
    text: Text
    buttons: tuple[ButtonPart, ...] = ()


class ChoicePart(Part):
    id: ChoiceId
    title: Text


class SlotMetadata(Part):
    """What a slot accepts and how it is shown; see `model.Slot`."""

    label: str = ""
    required: bool = True
    help: str = ""
    example: str = ""
    choices: tuple[ChoicePart, ...] = ()
    min: int | None = None
    max: int | None = None
    past: bool = False
    max_age_days: int | None = None
    min_age: int | None = None
    min_days_ahead: int | None = None
    max_days_ahead: int | None = None
    working_day: bool = False
    partial: bool = False
    here: bool = False
    rough: bool = False
    historic: bool = False
    counter: str = ""
    day: str = ""
    multiple: bool = False
    mask: bool = False
    yes: str = ""
    no: str = ""
    paper: str = ""


class SlotPart(Part):
    type: SlotType
    initial_value: str | int | bool | None = None
    metadata: SlotMetadata = SlotMetadata()


class RejectionPart(Part):
    # Read by hand, with its line.
    if_: Any = pydantic.Field(default=None, alias="if")
    utter: Text


class StepPart(Part):
    """Exactly one of the first six."""

    collect: Id | None = None
    action: Text | None = None
    link: Id | None = None
    call: Id | None = None
    set_slots: Any = None
    noop: Any = None
    id: Text | None = None
    #: An id, END, or a list of branches; read by hand.
    next: Any = None
    description: str = ""
    utter: Text | None = None
    ask_before_filling: bool = False
    reset_after_flow_ends: bool = True
    force_slot_filling: bool = False
    rejections: tuple[RejectionPart, ...] = ()
    metadata: dict[str, Any] = pydantic.Field(default_factory=dict)


class FlowMetadata(Part):
    """What is ours about a flow; see `model.Flow`."""

    #: ``ho_so`` · ``lich_hen`` · ``phan_anh`` … of its dossiers; `utter_tien_do_<kind>` counts its questions.
    kind: Text = "ho_so"
    procedure: Id | None = None
    #: How long it takes, said before consent.
    minutes: int | None = None
    #: Say "Câu 2/9." before each question.
    progress: bool = False
    #: Nothing is typed in it: it is dropped without asking back.
    light: bool = False
    #: A repair that gives way to an answer meant for the form beneath.
    yields: bool = False
    #: The field of work of its dossiers, by the answer to a choice: ``{linh_vuc: {rac: Môi trường, …}}``.
    fields: dict[Id, dict[ChoiceId, Text]] = pydantic.Field(default_factory=dict)
    #: Whom its questions are about.
    people: tuple[Person, ...] = ()


class FlowPart(Part):
    description: Text
    name: str = ""
    if_: Any = pydantic.Field(default=None, alias="if")
    nlu_trigger: Any = None
    persisted_slots: tuple[Id, ...] = ()
    metadata: FlowMetadata = FlowMetadata()
    #: Read by hand: steps can stand inside branches.
    steps: list[Any]


class FilePart(Part):
    version: Literal["3.1"]
    flows: dict[Id, FlowPart] = pydantic.Field(default_factory=dict)
    slots: dict[Id, SlotPart] = pydantic.Field(default_factory=dict)
    responses: dict[str, tuple[ResponsePart, ...]] = pydantic.Field(default_factory=dict)


KINDS = ("collect", "action", "link", "call", "set_slots", "noop")
