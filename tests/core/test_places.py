import gc
import time
from pathlib import Path

import pytest

from bot.config import ROOT
from bot.core.content import ContentError
from bot.core.locating import locate
from bot.core.places import District, Home, bare, key, kind_of, load_gazetteer

FOLDER = ROOT / "data" / "units"
COUNTRY = load_gazetteer(FOLDER)
HCM = "Thành phố Hồ Chí Minh"
THUAN_AN = District("thành phố Thuận An", "tỉnh Bình Dương")


def test_there_are_34_provinces_with_3321_units_where_there_were_63():
    assert len(COUNTRY.provinces) == 34
    assert len(COUNTRY.units) == 3321
    assert len(COUNTRY.became) == 63
    assert set(COUNTRY.became.values()) == COUNTRY.provinces
    assert sum(unit.name.startswith("đặc khu") for unit in COUNTRY.units.values()) == 13
    # The number of units of this city, Nghị quyết 1685/NQ-UBTVQH15.
    assert len(COUNTRY.of_province(HCM)) == 168


def test_our_ward_and_its_neighbours_are_where_the_resolution_put_them():
    of = {ward.name: {(one.code, one.name) for one in ward.now} for ward in COUNTRY.districts[THUAN_AN]}
    here, lai_thieu = ("25987", "phường Bình Hòa"), ("25966", "phường Lái Thiêu")
    thuan_an, an_phu = ("25978", "phường Thuận An"), ("25975", "phường An Phú")
    thuan_giao = ("25969", "phường Thuận Giao")
    assert of == {
        "phường Bình Hòa": {here},
        "phường Vĩnh Phú": {here, lai_thieu},
        "phường Bình Nhâm": {lai_thieu},
        "phường Lái Thiêu": {lai_thieu},
        "phường Hưng Định": {thuan_an},
        "phường An Thạnh": {thuan_an},
        "xã An Sơn": {thuan_an},
        "phường Thuận Giao": {thuan_giao},
        "phường Bình Chuẩn": {thuan_giao, an_phu},
        "phường An Phú": {an_phu},
    }
    assert COUNTRY.units["25987"].province == HCM
    assert COUNTRY.became["tỉnh Bình Dương"] == COUNTRY.became["tỉnh Bà Rịa - Vũng Tàu"] == HCM


def test_every_unit_has_taken_something_over_and_nothing_old_is_lost():
    taken = {unit for wards in COUNTRY.districts.values() for ward in wards for unit in ward.now}
    assert taken == set(COUNTRY.units.values())
    assert sum(len(wards) for wards in COUNTRY.districts.values()) == 10040


def test_what_was_one_province_is_in_one_province_today():
    for district, wards in COUNTRY.districts.items():
        provinces = {unit.province for ward in wards for unit in ward.now}
        assert provinces == {COUNTRY.became[district.province]}, district


def test_every_unit_is_found_by_its_own_full_name():
    lost = [unit for unit in COUNTRY.units.values() if locate(unit.full, COUNTRY, Home()).units != (unit,)]
    assert lost == []


def test_every_unit_is_found_among_those_of_its_name_without_accents():
    for unit in list(COUNTRY.units.values())[::7]:
        found = locate(f"12 le loi, {plain(unit.full)}", COUNTRY, Home("25987"))
        assert unit in found.units, unit
        assert found.rest == "12 le loi"


def test_every_old_ward_leads_to_what_it_became():
    for wards in list(COUNTRY.districts.values())[::4]:
        for ward in wards:
            if ward.name:
                found = locate(ward.full, COUNTRY, Home())
                assert set(found.units) == set(ward.now), ward


def plain(name: str) -> str:
    from bot.core.text import fold

    return fold(name)


@pytest.mark.parametrize(
    ("name", "kind", "without", "compared"),
    [
        ("phường Bình Hòa", "phường", "Bình Hòa", "binhhoa"),
        ("thành phố Thuận An", "thành phố", "Thuận An", "thuanan"),
        ("tỉnh Bà Rịa - Vũng Tàu", "tỉnh", "Bà Rịa - Vũng Tàu", "bariavungtau"),
        ("xã Ea H'Leo", "xã", "Ea H'Leo", "eahleo"),
        ("phường 01", "phường", "01", "1"),
        ("thị trấn Mỹ Tho", "thị trấn", "Mỹ Tho", "mitho"),
        ("Bình Hòa", "", "Bình Hòa", "binhhoa"),
    ],
)
def test_a_name_its_kind_and_what_it_is_compared_by(name, kind, without, compared):
    assert (kind_of(name), bare(name), key(bare(name))) == (kind, without, compared)


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        ("wards.tsv", "1\txã A\ttỉnh B\n1\txã C\ttỉnh B\n", 2),
        ("wards.tsv", "1\txã A\n", 1),
        ("old_wards.tsv", "tỉnh B\thuyện D\n\txã E\t99999\n", 2),
        ("old_wards.tsv", "tỉnh B\thuyện D\n\txã E\n", 2),
        ("short_names.tsv", "HCM\ttỉnh Không Có\n", 1),
    ],
)
def test_a_mistake_in_a_table_is_told_with_its_line(tmp_path: Path, file: str, text: str, line: int):
    tables = {
        "wards.tsv": "1\txã A\ttỉnh B\n",
        "old_wards.tsv": "tỉnh B\thuyện D\n\txã E\t1\n",
        "short_names.tsv": "",
    }
    for name, content in (tables | {file: text}).items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(ContentError) as error:
        load_gazetteer(tmp_path)
    assert [(one.path.name, one.line) for one in error.value.problems] == [(file, line)]


def test_a_missing_table_is_told(tmp_path: Path):
    with pytest.raises(ContentError, match=r"wards\.tsv"):
        load_gazetteer(tmp_path)


def test_loading_is_quick():
    def once() -> float:
        began = time.process_time()
        load_gazetteer(FOLDER)
        return time.process_time() - began

    # As `load_content` does it.
    gc.disable()
    try:
        assert min(once() for _ in range(5)) < 0.15
    finally:
        gc.enable()
