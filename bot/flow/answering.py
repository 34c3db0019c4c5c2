"""Takes an answer, or says why not."""

from collections.abc import Iterable

from bot.core.commands import SetSlot
from bot.core.messages import Attachment, Json
from bot.core.text import fold
from bot.flow import slots as reading
from bot.flow.agreement import disagreement
from bot.flow.answer import Value, Wrong
from bot.flow.model import Flow, Frame, Slot, Step
from bot.flow.path import follow, questions
from bot.flow.photos import doubt_of, keep_files, keep_outside, offer_card, page_with_card
from bot.flow.refusing import failed, objection, refuse, rejected, stale, wrong_text
from bot.flow.render import ANEW, FINISHED, REMEMBERED
from bot.flow.running import ask, ask_with, edit, first_unfit, go_on, run
from bot.flow.several import several
from bot.flow.talk import Talk

_NO_MORE = frozenset(
    [
        "xong",
        "het",
        "het roi",
        "xong roi",
        "du",
        "du roi",
        "vay thoi",
        "thoi",
        "khong",
        "ko",
        "khong con",
        "ko con",
        "nhieu do thoi",
        "ok",
        "roi",
    ]
)


def set_slot(talk: Talk, said: SetSlot) -> None:
    """An answer to the question in hand, or to a named one."""
    if not talk.stack:
        _nothing_in_hand(talk, said)
        return
    if (
        said.slot is not None
        and talk.flow.pattern
        and _target(talk) != said.slot
        and _beneath_has(talk, said.slot)
    ):
        talk.drop_patterns()
    step = talk.asked
    if said.slot is None or (step is not None and step.target == said.slot):
        if step is None:
            go_on(talk)
        else:
            _answer(talk, step, said)
        return
    frame, flow = talk.stack[-1], talk.flow
    named = next(
        (one for one in questions(flow, frame.slots, talk.context(frame)) if one.target == said.slot), None
    )
    known = named is not None and (named.target in frame.slots or not said.tapped)
    if named is None or not known or said.value.startswith("@"):
        stale(talk)
    else:
        correct(talk, named, said.value, tapped=said.tapped)


def correct(talk: Talk, step: Step, value: str | None, *, tapped: bool = False) -> None:
    """Change an earlier answer (or give one early), then go on where we were."""
    frame, slot = talk.stack[-1], talk.flow.slots[step.target]
    if value is None and talk.flow.light:
        # Nothing is corrected: the step is taken again.
        kept = {name: old for name, old in frame.slots.items() if name != step.target}
        talk.set(slots=kept, correcting="")
        run(talk, step.id)
        return
    if value is None or slot.type == "file":
        talk.set(correcting=slot.id, failures=0, pages=(), step=frame.step)
        talk.note(f"correcting {slot.id}")
        ask(talk)
        return
    found = _read(talk, slot, SetSlot(slot.id, value, tapped=tapped))
    if found is None:
        stale(talk)
        return
    refusal = found if isinstance(found, Wrong) else objection(talk, step, found)
    if refusal is not None:
        if talk.asked is not step:
            talk.set(correcting=slot.id, failures=0, pages=())
        refuse(talk, slot, refusal)
        return
    assert isinstance(found, Value)
    _remark(talk, found)
    _accept(talk, step, found.value, corrected=True)


def take_change(talk: Talk, step: Step, value: str) -> bool:
    """Take a new value for an earlier answer, and ask nothing yet. False if it cannot be taken."""
    flow, slot = talk.flow, talk.flow.slots[step.target]
    found = None if slot.type == "file" else _read(talk, slot, SetSlot(slot.id, value))
    if not isinstance(found, Value) or objection(talk, step, found) is not None:
        return False
    talk.set(slots=_put(flow, talk.stack[-1].slots, step, found.value), failures=0, correcting="", doubted="")
    talk.note(f"set {slot.id} ({slot.type})")
    return True


def _put(flow: Flow, slots: dict[str, Json], step: Step, value: Json) -> dict[str, Json]:
    """The answers with this one changed: they have to be checked again."""
    reviews = {one.target for one in flow.steps.values() if one.review}
    kept = {name: old for name, old in slots.items() if name != step.target and name not in reviews}
    return {**kept, step.target: value}


def skip(talk: Talk, step: Step) -> None:
    """Leave an optional question open."""
    if (refusal := rejected(talk, step, Value(None, ""))) is not None:
        refuse(talk, talk.flow.slots[step.target], refusal)
        return
    talk.note(f"skipped {step.target}")
    _accept(talk, step, None, corrected=bool(talk.stack[-1].correcting))


def _answer(talk: Talk, step: Step, said: SetSlot) -> None:
    slot = talk.flow.slots[step.target]
    if slot.type == "file":
        _take_files(talk, step, slot, said)
        return
    if said.files:
        photos = " ".join(one.file for one in said.files if one.file)
        if offer_card(talk, said.files, anh=photos):
            return
        keep_files(talk, said)
        if not said.value.strip() and said.place is None:
            ask(talk)
            return
    if not said.tapped and (values := several_answers(talk, said.value)):
        _accept_several(talk, values)
        return
    found = _read(talk, slot, said)
    if found is None:
        stale(talk)
        return
    refusal = found if isinstance(found, Wrong) else objection(talk, step, found)
    if refusal is not None:
        if _yields(talk) and not said.tapped:
            # "Dừng lại không?" – "Lê Thị Hoa": they simply go on with the form.
            talk.drop_patterns()
            beneath = talk.asked
            if beneath is not None:
                _answer(talk, beneath, SetSlot(None, said.value, place=said.place))
                return
            go_on(talk)
            return
        refuse(talk, slot, refusal)
        return
    assert isinstance(found, Value)
    _remark(talk, found)
    _accept(talk, step, found.value, corrected=bool(talk.stack[-1].correcting))


def several_answers(talk: Talk, text: str) -> dict[str, Value]:
    """The answers to several questions of the form on top, if the text has them."""
    frame, flow, asked = talk.stack[-1], talk.flow, talk.asked
    if asked is None or not asked.question or flow.pattern or flow.light or frame.correcting:
        return {}
    if flow.slots[asked.target].type in ("file", "bool"):
        return {}
    every = questions(flow, frame.slots, talk.context(frame))
    open_ = [one for one in every if one is asked or one.target not in frame.slots]

    def read(step: Step, words: str) -> Value | None:
        found = reading.read(flow.slots[step.target], words, talk.around)
        if isinstance(found, Wrong) or objection(talk, step, found) is not None:
            return None
        return found

    return several(flow, asked, open_, text, read)


def _accept_several(talk: Talk, values: dict[str, Value]) -> None:
    """Take them all, read them back with a button to change each, and go on."""
    slots = {**talk.stack[-1].slots, **{slot: one.value for slot, one in values.items()}}
    doubted = ""
    for name in values:
        if (wrong := disagreement(talk.flow, name, slots)) is not None:
            # They do not fit each other: this one is asked again, with the reason.
            talk.leads.append(wrong_text(talk, talk.flow.slots[name], wrong))
            del slots[name]
            doubted = name
            break
    taken = [name for name in values if name in slots]
    talk.set(slots=slots, failures=0, doubted=doubted)
    talk.note(f"set {', '.join(taken)}")
    talk.read_back(taken)
    for name in taken:
        _remark(talk, values[name])
    go_on(talk)


def _accept(talk: Talk, step: Step, value: Json, *, corrected: bool) -> None:
    frame, flow = talk.stack[-1], talk.flow
    if step.review and not _sent(talk, flow, frame, value):
        return
    known = step.target in frame.slots
    if corrected:
        slots = _put(flow, frame.slots, step, value)
    else:
        slots = {name: old for name, old in frame.slots.items() if name != step.target}
        slots[step.target] = value
    talk.set(slots=slots, failures=0, pages=(), correcting="", doubted="")
    talk.note(f"set {step.target} ({flow.slots[step.target].type})")
    if corrected:
        slot = flow.slots[step.target]
        shown = reading.show_masked(slot, value) or talk.text("utter_bo_trong")
        if not flow.light:
            talk.lead("utter_da_sua" if known else "utter_da_ghi", nhan=slot.label, gia_tri=shown)
        go_on(talk)
    elif frame.flow in talk.changed:
        go_on(talk)
    else:
        run(talk, follow(step, slots, talk.context(frame)))


def _remark(talk: Talk, found: Value) -> None:
    """What we made of an answer beyond what was written is told before the next question."""
    if found.remark is not None:
        talk.lead(found.remark.utter, **found.remark.details)


def _sent(talk: Talk, flow: Flow, frame: Frame, value: Json) -> bool:
    """ "Kiểm tra lại": may it be sent? "Không" means that something is to be changed."""
    if value is not True:
        edit(talk)
        return False
    asked = questions(flow, frame.slots, talk.context(frame))
    open_ones = [one for one in asked if one.target not in frame.slots]
    unfit = open_ones[0] if open_ones else first_unfit(talk, flow, frame, asked)
    if unfit is not None:
        talk.set(slots={name: old for name, old in frame.slots.items() if name != unfit.target}, step="")
        talk.leads = talk.leads[:1]
        go_on(talk)
        return False
    return True


def _read(talk: Talk, slot: Slot, said: SetSlot) -> Value | Wrong | None:
    """The answer, read; None if it came from a button that is none of ours."""
    if said.value == REMEMBERED:
        value = talk.memory.get(slot.id) if slot.id in talk.flow.persisted else None
        if value is None or not reading.still_fits(slot, value, talk.around):
            return None
        return Value(value, "")
    if said.tapped and slot.type == "choice":
        return next((Value(one.id, one.title) for one in slot.choices if one.id == said.value), None)
    if said.tapped and slot.type == "bool":
        return {"true": Value(True, ""), "false": Value(False, "")}.get(said.value)
    return reading.read(slot, said.value, talk.around, said.place)


# ── files ──


def _take_files(talk: Talk, step: Step, slot: Slot, said: SetSlot) -> None:
    frame = talk.stack[-1]
    words = fold(said.value[:60]).strip(" .!")
    if said.files:
        taken, wrong = reading.read_files(said.files, len(frame.pages), slot)
        if taken and not wrong and (doubt := doubt_of(talk, slot, said)) is not None:
            refuse(talk, slot, doubt)
        else:
            _take(talk, step, slot, taken, wrong, said.files)
    elif said.tapped and said.value == ANEW:
        talk.set(pages=())
        ask(talk)
    elif frame.pages and (said.value == FINISHED or words in _NO_MORE):
        _accept(talk, step, list(frame.pages), corrected=bool(frame.correcting))
    elif said.tapped:
        stale(talk)
    elif (
        not slot.required
        and not frame.pages
        and (words in _NO_MORE or words.startswith(("khong co", "ko co")))
    ):
        skip(talk, step)
    else:
        refuse(talk, slot, Wrong("file_missing"))


def _take(
    talk: Talk,
    step: Step,
    slot: Slot,
    taken: list[str],
    wrong: Iterable[Wrong],
    files: tuple[Attachment, ...],
) -> None:
    frame = talk.stack[-1]
    said = [wrong_text(talk, slot, one) for one in wrong]
    for one in wrong:
        talk.note(f"refused {slot.id} — {one.utter}")
    if not taken:
        failed(talk, " ".join(said))
        return
    pages = (*frame.pages, *taken)
    talk.leads.extend(said)
    if not said and not frame.correcting and page_with_card(talk, pages, files):
        return
    if slot.multiple or said:
        talk.set(pages=pages, failures=0)
        ask_with(talk, talk.text("utter_da_nhan_anh", so_anh=str(len(pages))))
    else:
        _accept(talk, step, list(pages), corrected=bool(frame.correcting))


def _nothing_in_hand(talk: Talk, said: SetSlot) -> None:
    if said.files:
        keep_outside(talk, said)
    elif said.tapped or said.slot is not None:
        stale(talk)
    else:
        talk.note("not understood")
        talk.say("utter_khong_hieu")


# ── patterns on top ──


def _yields(talk: Talk) -> bool:
    """Is this a repair that gives way to an answer meant for the form beneath?"""
    return talk.flow.pattern and talk.flow.metadata.get("yields") is True and len(talk.stack) > 1


def _target(talk: Talk) -> str | None:
    return talk.asked.target if talk.asked else None


def _beneath_has(talk: Talk, slot: str) -> bool:
    frames: list[Frame] = [frame for frame in talk.stack if not talk.flow_of(frame).pattern]
    return bool(frames) and slot in talk.flow_of(frames[-1]).slots
