"""Text made comparable, for what phones and people really send."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import ROOT
from bot.core.text import agrees, fold, gist, is_nonsense, loosely, nfc, strip_accents, words


def test_a_decomposed_letter_becomes_one():
    assert nfc(unicodedata.normalize("NFD", "Đặng Thị Ngọc")) == "Đặng Thị Ngọc"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Đăng ký khai sinh", "Dang ky khai sinh"),
        ("ĐƯỜNG đ", "DUONG d"),
        ("giấy độc thân", "giay doc than"),
        ("Bình Hòa / Bình Hoà", "Binh Hoa / Binh Hoa"),
    ],
)
def test_accents_are_stripped(text, plain):
    assert strip_accents(text) == plain


def test_folding_makes_small_letters_and_single_spaces():
    assert fold("  Sao   Y\tBản\nChính ") == "sao y ban chinh"


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_every_form_of_a_text_folds_alike(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


def test_words_lose_their_punctuation():
    assert words("Sao y, 2 bản (CCCD)?") == ["sao", "y", "2", "bản", "cccd"]


@pytest.mark.parametrize(
    ("typed", "meant", "answer"),
    [
        ("chung thuc", "chứng thực", True),
        ("chưng thưc", "chứng thực", True),
        ("chứng thực", "chứng thực", True),
        ("chứ ký", "chữ ký", False),
        ("đăng ký", "dang ky", False),
        ("dang ky", "đăng ký", True),
        ("ky", "kỳ hạn", False),
    ],
)
def test_left_out_accents_agree_and_wrong_ones_do_not(typed, meant, answer):
    assert agrees(typed, meant) is answer


@pytest.mark.parametrize("text", ["Làm KHAI SINH ở đâu?", "lam khai sinh o dau", "  làm khai-sinh, ở đâu..."])
def test_two_ways_of_asking_the_same_have_one_gist(text):
    assert gist(text) == "lam khai sinh o dau"


@pytest.mark.parametrize("text", ["số nhà", "sô nhà", "SO NHA", unicodedata.normalize("NFC", "Số Nhà")])
def test_a_loose_pattern_meets_what_is_typed_with_fewer_accents(text):
    assert loosely(r"^số\s+nhà$").search(text)


def test_a_loose_pattern_keeps_other_words_apart():
    assert not loosely(r"^là$").search("lạ")


@pytest.mark.parametrize("text", ["asdfgh", "zxcv qwrt", "kkkk", "hjkl 123"])
def test_what_means_nothing_is_nonsense(text: str) -> None:
    assert is_nonsense(text)


@pytest.mark.parametrize(
    "text", ["khai sinh", "Nghiêng ngả", "quý", "giúp", "uống", "", "123", "🙂", "a", "kết hôn xyz"]
)
def test_what_has_a_syllable_is_not(text: str) -> None:
    assert not is_nonsense(text)


def test_no_name_of_a_procedure_is_nonsense() -> None:
    for file in (ROOT / "data" / "procedures").glob("*.yml"):
        lines = file.read_text(encoding="utf-8").splitlines()
        assert not is_nonsense(next(line for line in lines if line.startswith("name:")))
