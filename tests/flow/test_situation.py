import pytest

from bot.core.messages import Choice
from bot.flow.model import State
from bot.flow.situation import situation
from tests.flow.conftest import NOW
from tests.flow.talking import Citizen


@pytest.fixture
def filling(flows):
    return Citizen(flows).start("khai_sinh").say("đồng ý", "Lê An Nhiên", "5/11/2026")


def test_with_nothing_in_hand_there_are_only_the_ways_in(flows):
    here = situation(flows, State(), "alo", NOW)
    assert (here.collecting, here.flow, here.paused) == (None, None, False)
    assert here.triggers["book_appointment"] == "hen_den_quay"
    assert here.forms["khai_sinh"] == "khai_sinh"


def test_the_question_in_hand_is_known_with_its_choices(flows, filling):
    here = situation(flows, filling.state, "nữ", NOW)
    assert here.flow == here.subject == "khai_sinh"
    assert here.collecting.slot == "gioi_tinh"
    assert here.collecting.choices == (Choice(id="nam", title="Nam"), Choice(id="nu", title="Nữ"))
    assert here.collecting.fits is True
    assert here.labels["Điện thoại"] == "so_dien_thoai"


@pytest.mark.parametrize(
    ("slot", "text", "fits"),
    [
        ("gioi_tinh", "mất tiền không", False),
        ("ngay_sinh", "mùng 4", True),
        ("ngay_sinh", "31/02/2026", True),
        ("ngay_sinh", "hôm nay phường có làm việc không?", False),
        ("ngay_sinh", "lệ phí bao nhiêu", False),
        ("ten_be", "Nguyễn Thị An Nhiên", True),
        ("ten_be", "có mất tiền không", None),
        ("ten_be", "bao nhiêu tiền?", False),
        ("so_dien_thoai", "0901234567", True),
        ("so_dien_thoai", "090123", True),
    ],
)
def test_an_answer_is_told_from_something_else(flows, filling, slot, text, fits):
    if slot != "gioi_tinh":
        filling.say("nữ").tap(f"/CorrectSlot({slot})") if slot != "so_dien_thoai" else filling.say("nữ").tap(
            "/Skip"
        ).say("2")
    here = situation(flows, filling.state, text, NOW)
    assert here.collecting.slot == slot
    assert here.collecting.fits is fits


def test_while_we_ask_whether_to_stop_an_answer_to_the_form_still_fits(flows, filling):
    filling.tap("/Cancel")
    assert situation(flows, filling.state, "làm tiếp", NOW).collecting.slot == "xac_nhan_dung"
    assert situation(flows, filling.state, "nữ", NOW).collecting.slot == "gioi_tinh"
    assert situation(flows, filling.state, "nữ", NOW).flow == "khai_sinh"


def test_what_lies_aside_is_known(flows, filling):
    assert situation(flows, filling.tap("/Pause").state, "alo", NOW).paused
