"""What a dossier's page offers about a report or an appointment, beside its steps."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.offers import Hour
from bot.desk.desk import Desk
from bot.services.reports import ANSWERED
from bot.store.appointments import Appointment, State
from bot.store.dossiers import Dossier
from bot.store.tx import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTheCounter:
    """What a dossier's page offers beside its steps."""

    #: A report or a suggestion that waits for an answer.
    answerable: bool = False
    #: The appointment, while it is booked.
    appointment: Appointment | None = None
    counter: str = ""
    #: Its hour has come: they are there, or they are not.
    due: bool = False
    #: What it can be moved to.
    hours: tuple[Hour, ...] = ()


def at_the_counter(tx: Tx, desk: Desk, dossier: Dossier, now: datetime) -> AtTheCounter:
    """Nothing, for most dossiers."""
    if dossier.status.ended:
        return AtTheCounter()
    if dossier.kind in ANSWERED:
        return AtTheCounter(answerable=True)
    found = tx.appointments.of_dossier(dossier.id) if dossier.kind == "lich_hen" else None
    if found is None or found.state is not State.BOOKED:
        return AtTheCounter()
    counter = desk.appointments.counters.get(found.hour.counter)
    return AtTheCounter(
        appointment=found,
        counter=counter.name if counter is not None else found.hour.counter,
        due=found.hour.starts_at <= now,
        hours=desk.appointments.hours(tx, found.hour.counter, now),
    )
