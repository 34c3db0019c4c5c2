"""A time of day, in the ways people say it; and what is free at a counter."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.counters import AllFree, Counters
from bot.flow.answer import Value, Wrong
from bot.flow.model import Slot
from bot.flow.openings import show_time
from bot.flow.slots import read, recheck, show
from bot.flow.surroundings import Surroundings
from tests.flow.conftest import CALENDAR, NOW
from tests.flow.talking import Book

AT = Slot(id="gio_hen", type="time", counter="chung_thuc", day="ngay_hen")
DAY = Slot(id="ngay_hen", type="date", counter="chung_thuc", max_days_ahead=14)
TODAY = NOW.date()
ANYWHERE = Surroundings(today=TODAY)
FRIDAY = "2026-11-27"


def at(book: AllFree, day: str = FRIDAY) -> Surroundings:
    return Surroundings(today=TODAY, calendar=CALENDAR, offers=book, answers={"ngay_hen": day})


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("9h", "0900"),
        ("9 giờ", "0900"),
        ("9 giờ rưỡi", "0930"),
        ("9 gio ruoi", "0930"),
        ("9h30 sáng", "0930"),
        ("9h30", "0930"),
        ("9:30", "0930"),
        ("9.30", "0930"),
        ("09:30", "0930"),
        ("hai giờ chiều", "1400"),
        ("hai giờ rưỡi chiều", "1430"),
        ("2 giờ chiều nhé", "1400"),
        ("3 rưỡi chiều", "1530"),
        ("3 rưỡi", "1530"),
        ("1430", "1430"),
        ("14:30", "1430"),
        ("14h30", "1430"),
        ("14 giờ 30 phút", "1430"),
        ("tám giờ sáng", "0800"),
        ("mười giờ", "1000"),
        ("chín giờ ba mươi", "0930"),
        ("chín giờ kém mười lăm", "0845"),
        ("9 giờ kém 15", "0845"),
        ("1h30", "1330"),
        ("1h trưa", "1300"),
        ("10h trưa", "1000"),
        ("dạ cho tôi 8 giờ sáng ạ", "0800"),
        ("lúc 9h nha", "0900"),
        ("tôi đến lúc 9 giờ", "0900"),
        ("tới lúc 9 giờ được không", "0900"),
        ("7 giờ tối", "1900"),
        ("0800", "0800"),
        ("930", "0930"),
        ("9", "0900"),
        ("14", "1400"),
        ("3", "1500"),
        ("9 sáng", "0900"),
        ("3 chiều", "1500"),
    ],
)
def test_a_time_is_read_as_it_is_said(said, meant):
    found = read(AT, said, ANYWHERE)
    assert isinstance(found, Value), found
    assert (found.value, found.shown) == (meant, show_time(meant))


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("lúc nào cũng được", "time_unreadable"),
        ("buổi sáng", "time_unreadable"),
        ("25 giờ", "time_unreadable"),
        ("9h75", "time_unreadable"),
        ("27/11/2026", "time_unreadable"),
        ("0901234567", "time_unreadable"),
        ("9h hoặc 10h", "time_two"),
        ("từ 8 giờ đến 9 giờ", "time_two"),
        ("số 3", "time_unreadable"),  # of no list
    ],
)
def test_what_is_no_time_or_more_than_one_is_refused(said, wrong):
    assert read(AT, said, ANYWHERE) == Wrong(wrong)


@given(st.integers(0, 23), st.integers(0, 59))
def test_whatever_time_is_shown_is_read_back(hour, minute):
    value = f"{hour:02}{minute:02}"
    for written in (show_time(value), value):
        found = read(AT, written, ANYWHERE)
        assert isinstance(found, Value)
        assert found.value == value


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    found = read(AT, text, ANYWHERE)
    assert isinstance(found, Wrong) or read(AT, found.shown, ANYWHERE) == found


@given(st.sets(st.sampled_from(["0800", "0900", "1000", "1330", "1430", "1530"])), st.data())
def test_every_free_half_hour_can_be_had_by_its_words_and_by_its_place_and_no_other(taken, data):
    book = Book()
    book.taken = {("chung_thuc", FRIDAY, one) for one in taken}
    free = book.times("chung_thuc", date.fromisoformat(FRIDAY))
    for number, one in enumerate(free, 1):
        for said in (one, show_time(one), f"số {number}"):
            assert read(AT, said, at(book)) == Value(one, show_time(one))
    for one in taken:
        wrong = read(AT, show_time(one), at(book))
        assert isinstance(wrong, Wrong)
        assert wrong.kind == ("time_taken" if free else "time_none")


def test_a_bare_number_is_an_hour_that_is_free_else_a_place_in_the_list():
    free = at(Book())
    assert read(AT, "9", free) == Value("0900", "9:00")
    assert read(AT, "2", free) == Value("0900", "9:00")  # the second of the list
    assert read(AT, "10", free) == Value("1000", "10:00")


def test_the_nearest_free_half_hours_are_named_in_their_order():
    book = Book()
    book.taken = {("chung_thuc", FRIDAY, "1000")}
    wrong = read(AT, "10 giờ", at(book))
    assert isinstance(wrong, Wrong)
    assert wrong.details["con_trong"] == "8:00, 9:00, 13:30, 14:30"


def test_an_hour_taken_meanwhile_no_longer_holds_and_another_day_is_another_matter():
    book = Book()
    book.taken = {("chung_thuc", FRIDAY, "0900")}
    assert recheck(AT, "0900", at(book)) == read(AT, "9h", at(book))
    assert recheck(AT, "0900", at(book, "2026-11-30")) is None


def test_a_full_day_is_refused_with_the_next_ones_and_a_day_without_any_says_so():
    book = Book()
    book.taken = {("chung_thuc", FRIDAY, one) for one in book.times("chung_thuc", date(2026, 11, 27))}
    wrong = read(DAY, "27/11/2026", at(book))
    assert isinstance(wrong, Wrong)
    assert wrong.kind == "date_full"
    assert wrong.details["con_trong"].startswith("30/11/2026, 01/12/2026")

    class Nothing(Book):
        def times(self, counter: str, day: date) -> tuple[str, ...]:
            return ()

    none = read(DAY, "27/11/2026", at(Nothing()))
    assert isinstance(none, Wrong)
    assert none.kind == "date_no_more"


def test_days_beyond_what_may_be_booked_are_not_offered():
    near = replace(DAY, max_days_ahead=2)
    book = Book()
    book.taken = {("chung_thuc", FRIDAY, one) for one in book.times("chung_thuc", date(2026, 11, 27))}
    wrong = read(near, "27/11/2026", at(book))
    assert isinstance(wrong, Wrong)
    assert wrong.details["con_trong"] == "26/11/2026"


def test_a_time_is_shown_as_people_write_it():
    assert [show(AT, one) for one in ("0930", "1430", "0230")] == ["9:30", "14:30", "02:30"]


def test_ranges_hold_every_half_hour_and_a_counter_may_have_hours_of_its_own():
    counters = Counters.model_validate(
        {
            "confirmed": True,
            "flow": "hen",
            "usual": [{"on": ["thu_hai"], "times": ["08:00-09:30", "14:00"], "capacity": 2}],
            "counters": [
                {"id": "a", "name": "A"},
                {
                    "id": "b",
                    "name": "B",
                    "open": [{"on": ["thu_bay"], "times": ["07:30"], "capacity": 1}],
                },
            ],
        }
    )
    monday, saturday = date(2026, 11, 30), date(2026, 11, 28)
    assert counters.capacities("a", monday) == {"0800": 2, "0830": 2, "0900": 2, "1400": 2}
    assert counters.capacities("a", saturday) == counters.capacities("b", monday) == {}
    assert counters.capacities("b", saturday) == {"0730": 1}
    assert AllFree(counters, CALENDAR, TODAY).times("b", saturday) == ()  # nobody works on that day


def test_more_than_eight_half_hours_are_listed_and_taken_by_their_number(flows):
    from tests.flow.talking import Citizen

    class Many(Book):
        def times(self, counter: str, day: date) -> tuple[str, ...]:
            return tuple(f"{hour:02}{minute}" for hour in range(8, 13) for minute in ("00", "30"))

    citizen = Citizen(flows, book=Many()).start("hen_den_quay", quay="ho_tich")
    citizen.say("ok", "Đăng ký kết hôn", "thứ sáu này")
    assert "\n10. 12:30" in citizen.text
    assert citizen.buttons == []
    citizen.say("số 10")
    assert citizen.top.slots["gio_hen"] == "1230"


def test_days_and_half_hours_that_are_free_are_buttons(flows):
    from tests.flow.talking import Citizen

    citizen = Citizen(flows).start("hen_den_quay", quay="ho_tich").say("ok", "Đăng ký kết hôn")
    assert citizen.buttons[:2] == ["Thứ năm 26/11", "Thứ sáu 27/11"]
    citizen.tap("/SetSlots(ngay_hen=2026-11-27)")
    assert citizen.buttons == ["8:00", "9:00", "10:00", "13:30", "14:30", "15:30"]
    citizen.tap("/SetSlots(gio_hen=0945)")  # forged
    assert citizen.asked == "gio_hen"
