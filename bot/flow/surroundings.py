"""What the reading of an answer may know beside the answer itself."""

from dataclasses import dataclass, field
from datetime import date

from bot.core.calendar import Calendar
from bot.core.places import Gazetteer, Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where and when an answer is given."""

    today: date
    calendar: Calendar = field(default_factory=Calendar)
    gazetteer: Gazetteer = field(default_factory=Gazetteer)
    home: Home = field(default_factory=Home)
