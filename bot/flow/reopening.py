"""A form that was filed, opened again for just what the officer asked for."""

from bot.core.commands import Reopen
from bot.core.messages import Json
from bot.flow.model import Flow
from bot.flow.path import begun, questions
from bot.flow.running import run
from bot.flow.slots import still_fits
from bot.flow.talk import Talk


def reopen(talk: Talk, command: Reopen) -> bool:
    """Ask again for what is wanted of the filed form. False if it no longer asks for any of it."""
    flow = talk.flows.get(command.flow)
    wanted = _wanted(flow, command) if flow is not None else ()
    if flow is None or not wanted:
        return False
    talk.drop_patterns()
    if talk.stack and not begun(talk.flow, talk.stack[-1]):
        talk.stack.pop()
    talk.stack = [frame for frame in talk.stack if frame.context.get("ma_ho_so") != command.code]
    talk.aside = [frame for frame in talk.aside if frame.context.get("ma_ho_so") != command.code]
    talk.push(flow, _answered(talk, flow, command, wanted), ma_ho_so=command.code)
    talk.set(reopened=wanted)
    frame = talk.stack[-1]
    asked = [step.target for step in questions(flow, frame.slots, talk.context(frame))]
    listed = "; ".join(flow.slots[one].label for one in wanted if one in asked)
    talk.note(f"reopened {flow.id} for {', '.join(wanted)}")
    talk.lead("utter_bo_sung_phan_nay", cac_cau=listed)
    run(talk, flow.first, again=True)
    return True


def _wanted(flow: Flow, command: Reopen) -> tuple[str, ...]:
    """The slots to ask again, in the order of the form."""
    return tuple(
        step.target
        for step in flow.steps.values()
        if step.question and {step.target, flow.slots[step.target].paper} & set(command.wanted)
    )


def _answered(talk: Talk, flow: Flow, command: Reopen, wanted: tuple[str, ...]) -> dict[str, Json]:
    """The form as it was filed: what was left open stays open, and is not asked now."""
    slots: dict[str, Json] = {}
    papers_only = all(flow.slots[one].type == "file" for one in wanted)
    for step in flow.steps.values():
        if step.kind != "collect" or step.target in wanted:
            continue
        slot = flow.slots[step.target]
        value = command.answers.get(slot.id)
        if step.consent or (step.review and papers_only):
            slots[slot.id] = True
        elif not step.review:
            slots[slot.id] = value if value is not None and still_fits(slot, value, talk.around) else None
    return slots
