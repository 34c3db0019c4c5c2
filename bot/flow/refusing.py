"""An answer that is not taken: why, an example, and after a while a person."""

from bot.flow.agreement import disagreement
from bot.flow.answer import DOUBTS, Value, Wrong
from bot.flow.model import Slot, Step
from bot.flow.running import ask, ask_with, run
from bot.flow.talk import Talk

#: So many failures at one question, and we offer a person.
PATIENCE = 3


def stale(talk: Talk) -> None:
    """A button that no longer means anything."""
    talk.note("stale button")
    if talk.stack:
        talk.lead("utter_nut_da_cu")
        ask(talk)
    else:
        talk.say("utter_nut_da_cu_ngoai")


def failed(talk: Talk, text: str) -> None:
    """The question in hand was answered in vain: first the reason, then an example, then a person."""
    frame, step = talk.stack[-1], talk.asked
    assert step is not None, "only called with a question in hand"
    failures = talk.set(failures=frame.failures + 1).failures
    if failures >= 2 and "ví dụ" not in text and (example := example_of(talk, talk.flow.slots[step.target])):
        text = f"{text} {example}"
    helper = talk.flows.get("pattern_cannot_handle")
    if failures % PATIENCE or helper is None or talk.flow.pattern:
        ask_with(talk, text)
        return
    talk.leads.append(text)
    label = talk.flow.slots[step.target].label
    talk.push(helper, {}, viec=talk.flow.name, nhan=label)
    run(talk, helper.first)


def example_of(talk: Talk, slot: Slot) -> str:
    """ "Ví dụ: …", from the slot or from its kind; empty if there is none."""
    example = slot.example
    if not example and f"utter_vi_du_{slot.type}" in talk.flows.responses:
        example = talk.text(f"utter_vi_du_{slot.type}")
    return talk.text("utter_vi_du", vi_du=example) if example else ""


def rejected(talk: Talk, step: Step, found: Value) -> str | None:
    """The `utter` of the first rejection that holds."""
    frame = talk.stack[-1]
    if not step.rejections:
        return None
    slots, context = {**frame.slots, step.target: found.value}, talk.context(frame)
    return next((one.utter for one in step.rejections if one.condition.holds(slots, context)), None)


def objection(talk: Talk, step: Step, found: Value) -> Wrong | str | None:
    """Why an answer that was read cannot be taken; what is only doubtful is taken when it is said again."""
    if (utter := rejected(talk, step, found)) is not None:
        return utter
    frame = talk.stack[-1]
    if frame.doubted == step.target:
        return None
    return disagreement(talk.flow, step.target, {**frame.slots, step.target: found.value})


def refuse(talk: Talk, slot: Slot, why: Wrong | str) -> None:
    if isinstance(why, Wrong):
        talk.note(f"refused {slot.id} — {why.utter}")
        if why.kind in DOUBTS:
            talk.set(doubted=slot.id)
        failed(talk, wrong_text(talk, slot, why))
    else:
        talk.note(f"refused {slot.id} — {why}")
        failed(talk, talk.text(why))


def wrong_text(talk: Talk, slot: Slot, wrong: Wrong) -> str:
    """The exact message for what is wrong."""
    name = wrong.utter if wrong.utter in talk.flows.responses else "utter_sai_file_gone"
    limits = {"toi_thieu": str(slot.min or 0), "toi_da": str(slot.max or 0), "nhan": slot.label}
    return talk.text(name, **{**limits, **wrong.details})
