"""What needs no learning: numbers of people and papers, days, sums, counts, names and khu phố."""

import re
import sre_parse
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from components import amounts, dates, people, places, typed
from components import patterns as patterns_module
from components.patterns import ENTITIES, find
from components.places import Places
from components.text import strip_accents
from train import NEIGHBOURHOODS, fingerprint

PLACES = Places(["Bình Đức 1", "Đông Nhì"])


def finds(text: str) -> list[tuple[str, str]]:
    return [(one.entity, one.value) for one in find(text, PLACES)]


def whole(*texts: str) -> list[tuple[str, str]]:
    """Days, each as it was typed and without its accents."""
    return [(typed, typed) for text in texts for typed in dict.fromkeys((text, strip_accents(text)))]


DAYS = [
    *whole("30/4", "30-4-2026", "05.11.2026", "05/11/2026", "2026-11-05", "05112026", "1/2/90", "12/2025"),
    *whole("ngày 5 tháng 11", "ngày 5 tháng 11 năm 2026", "ngày 5/11", "5 tháng 11"),
    *whole("ngày mười lăm tháng ba"),
    *whole("tháng 3 năm 2020", "tháng 3/2020", "đầu tháng 12", "cuối tháng này", "tháng sau", "tháng giêng"),
    *whole("mùng 3 tháng chạp", "mồng một tết", "rằm tháng giêng", "rằm tháng 7 âm lịch", "30 tết"),
    *whole("23 tháng chạp", "hăm ba tháng chạp", "hai mươi tháng mười", "ngày mồng 5"),
    *whole("hôm nay", "hôm qua", "hôm kia", "bữa nay", "bữa qua", "hnay", "hum qua", "mai"),
    *whole("sáng mai", "sáng nay"),
    *whole("ngày mai", "ngày mốt", "trưa mai", "8h sáng mai", "8 giờ 30 sáng mai", "10h ngày 1/12"),
    *whole("thứ hai", "thứ hai tuần sau", "thứ 7 này", "t2", "t7 tuần này", "chiều thứ năm", "sáng t6"),
    *whole("chủ nhật", "chúa nhật này", "cn tuần này", "cuối tuần này", "tuần sau", "tuần rồi", "cuối tuần"),
    *whole("thứ hai, ngày 5/11", "2 ngày nữa", "hai tuần trước", "cách đây 3 ngày", "nửa tháng nữa"),
    *whole("3 tuần sau"),
    *whole("năm ngoái", "đầu năm 2026", "cuối năm nay"),
    ("mốt", "mốt"),
    ("tối mai", "tối mai"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), DAYS)
def test_days_are_found_whole(text: str, value: str) -> None:
    assert finds(text) == [("date", value)]
    assert finds(f"dạ cho em hẹn {text} được không ạ") == [("date", value)]


@pytest.mark.parametrize(
    "text",
    [
        "chị Mai ơi", "hỏi cô Mai chút", "em tên Mai", "hoa mai", "tiền mai táng", "mai táng phí",
        "bà mối mai mối",
        "mai mốt rảnh em ghé", "mai mot ranh em ghe", "nhà mái tôn", "sua mai ton", "dien mat troi ap mai",
        "mai am nuoi tre", "thời trang mốt mới", "hợp mốt", "hai mươi mốt", "thứ nhất", "thứ tự",
        "lay so thu tu",
        "con thứ hai", "lần thứ ba", "người thứ ba", "bên thứ ba", "năm thứ hai", "thứ nhất, thứ hai",
        "mỗi thứ",
        "tết này làm gì", "ăn tết", "tuần tra", "at2b", "et2", "hẻm 12/3", "số nhà 12/3", "12/3 đường Lê Lợi",
        "mức độ 3/4", "mở cửa 24/7", "1/2 lô đất", "2-3 ngày", "3-4 người", "mấy ngày", "trong 5 ngày",
        "bé 5 tháng 10 ngày", "1 tháng 2 lần", "mỗi tháng ba triệu", "thông tư 12/2023/NĐ-CP",
        "đánh giá 8/10",
        "ngày 8 tiếng", "ngày tháng năm sinh", "đầu tháng mấy", "60 ngày trước khi sinh", "cn kết hôn",
        "nhà thang Hai",
        "trong vòng 12 tháng sau khi sinh", "mấy bữa nay", "3 hôm nay", "hơn tháng rồi", "thương binh 2/4",
        "luat dat dai nam 2024", "ngày 2 lần", "Nghị định 20/2021",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_day(text: str) -> None:
    assert [one for one in finds(text) if one[0] == "date"] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("anh mai em lên được không", "mai"),
        ("em mai lên", "mai"),
        ("toi mai len", "mai"),
        ("Mai em lên", "mai"),
        ("chị Nguyễn Thị Mai mai lên", "mai"),
        ("thứ hai tới thứ bảy", "thứ hai"),
        ("sinh năm 1990", "năm 1990"),
        ("chủ nhật tới phường được không", "chủ nhật"),
    ],
)
def test_a_day_among_other_words(text: str, value: str) -> None:
    assert ("date", value) in [(one[0], one[1].lower()) for one in finds(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("50k", "50000"), ("50 k", "50000"), ("50 ngàn", "50000"), ("50 ngan", "50000"),
        ("50 nghìn đồng", "50000"),
        ("500.000 đồng", "500000"), ("500.000đ", "500000"), ("500000đ", "500000"), ("500,000 vnđ", "500000"),
        ("1 triệu rưỡi", "1500000"), ("1 trieu ruoi", "1500000"), ("triệu rưỡi", "1500000"),
        ("1tr5", "1500000"),
        ("1tr250", "1250000"), ("1 triệu 2", "1200000"), ("một triệu hai", "1200000"), ("2tr500k", "2500000"),
        ("2 triệu 500 nghìn", "2500000"), ("1,5 triệu", "1500000"), ("1.5tr", "1500000"), ("3 củ", "3000000"),
        ("hai trăm ngàn", "200000"), ("hai tram ngan", "200000"), ("trăm ngàn", "100000"),
        ("5 chục ngàn", "50000"),
        ("hai triệu rưỡi đồng", "2500000"), ("một triệu hai trăm ngàn đồng", "1200000"),
        ("2 tỷ", "2000000000"),
        ("1 tỷ rưỡi", "1500000000"), ("năm trăm đồng", "500"), ("500 000 đồng", "500000"),
        ("20.000d", "20000"), ("2 triệu 5 trăm ngàn", "2500000"),
    ],
)  # fmt: skip
def test_sums_are_read(text: str, value: str) -> None:
    for sentence in (text, f"nộp {text} hả chị", f"{text}, đúng không"):
        assert finds(sentence) == [("money", value)], sentence


@pytest.mark.parametrize(
    "text",
    [
        "công ty một thành viên", "cong ty khong tra luong", "hai ngân hàng", "2 ngan hang", "vài trăm ngàn",
        "mấy chục triệu", "ba bốn triệu", "10 đồng hồ", "5 đồng chí", "2 k", "quan 3 cu", "2 nghìn người",
        "không đồng ý", "ông Triệu", "5 hợp đồng", "22 dong tho",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_sum(text: str) -> None:
    assert [one for one in finds(text) if one[0] == "money"] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5 bản, mỗi bản 3 trang", [("copies", "5"), ("pages", "3")]),
        ("chung thuc 5 ban 3 trang", [("copies", "5"), ("pages", "3")]),
        ("mười bản", [("copies", "10")]),
        ("muoi ban sao", [("copies", "10")]),
        ("mười lăm bản", [("copies", "15")]),
        ("mỗi thứ 3 bản", [("copies", "3")]),
        ("moi thu 3 ban", [("copies", "3")]),
        ("chục bản", [("copies", "10")]),
        ("2 bản sao", [("copies", "2")]),
        ("2 bộ hồ sơ", [("copies", "2")]),
        ("hai nghìn bản", [("copies", "2000")]),
        ("ba trang", [("pages", "3")]),
        ("hai mươi lăm trang", [("pages", "25")]),
        ("2 tờ", [("pages", "2")]),
        ("hai chục tờ", [("pages", "20")]),
        ("8 ngàn một bản", [("money", "8000"), ("copies", "1")]),
        ("nộp 2 triệu 2 bản", [("money", "2000000"), ("copies", "2")]),
        ("phí 1 triệu 2 trang", [("money", "1000000"), ("pages", "2")]),
        *[
            (text, [])
            for text in (
                "bản chính", "bản sao", "1 bản án", "1 bản chính", "mấy bản", "vài bản", "hai ba bản",
                "2-3 bản",
                "vài chục bản", "5 bạn đi chung", "sao y", "ở quận 1 bản sao", "ba ban nha", "12 bộ luật",
                "3 trang web", "2 tờ khai", "từ bản sao", "tu ban luu", "lam to moi",
                "bua thu bay ban cai gi",
            )
        ],
    ],
)  # fmt: skip
def test_copies_and_pages_are_counted(text: str, found: list[tuple[str, str]]) -> None:
    assert finds(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hồ sơ h29.118-261123-0004 xong chưa", [("dossier_code", "H29.118-261123-0004")]),
        ("H29.118 – 261123 – 0004", [("dossier_code", "H29.118-261123-0004")]),
        ("000.00.18.H29-261123-0004", [("dossier_code", "000.00.18.H29-261123-0004")]),
        ("gọi 0903 123 456 nha", [("phone", "0903123456")]),
        ("0903.123.456", [("phone", "0903123456")]),
        ("sdt +84903123456", [("phone", "0903123456")]),
        ("+84 903 123 456", [("phone", "0903123456")]),
        ("028 3823 4567", [("phone", "02838234567")]),
        ("(0274) 3822 123", [("phone", "02743822123")]),
        ("căn cước 079196012345", [("cccd", "079196012345")]),
        ("079 196 012 345", [("cccd", "079196012345")]),
        ("0791 9601 2345", [("cccd", "079196012345")]),
        ("cmnd cũ 280123456", [("cmnd", "280123456")]),
        ("chung minh 280.123.456", [("cmnd", "280123456")]),
        ("mail em là Lan.Anh-90@gmail.com ạ", [("email", "lan.anh-90@gmail.com")]),
        ("mã số thuế 0312345678", []),
        ("200.000.000", []),
        ("1234567890123", []),
        ("a@b", []),
    ],
)
def test_numbers_and_addresses_of_people_are_found(text: str, found: list[tuple[str, str]]) -> None:
    assert finds(text) == found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("khu phố Bình Đức 1", "Bình Đức 1"), ("khu pho binh duc 1", "Bình Đức 1"),
        ("ở binh duc 1", "Bình Đức 1"),
        ("KP. Bình Đức 1", "Bình Đức 1"), ("kp 3", "3"), ("KP3", "3"), ("khu phố 1a", "1A"),
        ("tổ 5 khu phố 3", "3"), ("khu phố Bình Quới A", "Bình Quới A"),
        ("khu phố bình quới 2", "Bình Quới 2"),
        ("khu phố Đông Ba", "Đông Ba"), ("kp dong nhi", "Đông Nhì"), ("KHU PHỐ BÌNH ĐỨC 1", "Bình Đức 1"),
    ],
)  # fmt: skip
def test_khu_pho_are_found(text: str, value: str) -> None:
    assert finds(text) == [("khu_pho", value)]


@pytest.mark.parametrize(
    "text",
    [
        "khu phố em ở",
        "trưởng khu phố",
        "khu phố nào",
        "khu phố 3 tuần nay rác",
        "khu phố văn hóa",
        "bình đức 12",
    ],
)
def test_what_is_no_khu_pho(text: str) -> None:
    assert [one for one in finds(text) if one[0] == "khu_pho"] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("em là Nguyễn Thị Hoa", "Nguyễn Thị Hoa"), ("Nguyễn Văn An", "Nguyễn Văn An"),
        ("chị Trần Thị Lan ký", "Trần Thị Lan"), ("chị Ngọc Lan ký", "Ngọc Lan"), ("bé Gia Hân", "Gia Hân"),
        ("NGUYỄN VĂN AN", "Nguyễn Văn An"), ("tên con là trần văn b", "Trần Văn B"),
        ("họ tên: lê thị hoa", "Lê Thị Hoa"),
        ("ten con la tran van b", "Tran Van B"), ("ho ten nguyen thi lan", "Nguyen Thi Lan"),
        ("bo em ten la le van tam", "Le Van Tam"), ("tên bé là Khánh An", "Khánh An"),
        ("tôi là Hồng Hạnh", "Hồng Hạnh"),
        ("VÕ THỊ THU HÀ", "Võ Thị Thu Hà"), ("tên tôi là nguyễn hoàng nam", "Nguyễn Hoàng Nam"),
        ("chị Thu Hà", "Thu Hà"), ("ong Nguyen Van Ba", "Nguyen Van Ba"), ("chồng Phạm Minh", "Phạm Minh"),
        ("Nguyễn Thị Mai", "Nguyễn Thị Mai"),
    ],
)  # fmt: skip
def test_names_are_found(text: str, value: str) -> None:
    assert finds(text) == [("person_name", value)]
    assert finds(f"dạ, {text}, giúp em với") == [("person_name", value)]


@pytest.mark.parametrize(
    "text",
    [
        "phường Bình Hòa", "đường Nguyễn Trãi", "Nguyễn Trãi", "12 Nguyễn Văn Cừ", "hẻm Phan Chu Trinh",
        "Ủy ban Nhân dân", "Ủy Ban Nhân Dân", "Bộ Công an", "ông Công An", "trường Nguyễn Văn Tiết",
        "bà nội", "em gái",
        "trường THCS Trịnh Hoài Đức", "vợ Việt Nam", "Bà mẹ Việt Nam anh hùng", "nhà em Bình Hòa", "Bà Rịa",
        "Hồ Sơ", "TP Hồ Chí Minh", "doi ten ho kinh doanh", "ghi ten ong ba lam giam ho", "đi Vũng Tàu",
        "anh Hai",
        "tên gì", "đứng tên hộ gia đình", "ten duong truoc quan",
    ],
)  # fmt: skip
def test_what_is_no_name(text: str) -> None:
    assert [one for one in finds(text) if one[0] == "person_name"] == []


def test_the_longer_find_wins_then_the_more_specific() -> None:
    assert finds("chị Nguyễn Thị Mai, 30/4/2026, 0903 123 456") == [
        ("person_name", "Nguyễn Thị Mai"),
        ("date", "30/4/2026"),
        ("phone", "0903123456"),
    ]


@pytest.mark.parametrize(
    "text", ["chị Trần Thị Lan hẹn ngày mốt ở khu phố Bình Đức 1, mười bản, năm trăm ngàn"]
)
def test_places_are_those_of_the_typed_text(text: str) -> None:
    expected = [(one.entity, one.value, text[one.start : one.end]) for one in find(text, PLACES)]
    assert len(expected) == 5
    hidden = "".join(letter + "\u200b" for letter in text)
    for form in (unicodedata.normalize("NFD", text), hidden, unicodedata.normalize("NFD", hidden)):
        seen = [
            (
                one.entity,
                one.value,
                unicodedata.normalize("NFC", form[one.start : one.end].replace("\u200b", "")),
            )
            for one in find(form, PLACES)
        ]
        assert seen == expected


def test_the_model_gets_another_name_when_a_khu_pho_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = fingerprint()
    other = yaml.safe_load(NEIGHBOURHOODS.read_text(encoding="utf-8"))
    other["neighbourhoods"][0]["name"] += " A"
    (tmp_path / "other.yml").write_text(yaml.safe_dump(other), encoding="utf-8")
    monkeypatch.setattr("train.NEIGHBOURHOODS", tmp_path / "other.yml")
    assert fingerprint() != before


def test_no_file_of_khu_pho_is_no_mistake(tmp_path: Path) -> None:
    assert Places.read(tmp_path / "none.yml").names == ()
    assert "Bình Đức 1" in Places.read(NEIGHBOURHOODS).names


PIECES = st.sampled_from(
    [
        *("0", "1", "5", "12", "0903", "123", "456", "2026", "/", "-", ".", ",", ":", "@", "+84"),
        *("(", "h", "k", "đ", "tr"),
        *("ngày", "thang", "năm", "thứ", "tuần", "sau", "nay", "mai", "mốt", "sáng", "hai", "ba", "trăm",
          "ngàn", "triệu"),
        *("rưỡi", "bản", "trang", "tờ", "tên", "là", "chị", "Nguyễn", "Thị", "Mai", "khu phố", "kp",
          "Bình Đức 1", "H29"),
        *("\u200b", "\u0301", "e\u0302\u0323", "İ", "ß", "\ud800", "\x00", "\u0663", "\u1100\u1161",
          " " * 9, "\n"),
    ]
)  # fmt: skip
TEXTS = st.text(max_size=200) | st.lists(PIECES | st.text(max_size=2), max_size=60).flatmap(
    lambda parts: st.sampled_from(["", " ", "\n"]).map(lambda between: between.join(parts))
)


@given(TEXTS)
def test_finds_lie_in_the_text_and_never_overlap(text: str) -> None:
    end = 0
    for one in find(text, PLACES):
        assert one.entity in ENTITIES and one.value
        assert end <= one.start < one.end <= len(text)
        end = one.end
        # what is found alone is what was found: the span holds the value, and no less
        digits = [letter for letter in text[one.start : one.end] if letter in "0123456789"]
        if one.entity in ("phone", "cccd", "cmnd"):
            assert "".join(digits).endswith(one.value[1:])
        if one.entity == "date":
            seen = unicodedata.normalize("NFC", text[one.start : one.end]).lower()
            assert "".join(c for c in one.value if c in "0123456789") == "".join(digits)
            assert seen[0] == one.value.lower()[0] or not seen[0].isalnum()


def test_no_repeat_without_end_stands_inside_another() -> None:
    """What makes a search explode is a repeat within a repeat: all of ours have an end."""
    patterns = [
        pattern
        for module in (amounts, dates, patterns_module, people, places, typed)
        for value in vars(module).values()
        for pattern in (value if isinstance(value, tuple) else [value])
        if isinstance(pattern, re.Pattern)
    ]
    assert len(patterns) > 30
    assert [one.pattern for one in patterns if _nested(sre_parse.parse(one.pattern), within=False)] == []


def _nested(tree: Any, *, within: bool) -> bool:
    for operation, argument in tree:
        repeats = operation in (sre_parse.MAX_REPEAT, sre_parse.MIN_REPEAT)
        if repeats and within and argument[1] is sre_parse.MAXREPEAT:
            return True
        deeper = within or (repeats and argument[1] > 1)
        if any(_nested(part, within=deeper) for part in _parts(argument)):
            return True
    return False


def _parts(argument: Any) -> Iterator[Any]:
    """The patterns within one operation of a pattern."""
    if isinstance(argument, sre_parse.SubPattern):
        yield argument
    elif isinstance(argument, (tuple, list)):
        for one in argument:
            yield from _parts(one)


@given(st.lists(PIECES, min_size=1, max_size=4))
def test_long_texts_take_no_longer_than_their_length(parts: list[str]) -> None:
    # Every repeat in the patterns is bounded, so a text of 2,000 letters is read in some ten milliseconds;
    # the bound leaves room for a busy machine and would still catch a search that grows with the square.
    text = (" ".join(parts) + " ") * 2000
    began = time.process_time()
    find(text[:2000], PLACES)
    assert time.process_time() - began < 1
