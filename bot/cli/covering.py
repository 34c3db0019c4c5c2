"""Which fields of work have nobody to take their dossiers up: for `motcua check`."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from bot.catalogue.desks import Work
from bot.config import Settings
from bot.content import Content
from bot.store.database import Database
from bot.store.routing import Candidate


def uncovered(settings: Settings, content: Content) -> list[str]:
    """A line for each thing that is amiss with who works on what; whoever cannot look says so."""
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return ["cán bộ: chưa có cơ sở dữ liệu nên chưa biết ai phụ trách lĩnh vực nào (motcua migrate)"]
    db = Database(settings.database)
    try:
        known = asyncio.run(db.read(lambda tx: (tx.routing.candidates(), tx.routing.duties())))
    except DBAPIError:
        return [
            "cán bộ: không đọc được cơ sở dữ liệu nên chưa biết ai phụ trách lĩnh vực nào (motcua migrate)"
        ]
    finally:
        db.close()
    return list(gaps(*known, content.work, filed(content)))


def filed(content: Content) -> Iterator[tuple[str, str]]:
    """(field, procedure) of all that can be filed here, and of the kinds of reports."""
    for id_ in content.flows.forms:
        if (procedure := content.catalogue.get(id_)) is not None:
            yield procedure.field, id_
    for flow in content.flows.flows.values():
        fields = flow.metadata.get("fields")
        for of in fields.values() if isinstance(fields, dict) else ():
            yield from ((str(field), flow.id) for field in (of.values() if isinstance(of, dict) else ()))


def gaps(
    candidates: list[Candidate],
    duties: Mapping[int, tuple[tuple[str, ...], bool]],
    work: Work,
    filed: Iterable[tuple[str, str]],
) -> Iterator[str]:
    """`duties`: officer → fields, and whether they lead."""
    if not candidates:
        yield "cán bộ: chưa ai được nhận hồ sơ (motcua officers add)"
        return
    for name in sorted({one for fields, _ in duties.values() for one in fields} - work.names):
        yield f"cán bộ: “{name}” không còn là lĩnh vực, nhóm hay nơi nào, nhưng còn người phụ trách"
    if any(not one.fields for one in candidates):
        return
    taken = {name for one in candidates for name in one.fields}
    if missing := {field for field, procedure in filed if not work.of(field, procedure).names & taken}:
        yield f"cán bộ: chưa ai phụ trách {'; '.join(sorted(missing))} (motcua officers duty)"
