"""How a question looks: its words, its number, its buttons, and the list of answers to check."""

from collections.abc import Mapping
from datetime import date

from bot.core import payload
from bot.core.messages import Button, Choice, Collect, Json, Reply, Row
from bot.flow.dates import span
from bot.flow.late import LATE_NAMES, mark
from bot.flow.model import Flow, Flows, Frame, Response, Slot, Step, Template
from bot.flow.path import path, questions
from bot.flow.slots import show, show_masked

#: More choices than this are listed in the text instead of becoming buttons.
BUTTONS_LIMIT = 8

#: Values that only our own buttons send: the answer remembered from before; no more pages; other pages.
REMEMBERED, FINISHED, ANEW = "@cu", "@xong", "@lai"


def render(
    template: Template, flow: Flow | None, slots: Mapping[str, Json], context: Mapping[str, Json]
) -> str:
    """A wording with its placeholders filled; what is private is masked."""
    if len(template) == 1 and isinstance(template[0], str):
        return template[0]
    parts: list[str] = []
    for part in template:
        if isinstance(part, str):
            parts.append(part)
        elif part[0] == "context":
            name = part[1]
            value = context.get(name)
            parts.append(str(value) if value is not None else mark(name) if name in LATE_NAMES else "")
        elif flow is not None and (slot := flow.slots.get(part[1])) is not None:
            parts.append(show_masked(slot, slots.get(slot.id)))
    return "".join(parts)


def question(
    flows: Flows,
    flow: Flow,
    frame: Frame,
    step: Step,
    context: dict[str, Json],
    memory: Mapping[str, Json],
    offered: tuple[Choice, ...] = (),
) -> Reply:
    """The question of a collect step. `offered`: what can be chosen today, beside the slot's own choices."""
    slot = flow.slots[step.target]
    response = flows.response(flow, step.utter)
    asked = path(flow, frame.slots, context) if flow.progress or step.consent or step.review else []
    numbered = [one for one in asked if one.question and (not frame.reopened or one.target in frame.reopened)]
    context = {**context, "nhan": slot.label, "giai_thich": slot.help}
    if step.consent:
        context |= {"so_cau": len(numbered), "phut": flow.metadata.get("minutes")}
    text = render(response.text, flow, frame.slots, context)
    if flow.progress and not frame.correcting and step in numbered and step.counted:
        counted = [one for one in numbered if one.counted]
        place = {"cau": counted.index(step) + 1, "so_cau": len(counted)}
        text = f"{render(_progress(flows, flow).text, None, {}, place)} {text}"
    choices = offered or choices_of(flows, slot)
    if len(choices) > BUTTONS_LIMIT:
        listed = "\n".join(f"{count}. {one.title}" for count, one in enumerate(choices, 1))
        text = f"{text}\n{listed}"
    buttons = response.buttons or _answers(slot, choices)
    return Reply(
        text=text,
        buttons=(*buttons, *_beside(flows, flow, frame, slot, memory)),
        rows=rows(flows, flow, frame, numbered) if step.review else (),
        collect=_collect(slot, choices, date.fromisoformat(str(context["hom_nay"]))),
    )


def _collect(slot: Slot, choices: tuple[Choice, ...], today: date) -> Collect:
    """What a client needs to show the right control."""
    first, last = span(slot, today) if slot.type == "date" else (slot.min, slot.max)
    return Collect(
        slot=slot.id,
        type=slot.type,
        required=slot.required,
        choices=choices,
        min=first,
        max=last,
        multiple=slot.multiple,
    )


def _progress(flows: Flows, flow: Flow) -> Response:
    """ "Câu 2/9.", or as it is said in this kind of flow: "Bước 2/5."."""
    own = flows.responses.get(f"utter_tien_do_{flow.kind}")
    return own or flows.responses["utter_tien_do"]


def word(flows: Flows, name: str) -> str:
    """The title of a button that the engine adds."""
    return render(flows.responses[name].text, None, {}, {})


def choices_of(flows: Flows, slot: Slot) -> tuple[Choice, ...]:
    if slot.type != "bool":
        return slot.choices
    return (
        Choice(id="true", title=slot.yes or word(flows, "utter_nut_co")),
        Choice(id="false", title=slot.no or word(flows, "utter_nut_khong")),
    )


def rows(flows: Flows, flow: Flow, frame: Frame, asked: list[Step]) -> tuple[Row, ...]:
    """Every answer on a line, with what changes it."""
    empty = word(flows, "utter_bo_trong")
    found = []
    for step in asked:
        slot = flow.slots[step.target]
        if slot.id in frame.slots:
            shown = show_masked(slot, frame.slots[slot.id]) or empty
            found.append(Row(label=slot.label, value=shown, payload=payload.write("CorrectSlot", slot.id)))
    return tuple(found)


def changes(flow: Flow, frame: Frame, context: Mapping[str, Json]) -> tuple[Button, ...]:
    """A button for every answer that can be changed."""
    return tuple(
        Button(title=flow.slots[step.target].label, payload=payload.write("CorrectSlot", step.target))
        for step in questions(flow, frame.slots, context)
        if step.target in frame.slots
    )


def _answers(slot: Slot, choices: tuple[Choice, ...]) -> tuple[Button, ...]:
    if len(choices) > BUTTONS_LIMIT:
        return ()
    return tuple(
        Button(title=one.title, payload=payload.write("SetSlots", **{slot.id: one.id})) for one in choices
    )


def _beside(flows: Flows, flow: Flow, frame: Frame, slot: Slot, memory: Mapping[str, Json]) -> list[Button]:
    """What can be tapped beside the answers themselves."""
    found = []
    if frame.pages:
        found.append(_own(flows, "utter_nut_xong", slot, FINISHED))
        found.append(_own(flows, "utter_nut_gui_lai", slot, ANEW))
    elif slot.id in flow.persisted and memory.get(slot.id) is not None:
        found.append(
            Button(
                title=show(slot, memory[slot.id]),
                payload=payload.write("SetSlots", **{slot.id: REMEMBERED}),
            )
        )
    if not slot.required and not frame.pages:
        found.append(Button(title=word(flows, "utter_nut_bo_qua"), payload="/Skip"))
    if frame.correcting:
        found.append(Button(title=word(flows, "utter_nut_giu_nguyen"), payload="/Resume"))
    return found


def _own(flows: Flows, name: str, slot: Slot, value: str) -> Button:
    return Button(title=word(flows, name), payload=payload.write("SetSlots", **{slot.id: value}))
