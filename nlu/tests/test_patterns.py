"""Entities of a fixed shape."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.patterns import find


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hồ sơ h29.118-261123-0004 xong chưa", [("dossier_code", "H29.118-261123-0004")]),
        ("gọi 0903 123 456 nha", [("phone", "0903123456")]),
        ("sdt +84903123456", [("phone", "0903123456")]),
        ("căn cước 079196012345", [("cccd", "079196012345")]),
        ("sinh 05/11/2026", [("date", "05/11/2026")]),
        ("bé sinh ngày 5 tháng 11", [("date", "ngày 5 tháng 11")]),
        ("5 bản, mỗi bản 3 trang", [("copies", "5"), ("pages", "3")]),
        ("chung thuc 5 ban 3 trang", [("copies", "5"), ("pages", "3")]),
        ("mất 20.000 đồng hay 20k", [("money", "20.000 đồng"), ("money", "20k")]),
        ("5 bạn đi chung", []),
        ("sao y", []),
    ],
)
def test_what_has_a_shape_is_found(text: str, found: list[tuple[str, str]]) -> None:
    assert [(one.entity, one.value) for one in find(text)] == found


@given(st.text(alphabet="0123456789 /.-+H bảntrangđk", max_size=80))
def test_finds_lie_in_the_text_and_never_overlap(text: str) -> None:
    end = 0
    for one in find(text):
        assert end <= one.start < one.end <= len(text)
        end = one.end
