"""The way through a flow with the answers of today: which questions it has, and where a step leads."""

from collections.abc import Mapping

from bot.core.messages import Json
from bot.flow.model import END, Flow, Frame, Step


def follow(step: Step, slots: Mapping[str, Json], context: Mapping[str, Json]) -> str:
    """The id of the step after this one."""
    for branch in step.next:
        if branch.condition is None or branch.condition.holds(slots, context):
            return branch.then
    return END


def path(flow: Flow, slots: Mapping[str, Json], context: Mapping[str, Json]) -> list[Step]:
    """The collect steps from the first to the end, as far as the answers given decide it.

    An answer to a question that is no longer asked (first "for my child", now "for me") decides nothing; it
    is kept, for who changes it back.
    """
    found: list[Step] = []
    passed: set[str] = set()
    seen: set[str] = set()
    at = flow.first
    while at != END and at not in seen:
        seen.add(at)
        step = flow.steps[at]
        if step.kind == "collect":
            if step.when is None or step.when.holds(_without(slots, passed), context):
                found.append(step)
            else:
                passed.add(step.target)
        if step.consent and step.target not in slots:
            # Asked how many questions there are, we mean: if you agree.
            slots = {**slots, step.target: True}
        at = follow(step, slots, context)
    return found


def _without(slots: Mapping[str, Json], passed: set[str]) -> Mapping[str, Json]:
    if passed.isdisjoint(slots):
        return slots
    return {name: value for name, value in slots.items() if name not in passed}


def questions(flow: Flow, slots: Mapping[str, Json], context: Mapping[str, Json]) -> list[Step]:
    """As `path`, without consent and review."""
    return [step for step in path(flow, slots, context) if step.question]


def begun(flow: Flow, frame: Frame) -> bool:
    """Has any question been answered, or a file handed in? If not, nothing is lost with the frame."""
    if frame.pages or frame.early:
        return True
    return any(step.question and frame.slots.get(step.target) is not None for step in flow.steps.values())


def step_of(flow: Flow, frame: Frame) -> Step | None:
    """The question in hand: the answer being changed, or the step that was asked last."""
    if frame.correcting:
        return collects(flow, frame.correcting)
    return flow.steps.get(frame.step)


def collects(flow: Flow, slot: str) -> Step | None:
    """The step that asks for this slot."""
    return next(
        (step for step in flow.steps.values() if step.kind == "collect" and step.target == slot), None
    )
