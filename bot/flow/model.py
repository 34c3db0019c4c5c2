"""What a conversation is (flows, steps, slots, wording) and where one citizen stands in it (state).

The first half is made once, when the YAML is loaded. The second half is saved after every turn.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, TypeAlias

import msgspec

from bot.core.calendar import Calendar
from bot.core.effects import Effect
from bot.core.form import Person
from bot.core.messages import Button, Choice, Json, Reply
from bot.core.offers import Offers
from bot.core.places import Gazetteer, Home
from bot.flow.conditions import Condition
from bot.flow.surroundings import Surroundings

END = "END"

#: Most bytes of JSON that a state may have.
STATE_LIMIT = 4096

SlotType: TypeAlias = Literal[
    "text",
    "name",
    "bool",
    "number",
    "money",
    "choice",
    "date",
    "phone",
    "cccd",
    "email",
    "address",
    "file",
    "place",
    "time",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One thing we ask for, and what passes as an answer."""

    id: str
    type: SlotType = "text"
    #: How the review list names it.
    label: str = ""
    required: bool = True
    #: Said when the citizen asks "là gì?".
    help: str = ""
    example: str = ""
    choices: tuple[Choice, ...] = ()
    #: Numbers: the value. Text: its length. Files: how many.
    min: int | None = None
    max: int | None = None
    #: Dates: not ahead of today; how far back, how near and how far ahead; open days only; "1990" is enough.
    past: bool = False
    max_age_days: int | None = None
    #: Births: how many years ago at least.
    min_age: int | None = None
    min_days_ahead: int | None = None
    max_days_ahead: int | None = None
    working_day: bool = False
    partial: bool = False
    #: Addresses: must lie in our ward; the province or the ward is enough.
    here: bool = False
    rough: bool = False
    #: Addresses of a time past: the units keep the names they had.
    historic: bool = False
    #: Dates and times: the counter whose free half hours they are (an id of ``data/counters.yml``), or the
    #: slot that says which. Times: the slot with the day.
    counter: str = ""
    counter_from: str = ""
    day: str = ""
    #: More than one file may be sent.
    multiple: bool = False
    mask: bool = False
    #: Titles of a yes/no slot's buttons; empty: the shared ones. Of a choice: which one "ừ" and "không" mean.
    yes: str = ""
    no: str = ""
    #: The paper of the procedure that these files are.
    paper: str = ""
    initial: Json = None

    @property
    def masked(self) -> bool:
        return self.mask or self.type == "cccd"


#: A wording, taken apart: plain text, ("slots", "ngay_hen") or ("context", "ma_ho_so").
Template: TypeAlias = tuple[str | tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Response:
    """What an ``utter_…`` says."""

    text: Template
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """Where to go next if a condition holds; without a condition, always."""

    then: str
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """An answer that is understood but cannot be taken, and what is said then."""

    condition: Condition
    utter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a flow. `target` is the slot, the action, or the flow it names."""

    id: str
    kind: Literal["collect", "action", "link", "call", "set_slots", "noop"]
    target: str = ""
    next: tuple[Branch, ...] = ()
    #: What asks the question; `utter_ask_<slot>` unless said otherwise.
    utter: str = ""
    rejections: tuple[Rejection, ...] = ()
    #: Ask even if the answer is there already.
    ask_before_filling: bool = False
    #: False: the answer is remembered after the flow ends.
    reset_after_flow_ends: bool = True
    #: Whatever is said is the answer.
    force_slot_filling: bool = False
    values: Mapping[str, Json] = field(default_factory=dict)
    #: Passed by unless this holds (``metadata: {if: …}``).
    when: Condition | None = None
    #: "Check your answers": shows all of them (``metadata: {review: true}``).
    review: bool = False
    #: Asks whether we may ask at all (``metadata: {consent: true}``).
    consent: bool = False
    metadata: Mapping[str, Json] = field(default_factory=dict)

    @property
    def question(self) -> bool:
        """Does it count as one of the form's questions?"""
        return self.kind == "collect" and not self.review and not self.consent

    @property
    def counted(self) -> bool:
        """Has it a number of its own? What lies beside the way has none (``metadata: {counted: false}``)."""
        return self.metadata.get("counted") is not False


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One conversation, checked. Called flows are already inlined."""

    id: str
    name: str = ""
    description: str = ""
    #: Id of the first step.
    first: str = END
    steps: Mapping[str, Step] = field(default_factory=dict)
    slots: Mapping[str, Slot] = field(default_factory=dict)
    #: Wordings of the flow's own file; the shared ones are in `Flows.responses`.
    responses: Mapping[str, Response] = field(default_factory=dict)
    guard: Condition | None = None
    intents: tuple[str, ...] = ()
    #: Whom its questions are about.
    people: tuple[Person, ...] = ()
    persisted: frozenset[str] = frozenset()
    metadata: Mapping[str, Json] = field(default_factory=dict)
    #: Changes when the steps or slots change, and not when only the wording does.
    version: str = ""

    @property
    def pattern(self) -> bool:
        """Is it a repair of the conversation, and no matter of its own?"""
        return self.id.startswith("pattern_")

    @property
    def progress(self) -> bool:
        return self.metadata.get("progress") is True

    @property
    def light(self) -> bool:
        """Is nothing typed in it, only chosen? It is left without asking back, and gone back in freely."""
        return self.metadata.get("light") is True

    @property
    def kind(self) -> str:
        return str(self.metadata.get("kind", "ho_so"))

    @property
    def procedure(self) -> str | None:
        procedure = self.metadata.get("procedure")
        return procedure if isinstance(procedure, str) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """All the conversations of this ward."""

    flows: Mapping[str, Flow] = field(default_factory=dict)
    #: Wordings that every flow may use.
    responses: Mapping[str, Response] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=Calendar)
    gazetteer: Gazetteer = field(default_factory=Gazetteer)
    home: Home = field(default_factory=Home)
    #: Intent → id of the flow it starts.
    triggers: Mapping[str, str] = field(default_factory=dict)
    #: Procedure → id of the flow with which it is filed.
    forms: Mapping[str, str] = field(default_factory=dict)

    def around(
        self, today: date, offers: Offers | None = None, answers: Mapping[str, Json] | None = None
    ) -> Surroundings:
        """What the readers of answers may know on this day, with these `answers` in the form in hand."""
        return Surroundings(
            today=today,
            calendar=self.calendar,
            gazetteer=self.gazetteer,
            home=self.home,
            offers=offers,
            answers=answers or {},
        )

    def get(self, flow: str) -> Flow | None:
        return self.flows.get(flow)

    def by_intent(self, intent: str) -> Flow | None:
        return self.flows.get(self.triggers.get(intent, ""))

    def by_procedure(self, procedure: str) -> Flow | None:
        return self.flows.get(self.forms.get(procedure, ""))

    def response(self, flow: Flow | None, name: str) -> Response:
        """A wording by its name: the flow's own before the shared one."""
        if flow is not None and (found := flow.responses.get(name)) is not None:
            return found
        return self.responses[name]


class Frame(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One flow in hand: where it stands and what has been answered. Saved."""

    flow: str
    version: str = ""
    #: The step whose question was asked last.
    step: str = ""
    #: Answers, in the order given. None: skipped, or known to be empty.
    slots: dict[str, Any] = {}
    #: Actions that are done, and `ask_before_filling` steps that were asked.
    done: tuple[str, ...] = ()
    #: The earlier answer that is being changed.
    correcting: str = ""
    #: How often the question in hand was answered in vain.
    failures: int = 0
    #: Files handed in for the question in hand, until "xong".
    pages: tuple[str, ...] = ()
    #: Files sent before they were asked for.
    early: tuple[str, ...] = ()
    #: The slot whose answer was doubted just now (a number that does not fit the birth, a dark photo): said
    #: again, it is taken.
    doubted: str = ""
    #: A form filed before, opened again for these slots alone; `context` has the dossier's code.
    reopened: tuple[str, ...] = ()
    #: What a pattern is about.
    context: dict[str, str] = {}


class State(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Where one citizen stands. Saved after every turn; `State()` is where everybody begins."""

    #: Flows in hand; the last one has the question, those before it were interrupted.
    stack: tuple[Frame, ...] = ()
    #: Flows put aside, the latest last.
    aside: tuple[Frame, ...] = ()
    #: Answers that outlive their flow (`persisted_slots`).
    memory: dict[str, Any] = {}
    #: The procedure talked about last.
    subject: str | None = None
    #: Files that came while nothing was in hand.
    files: tuple[str, ...] = ()


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(State)


def encode(state: State) -> bytes:
    """The state as JSON; the same as `msgspec.json.encode`, without making an encoder."""
    return _encoder.encode(state)


def decode(data: bytes | str) -> State:
    """The state from its JSON; `msgspec.DecodeError` if it is none."""
    return _decoder.decode(data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What came of one command."""

    state: State
    replies: tuple[Reply, ...] = ()
    effects: tuple[Effect, ...] = ()
    #: What was decided, a line each, with names of slots and never their values.
    trace: tuple[str, ...] = ()
