"""Slips as they are printed: every word and mark is there, the code can be read by a scanner."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from bot.core.calendar import ZONE
from bot.core.content import ContentError
from bot.core.dossier import Slip
from bot.core.procedure import Time
from bot.slips.draw import draw
from bot.slips.sheet import Sheet, load_slip_words

DATA = Path(__file__).parents[2] / "data"
WORDS = load_slip_words(DATA / "slips.yml")
NINE = datetime(2026, 11, 25, 9, 5, tzinfo=ZONE)
SHEET = Sheet(
    kind=Slip.RECEIPT,
    number=4,
    code="H29.118-261125-0004",
    ward="phường Bình Hòa",
    counter="Trung tâm Phục vụ hành chính công",
    made_at=NINE,
    applicant="Nguyễn Thị Ngọc Diễm",
    address="12 đường số 3, khu phố Bình Đức 1",
    phone="0901 234 567",
    procedure="Đăng ký khai sinh",
    papers=("Giấy chứng sinh (2 tệp)",),
    wanted=("Giấy chứng sinh",),
    time="3 ngày làm việc",
    received_at=NINE,
    due_at=NINE.replace(day=30, hour=17, minute=0),
    old_due_at=NINE.replace(hour=17, minute=0),
    where="quầy 3",
    officer="Trần Thị Lan",
    reason="Ảnh mờ",
)


def text_of(content: bytes) -> str:
    """All that is printed, with single spaces."""
    pages = pypdfium2.PdfDocument(content)
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pages).split())


@pytest.mark.parametrize("kind", Slip)
def test_a_slip_says_whose_it_is_and_what_of(kind):
    said = text_of(draw(replace(SHEET, kind=kind), WORDS))
    for words in (" ".join(WORDS.kinds[kind].title), "Nguyễn Thị Ngọc Diễm", "Đăng ký khai sinh", SHEET.code):
        assert words in said


def test_a_receipt_has_the_fields_of_the_circular():
    said = text_of(draw(SHEET, WORDS))
    for words in (
        "1. Thành phần hồ sơ nộp gồm: (1) Giấy chứng sinh (2 tệp)",
        "3 ngày làm việc",
        "09 giờ 05 phút, ngày 25 tháng 11 năm 2026",
        "17 giờ 00 phút, ngày 30 tháng 11 năm 2026",
        "Số: 04/TTPVHCC",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
        "Trần Thị Lan",
    ):
        assert words in said


def test_what_is_not_known_is_left_out_or_dotted_and_never_made_up():
    bare = replace(SHEET, applicant="", phone="", email="", time="", due_at=None)
    said = text_of(draw(bare, WORDS))
    assert "Tiếp nhận hồ sơ của: …" in said
    for words in ("Email", "theo quy định là"):
        assert words not in said


def test_every_vietnamese_mark_is_in_the_fonts():
    marks = "ẵ ỗ ữ ỷ Đ đ ậ ệ ợ ẫ ằ ẩ Ệ Ữ Ỵ ỹ ơ ư ă â ê ô"
    assert marks in text_of(draw(replace(SHEET, procedure=marks, reason=marks), WORDS))


def test_the_qr_code_is_the_code_of_the_dossier():
    page = pypdfium2.PdfDocument(draw(SHEET, WORDS))[0].render(scale=3).to_pil()
    assert [one.text for one in zxingcpp.read_barcodes(page)] == [SHEET.code]


def test_many_papers_go_on_to_a_second_page_with_the_code_at_its_foot():
    long = replace(SHEET, papers=tuple(f"Giấy tờ rất dài thứ {n} " + "chữ " * 20 for n in range(20)))
    pages = pypdfium2.PdfDocument(draw(long, WORDS))
    assert len(pages) > 1
    foots = [" ".join(page.get_textpage().get_text_bounded().split()) for page in pages]
    assert all(f"{SHEET.code} – trang {n}" in foot for n, foot in enumerate(foots, 1))


def test_the_metadata_name_nobody():
    meta = pypdfium2.PdfDocument(draw(SHEET, WORDS)).get_metadata_dict()
    assert "Diễm" not in str(meta)
    assert SHEET.code in meta["Title"]


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (Time(value=3, unit="ngay_lam_viec"), "3 ngày làm việc"),
        (Time(same_day=True), "trong ngày làm việc"),
        (Time(by_slip=True), ""),
        (None, ""),
    ],
)
def test_how_long_it_takes_is_said_as_the_source_has_it(time, said):
    assert WORDS.time.of(time) == said


def test_a_name_that_is_not_known_is_told_with_its_line(tmp_path):
    wrong = (DATA / "slips.yml").read_text().replace("{nguoi_nop}", "{nguoi_nap}", 1)
    (tmp_path / "slips.yml").write_text(wrong)
    with pytest.raises(ContentError, match="nguoi_nap"):
        load_slip_words(tmp_path / "slips.yml")
