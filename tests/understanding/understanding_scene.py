"""The form in whose middle the citizens of these tests stand, and where the ward's words lie."""

from pathlib import Path

ROOT = Path(__file__).parents[2]

LABELS = {
    "Họ, chữ đệm và tên của bé": "ho_ten_be",
    "Ngày sinh của bé": "ngay_sinh",
    "Nơi sinh của bé": "noi_sinh",
    "Giới tính": "gioi_tinh",
    "Họ tên người mẹ": "ho_ten_me",
    "Số căn cước của mẹ": "cccd_me",
    "Số điện thoại": "so_dien_thoai",
    "Địa chỉ thường trú": "dia_chi",
}
