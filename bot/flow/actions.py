"""What an `action:` step does: ask for something in the world, or move the conversations themselves."""

import re
from collections.abc import Callable
from enum import Enum, auto
from typing import TypeAlias

from bot.core.codes import code_and_digits
from bot.core.effects import Answer, CallOfficer, LookUpDossier, OpenDossier, Paper, SupplementDossier
from bot.flow.after import cancel_appointment, find_appointment, find_report, move_appointment, rate, reopen
from bot.flow.cards import next_person, use_card
from bot.flow.filed import find_dossier, may_supplement, withdraw_dossier
from bot.flow.model import Flow, Frame, Step
from bot.flow.openings import hour_of
from bot.flow.path import questions
from bot.flow.slots import show
from bot.flow.talk import Talk

_DIGIT = re.compile("[0-9]")


class After(Enum):
    """What happens next, when it is not the step after."""

    END = auto()
    SETTLE = auto()
    GO_ON = auto()
    RESTART = auto()


Action: TypeAlias = Callable[[Talk, Step], After | None]


def perform(talk: Talk, step: Step, again: bool) -> After | None:
    """Do an action once: what is done is noted in the frame, and a second walk says nothing twice."""
    if step.target.startswith("utter_"):
        if not again:
            talk.say(step.target)
        return None
    frame = talk.stack[-1]
    if step.id in frame.done:
        return None
    talk.set(done=(*frame.done, step.id))
    return ACTIONS[step.target](talk, step)


def _open_dossier(talk: Talk, step: Step) -> After | None:
    """File the form; one that was filed before and opened again only sends what was asked for."""
    frame, flow = talk.stack[-1], talk.flow
    if frame.reopened:
        if not may_supplement(talk, frame.context["ma_ho_so"]):
            talk.say("utter_khong_bo_sung_duoc")
            return After.END
        again = frozenset(frame.reopened)
        talk.want(
            SupplementDossier(
                code=frame.context["ma_ho_so"],
                papers=_papers(talk, flow, frame, again),
                answers=_answers(talk, flow, frame, again),
            )
        )
        talk.say("utter_da_gui_bo_sung")
        return After.END
    talk.want(
        OpenDossier(
            procedure=flow.procedure or flow.id,
            kind=flow.kind,
            form=_answers(talk, flow, frame),
            papers=_papers(talk, flow, frame),
            hour=hour_of(flow, frame, talk.around),
            field=_field(flow, frame),
        )
    )
    return None


def _field(flow: Flow, frame: Frame) -> str:
    """The field of work, by the answer that tells it (``metadata: {fields: …}`` of the flow)."""
    fields = flow.metadata.get("fields")
    for slot, of in fields.items() if isinstance(fields, dict) else ():
        if isinstance(of, dict) and (found := of.get(str(frame.slots.get(slot)))):
            return str(found)
    return ""


def _supplement_dossier(talk: Talk, step: Step) -> None:
    """``metadata: {code: <slot>, note: <slot>}`` name the slots with the dossier's code and the words."""
    frame, flow = talk.stack[-1], talk.flow
    code = frame.slots.get(str(step.metadata.get("code")))
    note = frame.slots.get(str(step.metadata.get("note")))
    talk.want(
        SupplementDossier(
            code=str(code or ""),
            papers=_papers(talk, flow, frame),
            note=note if isinstance(note, str) else "",
        )
    )


def _look_up(talk: Talk, step: Step) -> None:
    """``metadata: {code: <slot>, digits: <slot>}`` name the slots with the code, and with the phone number or
    its end; that may stand behind the code instead.
    """
    slots = talk.stack[-1].slots
    said, phone = (str(slots.get(str(step.metadata.get(key))) or "") for key in ("code", "digits"))
    code, behind = code_and_digits(said)
    digits = "".join(_DIGIT.findall(phone))[-4:]
    talk.want(LookUpDossier(code=code or said.strip().upper(), digits=digits or behind or ""))


def _call_officer(talk: Talk, step: Step) -> None:
    """``metadata: {reason: utter_…}`` names the wording of the reason."""
    reason = talk.text(str(step.metadata.get("reason", "utter_ly_do_goi_can_bo")))
    talk.want(CallOfficer(reason=reason.strip(" ·")))


def _cancel_flow(talk: Talk, step: Step) -> After:
    talk.drop_patterns()
    drop(talk)
    return After.SETTLE


def _pause_flow(talk: Talk, step: Step) -> After:
    talk.drop_patterns()
    lay_aside(talk)
    return After.SETTLE


def _resume_flow(talk: Talk, step: Step) -> After:
    talk.drop_patterns()
    return After.GO_ON


def _restart_flow(talk: Talk, step: Step) -> After:
    talk.drop_patterns()
    return After.RESTART


def _use_card(talk: Talk, step: Step) -> None:
    use_card(talk)


def _next_person(talk: Talk, step: Step) -> None:
    next_person(talk)
    # The question comes back for every person.
    talk.set(done=tuple(one for one in talk.stack[-1].done if one != step.id))


ACTIONS: dict[str, Action] = {
    "action_open_dossier": _open_dossier,
    "action_supplement_dossier": _supplement_dossier,
    "action_find_dossier": find_dossier,
    "action_withdraw_dossier": withdraw_dossier,
    "action_call_officer": _call_officer,
    "action_look_up": _look_up,
    "action_find_appointment": find_appointment,
    "action_move_appointment": move_appointment,
    "action_cancel_appointment": cancel_appointment,
    "action_find_report": find_report,
    "action_reopen_report": reopen,
    "action_rate": rate,
    "action_cancel_flow": _cancel_flow,
    "action_pause_flow": _pause_flow,
    "action_resume_flow": _resume_flow,
    "action_restart_flow": _restart_flow,
    "action_use_card": _use_card,
    "action_next_person": _next_person,
}

#: Only for patterns: they move the frame beneath.
PATTERN_ACTIONS = frozenset(
    {
        "action_cancel_flow",
        "action_pause_flow",
        "action_resume_flow",
        "action_restart_flow",
        "action_use_card",
        "action_next_person",
    }
)


def drop(talk: Talk) -> None:
    """Throw the flow on top away, and say so."""
    flow = talk.flow
    talk.note(f"cancelled {talk.stack.pop().flow}")
    talk.lead("utter_da_dung" if flow.light else "utter_da_huy", viec=flow.name)


def lay_aside(talk: Talk) -> None:
    """Put the flow on top aside with all its answers, and say so."""
    viec = talk.flow.name
    talk.put_aside(talk.stack.pop())
    talk.lead("utter_da_de_sau", viec=viec)


def _answers(talk: Talk, flow: Flow, frame: Frame, only: frozenset[str] | None = None) -> tuple[Answer, ...]:
    found = []
    for step in questions(flow, frame.slots, talk.context(frame)):
        if only is not None and step.target not in only:
            continue
        slot, value = flow.slots[step.target], frame.slots.get(step.target)
        if value is not None and slot.type != "file":
            found.append(
                Answer(slot=slot.id, label=slot.label, value=value, shown=show(slot, value), mask=slot.masked)
            )
    return tuple(found)


def _papers(talk: Talk, flow: Flow, frame: Frame, only: frozenset[str] | None = None) -> tuple[Paper, ...]:
    found = []
    for step in questions(flow, frame.slots, talk.context(frame)):
        if only is not None and step.target not in only:
            continue
        slot, files = flow.slots[step.target], frame.slots.get(step.target)
        if slot.type == "file" and isinstance(files, list) and files:
            found.append(
                Paper(paper=slot.paper or slot.id, name=slot.label, files=tuple(str(one) for one in files))
            )
    return tuple(found)
