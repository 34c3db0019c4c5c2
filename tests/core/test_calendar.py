from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.calendar import ZONE, Calendar, vietnam_holidays

CALENDAR = Calendar(vietnam_holidays([2026, 2027]))


def at(day: int, hour: int = 9, minute: int = 0, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


def test_tet_and_the_weekend_are_days_off():
    assert not CALENDAR.is_working_day(date(2026, 2, 17))  # mùng 1 Tết Bính Ngọ
    assert not CALENDAR.is_working_day(date(2026, 9, 2))
    assert not CALENDAR.is_working_day(date(2026, 11, 28))
    assert not CALENDAR.is_working_day(date(2026, 11, 24))  # Ngày Văn hóa Việt Nam
    assert CALENDAR.is_working_day(date(2026, 11, 25))


def test_the_ward_can_add_days_off_and_days_worked_in_exchange():
    own = Calendar(vietnam_holidays([2026], extra=[date(2026, 11, 26)]), frozenset({date(2026, 11, 28)}))
    assert own.is_holiday(date(2026, 11, 26))
    assert own.next_working_days(date(2026, 11, 27), 1) == (date(2026, 11, 28),)


@pytest.mark.parametrize(
    ("value", "unit", "due"),
    [
        (1, "ngay_lam_viec", at(26, 17)),
        (2, "ngay_lam_viec", at(27, 17)),
        (3, "ngay_lam_viec", at(30, 17)),
        (2, "ngay", at(27, 17)),
        (3, "ngay", at(30, 17)),  # would end on a Saturday
        (8, "gio", at(25, 17)),
        (1, "thang", at(25, 17, month=12)),
    ],
)
def test_the_day_of_receipt_is_not_counted_and_no_period_ends_on_a_day_off(value, unit, due):
    assert CALENDAR.deadline(at(25), value, unit) == due


def test_a_month_ends_on_the_last_day_of_a_shorter_month():
    assert CALENDAR.deadline(at(31, month=3), 1, "thang").date() >= date(2026, 4, 30)
    assert Calendar().deadline(at(31, month=12), 2, "thang") == at(1, 17, month=3, year=2027)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (at(25, 9), at(25, 17)),
        (at(25, 15), at(25, 17)),
        (at(25, 15, 1), at(26, 17)),
        (at(27, 16), at(30, 17)),
        (at(28, 9), at(30, 17)),
    ],
)
def test_same_day_results_received_after_15_o_clock_are_for_the_next_working_day(received, due):
    assert CALENDAR.same_day_deadline(received) == due


def test_deadlines_are_in_the_time_of_vietnam():
    received = datetime.fromisoformat("2026-11-24T23:30:00+00:00")  # already the 25th in the ward
    assert CALENDAR.deadline(received, 1, "ngay_lam_viec") == at(26, 17)


def test_an_unknown_unit_is_an_error():
    with pytest.raises(ValueError, match="fortnight"):
        CALENDAR.deadline(at(24), 1, "fortnight")


MONDAY_NINE = datetime(2026, 11, 9, 9, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("unit", "paused", "resumed", "due"),
    [
        # Five working days from Monday: due Monday the 16th. Two working days of waiting move it by two.
        ("ngay_lam_viec", (10, 9), (12, 16), (18, 17)),
        ("ngay_lam_viec", (10, 9), (10, 16), (16, 17)),  # the same day: nothing passed
        ("ngay_lam_viec", (13, 9), (15, 9), (16, 17)),  # a weekend is no time lost
        ("ngay", (10, 9), (12, 9), (18, 17)),
        ("gio", (10, 9), (10, 15), (16, 23)),
        ("gio", (13, 20), (16, 8), (17, 5)),  # twelve hours, of which none on the weekend
    ],
)
def test_a_pause_gives_back_the_time_that_was_left(unit, paused, resumed, due):
    at = [datetime(2026, 11, day, hour, tzinfo=ZONE) for day, hour in (paused, resumed, due)]
    before = datetime(2026, 11, 16, 17, 0, tzinfo=ZONE)
    assert CALENDAR.after_pause(before, at[0], at[1], unit) == at[2]


@given(st.integers(1, 40), st.integers(0, 30), st.integers(0, 60), st.sampled_from(["ngay", "ngay_lam_viec"]))
def test_a_pause_never_brings_a_deadline_nearer_and_loses_no_working_day(days, start, length, unit):
    due = CALENDAR.deadline(MONDAY_NINE, days, unit)
    paused_at = MONDAY_NINE + timedelta(days=start)
    now = paused_at + timedelta(days=length)
    moved = CALENDAR.after_pause(due, paused_at, now, unit)
    assert moved >= due
    assert CALENDAR.is_working_day(moved.date())
    if unit == "ngay_lam_viec":
        passed = CALENDAR.working_days_between(paused_at.date(), now.date())
        assert CALENDAR.working_days_between(due.date(), moved.date()) == passed


def test_the_day_before_is_a_working_day():
    monday = datetime(2026, 11, 16, 17, 0, tzinfo=ZONE)
    assert CALENDAR.day_before(monday) == datetime(2026, 11, 13, 17, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("unit", "value", "due"),
    [("ngay_lam_viec", 1, at(1, 17, month=12)), ("ngay", 1, at(1, 17, month=12)), ("gio", 8, at(30, 17))],
)
def test_what_is_received_on_a_day_off_counts_from_the_next_working_day(unit, value, due):
    assert CALENDAR.deadline(at(28), value, unit) == due  # a Saturday


@pytest.mark.parametrize(
    ("paused", "resumed", "due"),
    [
        (at(25, 9), at(25, 11), at(25, 17)),
        (at(25, 9), at(25, 16), at(26, 17)),  # too late for today
        (at(25, 9), at(27, 9), at(27, 17)),
        (at(26, 9), at(27, 9), at(26, 17)),  # late before, and as late after
    ],
)
def test_a_same_day_result_goes_on_as_if_it_were_received_then(paused, resumed, due):
    promised = at(25, 17)
    expected = CALENDAR.after_pause(promised, paused, resumed, "ngay_lam_viec") if paused > promised else due
    assert CALENDAR.after_pause(promised, paused, resumed, "trong_ngay") == expected


@given(
    st.integers(0, 60 * 24 * 60),
    st.integers(0, 60 * 24 * 30),
    st.integers(0, 60 * 24 * 30),
    st.sampled_from(["gio", "ngay", "ngay_lam_viec", "trong_ngay"]),
)
def test_a_longer_pause_never_brings_a_nearer_deadline(start, first, more, unit):
    due = MONDAY_NINE.replace(day=16, hour=17)
    paused = MONDAY_NINE + timedelta(minutes=start)
    shorter = CALENDAR.after_pause(due, paused, paused + timedelta(minutes=first), unit)
    longer = CALENDAR.after_pause(due, paused, paused + timedelta(minutes=first + more), unit)
    assert due <= shorter <= longer


FRIDAY = datetime(2026, 11, 27, 16, 30, tzinfo=ZONE)


def test_nights_and_days_off_are_no_working_time():
    monday = datetime(2026, 11, 30, 8, 0, tzinfo=ZONE)
    assert CALENDAR.working_time(FRIDAY, monday) == timedelta(minutes=60)
    assert CALENDAR.working_time(FRIDAY, FRIDAY + timedelta(hours=9)) == timedelta(minutes=30)


@given(st.integers(0, 20_000), st.integers(0, 20_000), st.integers(0, 20_000))
def test_working_time_adds_up(first, second, start):
    begin = FRIDAY + timedelta(minutes=start)
    middle, end = begin + timedelta(minutes=first), begin + timedelta(minutes=first + second)
    whole = CALENDAR.working_time(begin, end)
    assert whole == CALENDAR.working_time(begin, middle) + CALENDAR.working_time(middle, end)
    assert timedelta() <= whole <= end - begin
