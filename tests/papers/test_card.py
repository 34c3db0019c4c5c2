"""What the QR code of an identity card says; everything else says nothing."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.messages import IdCard
from bot.papers.card import read_card

CHIP = "003196001234|271234567|Lê Thị Hoa|12031996|Nữ|12 đường Số 3, Bình Đức 1|25042021"
HOA = IdCard(
    number="003196001234",
    old_number="271234567",
    name="Lê Thị Hoa",
    born="1996-03-12",
    sex="nu",
    residence="12 đường Số 3, Bình Đức 1",
    issued="2021-04-25",
)


def with_field(position: int, value: str) -> str:
    fields = CHIP.split("|")
    fields[position] = value
    return "|".join(fields)


def test_the_card_with_a_chip():
    assert read_card(CHIP) == HOA


@pytest.mark.parametrize("more", ["|", "||Lê Văn Cha|Trần Thị Mẹ|", "||||||"])
def test_what_the_card_of_2024_appends_is_not_read(more):
    assert read_card(CHIP + more) == HOA


def test_a_child_has_neither_an_old_number_nor_a_day_of_issue():
    assert read_card("003220001234||Lê An|05112020|Nam|Bình Hòa|") == IdCard(
        number="003220001234", name="Lê An", born="2020-11-05", sex="nam", residence="Bình Hòa"
    )


def test_letters_are_composed_and_spaces_single():
    apart = unicodedata.normalize("NFD", CHIP).replace("Thị".replace("ị", "i\u0323"), "  Thi\u0323 ")
    assert read_card(apart) == HOA


@pytest.mark.parametrize(
    ("position", "value"),
    [
        (0, "00319600123"),
        (0, "0031960012345"),
        (0, "٠٠٣١٩٦٠٠١٢٣٤"),
        (0, "003096001234"),  # a man's number
        (0, "003396001234"),  # of the next century
        (0, "003197001234"),  # another year
        (1, "27123456"),
        (1, "abc"),
        (2, ""),
        (2, "Hoa {slots.x}"),
        (2, "Hoa\x00 Le"),
        (2, "<b>Hoa</b>"),
        (2, "H" * 101),
        (3, "31021996"),
        (3, "1996-03-12"),
        (3, ""),
        (4, "Khác"),
        (4, ""),
        (5, "x" * 251),
        (5, "a\x1b[2J"),
        (6, "31042021"),
        (6, "25041990"),  # issued before the birth
        (6, "khong"),
    ],
)
def test_what_does_not_agree_is_no_card(position, value):
    assert read_card(with_field(position, value)) is None


@pytest.mark.parametrize(
    "text", ["", "|", "||||||", "https://vneid.gov.vn/x", CHIP.rsplit("|", 1)[0], "x" * 3000]
)
def test_other_codes_are_no_card(text):
    assert read_card(text) is None


@given(st.text(max_size=200) | st.lists(st.text(max_size=20), min_size=7, max_size=9).map("|".join))
def test_whatever_stands_in_a_code_is_read_or_not(text):
    assert read_card(text) is None or "|" in text


@given(
    born=st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    sex=st.sampled_from(["nam", "nu"]),
    old=st.sampled_from(["", "271234567", "003188001234"]),
    name=st.sampled_from(["Lê Thị Hoa", "H'Hen Niê", "Nguyễn Văn-Bình", "ĐẶNG ƯƠNG"]),
    dated=st.booleans(),
)
def test_every_card_is_read_as_it_was_written(born, sex, old, name, dated):
    number = f"003{2 * (born.year // 100 - 19) + (sex == 'nu')}{born.year % 100:02}001234"
    issued = born if dated else None
    day = f"{born:%d%m%Y}"
    gender = "Nữ" if sex == "nu" else "Nam"
    shown = "|".join([number, old, name, day, gender, "Bình Hòa", day if dated else ""])
    wanted = IdCard(
        number=number,
        old_number=old,
        name=name,
        born=born.isoformat(),
        sex=sex,
        residence="Bình Hòa",
        issued=issued.isoformat() if issued else "",
    )
    assert read_card(shown) == wanted
