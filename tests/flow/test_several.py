"""Several answers in one sentence, with a form like those of the ward."""

import pytest

from bot.core.form import Forms
from bot.flow.load import load_flows
from bot.flow.situation import situation
from tests.flow.conftest import CALENDAR, FLOWS, NOW, procedure
from tests.flow.talking import Citizen

SEX = [{"id": "nam", "title": "Bé trai"}, {"id": "nu", "title": "Bé gái"}]
FIELDS = [
    {"id": "ten_be", "label": "Họ tên bé", "ask": "Tên bé?", "type": "name"},
    {
        "id": "ngay_sinh_be",
        "label": "Ngày sinh của bé",
        "ask": "Sinh ngày nào?",
        "type": "date",
        "past": True,
    },
    {"id": "gioi_tinh_be", "label": "Giới tính", "ask": "Trai hay gái?", "type": "choice", "choices": SEX},
    {"id": "noi_sinh", "label": "Nơi sinh", "ask": "Sinh ở đâu?", "type": "text", "min": 3},
    {"id": "dan_toc", "label": "Dân tộc", "ask": "Dân tộc?", "type": "text"},
    {"id": "ho_ten", "label": "Họ tên", "ask": "Họ tên anh/chị?", "type": "name"},
    {"id": "ngay_sinh", "label": "Ngày sinh", "ask": "Ngày sinh?", "type": "date", "past": True},
    {"id": "cccd", "label": "Số định danh", "ask": "Số định danh?", "type": "cccd"},
    {"id": "so_dien_thoai", "label": "Điện thoại", "ask": "Điện thoại?", "type": "phone"},
    {"id": "noi_dung", "label": "Nội dung", "ask": "Nội dung?", "type": "text"},
]
PEOPLE = [
    {"who": "bé", "name": "ten_be", "born": "ngay_sinh_be", "sex": "gioi_tinh_be"},
    {"who": "anh/chị", "name": "ho_ten", "born": "ngay_sinh", "cccd": "cccd", "always": "nu"},
]
FLOWS_ = load_flows(
    FLOWS, [procedure(form={"minutes": 3, "fields": FIELDS, "people": PEOPLE})], CALENDAR, Forms()
)
CHILD = {"ten_be": "Nguyễn Thị An Nhiên", "ngay_sinh_be": "2026-11-05", "gioi_tinh_be": "nu"}
PARENT = {"ho_ten": "Lê Thị Hoa", "ngay_sinh": "1990-03-12"}


def at(slot: str) -> Citizen:
    """A citizen whose form asks for this."""
    citizen = Citizen(FLOWS_).start("khai_sinh").say("đồng ý")
    before = [one["id"] for one in FIELDS]
    answers = [
        "Nguyễn Thị An Nhiên",
        "5/11/2026",
        "gái",
        "Bệnh viện Từ Dũ",
        "Kinh",
        "Lê Thị Hoa",
        "12/3/1990",
    ]
    citizen.say(*answers[: before.index(slot)])
    assert citizen.asked == slot
    return citizen


@pytest.mark.parametrize(
    ("slot", "said", "taken"),
    [
        ("ten_be", "Nguyễn Thị An Nhiên sinh ngày 5 tháng 11 vừa rồi, bé gái", CHILD),
        ("ten_be", "Nguyễn Thị An Nhiên, bé gái, sinh 5/11/2026", CHILD),
        ("ten_be", "NGUYỄN THỊ AN NHIÊN, 5/11/2026, gái", CHILD),
        ("ten_be", "dạ bé tên Nguyễn Thị An Nhiên, sinh ngày 5/11/2026 bé gái",
         {"ten_be": "Nguyễn Thị An Nhiên", "ngay_sinh_be": "2026-11-05"}),
        ("ho_ten", "tôi tên Lê Thị Hoa, sinh 12/3/1990, sđt 0901 234 567",
         PARENT | {"so_dien_thoai": "0901234567"}),
        ("ho_ten", "toi ten le thi hoa sinh 12/3/1990 sdt 0901 234 567",
         {"ho_ten": "Le Thi Hoa", "ngay_sinh": "1990-03-12", "so_dien_thoai": "0901234567"}),
        ("ho_ten", "toi ten le thi hoa sinh 12/3/1990 can cuoc 000190001234 sdt 0901234567",
         {"ho_ten": "Le Thi Hoa", "ngay_sinh": "1990-03-12", "cccd": "000190001234",
          "so_dien_thoai": "0901234567"}),
        ("ho_ten", "Lê Thị Hoa 12/3/1990 0901234567", PARENT | {"so_dien_thoai": "0901234567"}),
        ("ho_ten", "Lê Thị Hoa; 12/3/1990; cccd 000190001234; 0901234567",
         PARENT | {"cccd": "000190001234", "so_dien_thoai": "0901234567"}),
        ("noi_sinh", "Bệnh viện Từ Dũ, TP. Hồ Chí Minh, dân tộc Kinh",
         {"noi_sinh": "Bệnh viện Từ Dũ, TP. Hồ Chí Minh", "dan_toc": "Kinh"}),
        ("ngay_sinh", "12/3/1990, dien thoai la 0901234567",
         {"ngay_sinh": "1990-03-12", "so_dien_thoai": "0901234567"}),
        ("noi_sinh", "nhà bà đỡ Sáu 0901234567", {"noi_sinh": "nhà bà đỡ Sáu 0901234567"}),
        # One answer, or none that can be taken apart: as ever.
        ("ten_be", "Nguyễn Thị An Nhiên, Lê Văn Bình", None),
        ("noi_sinh", "nhà số 5, sinh 5/11/2026", {"noi_sinh": "nhà số 5, sinh 5/11/2026"}),
        ("ngay_sinh_be", "5/11/2026", {"ngay_sinh_be": "2026-11-05"}),
    ],
)  # fmt: skip
def test_every_answer_in_a_sentence_is_taken(slot, said, taken):
    citizen = at(slot)
    before = dict(citizen.top.slots)
    citizen.say(said)
    new = {name: value for name, value in citizen.top.slots.items() if name not in before}
    if taken is None:
        assert set(new) <= {slot}
    else:
        assert new == taken


def test_what_was_taken_is_read_back_with_a_button_to_change_each():
    citizen = at("ho_ten").say("Lê Thị Hoa, sinh 12/3/1990, cccd 000190001234")
    said = citizen.replies[0]
    assert said.text == "Tôi ghi:\nHọ tên: Lê Thị Hoa\nNgày sinh: 12/03/1990\nSố định danh: 0001…1234"
    assert [button.payload for button in said.buttons] == [
        "/CorrectSlot(ho_ten)", "/CorrectSlot(ngay_sinh)", "/CorrectSlot(cccd)",
    ]  # fmt: skip
    assert citizen.asked == "so_dien_thoai"


def test_answers_that_do_not_fit_each_other_are_asked_again():
    citizen = at("ho_ten").say("Lê Thị Hoa, sinh 12/3/1990, cccd 000185001234")
    assert "sinh năm 1985" in citizen.text
    assert citizen.asked in ("cccd", "ngay_sinh")
    assert citizen.top.doubted == citizen.asked


def test_the_situation_knows_that_a_sentence_answers():
    citizen = at("ngay_sinh")
    collecting = situation(FLOWS_, citizen.state, "12/3/1990, sđt 0901234567", NOW).collecting
    assert collecting is not None
    assert collecting.fits is True


@pytest.mark.parametrize(
    ("number", "reason"),
    [("000185001234", "sinh năm 1985"), ("000090001234", "là nam"), ("000290001234", "sinh năm 2090")],
)
def test_a_number_that_does_not_fit_is_doubted_once_and_taken_when_said_again(number, reason):
    citizen = at("ngay_sinh").say("12/3/1990").say(number)
    if number[3] == "2":
        assert citizen.asked == "cccd"  # not yet born: no such number
        return
    assert reason in citizen.text
    assert "cccd" not in citizen.top.slots
    citizen.say(number)
    assert citizen.top.slots["cccd"] == number
    assert citizen.asked == "so_dien_thoai"


def test_a_birth_that_does_not_fit_the_number_given_before_is_doubted():
    citizen = at("ngay_sinh").say("12/3/1990").say("000190001234")
    citizen.tap("/CorrectSlot(ngay_sinh)").say("12/3/1991")
    assert "sinh năm 1990" in citizen.text
    citizen.say("12/3/1990")
    assert citizen.top.slots["ngay_sinh"] == "1990-03-12"
