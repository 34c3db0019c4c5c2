"""Slips as they are printed: every word and mark is there, the code can be read by a scanner."""

import hashlib
import re
import unicodedata
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from fontTools.ttLib import TTFont

from bot.core.calendar import ZONE
from bot.core.content import ContentError
from bot.core.dossier import Slip
from bot.core.procedure import Time
from bot.slips.draw import draw
from bot.slips.page import FONTS, HEIGHT, MARGIN, WIDTH
from bot.slips.sheet import Sheet, load_slip_words, names_of

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


#: In points, as PDF measures.
MILLIMETRE = 72 / 25.4


def boxes_of(page) -> list[tuple[float, float, float, float]]:
    """Where the words of a page are printed: left, bottom, right, top, in millimetres."""
    text = page.get_textpage()
    boxes = [text.get_rect(number) for number in range(text.count_rects())]
    return [tuple(edge / MILLIMETRE for edge in box) for box in boxes]


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
    assert re.search(r"Tiếp nhận hồ sơ của: …{20,} Địa chỉ: 12 đường", said), "dots to the end of the line"
    assert "phường Bình Hòa sẽ báo cho ông/bà sau" in said
    for words in ("Email", "theo quy định là"):
        assert words not in said


@pytest.mark.parametrize(
    ("known", "numbers"),
    [
        ({}, "1. Thành 2. Số 3. Thời 4. Thời 5. Thời 6. Đăng"),
        ({"papers": (), "time": ""}, "1. Số 2. Thời 3. Thời 4. Đăng"),
    ],
)
def test_the_numbers_of_the_lines_have_no_gap(known, numbers):
    said = text_of(draw(replace(SHEET, **known), WORDS))
    assert " ".join(re.findall(r"(?<= )\d\. \w+", said)) == numbers


@pytest.mark.parametrize("kind", Slip)
def test_all_that_goes_in_comes_out_as_it_was(kind):
    full = replace(
        SHEET, kind=kind, reason="Giấy tờ “mờ” – chụp lại; phí 5.000₫", ward_phone="0274 3 000 000"
    )
    said = text_of(draw(full, WORDS))
    names = names_of(full, WORDS.kinds[kind].symbol)
    for line in WORDS.kinds[kind].lines:
        if line.text.find("{email}") < 0:
            assert " ".join(line.text.format_map(names).split()) in said
    for text in (*WORDS.kinds[kind].signs, *WORDS.head.motto, f"Số: 04/{WORDS.kinds[kind].symbol}"):
        assert text in said


@pytest.mark.parametrize("style", ["Regular", "Bold", "Italic"])
def test_every_letter_of_vietnamese_is_in_the_fonts(style):
    bases, tones = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY", ("", *"\u0300\u0301\u0303\u0309\u0323")
    letters = {unicodedata.normalize("NFC", base + tone) for base in bases for tone in tones} | set("dđDĐ")
    known = TTFont(FONTS / f"NotoSerif-{style}.ttf").getBestCmap()
    assert [one for one in letters if len(one) == 1 and ord(one) not in known] == []


def test_every_vietnamese_mark_is_printed_however_it_was_typed():
    marks = "ẵ ỗ ữ ỷ Đ đ ậ ệ ợ ẫ ằ ẩ Ệ Ữ Ỵ ỹ ơ ư ă â ê ô"
    typed = unicodedata.normalize("NFD", marks)
    assert marks in text_of(draw(replace(SHEET, procedure=marks), WORDS))
    assert marks in text_of(draw(replace(SHEET, procedure=typed, officer=typed), WORDS))


def test_pictures_among_the_words_go_and_foreign_letters_are_not_lost_unseen(caplog):
    said = text_of(draw(replace(SHEET, applicant="Lê\tThị 👶🏻 Hoa", address="7 đường 王"), WORDS))
    assert "của: Lê Thị Hoa" in said
    assert "7 đường" in said
    assert "王" in caplog.text


def test_several_lines_of_a_reason_stay_lines():
    said = text_of(draw(replace(SHEET, kind=Slip.REFUSAL, reason="Một: thiếu.\nHai: mờ {0} %s"), WORDS))
    assert "Một: thiếu. Hai: mờ {0} %s" in said


@pytest.mark.parametrize("kind", Slip)
def test_long_names_and_addresses_wrap_inside_the_margins(kind):
    long = replace(
        SHEET,
        kind=kind,
        applicant="Công Tằng Tôn Nữ Thị Nguyễn Phước Hoàng Bảo " * 4,
        address="Căn hộ số 12.34, tòa nhà B, khu chung cư Đường Sắt, " * 5 + "x" * 150,
        procedure="Cấp giấy phép xây dựng sửa chữa, cải tạo đối với công trình cấp III, cấp IV " * 4,
        officer="Nguyễn Phước Hoàng Thị Minh Nguyệt Anh Thư Bảo Châu",
        ward="phường Nguyễn Thị Minh Khai Cầu Ông Lãnh",
    )
    content = draw(long, WORDS)
    said = text_of(content)
    for words in (long.applicant, long.officer):
        assert words.strip() in said
    for page in pypdfium2.PdfDocument(content):
        for left, bottom, right, top in boxes_of(page):
            assert left >= MARGIN - 1
            assert right <= WIDTH - MARGIN + 1
            assert bottom >= 4
            assert top <= HEIGHT - 8


def test_the_qr_code_is_the_code_of_the_dossier():
    page = pypdfium2.PdfDocument(draw(SHEET, WORDS))[0].render(scale=3).to_pil()
    assert [one.text for one in zxingcpp.read_barcodes(page)] == [SHEET.code]


def test_many_papers_go_on_to_a_second_page_with_the_code_at_its_foot():
    papers = tuple(f"Giấy tờ rất dài thứ {n} " + "chữ " * 20 + f"hết {n}" for n in range(1, 21))
    pages = pypdfium2.PdfDocument(draw(replace(SHEET, papers=papers), WORDS))
    assert len(pages) > 1
    said = [" ".join(page.get_textpage().get_text_bounded().split()) for page in pages]
    assert all(f"{SHEET.code} – trang {n}" in one for n, one in enumerate(said, 1))
    assert all(f"({n}) {paper}" in " ".join(said) for n, paper in enumerate(papers, 1))


@pytest.mark.parametrize("kind", [Slip.RECEIPT, Slip.SUPPLEMENT])
def test_nobody_signs_an_empty_page(kind):
    for count in range(1, 40):
        many = tuple(f"Giấy tờ {n}" for n in range(count))
        pages = pypdfium2.PdfDocument(draw(replace(SHEET, kind=kind, papers=many, wanted=many), WORDS))
        said = pages[len(pages) - 1].get_textpage().get_text_bounded()
        before, signs = said.split(WORDS.kinds[kind].signs[1])
        assert "(Ký và ghi rõ họ tên)" in signs, "what is signed stands together"
        assert len(before.split()) > 5, f"with {count} papers"


def test_the_metadata_name_the_paper_and_its_language_and_nobody():
    content = draw(SHEET, WORDS)
    meta = pypdfium2.PdfDocument(content).get_metadata_dict()
    assert meta["Title"] == f"GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ – {SHEET.code}"
    assert meta["CreationDate"] == "D:20261125090500+07'00'"
    assert not any(meta[one] for one in ("Author", "Subject", "Keywords", "Creator"))
    assert b"/Lang (vi)" in content


def test_the_same_slip_is_drawn_the_same():
    assert draw(SHEET, WORDS) == draw(SHEET, WORDS)


def test_the_fonts_are_those_that_are_listed_and_small():
    listed = dict(
        re.findall(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", (FONTS / "VENDOR.md").read_text(), re.M)
    )
    found = {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in FONTS.glob("*.ttf")}
    assert listed == found
    assert all(one.stat().st_size < 100_000 for one in FONTS.glob("*.ttf"))
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text()


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
