"""What is kept of a message to learn from: what it asks, and nothing that tells whose it is."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import ROOT
from bot.core.heard import Entity
from bot.core.masking import STAND_INS, mask, mask_numbers, with_stand_ins
from bot.core.text import strip_accents

LONG_NUMBER = re.compile(r"\d(?:[\s.\-]*\d){4,}")
#: What the rules are about, so that the properties are tried where it matters.
PIECES = st.sampled_from(
    [
        *(
            "0",
            "1",
            "9",
            "84",
            "+84",
            "0901",
            "12/5/1990",
            "-",
            ".",
            "(",
            ")",
            "/",
            "@",
            "[",
            "]",
            "[tên]",
            "[số]",
        ),
        *(
            "tên",
            "là",
            "tôi",
            "Tôi",
            "em",
            "anh",
            "Chị",
            "Nguyễn",
            "Trần",
            "văn",
            "thị",
            "An",
            "số",
            "nhà",
            "12/3",
        ),
        *("đường", "Lê", "Lợi", "hẻm", "www.", ".vn", "x@y.vn", "stk", "H29.118-261123-0004"),
        *("\u200b", "\u0301", "\ud800", "\x00", "ß", "İ", "0\ufe0f\u20e3", "\u0663"),
    ]
)
TEXTS = st.text(max_size=80) | st.lists(PIECES | st.text(max_size=3), max_size=25).flatmap(
    lambda parts: st.sampled_from(["", " ", "\n"]).map(lambda between: between.join(parts))
)
ENTITIES = st.lists(
    st.builds(
        Entity,
        entity=st.sampled_from(["phone", "cccd", "person_name", "dossier_code", "date"]),
        value=st.just(""),
        start=st.integers(-3, 60),
        end=st.integers(-3, 60),
    ),
    max_size=4,
)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("gọi tôi số 0901 234 567 nha", "gọi tôi số [số điện thoại] nha"),
        ("sđt +84 901.234.567", "sđt [số điện thoại]"),
        ("số (0909) 123-456", "số [số điện thoại]"),
        ("cccd 079196012345 của em", "cccd [số căn cước] của em"),
        ("chứng minh nhân dân 280 123 456", "chứng minh nhân dân [số căn cước]"),
        ("hoá đơn 12.345", "hoá đơn [số]"),
        ("stk 0123456789 vietcombank", "stk [số tài khoản] vietcombank"),
        ("số tài khoản là: 1903 8273 645", "số tài khoản là: [số tài khoản]"),
        ("hồ sơ H29.118-261123-0004 tới đâu rồi", "hồ sơ [mã hồ sơ] tới đâu rồi"),
        ("mã 000.00.12.h29 261123 0004", "mã [mã hồ sơ]"),
        ("gửi vào an.nguyen@gmail.com giúp", "gửi vào [thư điện tử] giúp"),
        ("xem https://fb.com/an?x=1 với zalo.me/an", "xem [đường dẫn] với [đường dẫn]"),
        ("sinh ngày 05/11/1990 ở Bình Dương", "sinh ngày [ngày] ở Bình Dương"),
        ("ngày 5 tháng 11 năm 1990 thì sao", "[ngày] thì sao"),
    ],
)
def test_what_has_the_shape_of_something_personal_is_masked(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (
            "nhà em số 12/3 đường Lê Lợi, khu phố Bình Đức 1",
            "nhà em [địa chỉ], khu phố Bình Đức 1",
        ),
        ("12 đường số 5 bị mất nước", "[địa chỉ] bị mất nước"),
        ("12 đường Trần Hưng Đạo", "[địa chỉ]"),
        ("ổ gà trước nhà số 12 đường ĐT 743", "ổ gà trước [địa chỉ]"),
        ("so nha 12/3a hem 4 thi xin tam tru sao", "[địa chỉ] thi xin tam tru sao"),
        ("nhà số 5 bị ngập", "[địa chỉ] bị ngập"),
        ("ở số 12, kp Bình Đức", "ở [địa chỉ], kp Bình Đức"),
    ],
)
def test_where_somebody_lives_is_masked(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("tôi tên Nguyễn Thị Hoa, muốn làm khai sinh", "tôi tên [tên], muốn làm khai sinh"),
        ("họ và tên: Lan", "họ và tên: [tên]"),
        ("em là Lan hỏi chút", "em là [tên] hỏi chút"),
        ("con tôi tên là bảo an muốn làm khai sinh", "con tôi tên là [tên] muốn làm khai sinh"),
        ("em ten la le thi hoa", "em ten la [tên]"),
        ("toi ten nguyen van an can lam can cuoc", "toi ten [tên] can lam can cuoc"),
        ("anh Minh ơi, bà Út nộp chưa", "anh [tên] ơi, bà [tên] nộp chưa"),
        ("chồng em Trần Văn B mất rồi", "chồng em [tên] mất rồi"),
        ("NGUYỄN VĂN AN MUỐN LÀM KHAI SINH CHO CON", "[tên] MUỐN LÀM KHAI SINH CHO CON"),
        ("hồ sơ của nguyễn văn tèo tới đâu", "hồ sơ của [tên] tới đâu"),
        ("Vo Thi Sau co phai lam lai khong", "[tên] co phai lam lai khong"),
    ],
)
def test_names_are_masked(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "phường Bình Hòa ở đâu, Bộ Công an có nhận không",
        "Anh Chị cho em hỏi lý lịch tư pháp",
        "Cho Em Hỏi Thủ Tục Làm Lý Lịch Tư Pháp Ở Phường",
        "chị ơi cho em hỏi 3 bản sao mất 6.000 đồng hả",
        "Nghị định 104/2022/NĐ-CP nói gì về sổ hộ khẩu",
        "TP. Hồ Chí Minh có nhận khai sinh không",
        "Hồ Sơ của tôi tới đâu, Lý Do gì chưa xong",
        "đường Nguyễn Du bị ngập, trường Trần Đại Nghĩa nghỉ học",
        "khu phố 3 đường số 5 bị hư đèn từ năm 2020",
        "từ năm 2020 đường này hư",
        "tên là gì cũng được hả, muốn đổi tên đệm cho con",
        "tôi là Đảng viên, vợ là người Hàn Quốc",
        "vo thi can gi de lam khai sinh",
        "mai van con lam viec khong, do thi cu o dau",
        "vào dichvucong.gov.vn không được",
        "trích lục khai sinh năm 1990",
        "bà Rịa Vũng Tàu chuyển về, hẹn 12/5 được không",
    ],
)
def test_what_is_nobodys_stays(text):
    assert mask(text) == text


@pytest.mark.parametrize("typed", [str, strip_accents, str.title], ids=["as written", "no accents", "Titles"])
def test_of_what_residents_ask_hardly_anything_is_masked(typed):
    """One in a hundred of the examples of data/nlu names somebody, a number or a code."""
    texts = [
        line.removeprefix("- ")
        for file in sorted((ROOT / "data" / "nlu").rglob("*.yml"))
        if file.name != "labelled.yml"
        for line in re.findall(r"^ +(- .+)$", file.read_text(encoding="utf-8"), re.M)
    ][::3]

    assert len(texts) > 1500
    assert len([text for text in map(typed, texts) if mask(text) != text]) < len(texts) / 80


def test_what_the_model_found_is_masked_where_it_stands():
    text = unicodedata.normalize("NFD", "bé Bông học lớp lá, gọi không chín không")
    found = [
        Entity(entity="person_name", value="Bông", start=3, end=7),
        Entity(entity="phone", value="090", start=24, end=40),
        Entity(entity="date", value="lớp lá", start=12, end=18),
        Entity(entity="dossier_code", value="H29", start=0, end=0),
        Entity(entity="cccd", value="", start=30, end=4000),
    ]

    assert mask(text, found) == "bé [tên] học lớp lá, gọi [số điện thoại]"


def test_a_message_becomes_one_line_without_hidden_signs():
    assert mask(" 090\u200b1234\n567\tgọi\x00 nha ") == "[số điện thoại] gọi nha"


def test_an_officers_words_lose_only_what_is_personal_by_its_shape():
    assert mask_numbers("ông Lý Thông, 0901234567, a@b.vn") == "ông Lý Thông, [số điện thoại], [thư điện tử]"


def test_stand_ins_are_read_back_as_what_they_stand_for():
    for word, value in STAND_INS.items():
        assert with_stand_ins(f"của em là {word} ạ") == f"của em là {value} ạ"
        assert mask(f"thì {value} ạ") == f"thì {word} ạ" or word == "[số tài khoản]"


@given(TEXTS, ENTITIES)
def test_no_long_number_survives_and_masking_twice_is_masking_once(text, entities):
    masked = mask(text, entities)

    assert LONG_NUMBER.search(masked) is None
    assert mask(masked) == masked
    assert mask_numbers(masked) == masked


@given(
    st.lists(st.sampled_from(["khai sinh", "cho con", "cần giấy tờ gì", "ở phường", "mấy ngày", "lệ phí"]))
)
def test_words_that_are_not_personal_stay(words):
    text = " ".join(words)

    assert mask(text) == text
