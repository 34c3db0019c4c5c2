"""The flow engine: one command in, the next state, replies and effects out. It saves and sends nothing."""

from datetime import datetime

import msgspec

from bot.core.commands import (
    Back,
    Cancel,
    CannotHandle,
    CorrectSlot,
    CorrectSlots,
    Edit,
    EngineCommand,
    Explain,
    Pause,
    Reopen,
    Restart,
    Resume,
    SetSlot,
    Skip,
    StartFlow,
    Tell,
)
from bot.core.messages import Json
from bot.core.offers import Offers
from bot.flow import repair
from bot.flow.answer import Value
from bot.flow.answering import set_slot
from bot.flow.model import Flow, Flows, Frame, State, Turn
from bot.flow.path import begun
from bot.flow.refusing import stale
from bot.flow.reopening import reopen
from bot.flow.running import ask, edit, run
from bot.flow.slots import read, still_fits
from bot.flow.talk import Talk, same_matter


def advance(
    flows: Flows, state: State, command: EngineCommand, now: datetime, offers: Offers | None = None
) -> Turn:
    """Apply one command and run the flow until it needs the citizen again.

    `offers`: what is free at the counters, and what is theirs. Without it, any half hour passes.
    """
    talk = Talk(flows, state, now, offers)
    meet_new_editions(talk)
    match command:
        case SetSlot():
            set_slot(talk, command)
        case Tell():
            repair.tell(talk, command)
        case StartFlow():
            _start(talk, command)
        case CorrectSlot():
            repair.correct_slot(talk, command)
        case CorrectSlots():
            repair.correct_slots(talk, command)
        case Reopen():
            if not reopen(talk, command):
                stale(talk)
        case CannotHandle():
            repair.cannot_handle(talk)
        case Cancel():
            repair.cancel(talk)
        case Resume():
            repair.resume(talk)
        case Pause():
            repair.pause(talk)
        case Back():
            repair.back(talk)
        case Skip():
            repair.skip_question(talk)
        case Edit():
            edit(talk)
        case Restart():
            repair.start_over(talk)
        case Explain():
            repair.explain(talk)
    return talk.turn()


def _start(talk: Talk, command: StartFlow) -> None:
    flow = talk.flows.get(command.flow)
    if flow is None or flow.pattern:
        stale(talk)
        return
    given = _given(talk, flow, command)
    talk.drop_patterns()
    if _has_already(talk, flow, given):
        return
    if flow.guard is not None and not flow.guard.holds(given, talk.context()):
        talk.note(f"guard of {flow.id} does not hold")
        talk.lead("utter_chua_nhan_viec", viec_moi=flow.name)
        if talk.stack:
            ask(talk)
        return
    if talk.stack:
        interrupted = talk.stack[-1]
        if begun(talk.flow, interrupted):
            talk.note(f"interrupted {interrupted.flow}")
            talk.lead("utter_giu_viec", viec=talk.flow.name)
        else:
            talk.stack.pop()
    talk.subject = flow.procedure or talk.subject
    talk.push(flow, given)
    run(talk, flow.first)


def _given(talk: Talk, flow: Flow, command: StartFlow) -> dict[str, Json]:
    """What the flow is given beforehand, read as if it had been typed; what cannot be read is asked.

    Whoever taps may have forged it: consent and the last check can only be given when asked for.
    """
    given: dict[str, Json] = {}
    closed = {step.target for step in flow.steps.values() if step.consent or step.review}
    for name, text in command.slots.items():
        slot = flow.slots.get(name)
        if slot is not None and slot.type != "file" and name not in closed:
            found = read(slot, text, talk.around)
            if isinstance(found, Value):
                given[name] = found.value
    return given


def _has_already(talk: Talk, flow: Flow, given: dict[str, Json]) -> bool:
    """Is this very matter in hand or put aside? Then offer to go on with it, or to begin anew."""
    for place in (talk.stack, talk.aside):
        frame = next((one for one in reversed(place) if same_matter(one, flow.id, given)), None)
        if frame is None:
            continue
        if not begun(flow, frame):
            place.remove(frame)
            return False
        if place is talk.stack and frame is not talk.stack[-1]:
            talk.note(f"interrupted {talk.stack[-1].flow}")
        place.remove(frame)
        talk.stack.append(frame)
        pattern = talk.flows.flows["pattern_same_flow"]
        talk.push(pattern, {}, viec=flow.name)
        run(talk, pattern.first)
        return True
    return False


def meet_new_editions(talk: Talk) -> None:
    """A flow may have changed since the state was saved: keep the answers that still fit."""
    frames = [*talk.stack, *talk.aside]
    if all(_current(talk.flows, frame) for frame in frames):
        return
    talk.stack = [frame for frame in (_adapted(talk, one) for one in talk.stack) if frame is not None]
    talk.aside = [frame for frame in (_adapted(talk, one) for one in talk.aside) if frame is not None]


def _current(flows: Flows, frame: Frame) -> bool:
    flow = flows.get(frame.flow)
    return flow is not None and flow.version == frame.version


def _adapted(talk: Talk, frame: Frame) -> Frame | None:
    flow = talk.flows.get(frame.flow)
    if flow is not None and flow.version == frame.version:
        return frame
    talk.note(f"{frame.flow} has changed")
    if flow is None or (flow.pattern and frame.step not in flow.steps):
        if flow is None:
            talk.leads.append(talk.shared_text("utter_viec_khong_con"))
        return None
    if not flow.pattern:
        talk.leads.append(talk.shared_text("utter_mau_da_doi"))
    talk.changed.add(flow.id)
    kept = {
        name: value
        for name, value in frame.slots.items()
        if (slot := flow.slots.get(name)) is not None and still_fits(slot, value, talk.around)
    }
    return msgspec.structs.replace(
        frame,
        version=flow.version,
        slots=kept,
        step=frame.step if frame.step in flow.steps else "",
        correcting=frame.correcting if frame.correcting in kept else "",
    )
