import pytest

from bot.core.content import ContentError
from bot.flow.forms import compile_forms
from tests.flow.conftest import FORM, procedure


def form_of(**changes: object):
    return compile_forms([procedure(form={**FORM, **changes})])


def test_a_form_is_consent_fields_papers_review_dossier_and_what_happens_next():
    flow = compile_forms([procedure()]).flows["khai_sinh"]
    assert list(flow.steps) == [
        "gioi_thieu", "dong_y", "thoi", "bat_dau", "ten_be", "ngay_sinh", "gioi_tinh", "ten_cha", "cccd_cha",
        "so_ban_sao", "so_dien_thoai", "giay_chung_sinh", "uy_quyen", "kiem_tra", "nop", "da_nhan",
        "sau_khi_nop",
    ]  # fmt: skip
    assert flow.persisted == {"so_dien_thoai"}
    assert not flow.slots["uy_quyen"].required


def test_a_procedure_without_a_form_has_no_flow():
    assert compile_forms([procedure(form=None)]).flows == {}


def test_wording_does_not_make_a_new_edition_but_a_new_question_does():
    plain = form_of().flows["khai_sinh"].version
    reworded = [{**FORM["fields"][0], "ask": "Tên bé là gì ạ?"}, *FORM["fields"][1:]]
    assert form_of(fields=reworded).flows["khai_sinh"].version == plain
    assert form_of(fields=FORM["fields"][1:]).flows["khai_sinh"].version != plain


def test_a_paper_with_the_name_of_a_field_gets_a_slot_of_its_own():
    field = {"id": "giay_chung_sinh", "label": "Số giấy", "ask": "Số giấy?", "type": "text"}
    flow = form_of(fields=[field]).flows["khai_sinh"]
    assert flow.slots["giay_giay_chung_sinh"].paper == "giay_chung_sinh"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"papers": ["khong_co"]}, 'paper "khong_co"'),
        ({"fields": [FORM["fields"][0]] * 2}, "asked for twice"),
        ({"fields": [{**FORM["fields"][0], "id": "dong_y"}]}, "belong to every form"),
        ({"fields": [{**FORM["fields"][0], "if": "slots.x ="}]}, "ends too early"),
        ({"fields": [{**FORM["fields"][0], "if": "slots.la"}]}, "slots.la, which does not exist"),
        ({"fields": [{**FORM["fields"][0], "ask": "{ten_ba} là ai?"}]}, "slots.ten_ba, which does not exist"),
        (
            {"fields": [{**FORM["fields"][2], "id": "g" * 40, "choices": [{"id": "x" * 20, "title": "X"}]}]},
            "bytes; 64 are allowed",
        ),
    ],
)
def test_a_mistake_in_a_form_is_told_with_its_file(changes, message):
    with pytest.raises(ContentError, match=message) as caught:
        form_of(**changes)
    assert caught.value.problems[0].path.as_posix() == "data/procedures/khai_sinh.yml"
