"""`data/routing.yml`: desks that have matters of their own, and the names by which officers take work up."""

from pathlib import Path

import pytest

from bot.catalogue.desks import Work, load_desks
from bot.catalogue.fields import load_fields
from bot.config import ROOT
from bot.core.content import ContentError

FIELDS = load_fields(ROOT / "data" / "fields.yml")
PROCEDURES = frozenset({"cap_the_can_cuoc", "xac_nhan_dien_tich_nha_o"})


def desks(folder: Path, text: str):
    (folder / "routing.yml").write_text(text, encoding="utf-8")
    return load_desks(folder / "routing.yml", FIELDS, PROCEDURES)


@pytest.fixture
def work() -> Work:
    return Work(FIELDS, load_desks(ROOT / "data" / "routing.yml", FIELDS, None))


def test_a_dossier_goes_by_its_field_its_group_and_its_desk(work):
    assert work.of("Hộ tịch", "dang_ky_khai_sinh").names == {"Hộ tịch", "Hộ tịch, con nuôi"}
    police = work.of("Cấp, quản lý căn cước", "cap_the_can_cuoc")
    assert police.desk == "Công an phường"
    assert police.names == {"Cấp, quản lý căn cước", "Cư trú, căn cước, định danh", "Công an phường"}


def test_a_report_may_name_a_desk_where_a_procedure_names_its_field(work):
    assert work.of("Công an phường", "phan_anh").desk == "Công an phường"
    assert work.of("", "phan_anh").names == frozenset()


def test_a_procedure_may_be_left_out_of_a_desks_field_and_another_added(tmp_path):
    text = (
        "desks:\n  - {id: a, name: A, fields: ['Cấp, quản lý căn cước'], without: [cap_the_can_cuoc]}\n"
        "  - {id: b, name: B, procedures: [cap_the_can_cuoc]}\n"
    )
    work = Work(FIELDS, desks(tmp_path, text))
    assert work.of("Cấp, quản lý căn cước", "cap_the_can_cuoc").desk == "B"
    assert work.of("Cấp, quản lý căn cước", "khac").desk == "A"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Hộ tịch", "Hộ tịch"),
        ("ho tich", "Hộ tịch"),
        ("ho_tich", "Hộ tịch, con nuôi"),
        ("CÔNG AN PHƯỜNG", "Công an phường"),
        ("cong_an", "Công an phường"),
        ("hộ tich con nui", None),
    ],
)
def test_names_are_known_as_people_type_them(work, typed, name):
    assert work.called(typed) == name


def test_a_name_that_is_not_known_is_answered_with_the_nearest(work):
    assert work.nearest("ho tich con nui") == "Hộ tịch, con nuôi"
    assert work.nearest("xyz") is None


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("desks:\n  - {id: a, name: A, fields: [Hộ tich]}\n", 2, 'Did you mean "Hộ tịch"?'),
        ("desks:\n  - {id: a, name: A, procedures: [cap_can_cuoc]}\n", 2, "cap_can_cuoc"),
        ("desks:\n  - {id: a, name: A, fields: [Hộ tịch], without: [la]}\n", 2, '"la" does not exist'),
        ("desks:\n  - {id: a, name: A}\n", 2, "needs fields or procedures"),
        ("desks:\n  - {id: a, name: Hộ tịch, fields: [Trẻ em]}\n", 2, "something else already"),
        (
            "desks:\n  - {id: a, name: A, fields: [Hộ tịch]}\n  - {id: b, name: B, fields: [Hộ tịch]}\n",
            3,
            'belongs to "a" already',
        ),
        (
            "desks:\n  - {id: a, name: A, fields: [Hộ tịch]}\n  - {id: b, name: A, fields: [Trẻ em]}\n",
            3,
            "something else already",
        ),
    ],
)
def test_every_mistake_is_told_with_its_line(tmp_path, text, line, said):
    with pytest.raises(ContentError) as raised:
        desks(tmp_path, text)
    [problem] = raised.value.problems
    assert said in problem.message
    assert problem.line == line
