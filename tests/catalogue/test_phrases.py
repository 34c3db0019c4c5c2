"""Set phrases are found with or without their accents; the longest wins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.phrases import PhraseFinder

FINDER = PhraseFinder({"ho_khau": ["sổ hộ khẩu", "hộ khẩu giấy"], "huyen": ["cấp huyện"], "giay": ["giấy"]})


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("có cần sổ hộ khẩu không", "ho_khau"),
        ("co can SO HO KHAU khong", "ho_khau"),
        ("nộp ở cấp huyện à", "huyen"),
        ("hộ khẩu giấy còn dùng không", "ho_khau"),
        ("xin nhập hộ khẩu", None),
        ("số hộ khẩu", None),
        ("", None),
    ],
)
def test_what_a_text_speaks_of(text, meant):
    assert FINDER.of(text) == meant


@given(st.text())
def test_any_text_is_read(text):
    FINDER.of(text)
