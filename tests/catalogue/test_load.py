"""The catalogue is whole, and mistakes in it are told with file and line."""

import json
from pathlib import Path

import pytest

from bot.catalogue.fields import Fields
from bot.catalogue.load import load_catalogue
from bot.catalogue.offices import load_offices
from bot.core.content import ContentError
from bot.core.procedure import About
from tests.catalogue.conftest import DATA

GOOD = """\
id: thu
code: "1.000001"
name: Thử
official_name: Thử
field: Hộ tịch
decided_by: ubnd_phuong
papers_note: Không phải nộp giấy tờ.
ways:
  - how: counter
source: {name: Cổng, as_of: 2026-07}
"""

FORM = """\
papers:
  - {id: anh, name: Ảnh}
form:
  minutes: 1
  fields:
    - id: chon
      label: Chọn
      ask: Chọn gì ạ?
      type: choice
      choices: [{id: a, title: A}, {id: a, title: B}]
    - {id: chon, label: Chọn, ask: "Gì ạ?", type: text}
  papers: [ahn, anh]
"""


def mistakes(folder: Path, **files: str) -> list[str]:
    for name, text in files.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_catalogue(folder)
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


def test_the_wards_catalogue_loads_and_survives_json(catalogue):
    assert len(catalogue.procedures) >= 20
    printed = json.loads(json.dumps(catalogue.as_json(), ensure_ascii=False))
    birth = next(one for one in printed["procedures"] if one["id"] == "dang_ky_khai_sinh")
    assert (birth["code"], birth["name"], birth["field"]) == ("1.001193", "Đăng ký khai sinh", "Hộ tịch")
    assert any("if" in field for field in birth["form"]["fields"])


def test_every_procedure_is_found_by_its_code(catalogue):
    for procedure in catalogue.procedures.values():
        assert catalogue.by_code(procedure.code) is procedure
        assert catalogue.get(procedure.id) is procedure


def test_it_has_what_a_ward_handles(catalogue):
    """The ward's own figures: 110 procedures that can be filed online, in some thirty fields."""
    known = catalogue.procedures.values()
    assert len(known) >= 160
    assert len({one.field for one in known}) >= 30
    assert sum(any(way.how == "online" for way in one.ways) for one in known) >= 110


def test_every_procedure_names_source_date_and_law(catalogue):
    for procedure in catalogue.procedures.values():
        assert procedure.source.name
        assert procedure.source.month.endswith("/2026"), procedure.id
        assert procedure.law or About.LAW in procedure.not_looked_up, procedure.id


def test_residence_and_identity_belong_to_the_police(catalogue):
    fields = {"Đăng ký, quản lý cư trú", "Cấp, quản lý căn cước", "Định danh và xác thực điện tử"}
    others = {
        one.id
        for one in catalogue.procedures.values()
        if one.field in fields
        and one.decided_by != "cong_an_phuong"
        and "Công an" not in (one.decided_by_name or "")
    }
    assert others == {"xac_nhan_dien_tich_nha_o"}, "the people's committee confirms a dwelling's size"


def test_no_two_procedures_are_called_the_same(catalogue):
    called: dict[str, set[str]] = {}
    for one in catalogue.procedures.values():
        for name in (one.name, *one.names):
            called.setdefault(name.casefold(), set()).add(one.id)
    assert {name: ids for name, ids in called.items() if len(ids) > 1} == {}


def test_a_field_and_an_office_must_be_known(tmp_path):
    fields = Fields.model_validate(
        {"groups": [{"id": "a", "name": "A", "fields": ["Chứng thực"], "first": ["b"]}]}
    )
    offices = load_offices(DATA / "offices.yml", {})
    (tmp_path / "thu.yml").write_text(GOOD + "handed_in_at: cong_an\n", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_catalogue(tmp_path, fields, offices)
    said = "\n".join(map(str, caught.value.problems))
    assert 'thu.yml:5  The field "Hộ tịch" is not in fields.yml.' in said
    assert 'thu.yml:11  The office "cong_an" is not in offices.yml. Did you mean "cong_an_phuong"?' in said

    (tmp_path / "thu.yml").write_text(GOOD.replace("Hộ tịch", "Chứng thực"), encoding="utf-8")
    with pytest.raises(ContentError, match='"b" is put first in a, but is no procedure of it'):
        load_catalogue(tmp_path, fields, offices)


def test_the_name_of_the_file_is_the_id(tmp_path):
    assert mistakes(tmp_path, khac=GOOD) == ['khac.yml:1  The id is "thu", but the file is called "khac".']


def test_a_code_belongs_to_one_procedure(tmp_path):
    twin = GOOD.replace("id: thu", "id: thu_hai")
    assert mistakes(tmp_path, thu=GOOD, thu_hai=twin) == [
        'thu_hai.yml:2  The code 1.000001 already belongs to "thu".'
    ]


def test_a_related_procedure_exists(tmp_path):
    said = mistakes(tmp_path, thu=GOOD + "related: [thu, thuu]\n")
    assert said == [
        "thu.yml:11  A procedure cannot be related to itself.",
        'thu.yml:11  The related procedure "thuu" does not exist. Did you mean "thu"?',
    ]


def test_a_form_is_checked_against_its_papers(tmp_path):
    said = mistakes(tmp_path, thu=GOOD + FORM)
    assert said == [
        'thu.yml:20  The id "a" is used twice here.',
        'thu.yml:21  The id "chon" is used twice here.',
        'thu.yml:22  The form collects "ahn", which is not in papers. Did you mean "anh"?',
        'thu.yml:22  The form collects the paper "anh", which lacks "upload: true".',
    ]


def test_mistakes_of_all_files_are_told_together(tmp_path):
    said = mistakes(tmp_path, a="id: [", b=GOOD.replace("name: Thử", "nam: Thử", 1))
    assert {line.split(":")[0] for line in said} == {"a.yml", "b.yml"}
    assert 'b.yml:3  The key "nam" is not known here. Did you mean "name"?' in said


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("  - how: counter", "  - {how: counter, time: {value: 3}}", "a time needs both value and unit"),
        ("  - how: counter", "  - {how: counter, time: {by_slip: true, same_day: true}}", "exactly one of"),
        (
            "  - how: counter",
            "  - {how: counter, fee: {state: silent, amount: 5}}",
            "has an amount, or cases, exactly",
        ),
        ("decided_by: ubnd_phuong", "decided_by: other", "decided_by_name"),
        ('code: "1.000001"', "code: 1.000001", "put it in quotes"),
        ("as_of: 2026-07", "as_of: 07/2026", "is not written as it must be"),
        (
            "papers_note: Không phải nộp giấy tờ.\n",
            "",
            "papers is empty: state it, or name it in not_looked_up",
        ),
        ("  - how: counter", "  []", "ways is empty: state it, or name it in not_looked_up"),
        ("field:", "not_looked_up: [ways]\nfield:", "not_looked_up names ways, but the file states it"),
        (
            "field:",
            "further_sources: [{about: [law], name: Báo, as_of: 2026-01}]\nfield:",
            "further_sources speaks of law, which the file does not state",
        ),
    ],
)
def test_facts_that_contradict_themselves_are_refused(tmp_path, was, becomes, said):
    assert said in "\n".join(mistakes(tmp_path, thu=GOOD.replace(was, becomes)))


def test_an_empty_folder_is_told(tmp_path):
    assert mistakes(tmp_path) == [f"{tmp_path}:1  There is no procedure here."]
