"""The officer asks for something again: just that part of the filed form is asked."""

from bot.core.commands import CorrectSlot, CorrectSlots, Reopen
from bot.core.effects import SupplementDossier
from bot.core.messages import Reply
from bot.flow.model import Flows
from tests.flow.talking import Citizen, photo

CODE = "H29.118-261125-0004"
ANSWERS = {
    "ten_be": "Nguyễn Thị An Nhiên",
    "ngay_sinh": "2026-11-05",
    "gioi_tinh": "nu",
    "so_ban_sao": 2,
    "so_dien_thoai": "0901234567",
}


def reopened(flows: Flows, *wanted: str) -> Citizen:
    return Citizen(flows).do(Reopen("khai_sinh", CODE, ANSWERS, wanted))


def test_one_paper_is_asked_for_and_sent_without_another_check(flows):
    citizen = reopened(flows, "giay_chung_sinh")
    assert f"Hồ sơ {CODE} cần bổ sung: Giấy chứng sinh. Câu 1/1." in citizen.text
    citizen.send(photo("moi")).say("xong")
    [effect] = citizen.effects
    assert isinstance(effect, SupplementDossier)
    assert (effect.code, effect.answers) == (CODE, ())
    assert [(paper.paper, paper.files) for paper in effect.papers] == [("giay_chung_sinh", ("file-moi",))]
    assert "Đã gửi phần bổ sung" in citizen.text
    assert citizen.state.stack == ()


def test_an_answer_is_asked_again_and_read_back_before_it_is_sent(flows):
    citizen = reopened(flows, "ngay_sinh", "so_dien_thoai")
    assert citizen.asked == "ngay_sinh"
    citizen.say("4/11/2026")
    assert "Câu 2/2." in citizen.text
    citizen.say("0912345678")
    assert citizen.asked == "kiem_tra"
    assert [row.label for row in citizen.replies[-1].rows] == ["Ngày sinh", "Điện thoại"]
    citizen.say("nộp")
    [effect] = citizen.effects
    assert [(one.slot, one.value) for one in effect.answers] == [
        ("ngay_sinh", "2026-11-04"),
        ("so_dien_thoai", "0912345678"),
    ]
    assert effect.papers == ()


def test_it_can_be_put_aside_and_gone_on_with(flows):
    citizen = reopened(flows, "giay_chung_sinh").tap("/Pause")
    assert citizen.state.stack == ()
    citizen.tap("/Resume").send(photo("moi")).say("xong")
    assert isinstance(citizen.effects[-1], SupplementDossier)


def test_asked_again_it_begins_anew_and_there_are_not_two(flows):
    citizen = reopened(flows, "giay_chung_sinh").send(photo("cu"))
    citizen.do(Reopen("khai_sinh", CODE, ANSWERS, ("ngay_sinh",)))
    assert citizen.asked == "ngay_sinh"
    assert len(citizen.state.stack) == 1


def test_what_the_form_no_longer_asks_is_told_as_an_old_button(flows):
    assert "đã cũ" in reopened(flows, "khong_con").text
    assert "đã cũ" in Citizen(flows).do(Reopen("khong_co", CODE, {}, ("x",))).text


def test_the_form_in_hand_is_kept_while_another_is_reopened(flows):
    citizen = Citizen(flows).start("khai_sinh").say("đồng ý", "Lê Văn An")
    citizen.do(Reopen("khai_sinh", CODE, ANSWERS, ("giay_chung_sinh",)))
    citizen.send(photo("moi")).say("xong")
    assert "còn 7 câu" in citizen.text
    assert citizen.buttons == ["Làm tiếp", "Để sau", "Bỏ"]


def test_two_answers_are_changed_at_once(flows):
    citizen = Citizen(flows).start("khai_sinh").say("đồng ý", "Lê Văn An", "5/11/2026")
    citizen.do(CorrectSlots((CorrectSlot("ten_be", "Lê Văn Bình"), CorrectSlot("ngay_sinh", "mùng 4"))))
    assert citizen.top.slots["ten_be"] == "Lê Văn Bình"
    assert citizen.top.slots["ngay_sinh"] == "2026-11-04"
    assert "Tôi ghi:\nHọ tên bé: Lê Văn Bình\nNgày sinh: 04/11/2026" in citizen.text
    assert citizen.asked == "gioi_tinh"


def test_of_two_changes_the_good_one_is_taken_and_the_other_asked_again(flows):
    citizen = Citizen(flows).start("khai_sinh").say("đồng ý", "Lê Văn An", "5/11/2026")
    citizen.do(CorrectSlots((CorrectSlot("ngay_sinh", "31/2/2026"), CorrectSlot("ten_be", "Lê Văn Bình"))))
    assert citizen.top.slots["ten_be"] == "Lê Văn Bình"
    assert "31/02/2026 không có trong lịch" in citizen.text
    assert citizen.asked == "ngay_sinh"


def test_whoever_left_a_form_is_offered_to_go_on_when_they_greet(flows):
    citizen = Citizen(flows).start("khai_sinh").say("đồng ý", "Lê Văn An").tap("/Pause")
    citizen.hear(Reply(text="Chào anh/chị."))
    assert citizen.asked is None
    citizen.hear(Reply(text="Chào anh/chị."), greeting=True)
    assert "còn 7 câu" in citizen.text
    citizen.say("làm tiếp")
    assert citizen.asked == "ngay_sinh"


def test_starting_over_asks_only_that_part_again(flows):
    citizen = reopened(flows, "ngay_sinh", "so_dien_thoai").say("4/11/2026").tap("/Restart")
    assert citizen.asked == "ngay_sinh"
    citizen.say("3/11/2026", "0912345678", "nộp")
    assert isinstance(citizen.effects[-1], SupplementDossier)


def test_the_same_procedure_can_be_filed_anew_beside_it(flows):
    citizen = reopened(flows, "ngay_sinh").start("khai_sinh")
    assert citizen.asked == "dong_y"
    assert len(citizen.state.stack) == 2
