"""`call:`: the steps of the called flow are laid in the place of the call, so that a form stays one form."""

from collections.abc import Mapping
from dataclasses import replace

from bot.flow.model import END, Branch, Flow, Step


class Circle(Exception):
    """Flows that call each other."""

    def __init__(self, ids: tuple[str, ...]) -> None:
        super().__init__(" → ".join(ids))


def inline(flow: Flow, flows: Mapping[str, Flow], above: tuple[str, ...] = ()) -> Flow:
    """The flow with every call replaced by the steps of the flow that is called; `Circle` if it calls itself.

    Calls of flows that do not exist are left as they are, to be complained of.
    """
    if flow.id in above:
        raise Circle((*above, flow.id))
    steps: dict[str, Step] = {}
    slots, responses = dict(flow.slots), dict(flow.responses)
    for step in flow.steps.values():
        called = flows.get(step.target) if step.kind == "call" else None
        if called is None:
            steps[step.id] = step
            continue
        inside = inline(called, flows, (*above, flow.id))
        slots = {**inside.slots, **slots}
        responses = {**inside.responses, **responses}
        after = f"{step.id}/after"
        enter = Branch(_in(step, inside.first, after), inside.guard)
        steps[step.id] = replace(step, next=(enter, Branch(after)) if inside.guard else (enter,))
        for one in inside.steps.values():
            moved = tuple(Branch(_in(step, branch.then, after), branch.condition) for branch in one.next)
            steps[f"{step.id}/{one.id}"] = replace(one, id=f"{step.id}/{one.id}", next=moved)
        steps[after] = Step(id=after, kind="noop", next=step.next)
    return replace(flow, steps=steps, slots=slots, responses=responses)


def _in(call: Step, then: str, after: str) -> str:
    return after if then == END else f"{call.id}/{then}"
