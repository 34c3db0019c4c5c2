"""Runs a flow step by step until it needs the citizen again."""

import msgspec

from bot.core.messages import Json, Reply
from bot.flow import openings
from bot.flow import slots as reading
from bot.flow.actions import After, perform
from bot.flow.model import END, Flow, Frame, Step
from bot.flow.path import follow, path, questions
from bot.flow.render import changes, question
from bot.flow.talk import Talk

#: More steps than this in one turn means that a flow goes in circles without asking anything.
_STEPS_LIMIT = 500


def run(talk: Talk, at: str, *, again: bool = False) -> None:
    """Go on from this step. `again`: the flow is walked a second time, and says nothing twice."""
    for _ in range(_STEPS_LIMIT):
        if at == END:
            finish(talk)
            return
        frame, flow = talk.stack[-1], talk.flow
        step = flow.steps[at]
        context = talk.context(frame)
        match step.kind:
            case "collect":
                if not _passes(talk, flow, frame, step, context):
                    arrive(talk, step)
                    return
            case "action":
                after = perform(talk, step, again)
                if after is not None:
                    _AFTER[after](talk)
                    return
                again = again and not talk.effects
            case "set_slots":
                talk.set(slots=_assigned(frame.slots, step))
            case "link":
                finish(talk, then=step.target)
                return
        at = follow(step, talk.stack[-1].slots, talk.context(talk.stack[-1]))
    talk.note(f"stopped {talk.flow.id}: it goes in circles")
    finish(talk)


def go_on(talk: Talk) -> None:
    """Walk the flow on top from its first step to the first question without an answer."""
    talk.set(correcting="", pages=() if talk.stack[-1].correcting else talk.stack[-1].pages)
    run(talk, talk.flow.first, again=True)


def arrive(talk: Talk, step: Step) -> None:
    """Ask a question for the first time."""
    frame = talk.stack[-1]
    if frame.step != step.id or frame.correcting:
        slot = talk.flow.slots[step.target]
        pages: tuple[str, ...] = ()
        if slot.type == "file" and (frame.early or talk.files):
            pages = (*talk.files, *frame.early)[: reading.FILES_LIMIT]
            talk.files = ()
            talk.lead("utter_dung_anh_da_gui", so_anh=str(len(pages)))
            talk.set(early=())
        done = (*frame.done, step.id) if step.ask_before_filling else frame.done
        talk.set(step=step.id, failures=0, pages=pages, correcting="", done=done)
    ask(talk)


def ask(talk: Talk) -> None:
    """Say the question in hand, after whatever was to lead it."""
    step, frame = talk.asked, talk.stack[-1]
    if step is None:
        go_on(talk)
        return
    if frame.pages:
        ask_with(talk, talk.text("utter_da_nhan_anh", so_anh=str(len(frame.pages))))
        return
    reply = _question(talk, step)
    leads, talk.leads = talk.leads, []
    talk.replies.append(reply.but(text=" ".join([*leads, reply.text])))
    talk.note(f"asked {step.target}")


def ask_with(talk: Talk, text: str) -> None:
    """The question in hand in other words, with the same ways to answer."""
    step = talk.asked
    assert step is not None, "only called with a question in hand"
    slot = talk.flow.slots[step.target]
    if slot.type == "time" and openings.free_times(slot, talk.around) == ():
        # Meanwhile the whole day is taken: the day itself is asked again, with the reason.
        go_on(talk)
        return
    reply = _question(talk, step)
    leads, talk.leads = talk.leads, []
    talk.replies.append(reply.but(text=" ".join([*leads, text]), rows=()))
    talk.note(f"asked {step.target}")


def _question(talk: Talk, step: Step) -> Reply:
    frame, around = talk.stack[-1], talk.around
    offers = openings.offered(talk.flow.slots[step.target], around)
    return question(talk.flows, talk.flow, frame, step, talk.context(frame), talk.memory, offers)


def finish(talk: Talk, then: str | None = None) -> None:
    """The flow on top has come to its end; `then`: the flow it links to."""
    frame, flow = talk.stack[-1], talk.flow
    _remember(talk, flow, frame)
    talk.stack.pop()
    talk.note(f"ended {flow.id}")
    if then is not None:
        target = talk.flows.flows[then]
        talk.push(target, {})
        run(talk, target.first)
    elif flow.pattern and talk.stack:
        go_on(talk)
    else:
        settle(talk)


def settle(talk: Talk) -> None:
    """A matter is over: is there one that it interrupted?"""
    talk.drop_patterns()
    if talk.stack:
        pattern = talk.flows.flows["pattern_continue_interrupted"]
        talk.push(pattern, {}, viec=talk.flow.name, con_cau=str(_left(talk)))
        run(talk, pattern.first)


def _left(talk: Talk) -> int:
    """How many questions of the flow on top are without an answer."""
    frame, flow = talk.stack[-1], talk.flow
    asked = questions(flow, frame.slots, talk.context(frame))
    return sum(step.target not in frame.slots for step in asked)


def restart(talk: Talk) -> None:
    """Begin the flow on top again, with what it was given and without its answers."""
    frame = talk.stack.pop()
    flow = talk.flows.flows[frame.flow]
    if frame.reopened:
        asked_again = {*frame.reopened, *(step.target for step in flow.steps.values() if step.review)}
        kept = {name: value for name, value in frame.slots.items() if name not in asked_again}
        talk.stack.append(msgspec.structs.replace(frame, slots=kept, step="", pages=(), correcting=""))
        run(talk, flow.first, again=True)
        return
    asked = {step.target for step in flow.steps.values() if step.kind == "collect"}
    talk.push(flow, {name: value for name, value in frame.slots.items() if name not in asked})
    talk.set(early=(*frame.early, *frame.pages))
    run(talk, flow.first)


def edit(talk: Talk) -> None:
    """ "Sửa": a button for every answer."""
    talk.drop_patterns()
    if not talk.stack:
        talk.say("utter_khong_co_viec")
        return
    frame = talk.stack[-1]
    buttons = changes(talk.flow, frame, talk.context(frame))
    if not buttons:
        talk.lead("utter_chua_co_cau_nao")
        ask(talk)
        return
    talk.note("asked which answer to change")
    talk.replies.append(Reply(text=talk.text("utter_sua_cau_nao"), buttons=buttons))


_AFTER = {After.END: finish, After.SETTLE: settle, After.GO_ON: go_on, After.RESTART: restart}


def first_unfit(talk: Talk, flow: Flow, frame: Frame, asked: list[Step]) -> Step | None:
    """The first answer that no longer holds, with the reason said; days pass while a form lies aside."""
    context = talk.context(frame)
    return next((step for step in asked if not _still_holds(talk, flow, frame, step, context)), None)


def _passes(talk: Talk, flow: Flow, frame: Frame, step: Step, context: dict[str, Json]) -> bool:
    """Need this step not be asked?"""
    if step.when is not None and step not in path(flow, frame.slots, context):
        return True
    if step.target not in frame.slots:
        return False
    if step.ask_before_filling and step.id not in frame.done:
        return False
    if _still_holds(talk, flow, frame, step, context):
        return True
    talk.set(slots={name: value for name, value in frame.slots.items() if name != step.target}, step="")
    return False


def _still_holds(talk: Talk, flow: Flow, frame: Frame, step: Step, context: dict[str, Json]) -> bool:
    value = frame.slots.get(step.target)
    slot = flow.slots[step.target]
    if (wrong := reading.recheck(slot, value, talk.around)) is not None:
        talk.lead(wrong.utter, **{"nhan": slot.label, **wrong.details})
        talk.note(f"refused {slot.id} — {wrong.utter}")
        return False
    for rejection in step.rejections:
        if value is not None and rejection.condition.holds(frame.slots, context):
            talk.lead(rejection.utter)
            talk.note(f"refused {slot.id} — {rejection.utter}")
            return False
    return True


def _assigned(slots: dict[str, Json], step: Step) -> dict[str, Json]:
    kept = {name: value for name, value in slots.items() if name not in step.values}
    return kept | {name: value for name, value in step.values.items() if value is not None}


def _remember(talk: Talk, flow: Flow, frame: Frame) -> None:
    """Keep the answers that outlive their flow."""
    lasting = flow.persisted | {step.target for step in flow.steps.values() if not step.reset_after_flow_ends}
    for name in sorted(lasting):
        if (value := frame.slots.get(name)) is not None:
            talk.memory.pop(name, None)
            talk.memory[name] = value
