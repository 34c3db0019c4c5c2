"""Fields of work: every one of the ward's is in a group, and what most people come for stands first."""

import pydantic
import pytest

from bot.catalogue.fields import Fields, load_fields
from tests.catalogue.conftest import DATA

FIELDS = load_fields(DATA / "fields.yml")


def test_every_field_of_a_procedure_is_in_a_group_and_none_is_idle(catalogue):
    assert {one.field for one in catalogue.procedures.values()} == FIELDS.all()


def test_what_most_people_come_for_stands_first(catalogue):
    civil = FIELDS.get("ho_tich")
    inside = FIELDS.within(civil, catalogue.procedures.values())
    assert [one.id for one in inside[: len(civil.first)]] == list(civil.first)
    assert len(inside) == len({one.id for one in inside})


def test_every_procedure_is_found_by_browsing(catalogue):
    found = [one.id for group in FIELDS.groups for one in FIELDS.within(group, catalogue.procedures.values())]
    assert sorted(found) == sorted(catalogue.procedures)


@pytest.mark.parametrize("field", ["fields", "id"])
def test_nothing_is_given_twice(field):
    group = {"id": "a", "name": "A", "fields": ["Hộ tịch"]}
    other = {"id": "b", "name": "B", "fields": ["Chứng thực"]} | {field: group[field]}
    with pytest.raises(pydantic.ValidationError, match="given twice"):
        Fields.model_validate({"groups": [group, other]})
