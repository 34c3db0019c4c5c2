"""Which questions a form has, when earlier answers are changed."""

import pytest

from bot.flow.load import load_flows
from bot.flow.model import Flows
from tests.flow.conftest import CALENDAR, FLOWS, procedure
from tests.flow.talking import Citizen

FIELDS = [
    {
        "id": "nop_cho",
        "label": "Làm cho",
        "ask": "Làm cho ai?",
        "type": "choice",
        "choices": [{"id": "toi", "title": "Cho tôi"}, {"id": "con", "title": "Cho con"}],
    },
    {
        "id": "sinh",
        "label": "Ngày sinh con",
        "ask": "Con sinh ngày nào?",
        "type": "date",
        "if": "slots.nop_cho = 'con'",
    },
    {
        "id": "nguoi_dong_y",
        "label": "Người đồng ý",
        "ask": "Ai đồng ý?",
        "type": "name",
        "if": "slots.sinh and not slots.sinh aged 18",
    },
    {"id": "so_dien_thoai", "label": "Điện thoại", "ask": "Số điện thoại?", "type": "phone"},
]


@pytest.fixture(scope="module")
def small() -> Flows:
    return load_flows(FLOWS, [procedure(form={"minutes": 1, "fields": FIELDS})], CALENDAR)


def at_the_check(flows: Flows) -> Citizen:
    citizen = Citizen(flows).start("khai_sinh").say("đồng ý", "cho con", "1/2/2015")
    assert citizen.asked == "nguoi_dong_y"
    return citizen.say("Lê Thị Hoa", "0901234567")


def test_what_was_said_for_a_question_no_longer_asked_brings_no_other_question(small: Flows):
    citizen = at_the_check(small).tap("/CorrectSlot(nop_cho)").say("cho tôi")
    assert citizen.asked == "kiem_tra"
    assert [row.label for row in citizen.replies[-1].rows] == ["Làm cho", "Điện thoại"]
    [effect] = citizen.tap("/SetSlots(kiem_tra=true)").effects
    assert [one.slot for one in effect.form] == ["nop_cho", "so_dien_thoai"]


def test_who_changes_it_back_is_asked_nothing_twice(small: Flows):
    citizen = at_the_check(small).tap("/CorrectSlot(nop_cho)").say("cho tôi")
    citizen.tap("/CorrectSlot(nop_cho)").say("cho con")
    assert citizen.asked == "kiem_tra"
    assert [row.value for row in citizen.replies[-1].rows] == [
        "Cho con",
        "01/02/2015",
        "Lê Thị Hoa",
        "0901 234 567",
    ]
