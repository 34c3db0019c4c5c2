"""People correct an earlier answer in their own words."""

import pytest

from bot.core.commands import CorrectSlot, CorrectSlots, Edit
from bot.understanding.correction import correction
from tests.understanding.understanding_scene import LABELS


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("sửa số điện thoại", CorrectSlot("so_dien_thoai")),
        ("sua sdt", CorrectSlot("so_dien_thoai")),
        ("cho em sửa lại sđt nha", CorrectSlot("so_dien_thoai")),
        ("đổi dia chi thuong tru giùm em", CorrectSlot("dia_chi")),
        ("sửa giới tính", CorrectSlot("gioi_tinh")),
        ("sửa tên bé", CorrectSlot("ho_ten_be")),
        ("sửa cccd mẹ", CorrectSlot("cccd_me")),
        ("sửa ngày sinh thành 4/11/2026", CorrectSlot("ngay_sinh", "4/11/2026")),
        ("sửa tên má thành Lê Thị Hoa", CorrectSlot("ho_ten_me", "Lê Thị Hoa")),
        ("sửa tên má lại là Lê Thị Hoa nha em", CorrectSlot("ho_ten_me", "Lê Thị Hoa")),
        ("sửa sđt: +84909123456", CorrectSlot("so_dien_thoai", "+84909123456")),
        (
            "sửa lại địa chỉ thường trú thành 12/3 Bình Đức, phường Bình Hòa",
            CorrectSlot("dia_chi", "12/3 Bình Đức, phường Bình Hòa"),
        ),
        ("à bé sinh mùng 4 chứ ko phải 5", CorrectSlot("ngay_sinh", "mùng 4")),
        ("à nhầm, con tôi sinh ngày 12", CorrectSlot("ngay_sinh", "ngày 12")),
        ("không phải, bé sinh ngày 4", CorrectSlot("ngay_sinh", "ngày 4")),
        ("số điện thoại sai rồi", CorrectSlot("so_dien_thoai")),
        ("sdt 0909123456 mới đúng", CorrectSlot("so_dien_thoai", "0909123456")),
        ("sđt là 0909 123 456 chứ hông phải 0909 123 457", CorrectSlot("so_dien_thoai", "0909 123 456")),
        (
            "sửa tên má thành Lê Thị Hoa và ngày sinh thành 4/11/2026",
            CorrectSlots((CorrectSlot("ho_ten_me", "Lê Thị Hoa"), CorrectSlot("ngay_sinh", "4/11/2026"))),
        ),
        (
            "à nhầm, bé sinh ngày 12, sđt là 0909123456",
            CorrectSlots((CorrectSlot("ngay_sinh", "ngày 12"), CorrectSlot("so_dien_thoai", "0909123456"))),
        ),
        (
            "sua sdt thanh 0909123456, ten ma la Le Thi Hoa",
            CorrectSlots(
                (CorrectSlot("so_dien_thoai", "0909123456"), CorrectSlot("ho_ten_me", "Le Thi Hoa"))
            ),
        ),
        ("sưa sô điên thoai", CorrectSlot("so_dien_thoai")),  # half the accents
        ("sửa số điện thọi", CorrectSlot("so_dien_thoai")),  # a slip
        ("sửa", Edit()),
        ("sửa tên", Edit()),  # whose?
        ("à lộn rồi em ơi", Edit()),
        ("Trần Thị Sửa", None),
        ("Sửa chữa con đường hư trước nhà tôi", None),
        ("rác đổ ngoài đường chứ không phải trong hẻm", None),
        ("Nguyễn Văn An", None),
        ("0909123456", None),
        ("", None),
    ],
)
def test_a_correction_names_the_answer_and_perhaps_its_new_value(words, said, meant):
    assert correction(words.read(said), LABELS, words) == meant


def test_without_a_form_there_is_nothing_to_correct(words):
    assert correction(words.read("sửa số điện thoại"), {}, words) is None
