import pytest

from bot.core.form import Block, Field, Form, Forms, General
from bot.flow.blocks import Misuse, lay
from bot.flow.forms import compile_forms
from tests.flow.conftest import FORM, procedure

PERSON = Block.model_validate(
    {
        "person": {"who": "người này", "name": "ho_ten", "cccd": "cccd"},
        "fields": [
            {"id": "ho_ten", "label": "Họ tên {nguoi}", "ask": "Tên của {nguoi}?", "type": "name"},
            {
                "id": "cccd",
                "label": "Số",
                "ask": "Số của {ho_ten}?",
                "type": "cccd",
                "if": "slots.ho_ten",
            },
        ],
    }
)
GENERAL = General.model_validate(
    {
        "minutes": 3,
        "intro": "{thu_tuc}:",
        "fields": [{"use": "ca_nhan", "who": "anh/chị"}],
        "other_papers": {"label": "Giấy khác", "ask": "Có thể cần:\n{giay_to}"},
        "after": {"ubnd_phuong": "Xong.", "cong_an_phuong": "Công an.", "other": "Chuyển tới {co_quan}."},
    }
)
SHARED = Forms(blocks={"ca_nhan": PERSON}, general=GENERAL)


def laid(*lines: dict[str, object]):
    return lay(Form.model_validate({"minutes": 1, "fields": lines}).fields, {"ca_nhan": PERSON})


def test_a_block_takes_the_name_of_its_person_in_ids_words_and_conditions():
    fields, people = laid({"use": "ca_nhan", "as": "me", "who": "mẹ", "always": "nu", "if": "slots.co_me"})
    assert [field.id for field in fields] == ["ho_ten_me", "cccd_me"]
    assert fields[0].label == "Họ tên mẹ"
    assert fields[0].if_ == "(slots.co_me)"
    assert fields[1].ask == "Số của {ho_ten_me}?"
    assert fields[1].if_ == "(slots.co_me) and (slots.ho_ten_me)"
    assert (people[0].who, people[0].name, people[0].cccd, people[0].always) == (
        "mẹ",
        "ho_ten_me",
        "cccd_me",
        "nu",
    )


def test_only_some_questions_of_a_block_and_some_of_them_optional():
    fields, people = laid({"use": "ca_nhan", "only": ["ho_ten"], "optional": ["ho_ten"]})
    assert [(field.id, field.required) for field in fields] == [("ho_ten", False)]
    assert people[0].cccd is None


def test_a_form_changes_what_is_otherwise_in_a_block():
    change = {"cccd": {"ask": "Số của {nguoi}, nếu có?", "required": False}}
    fields, _ = laid({"use": "ca_nhan", "as": "me", "who": "mẹ", "change": change})
    assert (fields[1].ask, fields[1].required, fields[1].if_) == (
        "Số của mẹ, nếu có?",
        False,
        "(slots.ho_ten_me)",
    )
    assert fields[0].ask == "Tên của mẹ?"


def test_a_paper_needed_in_some_case_may_be_left_for_later():
    papers = [
        {"id": "thue", "name": "Hợp đồng thuê", "when": "ở nhà thuê", "required": False, "upload": True}
    ]
    asked = {"id": "thue", "if": "slots.o_dau = 'thue'"}
    choices = [{"id": "thue", "title": "Nhà thuê"}]
    field = {"id": "o_dau", "label": "Ở đâu", "ask": "Ở đâu?", "type": "choice", "choices": choices}
    required = []
    for optional in (False, True):
        form = {"minutes": 1, "fields": [field], "papers": [{**asked, "optional": optional}]}
        flow = compile_forms([procedure(papers=papers, form=form)], SHARED).flows["khai_sinh"]
        required.append(flow.slots["thue"].required)
        assert flow.steps["thue"].when is not None
    assert required == [True, False]


@pytest.mark.parametrize(
    ("needed", "optional", "said"),
    [
        (True, False, "utter_hoi_giay_to_ghi_chu"),
        (True, True, "utter_hoi_giay_to_ghi_chu"),
        (False, False, "utter_hoi_giay_to_ghi_chu"),
        (False, True, "utter_hoi_giay_to_neu"),
    ],
)
def test_a_remark_on_a_paper_is_not_taken_for_the_case_that_needs_it(needed: bool, optional: bool, said: str):
    """ "Giấy báo tử" may come later, and is still no paper "only for when there is an electronic one"."""
    papers = [
        {"id": "bao_tu", "name": "Giấy báo tử", "when": "có bản điện tử thì thôi", "required": needed}
        | {"upload": True}
    ]
    form = {**FORM, "papers": [{"id": "bao_tu", "if": "slots.ten_be", "optional": optional}]}
    flow = compile_forms([procedure(papers=papers, form=form)]).flows["khai_sinh"]
    assert flow.steps["bao_tu"].utter == said


def test_a_paper_with_a_long_name_is_called_shorter_in_the_form():
    asked = [{"id": "giay_chung_sinh", "label": "Chứng sinh"}, "uy_quyen"]
    flow = compile_forms([procedure(form={**FORM, "papers": asked})]).flows["khai_sinh"]
    assert flow.slots["giay_chung_sinh"].label == "Chứng sinh"
    assert flow.slots["uy_quyen"].label == "Văn bản ủy quyền"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"use": "ca_nhan", "change": {"la": {}}}, 'no field "la"'),
        ({"use": "ca_nhan", "change": {"cccd": {"past": True}}}, "cannot be changed so"),
        ({"use": "ca_nhan", "change": {"cccd": {"lbael": "x"}}}, "lbael"),
        ({"use": "ca_nhan", "change": {"cccd": {"id": "so"}}}, "keeps its id"),
        ({"use": "la"}, 'block "la"'),
        ({"use": "ca_nhan", "only": ["la"]}, 'no field "la"'),
        ({"use": "ca_nhan", "only": ["cccd"]}, "name has to be asked"),
    ],
)
def test_what_does_not_exist_in_a_block_is_told(line, message):
    with pytest.raises(Misuse, match=message):
        laid(line)


def test_fields_of_the_form_stand_where_they_were_written():
    own = {"id": "muc_dich", "label": "Mục đích", "ask": "Để làm gì?", "type": "text"}
    fields, _ = laid(own, {"use": "ca_nhan"}, {**own, "id": "sau_cung"})
    assert [field.id for field in fields] == ["muc_dich", "ho_ten", "cccd", "sau_cung"]
    assert all(isinstance(field, Field) for field in fields)


def test_a_procedure_filed_online_without_a_form_takes_the_general_one():
    papers = [
        {"id": "don", "name": "Đơn đề nghị", "upload": True},
        {"id": "uy_quyen", "name": "Giấy ủy quyền", "when": "đi thay", "required": False, "upload": True},
        {"id": "can_cuoc", "name": "Căn cước", "present": True},
    ]
    online = procedure(form=None, ways=[{"how": "online"}], papers=papers)
    flow = compile_forms([online], SHARED).flows["khai_sinh"]
    assert [step.target for step in flow.steps.values() if step.question] == [
        "ho_ten",
        "cccd",
        "don",
        "giay_khac",
    ]
    asked = flow.responses["utter_ask_giay_khac"].text
    assert asked == ("Có thể cần:\n1. Giấy ủy quyền (đi thay)",)
    assert flow.slots["don"].required
    assert not flow.slots["giay_khac"].required


def test_a_procedure_that_is_not_filed_online_has_no_flow():
    assert compile_forms([procedure(form=None)], SHARED).flows == {}


def test_a_paper_with_a_condition_is_needed_when_it_holds():
    papers = [{"id": "uy_quyen", "if": "slots.gioi_tinh = 'nu'"}]
    flow = compile_forms([procedure(form={**FORM, "papers": papers})]).flows["khai_sinh"]
    assert flow.slots["uy_quyen"].required
    assert flow.steps["uy_quyen"].when is not None
