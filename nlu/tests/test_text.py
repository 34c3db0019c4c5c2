"""The reader of typed text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.text import LONGEST, is_syllable, normalise, strip_accents, tokens_of


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Làm khai sinh", "làm khai sinh"),
        ("hoà giải ở khoẻ thuỷ", "hòa giải ở khỏe thủy"),
        ("quý hoàn thuyền", "quý hoàn thuyền"),
        (unicodedata.normalize("NFD", "đăng ký kết hôn"), "đăng ký kết hôn"),
        ("ko dc", "không được"),
        ("cho e hỏi sđt ad", "cho em hỏi số điện thoại admin"),
        ("làm CCCD", "làm căn cước"),
        ("đkks ntn z", "đăng ký khai sinh như thế nào vậy"),
        ("alooooo", "alo"),
        ("khai\u200bsinh", "khai sinh"),
        ("giaays", "giấy"),
        ("cos", "có"),
        ("ddawng", "đăng"),
        ("dduowcj", "được"),
        ("079196012345", "000000000000"),
        ("lệ phí???", "lệ phí ? ? ?"),
        ("", ""),
    ],
)
def test_a_message_is_read_as_it_was_meant(typed: str, read: str) -> None:
    assert normalise(typed) == read


@pytest.mark.parametrize("word", ["bus", "visa", "link", "khai", "sinh", "pass", "online", "zalo"])
def test_words_that_are_no_telex_slip_stay(word: str) -> None:
    assert tokens_of(word) == [word]


def test_accents_are_stripped() -> None:
    assert strip_accents("Đường Nguyễn Huệ, phường Bình Hòa") == "Duong Nguyen Hue, phuong Binh Hoa"


def test_syllables() -> None:
    assert all(map(is_syllable, ["giấy", "nghiêng", "đường", "quyển", "khuya", "ăn", "y"]))
    assert not any(map(is_syllable, ["giaays", "strong", "web", "xyz"]))


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    for token in tokens_of(text):
        assert token and " " not in token
        assert unicodedata.is_normalized("NFC", token)


def test_a_very_long_message_keeps_both_its_ends() -> None:
    read = tokens_of("đầu " + "giữa " * 30_000 + "cuối")
    assert (read[0], read[-1]) == ("đầu", "cuối")
    assert len(" ".join(read)) <= LONGEST + 1
