"""The ward's own days off and worked weekends, over the country's holidays."""

from datetime import date

import pytest

from bot.catalogue.days_off import DaysOff, calendar_of, load_days_off
from bot.core.content import ContentError
from tests.catalogue.conftest import DATA

SOURCE = "source: {name: Thông báo, as_of: 2026-01}"


def written(tmp_path, text):
    path = tmp_path / "holidays.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_wards_own_file_is_good():
    load_days_off(DATA / "holidays.yml")


def test_days_in_exchange_come_with_the_country_and_from_the_file(tmp_path):
    text = f"""off:
  - {{day: 2026-11-27, name: Hoán đổi, {SOURCE}}}
worked:
  - {{day: 2026-11-28, name: Làm bù, {SOURCE}}}
  - {{day: 2026-11-24, name: Vẫn làm, {SOURCE}}}
"""
    calendar = calendar_of(load_days_off(written(tmp_path, text)), range(2026, 2027))
    worked = [day for day in range(23, 30) if calendar.is_working_day(date(2026, 11, day))]
    assert worked == [23, 24, 25, 26, 28]
    usual = calendar_of(DaysOff(), range(2026, 2027))
    assert usual.is_working_day(date(2026, 8, 22))  # a Saturday, for Monday 31/08
    assert not usual.is_working_day(date(2026, 8, 31))


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (f"off:\n  - {{day: 2026-11-29, name: Chủ nhật, {SOURCE}}}\n", 2, "no working day anyway"),
        (f"worked:\n  - {{day: 2026-11-27, name: Thứ sáu, {SOURCE}}}\n", 2, "a working day anyway"),
        ("off:\n  - {day: 2026-11-27, name: Nghỉ}\n", 2, "source"),
        ("of: []\n", 1, "off"),
    ],
)
def test_a_slip_of_the_pen_is_told_with_its_line(tmp_path, text, line, said):
    with pytest.raises(ContentError, match=said) as error:
        load_days_off(written(tmp_path, text))
    assert error.value.problems[0].line == line
