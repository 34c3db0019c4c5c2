import json

from bot.core.derive_units import main
from bot.core.places import District, load_gazetteer

TODAY = {
    "DICT_PROVINCE": {"tinhb": {"province": "Tỉnh B"}, "thanhphoa": {"province": "Thành phố A"}},
    "DICT_PROVINCE_WARD_NO_ACCENTED": {
        "tinhb": {"xamot": {"ward": "Xã Một", "wardCode": "00010"}},
        "thanhphoa": {"dackhudao": {"ward": "Đặc khu Đảo", "wardCode": "00002"}},
    },
    "DICT_PROVINCE_WARD_ACCENTED": {"tinhb": {"xãhái": {"ward": "Xã Hái", "wardCode": "00005"}}},
}
BEFORE = {
    "DICT_PROVINCE": {"tinhc": {"province": "Tỉnh C"}},
    "DICT_PROVINCE_DISTRICT": {
        "tinhc": {"huyend": {"district": "Huyện D"}, "huyendao": {"district": "Huyện Đảo"}}
    },
    "DICT_PROVINCE_DISTRICT_WARD_NO_ACCENTED": {
        "tinhc": {
            "huyend": {
                "xaba": {"ward": "Xã Ba", "wardKeywords": ["xaba", "ba", "xabon", "bon"]},
                "thitranmy": {"ward": "Thị trấn Mỹ", "wardKeywords": ["thitranmy", "my", "thitranmi", "mi"]},
            },
            "huyendao": {"": {"ward": float("nan"), "wardKeywords": []}},
        }
    },
    "DICT_PROVINCE_DISTRICT_WARD_ACCENTED": {},
}
BECAME = {
    "DICT_PROVINCE_WARD_NO_DIVIDED": {
        "tinhb": {"xamot": ["tinhc_huyend_thitranmy"]},
        "thanhphoa": {"dackhudao": ["tinhc_huyendao_"]},
    },
    "DICT_PROVINCE_WARD_DIVIDED": {
        "tinhb": {
            "tinhc_huyend_xaba": [
                {"newWardKey": "xamot", "isDefaultNewWard": False},
                {"newWardKey": "xãhái", "isDefaultNewWard": True},
            ]
        }
    },
}


def test_the_tables_are_made_of_the_source_sorted_and_can_be_loaded(tmp_path):
    source, target = tmp_path / "source", tmp_path / "units"
    source.mkdir()
    target.mkdir()
    for name, content in (("parser_from_2025", TODAY), ("parser_legacy", BEFORE), ("converter_2025", BECAME)):
        (source / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")

    main(str(source), str(target))

    assert (target / "wards.tsv").read_text(encoding="utf-8").splitlines() == [
        "00002\tđặc khu Đảo\tThành phố A",
        "00005\txã Hái\ttỉnh B",
        "00010\txã Một\ttỉnh B",
    ]
    assert (target / "old_wards.tsv").read_text(encoding="utf-8").splitlines() == [
        "tỉnh C\thuyện D",
        "\tthị trấn Mỹ\t00010",
        "\txã Ba\t00005 00010\tbon",
        "tỉnh C\thuyện Đảo",
        "\t\t00002",
    ]
    (target / "short_names.tsv").write_text("", encoding="utf-8")
    country = load_gazetteer(target)
    assert [one.name for one in country.of_district(District("huyện D", "tỉnh C"))] == ["xã Một", "xã Hái"]
