"""What dossiers need to know of the ward: the name, field and due time of what is filed."""

from datetime import date, datetime

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
        time = self._time(procedure)
        return None if time is None else self._deadline(time, received)

    def after_pause(self, procedure: str, due: datetime, paused_at: datetime, now: datetime) -> datetime:
        """In the unit of the procedure's own period; an officer's day counts in working days."""
        return self._calendar.after_pause(due, paused_at, now, self._unit(procedure))

    def end_of(self, day: date) -> datetime | None:
        return self._calendar.end_of(day) if self._calendar.is_working_day(day) else None

    def form_of(self, procedure: str) -> str | None:
        return self._flows.forms.get(procedure)

    def phones_of(self, procedure: str) -> frozenset[str]:
        """The questions of its form that ask for a phone number."""
        flow = self._flows.get(self._flows.forms.get(procedure) or procedure)
        return (
            frozenset(slot.id for slot in flow.slots.values() if slot.type == "phone")
            if flow
            else frozenset()
        )

    def urgent(self, procedure: str) -> bool:
        """Is it counted in hours, or due on the day itself?"""
        return self._unit(procedure) in {"gio", "trong_ngay"}

    def _unit(self, procedure: str) -> str:
        time = self._time(procedure)
        if time is not None and time.same_day:
            return "trong_ngay"
        return time.unit.value if time is not None and time.unit is not None else "ngay_lam_viec"

    def _time(self, procedure: str) -> Time | None:
        known = self._catalogue.get(procedure)
        times = {way.how: way.time for way in known.ways if way.time is not None} if known else {}
        return times.get("online") or times.get("counter") or times.get("post")

    def _deadline(self, time: Time, received: datetime) -> datetime | None:
        if time.same_day:
            return self._calendar.same_day_deadline(received)
        if time.value is None or time.unit is None:
            return None
        return self._calendar.deadline(received, time.value, time.unit.value)
