"""Reads `data/counters.yml`."""

from collections.abc import Iterator
from pathlib import Path

from bot.catalogue.fields import Fields
from bot.core.content import ContentError, Document, Problem, check, read_yaml, suggest
from bot.core.counters import Counters


def load_counters(path: Path, fields: Fields | None) -> Counters:
    """Read and check it; `fields`: the fields of work there are, where that could be read."""
    document = read_yaml(path)
    counters = check(document, Counters)
    if problems := list(_problems(document, counters, fields)):
        raise ContentError(problems)
    return counters


def _problems(document: Document, counters: Counters, fields: Fields | None) -> Iterator[Problem]:
    known = fields.all() if fields is not None else None
    ids: set[str] = set()
    taken: dict[str, str] = {}
    for number, counter in enumerate(counters.counters):
        if counter.id in ids:
            yield document.problem(f'The id "{counter.id}" is used twice.', "counters", number, "id")
        ids.add(counter.id)
        for index, field in enumerate(counter.fields):
            at = ("counters", number, "fields", index)
            if known is not None and field not in known:
                yield document.problem(
                    f'The field "{field}" is not in fields.yml.{suggest(field, known)}', *at
                )
            if (other := taken.setdefault(field, counter.id)) != counter.id:
                yield document.problem(f'The field "{field}" belongs to "{other}" already.', *at)
