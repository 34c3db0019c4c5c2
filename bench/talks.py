"""What the benchmark says: questions that are all different, and a whole form for each server."""

import random
from collections.abc import Iterator
from datetime import datetime

import msgspec

from bot.core.calendar import ZONE, Calendar, vietnam_holidays

#: Questions that one person asks.
QUESTIONS = 4

_LEADS = (
    "cho em hỏi", "cho tôi hỏi", "anh chị cho hỏi", "dạ em muốn hỏi", "phường ơi", "chị ơi",
    "nhờ tư vấn giúp", "mình cần biết", "cán bộ cho hỏi", "xin hỏi", "alo cho hỏi", "chào phường, cho hỏi",
)  # fmt: skip
_MATTERS = (
    "đăng ký khai sinh", "đăng ký kết hôn", "giấy xác nhận độc thân", "đăng ký khai tử", "chứng thực bản sao",
    "chứng thực chữ ký", "trích lục khai sinh", "đăng ký tạm trú", "đăng ký thường trú", "làm căn cước",
    "trợ cấp người cao tuổi", "hộ kinh doanh", "cải chính hộ tịch", "đăng ký giám hộ", "hỗ trợ mai táng",
)  # fmt: skip
_WANTS = (
    "cần giấy tờ gì", "mang theo những gì", "hết bao nhiêu tiền", "lệ phí thế nào", "mất mấy ngày",
    "bao lâu thì có", "nộp ở đâu", "làm ở chỗ nào", "thủ tục ra sao", "có cần bản chính không",
)  # fmt: skip
_TAILS = (
    "ạ", "vậy", "vậy ạ", "nhỉ", "giúp em", "em cảm ơn", "bé mới sinh tuần trước", "em ở khu phố 3",
    "em đang đi làm xa", "nhà em vừa dọn về", "em gấp lắm", "hôm nay có làm không ạ",
)  # fmt: skip


def questions(seed: int) -> list[str]:
    """Every one different, in an order that depends on the seed."""
    every = [
        f"{lead} {matter} {want} {tail}"
        for lead in _LEADS
        for matter in _MATTERS
        for want in _WANTS
        for tail in _TAILS
    ]
    random.Random(seed).shuffle(every)
    return every


class Questions:
    """Each person asks a few questions; no text comes twice."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts

    def __call__(self, number: int) -> Iterator[tuple[bytes, str]]:
        for index in range(number * QUESTIONS, (number + 1) * QUESTIONS):
            yield _message(f"hoi-{number}", self._texts[index % len(self._texts)]), ""


class Parses:
    """The same questions, for `/model/parse`."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts

    def __call__(self, number: int) -> Iterator[tuple[bytes, str]]:
        yield msgspec.json.encode({"text": self._texts[number % len(self._texts)]}), ""


class Form:
    """Taps and answers from the first button to the receipt, each checked for the words that must come."""

    def __init__(self, lines: list[tuple[str, str]]) -> None:
        self._lines = lines

    def __call__(self, number: int) -> Iterator[tuple[bytes, str]]:
        for text, expected in self._lines:
            yield _message(f"don-{number}", text), expected


def our_form() -> Form:
    """flows/phan_anh.yml, to the end: a dossier is opened. (Half hours for appointments run out.)"""
    return Form(
        [
            ("/StartFlow(phan_anh)", "kể giúp"),
            ("/SetSlots(dong_y=true)", "về việc gì"),
            ("/SetSlots(linh_vuc=den)", "chuyện gì xảy ra"),
            ("Đèn đường trước nhà tôi hỏng ba hôm nay", "chỗ nào"),
            ("trước nhà 12 đường số 3", "có ảnh"),
            ("/Skip", "Họ tên"),
            ("Nguyễn Thị Minh An", "Số điện thoại"),
            ("0903 123 456", "xem lại"),
            ("/CorrectSlot(so_dien_thoai)", "Số điện thoại"),
            ("0903 123 457", "xem lại"),
            ("/SetSlots(kiem_tra=true)", "Đã nhận phản ánh"),
        ]
    )


def stock_form() -> Form:
    """As many turns, but one, with bench/stock/domain.yml: nine answers are kept, unchecked."""
    return Form(
        [
            ("/start_dossier", "giữ giờ"),
            ("/affirm", "loại giấy tờ nào"),
            ('/inform{"loai_giay": "can_cuoc"}', "mấy trang"),
            ("4", "mấy bản sao"),
            ("3", "ngày nào"),
            (_working_day(), "mấy giờ"),
            ('/inform{"gio_hen": "0900"}', "Họ tên"),
            ("Nguyễn Thị Minh An", "Số điện thoại"),
            ("0903 123 456", "kiểm tra"),
            ("/affirm", "Mã hẹn"),
        ]
    )


def _working_day() -> str:
    today = datetime.now(ZONE).date()
    calendar = Calendar(vietnam_holidays([today.year, today.year + 1]))
    return f"{calendar.next_working_days(today, 2)[-1]:%d/%m/%Y}"


def _message(sender: str, text: str) -> bytes:
    return msgspec.json.encode({"sender": sender, "message": text})
