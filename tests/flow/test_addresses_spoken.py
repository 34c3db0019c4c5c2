"""Every way an address is refused or remarked on can be said."""

import pytest

from bot.config import ROOT
from bot.content import load_content
from bot.core.content import ContentError
from bot.flow.render import render
from bot.flow.wording import KINDS, REMARKS
from tests.services.services_scene import FACTS

DETAILS = {"don_vi": "phường Vĩnh Phú", "cac_don_vi": "phường Bình Hòa", "cac_tinh": "tỉnh Bình Dương"}


def test_each_is_said_with_the_names_it_needs():
    flows = load_content(ROOT, facts=FACTS, ward="25987", year=2026).flows
    names = [f"utter_sai_{kind}" for kind in KINDS if kind.startswith("address_") and kind != "address_short"]
    for name in [*names, *(f"utter_luu_y_{kind}" for kind in REMARKS if kind.startswith("address_"))]:
        said = render(flows.responses[name].text, None, {}, DETAILS)
        assert "phường Vĩnh Phú" in said or "phường Bình Hòa" in said, name
        assert "context" not in said
    assert flows.gazetteer.units[flows.home.code].name == FACTS["ward.name"]
    assert "Bình Đức 1" in flows.home.neighbourhoods


def test_a_code_that_is_no_ward_stops_the_start():
    with pytest.raises(ContentError, match=r"ward\.code"):
        load_content(ROOT, facts=FACTS, ward="99999", year=2026)
