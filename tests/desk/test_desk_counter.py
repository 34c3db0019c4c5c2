"""On a dossier's page: a report is answered, an appointment kept, missed, moved or called off."""

import re
from datetime import datetime

import pytest

from bot.core.calendar import ZONE
from bot.core.dossier import Status
from bot.core.offers import Hour, moment
from bot.store.appointments import State


@pytest.fixture
def report(ward):
    return ward.file(procedure="phan_anh", kind="phan_anh")


@pytest.fixture
def appointment(ward):
    hour = Hour(counter="chung_thuc", starts_at=moment("2026-11-24", "0900"))
    return ward.file(procedure="hen_chung_thuc", kind="lich_hen", hour=hour)


def told(ward, dossier) -> list[str]:
    return ward.keep(lambda tx: [reply.text for _, _, reply in tx.outbox.said_to(dossier.person, 10)])


def state(ward, dossier) -> State:
    return ward.keep(lambda tx: tx.appointments.of_dossier(dossier.id).state)


def test_a_report_is_answered_on_its_page_and_twice_is_once(ward, desk, report):
    page = desk.get("/desk/dossiers/1").text
    assert "Trả lời và kết thúc" in page
    assert set(re.findall(r'name="to" value="(\w+)"', page)) == {"received"}

    for _ in range(2):
        answer = desk.submit("/desk/dossiers/1/answer", seen=0, note="Đã thay bóng đèn.")
        assert answer.status_code == 303
    assert told(ward, report) == [f"Phường trả lời phản ánh {report.code}: Đã thay bóng đèn."]
    page = desk.get("/desk/dossiers/1?done=1").text
    assert "Trả lời và kết thúc" not in page
    assert "Đã thay bóng đèn." in page


def test_an_empty_answer_is_refused_beside_its_field_and_a_long_one_is_not_lost(ward, desk, report):
    empty = desk.submit("/desk/dossiers/1/answer", seen=0, note="  ")
    assert (empty.status_code, "Anh/chị viết câu trả lời" in empty.text) == (422, True)
    long = desk.submit("/desk/dossiers/1/answer", seen=0, note="a" * 1001)
    assert (long.status_code, "a" * 1001 in long.text) == (422, True)
    assert told(ward, report) == []


def test_whoever_is_second_is_told_who_answered_and_keeps_their_words(ward, desk, minh, report):
    desk.submit("/desk/dossiers/1/answer", seen=0, note="Đã xong.")
    second = minh.submit("/desk/dossiers/1/answer", seen=0, note="Tôi cũng trả lời.")
    assert second.status_code == 409
    assert "Chị Lan" in second.text
    assert "Tôi cũng trả lời." in second.text
    assert len(told(ward, report)) == 1


def test_a_filing_is_not_answered_so(ward, desk):
    ward.file()
    assert "Trả lời và kết thúc" not in desk.get("/desk/dossiers/1").text
    assert desk.submit("/desk/dossiers/1/answer", seen=0, note="Xong").status_code == 422
    assert ward.keep(lambda tx: tx.dossiers.get(1)).status is Status.NEW


def test_before_its_hour_an_appointment_can_be_moved_or_called_off_only(ward, desk, appointment):
    page = desk.get("/desk/dossiers/1").text
    assert "Quầy Chứng thực" in page
    assert set(re.findall(r'name="to" value="(\w+)"', page)) == {"received", "rebook", "call_off"}
    assert "08:00, thứ Ba, 24/11/2026" in page
    assert '<option value="2026-11-24T09:00:00+07:00">' not in page  # it is taken: by this one

    at = "2026-11-24T08:00:00+07:00"
    assert desk.submit("/desk/dossiers/1/appointment", to="rebook", seen=0, at=at).status_code == 303
    (notice,) = told(ward, appointment)
    assert "sang 08:00, thứ Ba, 24/11/2026" in notice
    assert "08:00, thứ Ba, 24/11/2026" in desk.get("/desk/dossiers/1").text


def test_calling_off_needs_a_reason(ward, desk, appointment):
    refused = desk.submit("/desk/dossiers/1/appointment", to="call_off", seen=0, note="")
    assert (refused.status_code, "Cần ghi lý do" in refused.text) == (422, True)
    assert state(ward, appointment) is State.BOOKED
    for _ in range(2):
        done = desk.submit("/desk/dossiers/1/appointment", to="call_off", seen=0, note="Mất điện")
        assert done.status_code == 303
    assert state(ward, appointment) is State.CANCELLED
    assert len(told(ward, appointment)) == 1


@pytest.mark.parametrize(("to", "then"), [("kept", State.KEPT), ("missed", State.MISSED)])
def test_after_its_hour_an_officer_notes_whether_they_came(ward, desk, appointment, to, then):
    ward.clock.now = datetime(2026, 11, 24, 9, 5, tzinfo=ZONE)
    desk.recognised(ward.session_of("lan"))
    assert f'name="to" value="{to}"' in desk.get("/desk/dossiers/1").text
    for _ in range(2):
        assert desk.submit("/desk/dossiers/1/appointment", to=to, seen=0).status_code == 303
    assert state(ward, appointment) is then


def test_forged_forms_find_nothing(ward, desk, appointment):
    for fields in (
        {"to": "khac", "seen": 0},
        {"to": "kept", "seen": "x"},
        {"to": "rebook", "seen": 0, "at": "mai"},
        {"to": "rebook", "seen": 0, "at": "2026-11-24T08:00:00"},
    ):
        assert desk.submit("/desk/dossiers/1/appointment", **fields).status_code == 404
    assert desk.submit("/desk/dossiers/9/appointment", to="kept", seen=0).status_code == 404
    taken = desk.submit("/desk/dossiers/1/appointment", to="rebook", seen=0, at="2026-11-24T09:00:00+07:00")
    assert taken.status_code == 409
    assert state(ward, appointment) is State.BOOKED


def test_how_satisfied_the_resident_is_stands_on_the_page(ward, desk, report):
    desk.submit("/desk/dossiers/1/answer", seen=0, note="Đã xong.")
    ward.keep(lambda tx: tx.ratings.rate(1, 1, "Chờ lâu", True, ward.clock.now))
    assert "Không hài lòng: Chờ lâu" in desk.get("/desk/dossiers/1").text
