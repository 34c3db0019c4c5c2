from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.messages import Attachment, Choice, Place
from bot.flow.answer import Value, Wrong
from bot.flow.dates import span
from bot.flow.model import Slot, SlotType
from bot.flow.slots import READERS, read, read_files, recheck, show, show_masked, still_fits
from bot.flow.surroundings import Surroundings
from bot.flow.wording import KINDS
from tests.flow.conftest import CALENDAR

#: A Wednesday.
TODAY = date(2026, 11, 25)
AROUND = Surroundings(today=TODAY, calendar=CALENDAR)
PAST = Slot(id="x", type="date", past=True)
MEETING = Slot(id="x", type="date", min_days_ahead=1, max_days_ahead=14, working_day=True)
SEX = Slot(id="x", type="choice", choices=(Choice(id="nam", title="Nam"), Choice(id="nu", title="Nữ")))
PAPERS = Slot(
    id="x",
    type="choice",
    choices=(
        Choice(id="cc", title="Căn cước"),
        Choice(id="kc", title="Giấy chứng nhận căn cước"),
        Choice(id="hc", title="Hộ chiếu"),
        Choice(id="k", title="Giấy tờ khác"),
    ),
)


def value_of(slot: Slot, text: str):
    found = read(slot, text, AROUND)
    return found.value if isinstance(found, Value) else found.kind


def of(type_: str, **options) -> Slot:
    return Slot(id="x", type=type_, **options)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("05/11/2026", "2026-11-05"),
        ("5-11-26", "2026-11-05"),
        ("5.11.2026", "2026-11-05"),
        ("2026-11-05", "2026-11-05"),
        ("05112026", "2026-11-05"),
        ("5 tháng 11 vừa rồi", "2026-11-05"),
        ("bé sinh ngày 5 tháng 11 năm 2025 ạ", "2025-11-05"),
        ("ngay 5 thang 11", "2026-11-05"),
        ("5/12", "2025-12-05"),
        ("mùng 4", "2026-11-04"),
        ("mồng bốn tháng mười một", "2026-11-04"),
        ("ngày hai mươi lăm tháng chạp năm 2025", "2025-12-25"),
        ("ngày 28", "2026-10-28"),
        ("hôm nay", "2026-11-25"),
        ("hôm qua", "2026-11-24"),
        ("hôm kia", "2026-11-23"),
        ("3 ngày trước", "2026-11-22"),
        ("thứ hai tuần trước", "2026-11-16"),
        ("chủ nhật vừa rồi", "2026-11-22"),
        ("12/3/96", "1996-03-12"),
        ("31/02/2026", "date_not_real"),
        ("30/2", "date_not_real"),
        ("32/1/2026", "date_not_real"),
        ("29/2/2026", "date_not_real"),
        ("29/2/2024", "2024-02-29"),
        ("5/13/2026", "date_not_real"),
        ("26/11/2026", "date_future"),
        ("mai", "date_future"),
        ("1990", "date_partial"),
        ("tháng 3 năm 1990", "date_partial"),
        ("5/11/2026 hay 6/11/2026", "date_two"),
        ("mùng 4 âm lịch", "date_lunar"),
        ("không nhớ", "date_unreadable"),
        ("0/0/0000", "date_not_real"),
        ("1/1/1200", "date_unreadable"),
    ],
)
def test_dates_in_the_past_are_read_as_people_write_them(text, expected):
    assert value_of(PAST, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("thứ hai tuần sau", "2026-11-30"),
        ("thứ 2 tuần tới", "2026-11-30"),
        ("thứ sáu", "2026-11-27"),
        ("thứ sáu này nhé", "2026-11-27"),
        ("t6", "2026-11-27"),
        ("ngày mai", "2026-11-26"),
        ("mốt", "2026-11-27"),
        ("2 ngày nữa", "2026-11-27"),
        ("hai tuần nữa", "2026-12-09"),
        ("1/12", "2026-12-01"),
        ("ngày 2", "2026-12-02"),
        ("thứ bảy", "date_weekend"),
        ("chủ nhật tuần này", "date_weekend"),
        ("hôm nay", "date_too_near"),
        ("hôm qua", "date_too_near"),
        ("10/12/2026", "date_too_far"),
    ],
)
def test_appointments_are_on_open_days_ahead(text, expected):
    assert value_of(MEETING, text) == expected


def test_a_holiday_is_not_a_weekend():
    new_year = Slot(id="x", type="date", working_day=True)
    found = read(new_year, "1/1/2027", AROUND)
    assert found == Wrong("date_holiday", {"gia_tri": "01/01/2027", "ngay_mo_cua": "04/01/2027"})


def test_a_day_that_does_not_exist_is_named_with_one_that_does():
    found = read(PAST, "31/02/2026", AROUND)
    assert isinstance(found, Wrong)
    assert found.details == {"gia_tri": "31/02/2026", "vi_du_ngay": "28/02/2026"}


@pytest.mark.parametrize(
    ("text", "expected", "shown"),
    [
        ("1990", "1990", "1990"),
        ("năm 1990", "1990", "1990"),
        ("3/1990", "1990-03", "03/1990"),
        ("tháng 3 năm 1990", "1990-03", "03/1990"),
        ("12/3/1990", "1990-03-12", "12/03/1990"),
    ],
)
def test_a_year_is_enough_where_the_form_says_so(text, expected, shown):
    slot = of("date", past=True, partial=True)
    assert read(slot, text, AROUND) == Value(expected, shown)


def test_a_date_taken_days_ago_is_looked_at_again():
    assert recheck(MEETING, "2026-11-30", AROUND) is None
    later = recheck(MEETING, "2026-11-30", Surroundings(today=date(2026, 12, 1), calendar=CALENDAR))
    assert later is not None
    assert later.kind == "date_too_near"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NGUYEN thi  an nhiên", "Nguyen Thi An Nhiên"),
        ("lê thị hoa", "Lê Thị Hoa"),
        ("h'hen niê", "H'Hen Niê"),
        ("tôi tên là Lê Thị Hoa ạ", "Lê Thị Hoa"),
        ("Dạ, họ tên: trần văn b", "Trần Văn B"),
        ("Tên Thị Hoa", "Thị Hoa"),
        ("Nguye\u0302\u0303n An", "Nguyễn An"),
        ("Hoa", "name_one_word"),
        ("Lê Thị Hoa 2", "name_digits"),
        ("xem http://a.vn", "name_signs"),
        ("'; DROP TABLE people; --", "name_signs"),
        ("<b>Lê Hoa</b>", "name_signs"),
        ("😀 😀", "name_signs"),
        ("a " * 50, "name_long"),
        ("  ", "empty"),
    ],
)
def test_names_keep_their_accents_and_get_their_capitals(text, expected):
    assert value_of(of("name"), text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "đồng ý",
        "Đồng ý",
        "ok",
        "oke em",
        "ừ",
        "dạ",
        "vâng ạ",
        "có",
        "dạ có",
        "đúng rồi",
        "được nhé",
        "gửi đi em",
        "yes",
        "true",
    ],
)
def test_yes_in_many_words(text):
    assert value_of(of("bool"), text) is True


@pytest.mark.parametrize(
    "text",
    [
        "không",
        "ko",
        "dạ không",
        "thôi",
        "thôi khỏi",
        "chưa",
        "không đồng ý",
        "đừng",
        "hông",
        "sai rồi",
        "không gửi",
        "no",
    ],
)
def test_no_in_many_words(text):
    assert value_of(of("bool"), text) is False


@pytest.mark.parametrize(
    "text", ["đất nhà tôi", "có mất tiền không", "được không?", "Lê Thị Hoa", "cái gì vậy trời"]
)
def test_what_is_neither_yes_nor_no(text):
    assert value_of(of("bool"), text) == "bool_unclear"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("25", 25),
        ("hai mươi lăm", 25),
        ("mười", 10),
        ("một trăm linh năm", 105),
        ("3 bản", 3),
        ("dạ 3 bản ạ", 3),
        ("năm", 5),
        ("ba trang", 3),
        ("1.000", 1000),
        ("một nghìn hai trăm", 1200),
        ("2,5", "number_not_whole"),
        ("-5", "number_small"),
        ("1001", "number_large"),
        ("nhiều lắm", "number_unreadable"),
        ("hai ba", "number_unreadable"),
        ("1 2 3", "number_unreadable"),
        ("9" * 150, "number_unreadable"),
        ("٣²", "number_unreadable"),
    ],
)
def test_numbers_in_digits_and_words(text, expected):
    slot = of("number", max=1000 if expected == "number_large" else 2000)
    assert value_of(slot, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("500k", 500_000),
        ("500 nghìn", 500_000),
        ("2 triệu rưỡi", 2_500_000),
        ("hai triệu rưỡi", 2_500_000),
        ("1tr2", 1_200_000),
        ("1,5 triệu", 1_500_000),
        ("2 triệu 500 nghìn", 2_500_000),
        ("500.000 đồng", 500_000),
        ("1.000.000đ", 1_000_000),
        ("5 tỷ", 5_000_000_000),
        ("tiền", "money_unreadable"),
    ],
)
def test_money_as_it_is_said(text, expected):
    assert value_of(of("money"), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nu", "nu"),
        ("Nữ", "nu"),
        ("2", "nu"),
        ("số 1", "nam"),
        ("bé gái", "nu"),
        ("con trai ạ", "nam"),
        ("dạ nữ", "nu"),
        ("khác", "choice_unknown"),
        ("3", "choice_unknown"),
    ],
)
def test_a_choice_by_title_number_or_common_word(text, expected):
    assert value_of(SEX, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("can cuoc", "cc"),
        ("giấy chứng nhận căn cước", "kc"),
        ("hộ chiêu", "hc"),
        ("hộ chiếuu", "hc"),
        ("số ba", "hc"),
        ("khác", "k"),
        ("giấy", "choice_unknown"),
        ("hc", "hc"),
    ],
)
def test_a_choice_nearly_written(text, expected):
    assert value_of(PAPERS, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("ừ", "tiep"), ("ok em", "tiep"), ("chưa", "sau"), ("bỏ", "bo"), ("Lê Thị Hoa", "choice_unknown")],
)
def test_a_choice_that_is_asked_as_yes_or_no(text, expected):
    titles = {"tiep": "Làm tiếp", "sau": "Để sau", "bo": "Bỏ"}
    choices = tuple(Choice(id=one, title=title) for one, title in titles.items())
    assert value_of(of("choice", choices=choices, yes="tiep", no="sau"), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0901 234 567", "0901234567"),
        ("sđt em là 0901.234.567 ạ", "0901234567"),
        ("+84 901 234 567", "0901234567"),
        ("84901234567", "0901234567"),
        ("(+84) 901-234-567", "0901234567"),
        ("+840901234567", "0901234567"),
        ("0162 123 4567", "phone_old"),
        ("028 3823 4567", "phone_landline"),
        ("0274 123 4567", "phone_landline"),
        ("090123456", "phone_length"),
        ("0101234567", "phone_prefix"),
        ("0901234567 hoặc 0912345678", "phone_two"),
        ("không có", "phone_unreadable"),
    ],
)
def test_phones_are_ten_digits_however_spaced(text, expected):
    assert value_of(of("phone"), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("000196001234", "000196001234"),
        ("000 196 001 234", "000196001234"),
        ("số 003.226.001234 nhé", "003226001234"),
        ("003227001234", "cccd_structure"),
        ("003499001234", "cccd_structure"),
        ("123456789", "cccd_old"),
        ("0001960012", "cccd_length"),
        ("quên rồi", "cccd_unreadable"),
    ],
)
def test_identity_numbers_are_looked_at_for_structure(text, expected):
    assert value_of(of("cccd"), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hoa.Le@Example.com", "hoa.le@example.com"),
        ("mail em: hoa@example.com.vn ạ", "hoa@example.com.vn"),
        ("hoa@", "email_unreadable"),
        ("hoa example.com", "email_unreadable"),
    ],
)
def test_email(text, expected):
    assert value_of(of("email"), text) == expected


def test_free_words_are_tidied_and_limited():
    assert value_of(of("address"), " 12  đường số 3 ,phường Bình Hòa ") == "12 đường số 3, phường Bình Hòa"
    assert value_of(of("address"), "Bình Hòa") == "address_short"
    assert value_of(of("text", min=10), "ngắn") == "text_short"
    assert value_of(of("text", max=20), "x" * 21) == "text_long"
    assert value_of(of("text"), "a\n\n  b\x00\u200b\ue000c\ue001") == "a\nbc"
    assert value_of(of("place"), "đường số 3") == "đường số 3"
    assert value_of(of("file"), "đây nè") == "file_missing"


def test_a_point_on_the_map_is_a_place():
    found = read(of("place"), "", AROUND, Place(latitude=10.9, longitude=106.7))
    assert found == Value({"lat": 10.9, "lon": 106.7}, "10.9, 106.7")


def test_files_are_taken_or_refused_with_their_reason():
    good = [Attachment(name="a.jpg", file=f"f{n}") for n in range(3)]
    bad = [Attachment(name="b", refused="too_large"), Attachment(name="c", refused="too_large")]
    taken, wrong = read_files([*good, *bad], 0, of("file", multiple=True, max=2))
    assert taken == ["f0", "f1"]
    assert [one.kind for one in wrong] == ["file_many", "file_too_large"]


def test_private_numbers_are_masked_when_read_back():
    assert show_masked(of("cccd"), "079123452345") == "0791…2345"
    assert show_masked(of("phone"), "0901234567") == "0901 234 567"


def test_of_a_text_with_private_numbers_only_the_numbers_are_hidden():
    people = "Lê Văn Bình, 12/03/2015, 000215001234, con\nLê An, 000 316 001234"
    shown = "Lê Văn Bình, 12/03/2015, 0002…1234, con\nLê An, 0003…1234"
    assert show_masked(of("text", mask=True), people) == shown
    assert show_masked(of("text", mask=True), "0123 456 789") == "0123…6789"
    assert show_masked(of("text", mask=True), "12345678") == "…"
    assert show(of("money"), 2500000) == "2.500.000 đồng"


def test_an_answer_is_kept_only_if_the_new_form_would_take_it():
    assert still_fits(SEX, "nu", AROUND)
    assert not still_fits(SEX, "khac", AROUND)
    assert still_fits(of("phone"), "0901234567", AROUND)
    assert not still_fits(of("phone"), "xin chào", AROUND)
    assert not still_fits(of("number", max=3), 5, AROUND)
    assert not still_fits(of("bool"), "có", AROUND)


def test_every_kind_of_slot_has_a_reader():
    assert set(READERS) == set(get_args(SlotType))


def test_every_way_to_be_wrong_is_known_to_the_wording():
    code = "".join(path.read_text() for path in Path(__file__).parents[2].glob("bot/flow/*.py"))
    import re

    plain = set(re.findall(r'Wrong\(\s*"([a-z_]+)"', code)) | set(re.findall(r'kind = "(date_\w+)"', code))
    assert plain <= KINDS


ANY_SLOT = st.sampled_from([*(of(kind) for kind in READERS if kind != "choice"), SEX, PAPERS, PAST, MEETING])
WRITTEN = st.one_of(
    st.text(),
    st.text(alphabet="0123456789/.-+ ,k@trđtháng năm", max_size=40),
    st.lists(
        st.sampled_from(
            [
                "ngày",
                "mùng",
                "tháng",
                "năm",
                "hai",
                "mươi",
                "lăm",
                "rưỡi",
                "triệu",
                "thứ",
                "tuần",
                "sau",
                "nay",
                "mai",
                "hôm",
                "qua",
                "31",
                "2",
                "2026",
                "/",
                "không",
                "có",
                "tr",
                "k",
            ]
        ),
        max_size=12,
    ).map(" ".join),
)


@given(ANY_SLOT, WRITTEN)
def test_any_text_is_a_value_or_a_known_wrong(slot, text):
    found = read(slot, text, AROUND)
    if isinstance(found, Wrong):
        assert found.kind in KINDS
    elif slot.type not in ("file", "bool"):
        assert show(slot, found.value) == found.shown
        assert still_fits(slot, found.value, AROUND)


@pytest.mark.parametrize("kind", list(READERS))
@pytest.mark.parametrize(
    "text", ["a" * 100_000, "1 " * 50_000, "ngày " * 20_000, "1/" * 50_000, "@." * 50_000]
)
def test_a_huge_text_is_refused(kind, text):
    slot = SEX if kind == "choice" else of(kind)
    assert isinstance(read(slot, text, AROUND), Wrong)


@pytest.mark.parametrize(
    ("born", "fits"),
    [("25/11/2008", True), ("26/11/2008", False), ("2008", True), ("2009", False), ("11/2008", True)],
)
def test_who_must_be_of_age_is_told_who_is_not(born, fits):
    slot = Slot(id="x", type="date", past=True, partial=True, min_age=18)
    found = read(slot, born, AROUND)
    assert isinstance(found, Value) if fits else found.kind == "date_young"


def test_whoever_was_born_on_29_february_is_of_age_on_1_march():
    slot = Slot(id="x", type="date", past=True, min_age=18)
    assert isinstance(read(slot, "29/2/2008", replace(AROUND, today=date(2026, 3, 1))), Value)
    assert isinstance(read(slot, "29/2/2008", replace(AROUND, today=date(2026, 2, 28))), Wrong)


@pytest.mark.parametrize(
    ("limits", "first", "last"),
    [
        ({"past": True}, None, "2026-11-25"),
        ({"past": True, "min_age": 18}, None, "2008-11-25"),
        ({"max_age_days": 30, "past": True}, "2026-10-26", "2026-11-25"),
        ({"min_days_ahead": 1, "max_days_ahead": 14}, "2026-11-26", "2026-12-09"),
        ({}, None, None),
    ],
)
def test_a_client_is_told_which_days_are_taken(limits, first, last):
    assert span(Slot(id="x", type="date", **limits), TODAY) == (first, last)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("cho má tôi", "cha_me"),
        ("làm cho tía", "cha_me"),
        ("bà ngoại", "ong_ba"),
        ("cho vợ tôi", "vo_chong"),
        ("cho tui", "ban_than"),
        ("con gái tôi", "con"),
        ("cho con của tôi", "con"),
        ("hàng xóm", None),
    ],
)
def test_for_whom_it_is_may_be_said_as_people_call_them(said, meant):
    titles = {
        "ban_than": "Cho tôi",
        "con": "Cho con tôi",
        "cha_me": "Cho cha mẹ",
        "ong_ba": "Cho ông bà",
        "vo_chong": "Cho vợ, chồng",
    }
    whom = of("choice", choices=tuple(Choice(id=one, title=title) for one, title in titles.items()))
    found = read(whom, said, AROUND)
    assert (found.value if isinstance(found, Value) else None) == meant
