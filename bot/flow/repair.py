"""Changing one's mind: correct, go back, cancel, put aside, go on, ask what is meant, be not understood."""

from bot.core.commands import CorrectSlot, CorrectSlots, Tell
from bot.flow.actions import drop, lay_aside
from bot.flow.answering import correct, skip, take_change
from bot.flow.path import begun, questions
from bot.flow.refusing import example_of, failed, stale
from bot.flow.running import ask, go_on, restart, run, settle
from bot.flow.talk import Talk


def correct_slot(talk: Talk, command: CorrectSlot) -> None:
    """Change an earlier answer, with the new one or without."""
    talk.drop_patterns()
    if not talk.stack:
        stale(talk)
        return
    frame = talk.stack[-1]
    step = next(
        (one for one in questions(talk.flow, frame.slots, talk.context(frame)) if one.target == command.slot),
        None,
    )
    if step is None:
        stale(talk)
    elif command.value is None and step is talk.asked:
        ask(talk)
    else:
        correct(talk, step, command.value)


def correct_slots(talk: Talk, command: CorrectSlots) -> None:
    """Change several earlier answers; the first that cannot be taken is asked again, with the reason."""
    talk.drop_patterns()
    if not talk.stack:
        stale(talk)
        return
    frame = talk.stack[-1]
    steps = {one.target: one for one in questions(talk.flow, frame.slots, talk.context(frame))}
    taken: list[str] = []
    left: list[CorrectSlot] = []
    for change in command.changes:
        step = steps.get(change.slot)
        if step is None or change.value is None or not take_change(talk, step, change.value):
            left.append(change)
        else:
            taken.append(step.target)
    if taken:
        talk.read_back(taken)
    if left and left[0].slot in steps:
        correct(talk, steps[left[0].slot], left[0].value)
    elif taken:
        go_on(talk)
    else:
        stale(talk)


def back(talk: Talk) -> None:
    """To the question before this one."""
    if talk.drop_patterns() and talk.stack:
        ask(talk)
        return
    if not talk.stack:
        talk.say("utter_khong_co_viec")
        return
    frame = talk.stack[-1]
    asked = questions(talk.flow, frame.slots, talk.context(frame))
    answered = [one for one in asked if one.target in frame.slots]
    here = talk.asked.target if talk.flow.light and talk.asked else frame.correcting
    if here:
        names = [one.target for one in asked]
        before = names.index(here) if here in names else 0
        answered = [one for one in asked[:before] if one.target in frame.slots]
    if answered:
        correct(talk, answered[-1], None)
    else:
        talk.lead("utter_cau_dau_tien")
        ask(talk)


def skip_question(talk: Talk) -> None:
    """ "Bỏ qua": only what is optional."""
    if talk.drop_patterns() and talk.stack:
        ask(talk)
        return
    step = talk.asked
    if step is None:
        talk.say("utter_khong_co_viec")
    elif not step.question or talk.flow.slots[step.target].required:
        talk.note(f"refused to skip {step.target}")
        talk.lead("utter_khong_bo_qua_duoc")
        ask(talk)
    else:
        skip(talk, step)


def start_over(talk: Talk) -> None:
    """The flow in hand from its first question."""
    talk.drop_patterns()
    if not talk.stack:
        talk.say("utter_khong_co_viec")
        return
    talk.note(f"restarted {talk.flow.id}")
    restart(talk)


def cancel(talk: Talk) -> None:
    """Drop the flow in hand; if answers would be lost, only when said twice."""
    sure = bool(talk.stack) and talk.flow.id in ("pattern_cancel_flow", "pattern_continue_interrupted")
    talk.drop_patterns()
    if not talk.stack:
        talk.say("utter_khong_co_viec")
    elif sure or talk.flow.light or not begun(talk.flow, talk.stack[-1]):
        drop(talk)
        settle(talk)
    else:
        pattern = talk.flows.flows["pattern_cancel_flow"]
        talk.push(pattern, {}, viec=talk.flow.name)
        run(talk, pattern.first)


def pause(talk: Talk) -> None:
    """Put the flow in hand aside. If nothing was answered there is nothing to keep, except in a guide."""
    talk.drop_patterns()
    if not talk.stack:
        talk.say("utter_khong_co_viec")
        return
    if talk.flow.light or begun(talk.flow, talk.stack[-1]):
        lay_aside(talk)
    else:
        drop(talk)
    settle(talk)


def resume(talk: Talk) -> None:
    """Go on with the flow in hand, or with the last one put aside."""
    talk.drop_patterns()
    if not talk.stack:
        if not talk.aside:
            talk.say("utter_khong_co_viec")
            return
        talk.stack.append(talk.aside.pop())
        talk.note(f"resumed {talk.flow.id}")
        talk.lead("utter_lam_tiep", viec=talk.flow.name)
    go_on(talk)


def explain(talk: Talk) -> None:
    """What the question in hand means, then the question again."""
    step = talk.asked
    if step is None:
        cannot_handle(talk)
        return
    frame, slot = talk.stack[-1], talk.flow.slots[step.target]
    talk.note(f"explained {slot.id}")
    if step.consent:
        asked = questions(talk.flow, frame.slots, talk.context(frame))
        listed = "\n".join(f"{n}. {talk.flow.slots[one.target].label}" for n, one in enumerate(asked, 1))
        talk.say("utter_chi_tiet", cac_cau=listed)
    elif slot.help:
        talk.leads.append(slot.help)
        talk.leads.append(example_of(talk, slot))
        talk.leads = [one for one in talk.leads if one]
    else:
        talk.leads.append(example_of(talk, slot) or talk.text("utter_khong_co_giai_thich"))
    ask(talk)


def tell(talk: Talk, command: Tell) -> None:
    """Say what was found elsewhere, and come back to the question in hand."""
    talk.replies.extend(command.replies)
    talk.subject = command.subject or talk.subject
    if talk.stack:
        if not talk.flow.pattern:
            talk.lead("utter_tiep_tuc")
        ask(talk)
    elif command.greeting and talk.aside:
        talk.stack.append(talk.aside.pop())
        settle(talk)


def cannot_handle(talk: Talk) -> None:
    """Nothing was understood."""
    talk.note("not understood")
    if talk.asked is None:
        talk.say("utter_khong_hieu")
        return
    failed(talk, talk.text("utter_khong_hieu_trong_viec"))
