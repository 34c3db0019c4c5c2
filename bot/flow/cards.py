"""An identity card that was read from a photo: for whom it may be used, and what it fills."""

from collections.abc import Mapping

import msgspec

from bot.core.form import Person
from bot.core.messages import Attachment, IdCard, Json
from bot.core.text import fold
from bot.flow import slots as reading
from bot.flow.agreement import disagreement
from bot.flow.answer import Value
from bot.flow.dates import show_date
from bot.flow.model import Frame, Step
from bot.flow.path import questions
from bot.flow.people import mask_digits
from bot.flow.talk import Talk

PATTERN = "pattern_identity_card"


def card_offer(talk: Talk, files: tuple[Attachment, ...]) -> dict[str, str]:
    """If one of the files shows a card that the form on top can use: the context of the question for whom."""
    card = next((one.card for one in files if one.card is not None), None)
    if card is None or not talk.stack or talk.flow.pattern or PATTERN not in talk.flows.flows:
        return {}
    people = _candidates(talk, card)
    return _context(card, people) if people else {}


def use_card(talk: Talk) -> None:
    """Yes: fill what is open for this person in the form beneath, and read it back."""
    pattern, beneath = talk.stack[-1], talk.stack[-2]
    card = _card(pattern.context)
    person = _person(talk, beneath, pattern.context["nguoi_ma"])
    talk.stack.pop()
    if person is not None:
        filled = _fill(talk, person, card)
        frame = talk.stack[-1]
        talk.set(slots={**frame.slots, **filled})
        talk.note(f"filled {', '.join(filled)} from a card")
        if filled:
            talk.read_back(tuple(filled))
    talk.stack.append(pattern)


def next_person(talk: Talk) -> None:
    """No: is there somebody else in the form whose card it may be? The context says who, or nobody."""
    context, beneath = talk.stack[-1].context, talk.stack[-2]
    first, _, rest = context.get("con_lai", "").partition(" ")
    person = _person(talk, beneath, first) if first else None
    if person is None and (photos := context.get("anh")):
        # A paper after all: it waits for the question that wants it.
        early = (*beneath.early, *photos.split())
        talk.stack[-2] = msgspec.structs.replace(beneath, early=early)
    talk.set(context={**context, "nguoi_ma": first, "nguoi": person.who if person else "", "con_lai": rest})


def _candidates(talk: Talk, card: IdCard) -> list[Person]:
    """Whose card it may be, the likeliest first: who is asked for more, and not known to be somebody else."""
    frame, flow = talk.stack[-1], talk.flow
    asked = {step.target for step in questions(flow, frame.slots, talk.context(frame))}
    here = talk.asked.target if talk.asked else ""
    found = [one for one in flow.people if asked & one.slots and _may_be(one, card, frame)]
    # A newborn, whose number is not asked for, hardly has a card.
    return sorted(
        (one for one in found if one.slots & asked - frame.slots.keys()),
        key=lambda one: (
            not _is(one, card, frame),
            one.cccd is None,
            here not in one.slots,
            _sex(one, frame) != card.sex,
        ),
    )


def _may_be(person: Person, card: IdCard, frame: Frame) -> bool:
    number = frame.slots.get(person.cccd or "")
    name = frame.slots.get(person.name)
    if isinstance(number, str) and number != card.number:
        return False
    if isinstance(name, str) and fold(name) != fold(card.name):
        return False
    return _sex(person, frame) in (None, card.sex)


def _is(person: Person, card: IdCard, frame: Frame) -> bool:
    return fold(str(frame.slots.get(person.name, ""))) == fold(card.name)


def _sex(person: Person, frame: Frame) -> object:
    return person.always or frame.slots.get(person.sex or "")


def _fill(talk: Talk, person: Person, card: IdCard) -> dict[str, Json]:
    """Open slot → value, where what the card says can be taken; the rest is asked."""
    frame, flow = talk.stack[-1], talk.flow
    said: Mapping[str | None, str] = {
        person.name: card.name,
        person.cccd: card.number,
        person.born: show_date(card.born) if card.born else "",
        person.sex: card.sex,
        person.residence: card.residence,
    }
    filled: dict[str, Json] = {}
    for step in questions(flow, {**frame.slots, person.name: card.name}, talk.context(frame)):
        text = said.get(step.target, "")
        if not text or frame.slots.get(step.target) is not None:
            continue
        found = reading.read(flow.slots[step.target], text, talk.around)
        if isinstance(found, Value) and _taken(talk, step, {**frame.slots, **filled}, found):
            filled[step.target] = found.value
    return filled


def _taken(talk: Talk, step: Step, slots: dict[str, Json], found: Value) -> bool:
    slots = {**slots, step.target: found.value}
    refused = any(one.condition.holds(slots, talk.context(talk.stack[-1])) for one in step.rejections)
    return not refused and disagreement(talk.flow, step.target, slots) is None


def _context(card: IdCard, people: list[Person]) -> dict[str, str]:
    """What the pattern's frame keeps: the card, for whom it is offered, and who is left."""
    return {
        "the": msgspec.json.encode(card).decode(),
        "the_ten": card.name,
        "the_so": mask_digits(card.number),
        "the_sinh": show_date(card.born),
        "nguoi": people[0].who,
        "nguoi_ma": people[0].name,
        "con_lai": " ".join(one.name for one in people[1:]),
    }


def _card(context: Mapping[str, str]) -> IdCard:
    return msgspec.json.decode(context["the"], type=IdCard)


def _person(talk: Talk, frame: Frame, name: str) -> Person | None:
    """A person by the slot of their name: no two have the same."""
    return next((one for one in talk.flow_of(frame).people if one.name == name), None)
