"""What dossiers need to know of the ward: the name, field and due time of what is filed."""

from datetime import datetime

from bot.catalogue.load import Catalogue
from bot.core.calendar import Calendar
from bot.core.procedure import Time
from bot.flow.model import Flows
from bot.services.dossiers import Subject


class CatalogueWard:
    """`bot.services.dossiers.Ward`, out of the catalogue, the flows and the calendar."""

    def __init__(self, catalogue: Catalogue, flows: Flows, calendar: Calendar) -> None:
        self._catalogue = catalogue
        self._flows = flows
        self._calendar = calendar

    def subject(self, procedure: str) -> Subject:
        known = self._catalogue.get(procedure)
        if known is not None:
            return Subject(known.name, known.field)
        flow = self._flows.get(procedure)
        return Subject(flow.name if flow is not None and flow.name else procedure, "")

    def due(self, procedure: str, received: datetime) -> datetime | None:
        """By the time of filing online, else of filing at the counter; None if no source gives a number."""
        known = self._catalogue.get(procedure)
        if known is None:
            return None
        times = {way.how: way.time for way in known.ways if way.time is not None}
        time = times.get("online") or times.get("counter") or times.get("post")
        return None if time is None else self._deadline(time, received)

    def _deadline(self, time: Time, received: datetime) -> datetime | None:
        if time.same_day:
            return self._calendar.same_day_deadline(received)
        if time.value is None or time.unit is None:
            return None
        return self._calendar.deadline(received, time.value, time.unit.value)
