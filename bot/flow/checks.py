"""What a schema cannot see: do all names exist, can every step be reached, does every button work?"""

from collections.abc import Iterator, Mapping

from bot.core import payload
from bot.core.content import Key, Problem, suggest
from bot.flow.actions import ACTIONS, PATTERN_ACTIONS
from bot.flow.conditions import Condition
from bot.flow.forms import CONSENT, REVIEW
from bot.flow.model import END, Flow, Flows, Response, Step, Template
from bot.flow.reading import Source
from bot.flow.wording import BY_NAME, CONTEXT, PATTERNS


def check_all(sources: list[Source], flows: Flows, shared: Mapping[str, Response]) -> list[Problem]:
    """Every mistake in how the parts fit together."""
    found: list[Problem] = []
    intents: dict[str, str] = {}
    for source in sources:
        for id_, flow in source.flows.items():
            whole = flows.flows[id_]
            found += _check_flow(source, flow, whole, flows, shared)
            for intent in flow.intents:
                if intent in intents:
                    message = f'The intent "{intent}" starts "{intents[intent]}" already.'
                    found.append(source.document.problem(message, "flows", id_, "nlu_trigger"))
                intents[intent] = id_
        found += _check_responses(source, flows)
    found += _check_shared(sources, flows, shared)
    return found


def _check_flow(
    source: Source, flow: Flow, whole: Flow, flows: Flows, shared: Mapping[str, Response]
) -> Iterator[Problem]:
    at: tuple[Key, ...] = ("flows", flow.id)
    if flow.guard is not None:
        yield from _check_condition(source, flow.guard, whole, (*at, "if"))
    for name in sorted(flow.persisted - set(whole.slots)):
        yield _unknown(source, "slot", name, whole.slots, (*at, "persisted_slots"))
    for step in flow.steps.values():
        place = source.place(flow.id, step.id)
        yield from _check_step(source, step, whole, flows, place)
        for branch in step.next:
            if branch.condition is not None:
                yield from _check_condition(source, branch.condition, whole, (*place, "next"))
            if branch.then != END and branch.then not in flow.steps:
                message = f'Step "{step.id}" goes to "{branch.then}", which does not exist.'
                yield source.document.problem(message + suggest(branch.then, flow.steps), *place, "next")
        for name in _said(step):
            if name not in source.responses and name not in shared:
                yield _unknown(source, "response", name, {**shared, **source.responses}, place)
    for id_ in sorted(set(flow.steps) - _reached(flow)):
        yield source.document.problem(f'The step "{id_}" is never reached.', *source.place(flow.id, id_))


def _check_step(
    source: Source, step: Step, whole: Flow, flows: Flows, place: tuple[Key, ...]
) -> Iterator[Problem]:
    match step.kind:
        case "collect" if step.target not in whole.slots:
            yield _unknown(source, "slot", step.target, whole.slots, place)
        case "collect" if (step.consent or step.review) and whole.slots[step.target].type != "bool":
            yield source.document.problem('Consent and review are asked with a slot of type "bool".', *place)
        case "collect" if whole.light and whole.slots[step.target].type not in ("choice", "bool"):
            yield source.document.problem('In a "light" flow nothing is typed: ask with choices.', *place)
        case "action" if not step.target.startswith("utter_"):
            if step.target not in ACTIONS:
                yield _unknown(source, "action", step.target, ACTIONS, place)
            elif step.target in PATTERN_ACTIONS and not whole.pattern:
                yield source.document.problem(f'Only patterns can do "{step.target}".', *place)
        case "link" | "call" if step.target not in flows.flows:
            yield _unknown(source, "flow", step.target, flows.flows, place)
    for name in sorted(set(step.values) - set(whole.slots)):
        yield _unknown(source, "slot", name, whole.slots, (*place, "set_slots"))
    for key in ("code", "note", "digits", "score", "why", "call"):
        if key in step.metadata and str(step.metadata[key]) not in whole.slots:
            yield _unknown(source, "slot", str(step.metadata[key]), whole.slots, (*place, "metadata"))
    if step.when is not None:
        yield from _check_condition(source, step.when, whole, (*place, "metadata"))
    for rejection in step.rejections:
        yield from _check_condition(source, rejection.condition, whole, (*place, "rejections"))


def _check_condition(
    source: Source, condition: Condition, flow: Flow, at: tuple[Key, ...]
) -> Iterator[Problem]:
    for space, name in sorted(condition.names()):
        known = flow.slots if space == "slots" else CONTEXT
        if name not in known:
            message = f"The condition speaks of {space}.{name}, which does not exist.{suggest(name, known)}"
            yield source.document.problem(message, *at)


def _check_responses(source: Source, flows: Flows) -> Iterator[Problem]:
    """Placeholders exist, buttons can be read, and nothing is written that is never said."""
    said = {name for id_ in source.flows for step in source.flows[id_].steps.values() for name in _said(step)}
    everywhere = {
        name for flow in flows.flows.values() for step in flow.steps.values() for name in _said(step)
    }
    spoken = said | everywhere | BY_NAME
    for name, response in source.responses.items():
        at = ("responses", name)
        for space, place in _placeholders(response.text):
            known = source.slots if space == "slots" else CONTEXT
            if place not in known:
                message = f'"{name}" names {{{place}}}, which does not exist.{suggest(place, known)}'
                yield source.document.problem(message, *at)
        for button in response.buttons:
            yield from _check_button(source, button.payload, flows, at)
        if name not in spoken and not name.startswith(("utter_vi_du_", "utter_tien_do_")):
            yield source.document.problem(f'"{name}" is never said.', *at)


def _check_button(source: Source, written: str, flows: Flows, at: tuple[Key, ...]) -> Iterator[Problem]:
    call = payload.read(written)
    size = len(written.encode())
    if call is None:
        yield source.document.problem(f'The payload "{written}" cannot be read.', *at)
        return
    if size > payload.LIMIT:
        message = f'The payload "{written}" has {size} bytes; {payload.LIMIT} are allowed.'
        yield source.document.problem(message, *at)
    for slot in call.named if call.name == "SetSlots" else ():
        of_forms = slot in (CONSENT, REVIEW)
        if not of_forms and not any(slot in flow.slots for flow in flows.flows.values()):
            yield _unknown(source, "slot", slot, source.slots, at)
    if call.name == "StartFlow" and call.arg(0) not in flows.flows:
        yield _unknown(source, "flow", call.arg(0), flows.flows, at)


def _check_shared(sources: list[Source], flows: Flows, shared: Mapping[str, Response]) -> Iterator[Problem]:
    """What the engine itself says and starts must be there."""
    source = next((one for one in sources if one.responses is shared), None)
    if source is None:
        return
    for name in sorted(BY_NAME - set(shared)):
        yield source.document.problem(f'The response "{name}" is missing.', "responses")
    for name in sorted(PATTERNS - set(flows.flows)):
        yield source.document.problem(f'The flow "{name}" is missing.', "flows")


def _said(step: Step) -> Iterator[str]:
    """The wordings that a step names."""
    if step.kind == "collect":
        yield step.utter
    if step.kind == "action" and step.target.startswith("utter_"):
        yield step.target
    if "reason" in step.metadata:
        yield str(step.metadata["reason"])
    for rejection in step.rejections:
        yield rejection.utter


def _placeholders(template: Template) -> Iterator[tuple[str, str]]:
    return (part for part in template if not isinstance(part, str))


def _reached(flow: Flow) -> set[str]:
    found: set[str] = set()
    waiting = [flow.first]
    while waiting:
        at = waiting.pop()
        if at in flow.steps and at not in found:
            found.add(at)
            if flow.steps[at].kind != "link":
                waiting += [branch.then for branch in flow.steps[at].next]
    return found


def _unknown(
    source: Source, what: str, name: str, known: Mapping[str, object], at: tuple[Key, ...]
) -> Problem:
    return source.document.problem(f'The {what} "{name}" does not exist.{suggest(name, known)}', *at)
