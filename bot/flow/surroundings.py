"""What the reading of an answer may know beside the answer itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.core.calendar import Calendar
from bot.core.messages import Json
from bot.core.offers import Offers
from bot.core.places import Gazetteer, Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where and when an answer is given."""

    today: date
    calendar: Calendar = field(default_factory=Calendar)
    gazetteer: Gazetteer = field(default_factory=Gazetteer)
    home: Home = field(default_factory=Home)
    #: What is free at the counters; None: nobody can tell here, and any half hour passes.
    offers: Offers | None = None
    #: The other answers of the form in hand: which counter, which day.
    answers: Mapping[str, Json] = field(default_factory=dict)
