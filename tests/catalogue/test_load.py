"""The catalogue is whole, and mistakes in it are told with file and line."""

import json
from pathlib import Path

import pytest

from bot.catalogue.load import load_catalogue
from bot.core.content import ContentError

GOOD = """\
id: thu
code: "1.000001"
name: Thử
official_name: Thử
field: Hộ tịch
decided_by: ubnd_phuong
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


def test_every_procedure_names_source_date_and_law(catalogue):
    for procedure in catalogue.procedures.values():
        assert procedure.source.name
        assert procedure.source.month.endswith("/2026")
        assert procedure.law


def test_residence_and_identity_belong_to_the_police(catalogue):
    police = {one.id for one in catalogue.procedures.values() if one.decided_by == "cong_an_phuong"}
    assert police == {
        "dang_ky_thuong_tru",
        "dang_ky_tam_tru",
        "xac_nhan_thong_tin_cu_tru",
        "cap_the_can_cuoc",
        "cap_doi_the_can_cuoc",
    }


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
        "thu.yml:10  A procedure cannot be related to itself.",
        'thu.yml:10  The related procedure "thuu" does not exist. Did you mean "thu"?',
    ]


def test_a_form_is_checked_against_its_papers(tmp_path):
    said = mistakes(tmp_path, thu=GOOD + FORM)
    assert said == [
        'thu.yml:19  The id "a" is used twice here.',
        'thu.yml:20  The id "chon" is used twice here.',
        'thu.yml:21  The form collects the paper "ahn", which is not in papers. Did you mean "anh"?',
        'thu.yml:21  The form collects the paper "anh", which lacks "upload: true".',
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
        ("  - how: counter", "  - {how: counter, fee: {state: silent, amount: 5}}", "has an amount exactly"),
        ("decided_by: ubnd_phuong", "decided_by: other", "decided_by_name"),
        ('code: "1.000001"', "code: 1.000001", "put it in quotes"),
        ("as_of: 2026-07", "as_of: 07/2026", "is not written as it must be"),
    ],
)
def test_facts_that_contradict_themselves_are_refused(tmp_path, was, becomes, said):
    assert said in "\n".join(mistakes(tmp_path, thu=GOOD.replace(was, becomes)))


def test_an_empty_folder_is_told(tmp_path):
    assert mistakes(tmp_path) == [f"{tmp_path}:1  There is no procedure here."]
