"""Does what flows say of counters and fields of work fit the files that list them?"""

from collections.abc import Collection, Iterator
from pathlib import Path

from bot.core.content import Problem, suggest
from bot.core.counters import Counters
from bot.flow.model import Flow, Flows


def counter_problems(root: Path, counters: Counters, flows: Flows) -> Iterator[Problem]:
    """Counters that flows name and that ``data/counters.yml`` does not have."""
    known = [one.id for one in counters.counters]
    if counters.flow not in flows.flows:
        said = f'There is no flow "{counters.flow}".{suggest(counters.flow, flows.flows)}'
        yield Problem(root / "data" / "counters.yml", 1, said)
    for flow in flows.flows.values():
        for slot in flow.slots.values():
            if slot.counter and slot.counter not in known:
                yield _wrong(root, flow, slot.id, f'the counter "{slot.counter}"', slot.counter, known)
            chosen = flow.slots.get(slot.counter_from)
            for choice in chosen.choices if chosen is not None else ():
                if choice.id not in known:
                    yield _wrong(root, flow, slot.counter_from, f'"{choice.id}"', choice.id, known)


def field_problems(root: Path, fields: Collection[str], flows: Flows) -> Iterator[Problem]:
    """Fields of work to which a flow sends what it takes, and choices that do so."""
    for flow in flows.flows.values():
        sent = flow.metadata.get("fields")
        for name, of in sent.items() if isinstance(sent, dict) else ():
            slot = flow.slots.get(name)
            choices = [one.id for one in slot.choices] if slot is not None else []
            for choice, field in of.items() if isinstance(of, dict) else ():
                if choice not in choices:
                    yield _wrong(root, flow, name, f'the choice "{choice}" of fields', choice, choices)
                if field not in fields:
                    yield _wrong(root, flow, name, f'the field "{field}"', str(field), fields)


def _wrong(root: Path, flow: Flow, slot: str, what: str, name: str, known: Collection[str]) -> Problem:
    said = f"{slot}: {what} does not exist.{suggest(name, known)}"
    for path in sorted((root / "flows").glob("*.yml")):
        lines = path.read_text(encoding="utf-8").splitlines()
        if f"  {flow.id}:" in lines:
            return Problem(path, next((at for at, one in enumerate(lines, 1) if name in one), 1), said)
    return Problem(root / "flows", 1, said)
