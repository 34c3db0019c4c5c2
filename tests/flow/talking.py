"""Talks to the engine as a citizen would, with the state saved to JSON after every turn."""

from dataclasses import dataclass, field
from datetime import date, datetime

from bot.core import payload
from bot.core.commands import (
    Back,
    Cancel,
    CannotHandle,
    CorrectSlot,
    Edit,
    EngineCommand,
    Explain,
    Pause,
    Restart,
    Resume,
    SetSlot,
    Skip,
    StartFlow,
    Tell,
)
from bot.core.counters import AllFree
from bot.core.effects import Effect
from bot.core.messages import Attachment, Place, Reply
from bot.core.offers import Booked, Filed
from bot.flow.engine import advance
from bot.flow.model import STATE_LIMIT, Flows, Frame, State, decode, encode
from tests.flow.conftest import CALENDAR, COUNTERS, NOW


class Book(AllFree):
    """The ward's book of appointments, in which some half hours are taken."""

    def __init__(self) -> None:
        super().__init__(COUNTERS, CALENDAR, NOW.date())
        self.taken: set[tuple[str, str, str]] = set()
        self.booked: tuple[Booked, ...] | None = None
        self.reopens = True
        self.mine = (
            Filed(
                code="H29.118-261125-0004", name="Đăng ký khai sinh", may_withdraw=True, may_supplement=True
            ),
        )

    def times(self, counter: str, day: date) -> tuple[str, ...]:
        free = super().times(counter, day)
        return tuple(one for one in free if (counter, day.isoformat(), one) not in self.taken)

    def appointments(self) -> tuple[Booked, ...]:
        return super().appointments() if self.booked is None else self.booked

    def filed(self) -> tuple[Filed, ...]:
        return self.mine

    def may_reopen(self, code: str) -> bool:
        return self.reopens


PLAIN: dict[str, EngineCommand] = {
    command.__name__: command()
    for command in (Back, Cancel, CannotHandle, Edit, Explain, Pause, Restart, Resume, Skip)
}


def command_of(tapped: str) -> EngineCommand:
    """The command of a button."""
    call = payload.read(tapped)
    assert call is not None, tapped
    match call.name:
        case "SetSlots":
            [(slot, value)] = call.named.items()
            return SetSlot(slot, value, tapped=True)
        case "CorrectSlot":
            return CorrectSlot(call.arg(0))
        case "StartFlow":
            return StartFlow(call.arg(0), call.named)
        case "Ask" | "Say" | "Browse" | "AskStatus":
            return Tell((Reply(text="Câu trả lời nằm ở nơi khác."),))  # not the engine's to answer
    return PLAIN[call.name]


def photo(name: str = "anh", **changes: object) -> Attachment:
    return Attachment(**{"name": f"{name}.jpg", "mime": "image/jpeg", "file": f"file-{name}", **changes})


@dataclass
class Citizen:
    flows: Flows
    state: State = field(default_factory=State)
    now: datetime = NOW
    replies: tuple[Reply, ...] = ()
    effects: list[Effect] = field(default_factory=list)
    trace: tuple[str, ...] = ()
    book: Book = field(default_factory=Book)

    def do(self, command: EngineCommand) -> "Citizen":
        turn = advance(self.flows, self.state, command, self.now, self.book)
        saved = encode(turn.state)
        assert len(saved) <= STATE_LIMIT
        self.state = decode(saved)
        assert self.state == turn.state
        self.replies, self.trace = turn.replies, turn.trace
        self.effects += turn.effects
        return self

    def start(self, flow: str, **slots: str) -> "Citizen":
        return self.do(StartFlow(flow, slots))

    def say(self, *texts: str) -> "Citizen":
        for text in texts:
            self.do(SetSlot(None, text))
        return self

    def tap(self, *payloads: str) -> "Citizen":
        for one in payloads:
            self.do(command_of(one))
        return self

    def send(self, *files: Attachment, text: str = "", place: Place | None = None) -> "Citizen":
        return self.do(SetSlot(None, text, files, place))

    def hear(self, *replies: Reply, greeting: bool = False) -> "Citizen":
        return self.do(Tell(replies, greeting=greeting))

    @property
    def text(self) -> str:
        return "\n".join(reply.text for reply in self.replies)

    @property
    def buttons(self) -> list[str]:
        return [button.title for reply in self.replies for button in reply.buttons]

    @property
    def asked(self) -> str | None:
        """The slot that the last reply asks for."""
        collect = self.replies[-1].collect if self.replies else None
        return collect.slot if collect else None

    @property
    def top(self) -> Frame:
        return self.state.stack[-1]
