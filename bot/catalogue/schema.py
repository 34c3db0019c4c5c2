"""Writes `docs/schema/`, by which editors complete and check the YAML while it is being written.

`python -m bot.catalogue.schema docs/schema` writes the files anew.
"""

import json
import sys
from pathlib import Path

import pydantic

from bot.catalogue.beliefs import Beliefs
from bot.catalogue.days_off import DaysOff
from bot.catalogue.desks import WardDesks
from bot.catalogue.fields import Fields
from bot.catalogue.offices import Offices, OtherAgencies
from bot.catalogue.public import Entry, Neighbourhoods, Topics
from bot.catalogue.search import Words
from bot.catalogue.wording import Wording
from bot.core.counters import Counters
from bot.core.form import Forms
from bot.core.procedure import Procedure

MODELS: dict[str, type[pydantic.BaseModel]] = {
    "procedure": Procedure,
    "forms": Forms,
    "answers": Wording,
    "offices": Offices,
    "other_agencies": OtherAgencies,
    "words": Words,
    "fields": Fields,
    "beliefs": Beliefs,
    "holidays": DaysOff,
    "topics": Topics,
    "neighbourhoods": Neighbourhoods,
    "public": Entry,
    "counters": Counters,
    "routing": WardDesks,
}


def schemas() -> dict[str, str]:
    """The text of every schema file, by its name."""
    return {
        f"{name}.schema.json": json.dumps(model.model_json_schema(), ensure_ascii=False, indent=2) + "\n"
        for name, model in MODELS.items()
    }


if __name__ == "__main__":
    for name, text in schemas().items():
        (Path(sys.argv[1]) / name).write_text(text, encoding="utf-8")
