"""The ward's own flows and forms, all of them, loaded once."""

from functools import cache
from pathlib import Path

from bot.catalogue.load import load_catalogue
from bot.core.procedure import Procedure
from bot.flow.load import load_flows, load_forms
from bot.flow.model import Flows
from tests.flow.conftest import CALENDAR, FLOWS, procedure

DATA = Path(__file__).parents[2] / "data"


@cache
def procedures() -> tuple[Procedure, ...]:
    return tuple(load_catalogue(DATA / "procedures").procedures.values())


@cache
def real_flows() -> Flows:
    return _loaded(procedures())


@cache
def everything() -> Flows:
    """All that, and the tests' own small form."""
    return _loaded((*procedures(), procedure()))


def _loaded(forms_of: tuple[Procedure, ...]) -> Flows:
    forms = load_forms(DATA / "forms.yml", {"ward.name": "phường Bình Hòa"})
    return load_flows(FLOWS, forms_of, CALENDAR, forms)
