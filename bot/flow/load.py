"""Loads every conversation of the ward: the files in ``flows/`` and the forms of the procedures."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from bot.core.calendar import Calendar
from bot.core.content import ContentError, Problem, check, filled, read_yaml
from bot.core.form import Forms
from bot.core.places import Gazetteer, Home
from bot.core.procedure import DecidedBy, Procedure
from bot.flow.checks import check_all
from bot.flow.forms import compile_forms, edition
from bot.flow.inlining import Circle, inline
from bot.flow.model import Flow, Flows, Response
from bot.flow.reading import Source, read_source

#: The file whose wordings every flow may use.
SHARED = "chung.yml"


def load_flows(
    folder: Path,
    procedures: Iterable[Procedure],
    calendar: Calendar,
    shared_forms: Forms | None = None,
    *,
    gazetteer: Gazetteer | None = None,
    home: Home | None = None,
) -> Flows:
    """All flows, checked; `ContentError` names every mistake at once.

    `shared_forms`: what the procedures' forms share (``data/forms.yml``). `gazetteer`, `home`: the units of
    the country and our own among them, for the readers of addresses.
    """
    sources: list[Source] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            sources.append(read_source(read_yaml(path)))
        except ContentError as error:
            problems += error.problems
    try:
        compiled = compile_forms(procedures, shared_forms)
    except ContentError as error:
        problems += error.problems
        compiled = Flows()
    for source in sources:
        problems += source.problems
    written = _written(sources, problems)
    shared = next((source.responses for source in sources if source.document.path.name == SHARED), {})
    flows = replace(
        merge(compiled, written, shared, calendar),
        gazetteer=gazetteer or Gazetteer(),
        home=home or Home(),
    )
    if not problems:
        problems += check_all(sources, flows, shared)
    if problems:
        raise ContentError(sorted(problems, key=lambda one: (str(one.path), one.line)))
    return flows


def load_forms(path: Path, facts: Mapping[str, str]) -> Forms:
    """What forms share, ``data/forms.yml``; `ContentError` with file and line."""
    document = filled(read_yaml(path), facts)
    forms = check(document, Forms)
    problems = [
        document.problem(f'What happens when "{one}" decides is missing.', "general", "after")
        for one in (forms.general and set(DecidedBy) - set(forms.general.after)) or ()
    ]
    if problems:
        raise ContentError(problems)
    return forms


def merge(
    compiled: Flows, written: dict[str, Flow], shared: dict[str, Response], calendar: Calendar
) -> Flows:
    """Compiled and written flows together; a written one takes the place of a compiled one."""
    flows = {**compiled.flows, **written}
    return Flows(
        flows=flows,
        responses=shared,
        calendar=calendar,
        triggers={intent: flow.id for flow in flows.values() for intent in flow.intents},
        forms={
            **{procedure: id_ for procedure, id_ in compiled.forms.items() if id_ in flows},
            **{flow.procedure: flow.id for flow in written.values() if flow.procedure},
        },
    )


def _written(sources: list[Source], problems: list[Problem]) -> dict[str, Flow]:
    """The flows of all files, with the slots and wordings of their file and every call inlined."""
    own: dict[str, Flow] = {}
    where: dict[str, Source] = {}
    for source in sources:
        for flow in source.flows.values():
            if flow.id in own:
                other = where[flow.id].document.path.name
                problems.append(
                    source.document.problem(f'The flow "{flow.id}" is in {other} too.', "flows", flow.id)
                )
            # Shared wordings are found in `Flows.responses`.
            responses = {} if source.document.path.name == SHARED else source.responses
            own[flow.id] = replace(flow, slots=source.slots, responses=responses)
            where[flow.id] = source
    whole: dict[str, Flow] = {}
    for flow in own.values():
        try:
            inlined = inline(flow, own)
        except Circle as error:
            document = where[flow.id].document
            problems.append(document.problem(f"These flows call each other: {error}.", "flows", flow.id))
            continue
        asked = {step.target for step in inlined.steps.values() if step.kind == "collect"}
        slots = [slot for slot in inlined.slots.values() if slot.id in asked]
        whole[flow.id] = replace(inlined, version=edition(inlined.steps.values(), slots))
    return whole
