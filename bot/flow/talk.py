"""One turn while it is being made: the frames, and what has been said, asked and wanted so far."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

import msgspec

from bot.core import payload
from bot.core.calendar import ZONE
from bot.core.effects import Effect
from bot.core.messages import Button, Json, Reply
from bot.core.offers import Offers
from bot.flow.model import STATE_LIMIT, Flow, Flows, Frame, State, Step, Turn, encode
from bot.flow.path import step_of
from bot.flow.render import render
from bot.flow.slots import FILES_LIMIT, show_masked
from bot.flow.surroundings import Surroundings

#: The most flows in hand, and the most put aside.
FRAMES_LIMIT = 4
_MEMORY_LIMIT = 1000


class Talk:
    """Mutable, and gone when the turn is: `advance` makes one and returns its `turn()`."""

    def __init__(self, flows: Flows, state: State, now: datetime, offers: Offers | None = None) -> None:
        local = now.astimezone(ZONE)
        self.flows = flows
        self.before = state
        self.stack = list(state.stack)
        self.aside = list(state.aside)
        self.memory = dict(state.memory)
        self.subject = state.subject
        self.files = state.files
        self.today: date = local.date()
        self.offers = offers
        self.replies: list[Reply] = []
        self.effects: list[Effect] = []
        self.trace: list[str] = []
        #: Short sentences that go before the next question.
        self.leads: list[str] = []
        #: Frames whose flow was changed since: they are walked again from the first step.
        self.changed: set[str] = set()
        self._clock: dict[str, Json] = {"hom_nay": self.today.isoformat(), "gio": f"{local:%H:%M}"}

    @property
    def around(self) -> Surroundings:
        """What the reading of an answer to the form on top may know."""
        return self.flows.around(self.today, self.offers, self.stack[-1].slots if self.stack else None)

    # ── frames ──

    @property
    def top(self) -> Frame | None:
        return self.stack[-1] if self.stack else None

    def flow_of(self, frame: Frame) -> Flow:
        return self.flows.flows[frame.flow]

    @property
    def flow(self) -> Flow:
        return self.flow_of(self.stack[-1])

    def set(self, **changes: object) -> Frame:
        """Change the frame on top."""
        self.stack[-1] = msgspec.structs.replace(self.stack[-1], **changes)
        return self.stack[-1]

    def push(self, flow: Flow, slots: dict[str, Json], **context: str) -> None:
        given: dict[str, Json] = {
            slot.id: slot.initial for slot in flow.slots.values() if slot.initial is not None
        }
        self.stack.append(Frame(flow=flow.id, version=flow.version, slots=given | slots, context=context))
        self.note(f"started {flow.id}")

    def drop_patterns(self) -> bool:
        """Take the repairs off the top; was there one?"""
        found = False
        while self.stack and self.flow.pattern:
            self.stack.pop()
            found = True
        return found

    def put_aside(self, frame: Frame) -> None:
        self.aside.append(msgspec.structs.replace(frame, correcting="", failures=0))
        self.note(f"put aside {frame.flow}")

    # ── what is said ──

    def context(self, frame: Frame | None = None) -> dict[str, Json]:
        """What conditions may name as ``context.…``."""
        if frame is None:
            return self._clock
        return {**self._clock, "viec": self.flow_of(frame).name, **frame.context}

    def text(self, name: str, **context: str) -> str:
        """The wording of an ``utter_…`` for the flow on top."""
        frame = self.top
        flow = self.flow_of(frame) if frame else None
        response = self.flows.response(flow, name)
        return render(response.text, flow, frame.slots if frame else {}, {**self.context(frame), **context})

    def shared_text(self, name: str) -> str:
        """A shared wording that names no slot, whatever is on top."""
        return render(self.flows.responses[name].text, None, {}, self._clock)

    def say(self, name: str, **context: str) -> None:
        """A reply of its own. What was to lead the next question comes first."""
        flow = self.flow_of(self.top) if self.top else None
        leads, self.leads = self.leads, []
        text = " ".join([*leads, self.text(name, **context)])
        self.replies.append(Reply(text=text, buttons=self.flows.response(flow, name).buttons))

    def lead(self, name: str, **context: str) -> None:
        """A sentence before the next question; a reply of its own if there is none."""
        self.leads.append(self.text(name, **context))

    def read_back(self, names: Iterable[str]) -> None:
        """A reply of its own: what was written down, and a button to change each."""
        frame, flow = self.stack[-1], self.flow
        lines, offered = [], []
        for name in names:
            slot = flow.slots[name]
            lines.append(f"{slot.label}: {show_masked(slot, frame.slots[name])}")
            title = self.text("utter_nut_sua", nhan=slot.label[:1].lower() + slot.label[1:])
            offered.append(Button(title=title, payload=payload.write("CorrectSlot", name)))
        text = self.text("utter_toi_ghi", cac_cau="\n".join(lines))
        self.replies.append(Reply(text=text, buttons=tuple(offered)))

    def note(self, line: str) -> None:
        self.trace.append(line)

    def want(self, effect: Effect) -> None:
        self.effects.append(effect)
        self.note(f"wants {type(effect).__name__}")

    # ── the end ──

    def turn(self) -> Turn:
        if self.leads:
            self.replies.append(Reply(text=" ".join(self.leads)))
            self.leads = []
        state = self._fitting()
        return Turn(
            state=state, replies=tuple(self.replies), effects=tuple(self.effects), trace=tuple(self.trace)
        )

    def _state(self) -> State:
        return State(
            stack=tuple(self.stack),
            aside=tuple(self.aside),
            memory=self.memory,
            subject=self.subject,
            files=self.files[-FILES_LIMIT:],
        )

    def _fitting(self) -> State:
        """The new state. If it is too large, the oldest that can be spared goes, and we say so."""
        while len(self.stack) > FRAMES_LIMIT + 2:
            self._spare(self.stack.pop(0))
        while len(self.aside) > FRAMES_LIMIT:
            self._spare(self.aside.pop(0))
        while len(encode(state := self._state())) > STATE_LIMIT:
            if self.aside:
                self._spare(self.aside.pop(0))
            elif len(self.stack) > 1:
                self._spare(self.stack.pop(0))
            elif self.memory and len(msgspec.json.encode(self.memory)) > _MEMORY_LIMIT:
                del self.memory[next(iter(self.memory))]
            else:
                return self._unchanged()
        return state

    def _spare(self, frame: Frame) -> None:
        flow = self.flow_of(frame)
        self.note(f"dropped {flow.id}: too much in hand")
        if not flow.pattern:
            self.replies.append(Reply(text=self.text("utter_bo_viec_cu", viec_cu=flow.name)))

    def _unchanged(self) -> State:
        """One form alone has grown too large: the answer is refused, and all stays as it was."""
        self.note("refused: the form is full")
        self.effects.clear()
        self.replies = [Reply(text=self.text("utter_qua_nhieu"))]
        return self.before

    @property
    def asked(self) -> Step | None:
        """The question in hand."""
        return step_of(self.flow, self.stack[-1]) if self.stack else None


def same_matter(frame: Frame, flow: str, given: Mapping[str, Json]) -> bool:
    """Is this frame about the same thing? One flow can be about two dossiers; a reopened form has its own."""
    if frame.reopened:
        return False
    return frame.flow == flow and all(frame.slots.get(name, value) == value for name, value in given.items())
