"""What is understood from the first second, before Rasa is there."""

import pytest

from bot.understanding.base import UNCLEAR
from bot.understanding.rules import RulesReader

FOUND = {
    "khai sinh": [("dang_ky_khai_sinh", 0.9), ("dang_ky_lai_khai_sinh", 0.4)],
    "hộ chiếu": [("chung_thuc_ban_sao", 0.8)],
    "cưới": [("dang_ky_ket_hon", 0.3)],
    "rác": [("dang_ky_ho_kinh_doanh", 0.15)],
}


@pytest.fixture(scope="module")
def reader(words):
    def find(text, limit):
        return next((found[:limit] for words, found in FOUND.items() if words in text), [])

    def aspect_of(text):
        return "fee" if "phí" in text else "how-online" if "qua mạng" in text else None

    return RulesReader(words, find, aspect_of, {"dang_ky_khai_sinh": ("1.001193", "Đăng ký khai sinh")})


@pytest.mark.parametrize(
    ("text", "intent", "procedure"),
    [
        ("lệ phí khai sinh", "ask_fee", "dang_ky_khai_sinh"),
        ("khai sinh", "ask_overview", "dang_ky_khai_sinh"),
        ("muốn nộp khai sinh", "start_dossier", "dang_ky_khai_sinh"),
        ("làm khai sinh qua mạng", "ask_how_online", "dang_ky_khai_sinh"),
        ("lệ phí bao nhiêu vậy em", "ask_fee", None),
        ("sao y hộ chiếu", "ask_overview", "chung_thuc_ban_sao"),
        ("em cưới vợ", "ask_overview", "dang_ky_ket_hon"),
        ("rác đầy đường không ai dọn", "report_problem", "dang_ky_ho_kinh_doanh"),
        ("mấy giờ làm việc vậy ad", "ask_hours", None),
        ("gio lam viec the nao", "ask_hours", None),
        ("muon gap can bo phu trach", "talk_to_officer", None),
        ("cho hẹn chứng thực sáng thứ 2", "book_appointment", None),
        ("bằng lái xe hết hạn", "out_of_scope", None),
        ("chào em", "greet", None),
        ("hồ sơ H29.118-261123-0004", "dossier_status", None),
        ("asdfgh", UNCLEAR, None),
        ("", UNCLEAR, None),
    ],
)
async def test_words_alone_go_a_long_way(reader, text, intent, procedure):
    heard = await reader.read(text)

    assert (heard.intent, heard.procedures[0].id if heard.procedures else None) == (intent, procedure)
    assert 0 <= heard.confidence <= 1
    assert heard.source in ("rules", "search")


async def test_a_procedure_is_told_with_its_code_and_name(reader):
    best, second = (await reader.read("khai sinh")).procedures

    assert (best.code, best.name, best.confidence) == ("1.001193", "Đăng ký khai sinh", 0.9)
    assert (second.code, second.name) == ("", "")
