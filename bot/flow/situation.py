"""What understanding may know of where a citizen stands, to tell an answer from a new wish."""

import re
from datetime import datetime

from bot.core.heard import Collecting, Situation
from bot.core.text import fold
from bot.flow.answer import Wrong
from bot.flow.answering import several_answers
from bot.flow.engine import meet_new_editions
from bot.flow.model import Flow, Flows, Frame, Slot, State, Step
from bot.flow.path import questions, step_of
from bot.flow.people import looks_like_a_name
from bot.flow.render import choices_of
from bot.flow.slots import clean, read
from bot.flow.talk import Talk

#: Kinds that nearly any words would pass as.
_FREE = ("text", "address", "place")

_QUESTION = re.compile(
    r"\?\s*$|\b(?:bao nhieu|bao lau|la gi|o dau|the nao|khi nao|may gio|tai sao|lam sao|giay to gi|"
    r"phai khong|duoc khong|co can)\b"
)


def situation(flows: Flows, state: State, text: str, now: datetime) -> Situation:
    """Where the citizen stands as this text arrives."""
    talk = Talk(flows, state, now)
    meet_new_editions(talk)
    frames = list(talk.stack)
    collecting = _collecting(talk, frames, text)
    if collecting is not None and collecting.fits is False and _gives_way(talk, frames):
        # "Dừng lại không?" – they answer the form's own question instead.
        beneath = _collecting(talk, frames[:-1], text)
        collecting = beneath if beneath is not None and beneath.fits is not False else collecting
    matter = next((frame for frame in reversed(frames) if not talk.flow_of(frame).pattern), None)
    return Situation(
        collecting=collecting,
        flow=matter.flow if matter else None,
        light=matter is not None and talk.flow_of(matter).light and collecting is not None,
        labels=_labels(talk, talk.flow_of(matter), matter) if matter else {},
        paused=bool(talk.aside),
        subject=state.subject,
        triggers=flows.triggers,
        forms=flows.forms,
    )


def fits(talk: Talk, step: Step, slot: Slot, text: str) -> bool | None:
    """Is the text an answer to this question? None if nearly anything would be one.

    What was clearly meant as an answer but is wrong ("31/02/2026") fits too: the engine says why.
    """
    if step.force_slot_filling:
        return True
    if slot.type in _FREE:
        return None
    found = read(slot, text, talk.around)
    if isinstance(found, Wrong):
        return found.meant
    folded = fold(clean(text))
    if _QUESTION.search(folded) or len(folded.split()) > 15:
        return False
    if slot.type == "name":
        return True if looks_like_a_name(str(found.value)) else None
    return True


def _collecting(talk: Talk, frames: list[Frame], text: str) -> Collecting | None:
    if not frames:
        return None
    flow = talk.flow_of(frames[-1])
    step = step_of(flow, frames[-1])
    if step is None:
        return None
    slot = flow.slots[step.target]
    fitting = fits(talk, step, slot, text)
    if fitting is not True and frames == talk.stack and several_answers(talk, text):
        fitting = True
    return Collecting(
        slot=slot.id,
        type=slot.type,
        required=slot.required,
        choices=choices_of(talk.flows, slot),
        fits=fitting,
    )


def _gives_way(talk: Talk, frames: list[Frame]) -> bool:
    flow = talk.flow_of(frames[-1])
    return flow.pattern and flow.metadata.get("yields") is True


def _labels(talk: Talk, flow: Flow, frame: Frame) -> dict[str, str]:
    return {
        flow.slots[step.target].label: step.target
        for step in questions(flow, frame.slots, talk.context(frame))
    }
