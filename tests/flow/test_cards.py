"""A photo of an identity card fills what a form asks about its holder."""

import pytest

from bot.core.form import Forms
from bot.core.messages import IdCard
from bot.flow.load import load_flows
from tests.flow.conftest import CALENDAR, FLOWS, procedure
from tests.flow.real import real_flows
from tests.flow.talking import Citizen, photo

SEX = [{"id": "nam", "title": "Nam"}, {"id": "nu", "title": "Nữ"}]
BLOCK = {
    "person": {
        "who": "x", "name": "ho_ten", "born": "ngay_sinh", "cccd": "cccd", "sex": "gioi_tinh",
        "residence": "noi_o",
    },
    "fields": [
        {"id": "ho_ten", "label": "Họ tên {nguoi}", "ask": "Tên {nguoi}?", "type": "name"},
        {"id": "ngay_sinh", "label": "Ngày sinh {nguoi}", "ask": "Sinh?", "type": "date", "past": True},
        {"id": "gioi_tinh", "label": "Giới tính", "ask": "Nam hay nữ?", "type": "choice", "choices": SEX},
        {"id": "cccd", "label": "Số {nguoi}", "ask": "Số của {nguoi}?", "type": "cccd"},
        {"id": "noi_o", "label": "Nơi ở {nguoi}", "ask": "Ở đâu?", "type": "text"},
    ],
}  # fmt: skip
LINES = [
    {
        "use": "nguoi",
        "as": "me",
        "who": "mẹ",
        "only": ["ho_ten", "ngay_sinh", "cccd", "noi_o"],
        "always": "nu",
    },
    {"use": "nguoi", "as": "cha", "who": "cha", "only": ["ho_ten", "cccd"], "always": "nam"},
    {"use": "nguoi", "as": "be", "who": "người nhận", "only": ["ho_ten", "gioi_tinh"]},
    {"id": "ghi_chu", "label": "Ghi chú", "ask": "Ghi chú?", "type": "text"},
]
FLOWS_ = load_flows(
    FLOWS,
    [procedure(form={"minutes": 3, "fields": LINES, "papers": ["giay_chung_sinh"]})],
    CALENDAR,
    Forms.model_validate({"blocks": {"nguoi": BLOCK}}),
)
HOA = IdCard(number="000190001234", name="LÊ THỊ HOA", born="1990-03-12", sex="nu", residence="12 Đường số 3")
BINH = IdCard(number="000088001234", name="Nguyễn Văn Bình", born="1988-01-02", sex="nam")


def begun() -> Citizen:
    return Citizen(FLOWS_).start("khai_sinh").say("đồng ý")


def card_of(holder: IdCard):
    return photo("the", card=holder)


def test_the_holder_is_asked_for_and_filled_and_the_next_open_question_comes():
    citizen = begun().send(card_of(HOA))
    assert "LÊ THỊ HOA, số 0001…1234, sinh 12/03/1990. Dùng cho phần mẹ nhé?" in citizen.text
    assert citizen.buttons == ["Dùng", "Không"]
    citizen.say("dùng")
    assert citizen.top.slots | {"dong_y": True} == {
        "dong_y": True,
        "ho_ten_me": "Lê Thị Hoa",
        "ngay_sinh_me": "1990-03-12",
        "cccd_me": "000190001234",
        "noi_o_me": "12 Đường số 3",
    }
    assert "Tôi ghi:\nHọ tên mẹ: Lê Thị Hoa" in citizen.text
    assert citizen.asked == "ho_ten_cha"
    assert citizen.top.early == ()


def test_a_card_of_the_other_sex_goes_to_the_other_parent():
    citizen = begun().send(card_of(BINH))
    assert "Dùng cho phần cha nhé?" in citizen.text
    citizen.tap("/SetSlots(dung_the=true)")
    assert citizen.top.slots["cccd_cha"] == BINH.number
    assert citizen.asked == "ho_ten_me"


def test_no_leads_to_the_next_person_and_then_back_with_the_photo_kept():
    citizen = begun().send(card_of(HOA)).say("không")
    assert "Dùng cho phần người nhận nhé?" in citizen.text
    citizen.say("không")
    assert citizen.asked == "ho_ten_me"
    assert citizen.top.early == ("file-the",)
    assert "cccd_me" not in citizen.top.slots


def test_what_was_answered_before_stays_and_somebody_elses_card_is_not_offered():
    citizen = begun().say("Trần Thị Mai", "1/1/1991").send(card_of(HOA))
    assert "Dùng cho phần người nhận nhé?" in citizen.text


def test_the_same_name_typed_before_is_the_same_person():
    citizen = begun().say("le thi hoa").send(card_of(HOA)).say("dùng")
    assert citizen.top.slots["ho_ten_me"] == "Le Thi Hoa"
    assert citizen.top.slots["ngay_sinh_me"] == "1990-03-12"


def test_a_card_among_the_pages_of_a_paper_stays_a_page():
    citizen = begun().send(card_of(HOA)).say("dùng", "Nguyễn Văn Bình", "000088001234")
    citizen.say("Lê Thị An", "nữ", "không có gì")
    assert citizen.asked == "giay_chung_sinh"
    citizen.tap("/CorrectSlot(ho_ten_me)").tap("/Resume")
    citizen.send(card_of(BINH))
    assert "Đã nhận 1 ảnh" in citizen.text  # nobody is left whose card it may be
    assert citizen.top.pages == ("file-the",)


@pytest.mark.parametrize("doubt", ["dark", "blurred"])
def test_a_dark_or_blurred_photo_is_asked_again_once(doubt):
    citizen = begun().send(card_of(HOA)).say("dùng", "Nguyễn Văn Bình", "000088001234")
    citizen.say("Lê Thị An", "nữ", "không có gì")
    citizen.send(photo("mo", doubt=doubt))
    assert citizen.asked == "giay_chung_sinh"
    assert citizen.top.pages == ()
    citizen.send(photo("mo", doubt=doubt))
    assert citizen.top.pages == ("file-mo",)


def test_at_the_first_question_of_a_birth_the_card_is_offered_for_the_mother_and_not_for_the_baby():
    citizen = Citizen(real_flows()).start("dang_ky_khai_sinh").say("đồng ý").send(card_of(HOA))
    assert citizen.top.context["nguoi"] == "mẹ"
    citizen.say("dùng")
    assert citizen.asked == "ten_be"
    filled = {"ho_ten_me", "cccd_me", "ngay_sinh_me", "noi_cu_tru_me"}
    assert filled <= citizen.top.slots.keys()


def test_both_sides_of_a_marriage_are_filled_from_their_cards():
    citizen = Citizen(real_flows()).start("dang_ky_ket_hon").say("đồng ý", "bên nữ")
    citizen.send(card_of(BINH)).say("dùng").send(card_of(HOA)).say("dùng")
    assert citizen.asked == "tinh_trang_nu"
    citizen.say("chưa lần nào")
    assert citizen.asked == "noi_cu_tru_nam"  # BINH's card says no address


def test_a_card_of_somebody_too_young_does_not_make_them_older():
    young = IdCard(number="000208001234", name="Nguyễn Văn Bình", born="2008-01-02", sex="nam")
    citizen = Citizen(real_flows()).start("dang_ky_ket_hon").say("đồng ý", "bên nam")
    citizen.send(card_of(young)).say("dùng")
    assert citizen.top.slots["cccd_nam"] == young.number
    assert "ngay_sinh_nam" not in citizen.top.slots
