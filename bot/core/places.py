"""Vietnam's units of today (34 provinces with their wards, communes and special zones) and our own ward."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Unit:
    """A ward, commune or special zone of today."""

    code: str
    #: With its kind: "phường Bình Hòa".
    name: str
    #: The province it lies in: "Thành phố Hồ Chí Minh".
    province: str


@dataclass(frozen=True, slots=True)
class Home:
    """The ward we speak for."""

    #: Its code among the units; empty: not known.
    code: str = ""
    #: All its khu phố, once the list is complete; until then empty, and any name passes.
    neighbourhoods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Where every unit lies."""

    units: Mapping[str, Unit] = field(default_factory=dict)
