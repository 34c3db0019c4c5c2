from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.commands import CannotHandle, CorrectSlot, SetSlot, StartFlow, Tell
from bot.core.effects import Answer, CallOfficer, OpenDossier, Paper, SupplementDossier
from bot.core.messages import Place, Reply
from bot.core.offers import Filed
from bot.flow.late import fill
from bot.flow.model import Flows, State
from tests.flow.conftest import CALENDAR, FLOWS, FORM, procedure
from tests.flow.talking import Citizen, photo

ANSWERS = ("Nguyễn Thị An Nhiên", "5/11/2026", "nữ", "Lê Văn Bình", "000085001234", "2", "0901234567")


@pytest.fixture
def citizen(flows: Flows) -> Citizen:
    return Citizen(flows)


@pytest.fixture
def filling(citizen: Citizen) -> Citizen:
    """At the question for the sex: two answers given."""
    return citizen.start("khai_sinh").say("đồng ý", *ANSWERS[:2])


@pytest.fixture
def checking(citizen: Citizen) -> Citizen:
    """At "check your answers", with one paper."""
    citizen.start("khai_sinh").say("đồng ý", *ANSWERS)
    return citizen.send(photo("a")).say("xong", "không có")


def test_a_form_begins_with_consent(citizen):
    citizen.start("khai_sinh")
    assert "Tôi sẽ hỏi 8 câu, khoảng 4 phút" in citizen.text
    assert citizen.buttons == ["Đồng ý", "Xem chi tiết", "Thôi"]
    assert citizen.asked == "dong_y"


def test_without_consent_nothing_is_asked_or_kept(citizen):
    citizen.start("khai_sinh").tap("/SetSlots(dong_y=false)")
    assert citizen.state == State(subject="khai_sinh")


def test_the_details_list_every_question_before_consent(citizen):
    citizen.start("khai_sinh").tap("/Explain")
    assert "Họ tên bé" in citizen.text
    assert citizen.asked == "dong_y"


def test_every_question_has_its_number(filling):
    assert filling.text.startswith("Câu 3/8.")
    assert filling.buttons == ["Nam", "Nữ"]


def test_a_whole_form_becomes_one_dossier(checking):
    checking.tap("/SetSlots(kiem_tra=true)")
    [dossier] = checking.effects
    assert isinstance(dossier, OpenDossier)
    assert (dossier.procedure, dossier.kind) == ("khai_sinh", "ho_so")
    assert dossier.form[1] == Answer(
        slot="ngay_sinh", label="Ngày sinh", value="2026-11-05", shown="05/11/2026"
    )
    assert dossier.form[4] == Answer(
        slot="cccd_cha", label="Số căn cước cha", value="000085001234", shown="000085001234", mask=True
    )
    assert dossier.papers == (Paper(paper="giay_chung_sinh", name="Giấy chứng sinh", files=("file-a",)),)
    assert checking.state.stack == ()


def test_the_code_is_filled_in_by_the_service(checking):
    checking.tap("/SetSlots(kiem_tra=true)")
    filled = fill(checking.replies[0], {"ma_ho_so": "H29.118-261125-0001", "han_tra": "hôm nay 17:00"})
    assert filled.text.startswith("Đã nhận. Mã hồ sơ H29.118-261125-0001. Hẹn trả: hôm nay 17:00.")


def test_nobody_can_write_a_placeholder_of_ours(filling):
    filling.tap("/Back").say("Lê \ue000ma_ho_so\ue001 Hoa")
    assert "\ue000" not in filling.text


def test_the_review_shows_every_answer_with_what_changes_it_and_masks_the_number(checking):
    rows = {row.label: (row.value, row.payload) for row in checking.replies[-1].rows}
    assert rows["Số căn cước cha"] == ("0000…1234", "/CorrectSlot(cccd_cha)")
    assert rows["Ngày sinh"][0] == "05/11/2026"
    assert rows["Văn bản ủy quyền"][0] == "(để trống)"
    assert checking.buttons == ["Nộp", "Sửa", "Để sau"]


def test_no_at_the_review_means_that_something_is_to_be_changed(checking):
    checking.say("không")
    assert "Ngày sinh" in checking.buttons
    assert checking.effects == []


def test_a_condition_decides_whether_a_question_is_asked(filling):
    filling.say("nữ").tap("/Skip")
    assert filling.asked == "so_ban_sao"
    assert filling.text.startswith("Câu 5/8.")


def test_a_correction_that_opens_a_question_asks_it(filling):
    filling.say("nữ").tap("/Skip").do(CorrectSlot("ten_cha", "Lê Văn Bình"))
    assert filling.asked == "cccd_cha"


def test_a_rejected_answer_is_told_why(filling):
    filling.say("nữ").tap("/Skip").say("21")
    assert filling.text == "Mỗi lần cấp nhiều nhất 20 bản."
    assert filling.asked == "so_ban_sao"
    assert filling.trace == ("refused so_ban_sao — utter_tu_choi_so_ban_sao_1", "asked so_ban_sao")


def test_a_correction_comes_back_to_the_question_in_hand(filling):
    filling.do(CorrectSlot("ngay_sinh", "mùng 4"))
    assert filling.text == "Đã sửa Ngày sinh: 04/11/2026. Câu 3/8. Bé trai hay bé gái?"


def test_a_correction_without_a_value_asks_again_and_can_be_left(filling):
    filling.tap("/CorrectSlot(ngay_sinh)")
    assert (filling.asked, filling.buttons) == ("ngay_sinh", ["Giữ nguyên"])
    filling.tap("/Resume")
    assert filling.asked == "gioi_tinh"
    assert filling.top.slots["ngay_sinh"] == "2026-11-05"


def test_a_correction_at_the_review_goes_back_there(checking):
    checking.tap("/CorrectSlot(ten_be)").say("Nguyễn An")
    assert checking.asked == "kiem_tra"
    assert checking.replies[-1].rows[0].value == "Nguyễn An"


def test_a_wrong_correction_keeps_the_old_answer(filling):
    filling.do(CorrectSlot("ngay_sinh", "31/02/2026"))
    assert filling.text.startswith("Ngày 31/02/2026 không có trong lịch.")
    assert filling.top.slots["ngay_sinh"] == "2026-11-05"
    filling.say("4/11/2026")
    assert filling.asked == "gioi_tinh"


def test_an_answer_can_be_given_before_its_question(filling):
    filling.do(SetSlot("so_dien_thoai", "0901234567"))
    assert filling.text.startswith("Đã ghi Điện thoại: 0901 234 567.")
    filling.say("nữ").tap("/Skip").say("0")
    assert filling.asked == "giay_chung_sinh"


def test_going_back_step_by_step(filling):
    filling.tap("/Back")
    assert filling.asked == "ngay_sinh"
    filling.tap("/Back")
    assert filling.asked == "ten_be"
    filling.tap("/Back")
    assert filling.text.startswith("Đây là câu đầu tiên.")


@pytest.mark.parametrize(
    "tapped",
    ["/SetSlots(kiem_tra=true)", "/SetSlots(so_ban_sao=2)", "/SetSlots(x=1)", "/SetSlots(dong_y=false)",
     "/SetSlots(gioi_tinh=khac)", "/SetSlots(ngay_sinh=@cu)", "/CorrectSlot(kiem_tra)",
     "/StartFlow(khong_co)", "/StartFlow(pattern_cancel_flow)", "/SetSlots(xac_nhan_dung=xoa)"],
)  # fmt: skip
def test_forged_and_stale_buttons_change_nothing(filling, tapped):
    before = filling.top.slots
    filling.tap(tapped)
    assert filling.text == "Nút này đã cũ. Câu 3/8. Bé trai hay bé gái?"
    assert filling.top.slots == before
    assert filling.effects == []


def test_the_start_of_a_flow_cannot_give_consent_or_send_the_form(citizen):
    citizen.do(StartFlow("khai_sinh", {"dong_y": "true", "kiem_tra": "true", "ten_be": "Lê An"}))
    assert citizen.asked == "dong_y"
    citizen.say("ok")
    assert citizen.asked == "ngay_sinh"


def test_an_earlier_button_is_a_correction(filling):
    filling.say("nam").tap("/SetSlots(gioi_tinh=nu)")
    assert filling.text.startswith("Đã sửa Giới tính: Nữ.")


def test_cancel_asks_first_when_something_was_answered(filling):
    filling.tap("/Cancel")
    assert filling.buttons == ["Dừng, xoá", "Làm tiếp", "Để sau"]
    filling.tap("/SetSlots(xac_nhan_dung=xoa)")
    assert filling.state == State(subject="khai_sinh")
    assert "Đã dừng" in filling.text


def test_cancel_said_twice_is_sure(filling):
    assert filling.tap("/Cancel", "/Cancel").state.stack == ()


def test_an_answer_to_the_form_takes_back_the_cancellation(filling):
    filling.tap("/Cancel").say("nữ")
    assert filling.asked == "ten_cha"


def test_cancel_does_not_ask_when_nothing_was_answered(citizen):
    assert citizen.start("khai_sinh").say("ok").tap("/Cancel").state.stack == ()


def test_a_form_put_aside_goes_on_days_later(filling):
    filling.tap("/Pause")
    assert filling.state.stack == ()
    filling.now += timedelta(days=3)
    filling.tap("/Resume")
    assert filling.text == "Mình làm tiếp “Đăng ký khai sinh” nhé. Câu 3/8. Bé trai hay bé gái?"


def test_another_matter_interrupts_and_then_the_first_is_offered(filling):
    filling.start("gap_can_bo").say("hỏi về hồ sơ", "0901234567")
    assert filling.effects == [CallOfficer(reason="hỏi về hồ sơ · 0901 234 567")]
    assert filling.buttons == ["Làm tiếp", "Để sau", "Bỏ"]
    filling.say("làm tiếp")
    assert filling.asked == "gioi_tinh"


@pytest.mark.parametrize(("tapped", "aside"), [("de_sau", 1), ("bo", 0)])
def test_an_interrupted_matter_can_be_put_aside_or_dropped(filling, tapped, aside):
    filling.start("gap_can_bo").say("hỏi về hồ sơ", "0901234567").tap(f"/SetSlots(lam_tiep={tapped})")
    assert filling.state.stack == ()
    assert len(filling.state.aside) == aside


def test_a_matter_not_begun_is_simply_left(citizen):
    citizen.start("khai_sinh").start("gap_can_bo")
    assert [frame.flow for frame in citizen.state.stack] == ["gap_can_bo"]


@pytest.mark.parametrize("paused", [False, True])
def test_starting_the_same_again_offers_to_go_on_or_begin_anew(filling, paused):
    if paused:
        filling.tap("/Pause")
    filling.start("khai_sinh")
    assert filling.buttons == ["Làm tiếp", "Làm lại từ đầu", "Để sau"]
    on = Citizen(filling.flows, filling.state).say("tiếp")
    assert on.asked == "gioi_tinh"
    anew = filling.tap("/SetSlots(lam_tiep_hay_lai=lai)")
    assert (anew.asked, anew.top.slots) == ("dong_y", {})


def has_filed(citizen, *numbers: int):
    """They have these dossiers, and may add to them."""
    citizen.book.mine = tuple(
        Filed(code=f"H29.118-261125-{one:04}", name="Khai sinh", may_withdraw=True, may_supplement=True)
        for one in numbers
    )
    return citizen


def test_the_same_flow_about_another_dossier_is_another_matter(citizen):
    has_filed(citizen, 1, 2)
    citizen.start("bo_sung_ho_so", ma_ho_so="H29.118-261125-0001").send(photo("a"))
    citizen.start("bo_sung_ho_so", ma_ho_so="H29.118-261125-0002")
    assert [frame.slots["ma_ho_so"] for frame in citizen.state.stack] == [
        "H29.118-261125-0001",
        "H29.118-261125-0002",
    ]


def test_a_supplement_has_files_and_a_note(citizen):
    has_filed(citizen, 1)
    citizen.start("bo_sung_ho_so", ma_ho_so="H29.118-261125-0001")
    citizen.send(photo("a"), photo("b")).say("xong", "ảnh rõ hơn")
    assert citizen.effects == [
        SupplementDossier(
            code="H29.118-261125-0001",
            papers=(Paper(paper="giay_to", name="Giấy tờ bổ sung", files=("file-a", "file-b")),),
            note="ảnh rõ hơn",
        )
    ]


def test_a_supplement_without_anything_is_not_sent(citizen):
    has_filed(citizen, 1)
    citizen.start("bo_sung_ho_so", ma_ho_so="H29.118-261125-0001").tap("/Skip", "/Skip")
    assert citizen.effects == []
    assert "ít nhất một trong hai" in citizen.text


def test_restart_forgets_the_answers(filling):
    filling.tap("/Restart")
    assert filling.asked == "dong_y"
    assert filling.top.slots == {}


def test_only_what_is_optional_can_be_skipped(filling):
    filling.tap("/Skip")
    assert filling.text.startswith("Câu này cần có câu trả lời")
    assert filling.asked == "gioi_tinh"


def test_a_question_is_explained_and_asked_again(filling):
    filling.tap("/Back", "/Explain")
    assert filling.text.startswith("Ngày ghi trên giấy chứng sinh. Ví dụ: 05/11/2026.")
    assert filling.asked == "ngay_sinh"


def test_an_answer_found_elsewhere_comes_first_and_then_the_question(filling):
    filling.do(Tell((Reply(text="Không thu lệ phí."),), subject="ket_hon"))
    assert [reply.text for reply in filling.replies] == [
        "Không thu lệ phí.",
        "Mình tiếp tục nhé. Câu 3/8. Bé trai hay bé gái?",
    ]
    assert filling.state.subject == "ket_hon"


def test_with_nothing_in_hand_an_answer_stands_alone(citizen):
    citizen.do(Tell((Reply(text="Chào anh/chị."),)))
    assert [reply.text for reply in citizen.replies] == ["Chào anh/chị."]


def test_what_is_not_understood_gets_three_ways_on(citizen):
    citizen.do(CannotHandle())
    assert citizen.buttons == ["Tra thủ tục", "Hồ sơ của tôi", "Gặp cán bộ"]


def test_three_failures_give_an_example_and_then_an_officer(filling):
    filling.tap("/Back").say("x")
    assert "Ví dụ" not in filling.text
    filling.do(CannotHandle())
    assert "Ví dụ: 05/11/2026." in filling.text
    assert filling.asked == "ngay_sinh"
    filling.say("không biết")
    assert filling.buttons == ["Gặp cán bộ", "Thử lại", "Để sau"]
    assert filling.effects == []
    filling.tap("/SetSlots(can_giup=gap_can_bo)")
    assert filling.effects == [CallOfficer(reason="Cần giúp khi khai “Đăng ký khai sinh”, câu “Ngày sinh”.")]
    assert filling.asked == "gioi_tinh"


def test_a_right_answer_after_the_offer_is_taken(filling):
    filling.say("x1", "x2", "x3").say("nữ")
    assert filling.asked == "ten_cha"


# ── files ──


def test_pages_of_one_paper_come_one_by_one(citizen):
    citizen.start("khai_sinh").say("ok", *ANSWERS).send(photo("a"))
    assert citizen.text == "Đã nhận 1 ảnh. Còn trang nào nữa không ạ?"
    assert citizen.buttons == ["Xong", "Gửi ảnh khác"]
    citizen.send(photo("b"), photo("c")).say("hết rồi")
    assert citizen.top.slots["giay_chung_sinh"] == ["file-a", "file-b", "file-c"]


def test_other_pages_can_be_sent_instead(citizen):
    citizen.start("khai_sinh").say("ok", *ANSWERS).send(photo("a")).tap("/SetSlots(giay_chung_sinh=@lai)")
    citizen.send(photo("b")).tap("/SetSlots(giay_chung_sinh=@xong)")
    assert citizen.top.slots["giay_chung_sinh"] == ["file-b"]


def test_a_refused_file_is_told_why_and_the_good_ones_stay(citizen):
    citizen.start("khai_sinh").say("ok", *ANSWERS)
    citizen.send(photo("a"), photo("b", file=None, refused="too_large"))
    assert citizen.text.startswith("Tệp này lớn quá")
    assert "Đã nhận 1 ảnh" in citizen.text
    citizen.send(photo("c", file=None, refused="something_new"))
    assert citizen.text.startswith("Tôi chưa tải được tệp này")


def test_a_paper_that_is_needed_cannot_be_talked_away(citizen):
    citizen.start("khai_sinh").say("ok", *ANSWERS, "không có")
    assert citizen.asked == "giay_chung_sinh"
    assert "cần ảnh" in citizen.text


def test_files_sent_early_wait_for_their_question(filling):
    filling.send(photo("a"))
    assert filling.text.startswith("Tôi đã giữ 1 ảnh")
    assert filling.asked == "gioi_tinh"
    filling.say(*ANSWERS[2:])
    assert filling.text.startswith("Tôi lấy 1 ảnh anh/chị đã gửi lúc nãy")
    filling.say("xong")
    assert filling.top.slots["giay_chung_sinh"] == ["file-a"]


def test_a_photo_with_words_is_both(filling):
    filling.send(photo("a"), text="nữ")
    assert filling.asked == "ten_cha"
    assert filling.top.early == ("file-a",)


def test_files_with_nothing_in_hand_are_kept_for_the_next_matter(citizen):
    citizen.send(photo("a"))
    assert citizen.text.startswith("Tôi đã nhận 1 ảnh")
    citizen.start("phan_anh").say("ok", "rác", "Rác để ba ngày chưa ai dọn", "trước nhà 12 đường số 3")
    assert "Tôi lấy 1 ảnh" in citizen.text
    citizen.say("xong").tap("/Skip", "/Skip", "/SetSlots(kiem_tra=true)")
    assert citizen.effects[0].papers[0].files == ("file-a",)
    assert citizen.state.files == ()


def test_a_report_has_a_point_on_the_map(citizen):
    citizen.start("phan_anh").say("ok", "đèn", "Đèn đường hỏng ba hôm nay")
    citizen.send(place=Place(latitude=10.9, longitude=106.7))
    citizen.tap("/Skip", "/Skip", "/Skip", "/SetSlots(kiem_tra=true)")
    [report] = citizen.effects
    assert (report.kind, report.procedure) == ("phan_anh", "phan_anh")
    assert report.form[2].value == {"lat": 10.9, "lon": 106.7}


# ── what is remembered ──


def test_an_answer_remembered_from_before_is_one_tap_away(checking):
    checking.tap("/SetSlots(kiem_tra=true)")
    checking.start("khai_sinh").say("ok", *ANSWERS[:6])
    assert checking.buttons == ["0901 234 567"]
    checking.tap("/SetSlots(so_dien_thoai=@cu)")
    assert checking.top.slots["so_dien_thoai"] == "0901234567"


# ── the form has changed since ──


def changed(fields: list[dict[str, object]]) -> Flows:
    from bot.flow.load import load_flows

    return load_flows(FLOWS, [procedure(form={**FORM, "fields": fields})], CALENDAR)


def test_a_new_question_alone_is_asked_when_the_form_has_changed(checking):
    checking.tap("/Pause")
    new = {"id": "noi_sinh", "label": "Nơi sinh", "ask": "Bé sinh ở đâu?", "type": "text"}
    checking.flows = changed([FORM["fields"][0], new, *FORM["fields"][1:]])
    checking.tap("/Resume")
    assert "Mẫu này vừa được cập nhật" in checking.text
    assert checking.asked == "noi_sinh"
    checking.say("Bệnh viện Từ Dũ")
    assert checking.asked == "kiem_tra"


def test_an_answer_that_no_longer_fits_is_asked_again(filling):
    filling.say("nữ")
    fields = [dict(one) for one in FORM["fields"]]
    fields[2]["choices"] = [{"id": "trai", "title": "Trai"}, {"id": "gai", "title": "Gái"}]
    filling.flows = changed(fields)
    filling.say("Lê Văn Bình")
    assert filling.asked == "gioi_tinh"
    assert filling.top.slots["ten_cha"] == "Lê Văn Bình"


def test_a_question_that_is_gone_is_not_waited_for(filling):
    filling.flows = changed([FORM["fields"][0], FORM["fields"][1], FORM["fields"][6]])
    filling.say("nữ")
    assert filling.asked == "so_dien_thoai"


def test_a_flow_that_is_gone_is_said_to_be_gone(filling):
    flows = filling.flows
    rest = {name: flow for name, flow in flows.flows.items() if name != "khai_sinh"}
    filling.flows = replace(flows, flows=rest)
    filling.say("nữ")
    assert "không còn nhận qua đây" in filling.text
    assert filling.state.stack == ()


def test_a_date_that_has_passed_is_asked_again_before_sending(citizen):
    citizen.start("hen_chung_thuc_ban_sao").say(
        "ok", "căn cước", "2", "3", "ngày mai", "8:00", "Lê Thị Hoa", "0901234567"
    )
    assert citizen.asked == "kiem_tra"
    citizen.now += timedelta(days=5)
    citizen.tap("/SetSlots(kiem_tra=true)")
    assert citizen.effects == []
    assert citizen.asked == "ngay_hen"
    assert "sớm quá" in citizen.text
    citizen.say("thứ tư").tap("/SetSlots(kiem_tra=true)")
    assert len(citizen.effects) == 1


def test_when_too_much_lies_aside_the_oldest_goes_and_the_citizen_is_told(citizen):
    has_filed(citizen, 1, 2, 3)
    said = []
    for number in range(1, 4):
        citizen.start("bo_sung_ho_so", ma_ho_so=f"H29.118-261125-000{number}")
        said.append(citizen.send(photo("x" * 1300)).text)
        citizen.tap("/Pause")
    assert ["đã bỏ việc cũ nhất: “Bổ sung hồ sơ”" in one for one in said] == [False, False, True]
    assert citizen.state.aside[-1].slots["ma_ho_so"] == "H29.118-261125-0003"


def test_an_answer_that_does_not_fit_into_the_state_is_refused_and_nothing_is_lost(citizen):
    citizen.start("phan_anh").say("ok", "rác", "ộ" * 1000, "đường số 3")
    before = citizen.top.slots
    citizen.send(photo("x" * 2000))
    assert "quá dài" in citizen.text
    assert citizen.top.slots == before


def test_what_is_traced_holds_no_personal_data(checking):
    said: list[str] = list(checking.trace)
    checking.do(CorrectSlot("ten_be", "Trần Bí Mật"))
    said += checking.trace
    checking.say("09")
    said += checking.trace
    assert not [line for line in said if "Bí" in line or "Trần" in line or "0901" in line]
