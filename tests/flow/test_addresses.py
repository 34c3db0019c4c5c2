"""Addresses as people in the south write them, read with the units of today."""

import time
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.config import ROOT
from bot.core.places import Home, load_gazetteer
from bot.flow.answer import Remark, Value, Wrong
from bot.flow.model import Slot
from bot.flow.slots import read, still_fits
from bot.flow.surroundings import Surroundings
from bot.flow.wording import KINDS, REMARKS

COUNTRY = load_gazetteer(ROOT / "data" / "units")
AROUND = Surroundings(
    today=date(2026, 11, 25), gazetteer=COUNTRY, home=Home("25987", ("Bình Đức 1", "Đồng An 2"))
)
ALL_KNOWN = Surroundings(
    today=AROUND.today, gazetteer=COUNTRY, home=Home("25987", ("Bình Đức 1", "Đồng An 2"), complete=True)
)
ANYWHERE = Slot(id="x", type="address")
HERE = Slot(id="x", type="address", here=True)
ROUGH = Slot(id="x", type="address", rough=True)
HISTORIC = Slot(id="x", type="address", rough=True, historic=True)

HCM = "Thành phố Hồ Chí Minh"
OURS = f"phường Bình Hòa, {HCM}"


def of(slot: Slot, text: str, around: Surroundings = AROUND) -> str:
    found = read(slot, text, around)
    return str(found.value) if isinstance(found, Value) else found.kind


# What is written, and what is kept.
READ = [
    # Ours.
    ("12 duong so 3 kp binh duc 1 p binh hoa", f"12 đường số 3, khu phố Bình Đức 1, {OURS}"),
    ("12 đường số 3, Khu phố Bình Đức 1, Phường Bình Hòa", f"12 đường số 3, khu phố Bình Đức 1, {OURS}"),
    ("12 ĐƯỜNG SỐ 3, KP BÌNH ĐỨC 1, P. BÌNH HÒA, TP HCM", f"12 ĐƯỜNG SỐ 3, khu phố Bình Đức 1, {OURS}"),
    ("12 đường số 3 , phường   Bình Hòa ,TP.HCM", f"12 đường số 3, {OURS}"),
    ("12 đường số 3 phường Bình Hoà TPHCM", f"12 đường số 3, {OURS}"),
    ("12 đường số 3, P.Bình Hòa, T.P Hồ Chí Minh, Việt Nam", f"12 đường số 3, {OURS}"),
    ("12 đường số 3, p.bình hòa, hcm", f"12 đường số 3, {OURS}"),
    ("12 đường số 3, p bình hòa, sài gòn", f"12 đường số 3, {OURS}"),
    ("12 đường số 3 p binh hoa sg", f"12 đường số 3, {OURS}"),
    ("12 đ. số 3, bình hoà", f"12 đường số 3, {OURS}"),
    ("12 nguyen du binh hoa", f"12 nguyen du, {OURS}"),
    ("khu phố bình đức 1, đường ĐT 743C", f"khu phố Bình Đức 1, đường ĐT 743C, {OURS}"),
    ("12 đường số 3, bình đức 1", f"12 đường số 3, khu phố Bình Đức 1, {OURS}"),
    ("bình đức 1, đường số 3, phường bình hòa", f"khu phố Bình Đức 1, đường số 3, {OURS}"),
    ("15/2A đường số 3 kp3", f"15/2A đường số 3, khu phố 3, {OURS}"),
    ("12 đường số 3 kp đồng an 2 gần chợ", f"12 đường số 3, khu phố Đồng An 2, gần chợ, {OURS}"),
    ("12 đường Bình Thạnh", f"12 đường Bình Thạnh, {OURS}"),
    ("45 xa lộ Hà Nội", f"45 xa lộ Hà Nội, {OURS}"),
    ("12 Tỉnh lộ 43, tổ 4", f"12 Tỉnh lộ 43, tổ 4, {OURS}"),
    ("12 nguyễn du, phường Bình Hòa gần chợ, TP.HCM", f"12 nguyễn du, gần chợ, {OURS}"),
    # Ours, as it was called.
    ("số 12, đ. số 3, P. Bình Hoà, TP. Thuận An, T. Bình Dương", f"số 12, đường số 3, {OURS}"),
    ("12/5 bình hoà thuận an bình dương", f"12/5, {OURS}"),
    ("12 duong so 3 binh hoa thuan an binh duong", f"12 đường số 3, {OURS}"),
    ("12 đường số 3, Bình Hòa, Thuận An, BD", f"12 đường số 3, {OURS}"),
    ("12 đường số 3, phường bình hòa, thị xã thuận an", f"12 đường số 3, {OURS}"),
    ("12 đường số 3, phường bình hòa, bình dương", f"12 đường số 3, {OURS}"),
    # Near us.
    ("15 Nguyễn Văn Tiết, Lái Thiêu", f"15 Nguyễn Văn Tiết, phường Lái Thiêu, {HCM}"),
    ("15 Nguyễn Văn Tiết, P Lái Thiêu, Thuận An, Bình Dương", f"15 Nguyễn Văn Tiết, phường Lái Thiêu, {HCM}"),
    ("ấp 3 xã An Sơn, Thuận An, Bình Dương", f"ấp 3, phường Thuận An, {HCM}"),
    ("ap 3 xa an son tp thuan an tinh binh duong", f"ấp 3, phường Thuận An, {HCM}"),
    ("45 Lê Thị Trung, Thuận Giao", f"45 Lê Thị Trung, phường Thuận Giao, {HCM}"),
    ("45 Lê Thị Trung, An Phú", f"45 Lê Thị Trung, phường An Phú, {HCM}"),
    ("45 Lê Thị Trung, p. An Phú, TP. Thuận An, Bình Dương", f"45 Lê Thị Trung, phường An Phú, {HCM}"),
    ("12 đường 22/12, p thuận giao, tx thuận an", f"12 đường 22/12, phường Thuận Giao, {HCM}"),
    ("12 lê lợi, Thuận An, TPHCM", f"12 lê lợi, phường Thuận An, {HCM}"),
    ("9 Yersin, phường Phú Cường, Thủ Dầu Một, Bình Dương", f"9 Yersin, phường Thủ Dầu Một, {HCM}"),
    ("12/3A DX 01, kp 2, P. Phú Mỹ, Thủ Dầu Một, BD", f"12/3A DX 01, khu phố 2, phường Bình Dương, {HCM}"),
    # The old city.
    ("12 Lê Lợi, P. Bến Nghé, Q.1, TP.HCM", f"12 Lê Lợi, phường Sài Gòn, {HCM}"),
    ("12 le loi p ben nghe q1 tphcm", f"12 le loi, phường Sài Gòn, {HCM}"),
    ("12 le loi p.ben nghe q.1 sai gon", f"12 le loi, phường Sài Gòn, {HCM}"),
    ("12 Nguyễn Trãi, P.14, Q.5, TP.HCM", f"12 Nguyễn Trãi, phường Chợ Lớn, {HCM}"),
    ("12 Nguyễn Trãi, F14, Q5, HCM", f"12 Nguyễn Trãi, phường Chợ Lớn, {HCM}"),
    ("12 Nguyễn Trãi, phường 05, quận 5", f"12 Nguyễn Trãi, phường An Đông, {HCM}"),
    ("12 Võ Thị Sáu, P. Võ Thị Sáu, Q.3", f"12 Võ Thị Sáu, phường Xuân Hòa, {HCM}"),
    ("12 Bà Hạt, phường 13, quận 3, sài gòn", f"12 Bà Hạt, phường Nhiêu Lộc, {HCM}"),
    ("12 ABC, phường Linh Trung, quận Thủ Đức", f"12 ABC, phường Linh Xuân, {HCM}"),
    ("12 ABC, phường Linh Trung, TP Thủ Đức, TP.HCM", f"12 ABC, phường Linh Xuân, {HCM}"),
    ("12 ABC, phường Tam Bình", f"12 ABC, phường Tam Bình, {HCM}"),
    ("ấp 1, đặc khu Côn Đảo", f"ấp 1, đặc khu Côn Đảo, {HCM}"),
    ("ấp 1, huyện Côn Đảo, bà rịa vũng tàu", f"ấp 1, đặc khu Côn Đảo, {HCM}"),
    ("5 Hạ Long, phường 2, Vũng Tàu", f"5 Hạ Long, phường Vũng Tàu, {HCM}"),
    # Farther away.
    ("thôn 2, xã Tân Phú, huyện Tân Phú, tỉnh Đồng Nai", "thôn 2, xã Tân Phú, tỉnh Đồng Nai"),
    ("thôn 2, xã Phú Lâm, huyện Tân Phú, tỉnh Đồng Nai", "thôn 2, xã Phú Lâm, tỉnh Đồng Nai"),
    ("khu 5, thị trấn Tân Phú, Tân Phú, Đồng Nai", "khu 5, xã Tân Phú, tỉnh Đồng Nai"),
    ("KP3, P. Tân Phong, TP. Biên Hòa, Đồng Nai", "khu phố 3, phường Tân Triều, tỉnh Đồng Nai"),
    ("kp3, p tan phong bien hoa dong nai", "khu phố 3, phường Tân Triều, tỉnh Đồng Nai"),
    ("ấp 1, xã Bình Hòa, tỉnh An Giang", "ấp 1, xã Bình Hòa, tỉnh An Giang"),
    ("ấp 5, xã Tân Hội Đông, huyện Châu Thành", "ấp 5, xã Tân Hương, tỉnh Đồng Tháp"),
    ("ấp 5, x. Tân Hội Đông, h. Châu Thành, t. Tiền Giang", "ấp 5, xã Tân Hương, tỉnh Đồng Tháp"),
    ("Tổ 5, ấp Mỹ Hòa, xã Mỹ Hạnh Nam, Đức Hòa, Long An", "Tổ 5, ấp Mỹ Hòa, xã Mỹ Hạnh, tỉnh Tây Ninh"),
    ("12 Lê Lợi, phường 5, thành phố Bến Tre", "12 Lê Lợi, phường An Hội, tỉnh Vĩnh Long"),
    (
        "123 Trần Hưng Đạo, Mỹ Bình, Long Xuyên, An Giang",
        "123 Trần Hưng Đạo, phường Long Xuyên, tỉnh An Giang",
    ),
    ("xóm 3, xã Nam Cường, Nam Trực, Nam Định", "xóm 3, xã Nam Trực, tỉnh Ninh Bình"),
    ("thôn 4, xã Nghĩa Hưng, huyện Chư Păh, tỉnh Gia Lai", "thôn 4, xã Biển Hồ, tỉnh Gia Lai"),
    ("42 Xóm 5, xã Ea H’leo, Đăk Lăk", "42 Xóm 5, xã Ea H'Leo, tỉnh Đắk Lắk"),
    ("xóm 1, xã Văn Lang, Thái Nguyên", "xóm 1, xã Văn Lang, tỉnh Thái Nguyên"),
    # Not enough, too much, or nowhere.
    ("bình hoà thuận an bình dương", "address_short"),
    ("phường Bình Hòa", "address_short"),
    ("phường 13, quận 3, sài gòn", "address_short"),
    ("12 Lê Lợi", f"12 Lê Lợi, {OURS}"),
    ("Lê Lợi", "address_short"),
    ("Đồng Nai", "address_ward_missing"),
    ("TP Đồng Nai", "address_ward_missing"),
    ("12 Võ Thị Sáu, TP.HCM", "address_ward_missing"),
    ("12 ABC, TP Thủ Đức", "address_ward_missing"),
    ("12 đường số 3, Biên Hòa, Đồng Nai", "address_ward_missing"),
    ("quận 1 tphcm", "address_split"),
    ("12 Lê Lợi, quận 1", "address_split"),
    ("12 lê lợi, Thuận An, Bình Dương", "address_split"),
    ("20 Vĩnh Phú 10, Phường Vĩnh Phú, Thuận An, Bình Dương", "address_split"),
    ("20 duong vinh phu 10 phuong vinh phu thuan an bd", "address_split"),
    ("20 vĩnh phú 10, vĩnh phú", "address_split"),
    ("12 lê lợi p vinh phu", "address_split"),
    ("12 lê lợi, bình chuẩn, thuận an", "address_split"),
    ("12 Lê Lợi, phường 1, tphcm", "address_split"),
    ("ấp 3 xã An Sơn", "address_province_missing"),
    ("ấp 3 xã Bình Hòa", "address_province_missing"),
    ("Huyện Châu Thành", "address_province_missing"),
    ("thôn 2, xã X, huyện Y, tỉnh Z", "address_unknown_ward"),
    ("12 Lê Lợi, P. 3, TP. Cà Mau", "address_unknown_ward"),
    ("ấp Đồng An, Bình Hòa, Thuận An, Sông Bé", "address_unknown_ward"),
    ("12 đường số 3, p. Bình Hoàng, HCM", "address_near_ward"),
    ("12 đường số 3, phường Tân Thạnh, tp mỹ tho", "address_near_ward"),
    ("ấp 2, xã Phú Lâm, tỉnh Đồng Nhai", "address_near_ward"),
    ("ấp 2, xã Phú Lâm, tỉnh Đồng Nay", "ấp 2, xã Phú Lâm, tỉnh Đồng Nai"),
]


@pytest.mark.parametrize(("text", "kept"), READ, ids=[text for text, _ in READ])
def test_addresses_as_people_write_them(text, kept):
    assert of(ANYWHERE, text) == kept


def remark(text: str, slot: Slot = ANYWHERE) -> Remark | None:
    found = read(slot, text, AROUND)
    assert isinstance(found, Value), found
    return found.remark


def test_what_was_mapped_is_said_from_what_to_what():
    assert remark("ấp 3, An Sơn, Thuận An, Bình Dương") == Remark(
        "address_old",
        {
            "don_vi": "xã An Sơn, thành phố Thuận An, tỉnh Bình Dương",
            "cac_don_vi": f"phường Thuận An, {HCM}",
        },
    )


def test_where_no_ward_is_named_ours_is_taken_and_told():
    assert remark("12 đường số 3") == Remark("address_completed", {"don_vi": OURS})
    assert remark("12 đường số 3, Thuận Giao") == Remark(
        "address_completed", {"don_vi": f"phường Thuận Giao, {HCM}"}
    )


def test_an_address_of_today_needs_no_remark():
    assert remark("12 đường số 3, phường Bình Hòa") is None
    assert remark(f"12 đường số 3, {OURS}") is None


def wrong(text: str, slot: Slot = ANYWHERE, around: Surroundings = AROUND) -> Wrong:
    found = read(slot, text, around)
    assert isinstance(found, Wrong), found
    return found


def test_a_ward_that_was_divided_is_asked_ours_first():
    assert wrong("20 Vĩnh Phú 10, Vĩnh Phú, Thuận An, Bình Dương").details == {
        "don_vi": "phường Vĩnh Phú, thành phố Thuận An, tỉnh Bình Dương",
        "cac_don_vi": f"phường Bình Hòa hoặc phường Lái Thiêu, {HCM}",
    }


def test_a_khu_pho_of_ours_decides_a_ward_that_was_divided():
    assert of(ANYWHERE, "20 kp đồng an 2, vĩnh phú, thuận an") == f"20, khu phố Đồng An 2, {OURS}"


def test_a_name_of_many_provinces_is_asked_with_three_of_them():
    assert wrong("ấp 3 xã An Sơn").details == {
        "don_vi": "xã An Sơn",
        "cac_tinh": "tỉnh Bình Dương, tỉnh Hải Dương, tỉnh Kiên Giang, …",
    }


def test_a_name_nobody_knows_is_told_with_one_that_looks_like_it():
    assert wrong("12 đường số 3, p. Bình Hoàng, HCM").details == {
        "don_vi": f"phường Bình Hoàng, {HCM}",
        "cac_don_vi": "phường Bình Hòa",
    }


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("12 đường số 3", f"12 đường số 3, {OURS}"),
        ("12 đường số 3, Thuận An, Bình Dương", f"12 đường số 3, {OURS}"),
        ("12 đường số 3, Bình Dương", f"12 đường số 3, {OURS}"),
        ("12 đường số 3, phường Lái Thiêu", "address_elsewhere"),
        ("12 Lê Lợi, P. Bến Nghé, Q.1, TP.HCM", "address_elsewhere"),
        ("12 đường số 3, Biên Hòa, Đồng Nai", "address_ward_missing"),
        ("20 Vĩnh Phú 10, Vĩnh Phú", "address_split"),
    ],
)
def test_where_it_must_be_here_others_are_refused(text, kept):
    assert of(HERE, text) == kept


def test_an_address_elsewhere_is_told_where_it_is():
    assert wrong("ấp 3, An Sơn, Thuận An, BD", HERE).details == {"don_vi": f"phường Thuận An, {HCM}"}


def test_once_all_khu_pho_are_known_no_other_passes_in_our_ward():
    assert of(ANYWHERE, "12, kp Bình Đức 9, p Bình Hòa") == f"12, khu phố Bình Đức 9, {OURS}"
    assert wrong("12, kp Bình Đức 9, p Bình Hòa", around=ALL_KNOWN).kind == "address_khu_pho"
    assert wrong("12 đường số 3, kp 7", around=ALL_KNOWN).details == {
        "don_vi": "khu phố 7",
        "cac_don_vi": "Bình Đức 1, Đồng An 2",
    }
    assert of(ANYWHERE, "12, kp binh duc 1, p Bình Hòa", ALL_KNOWN) == f"12, khu phố Bình Đức 1, {OURS}"
    elsewhere = of(ANYWHERE, "12, kp 7, phường Lái Thiêu", ALL_KNOWN)
    assert elsewhere == f"12, khu phố 7, phường Lái Thiêu, {HCM}"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Bến Tre", "tỉnh Vĩnh Long (trước là Bến Tre)"),
        ("ben tre", "tỉnh Vĩnh Long (trước là Bến Tre)"),
        ("Bình Dương", f"{HCM} (trước là Bình Dương)"),
        ("Hà Nội", "Thành phố Hà Nội"),
        ("Đồng Nai", "tỉnh Đồng Nai"),
        ("Thuận An, Bình Dương", f"{HCM} (trước là thành phố Thuận An, tỉnh Bình Dương)"),
        ("Biên Hòa, Đồng Nai", "tỉnh Đồng Nai (trước là thành phố Biên Hòa)"),
        ("p. Bình Hòa", OURS),
        ("Trạm y tế phường Bình Hòa", f"Trạm y tế, {OURS}"),
        ("Bệnh viện Từ Dũ, quận 1, TPHCM", f"Bệnh viện Từ Dũ, {HCM} (trước là quận 1)"),
        ("Bệnh viện Từ Dũ", "Bệnh viện Từ Dũ"),
        ("campuchia", "Campuchia"),
        ("xã An Sơn", "address_province_missing"),
        ("Châu Thành, Bến Tre", "tỉnh Vĩnh Long (trước là huyện Châu Thành, tỉnh Bến Tre)"),
        ("xã Không Có Tên, Đồng Nai", "address_unknown_ward"),
        ("?", "address_short"),
    ],
)
def test_where_province_or_ward_are_enough(text, kept):
    assert of(ROUGH, text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ben tre", "tỉnh Bến Tre"),
        ("an son thuan an binh duong", "xã An Sơn, thành phố Thuận An, tỉnh Bình Dương"),
        ("Phường Bến Nghé, Q1, sg", f"phường Bến Nghé, quận 1, {HCM}"),
        ("tỉnh Sông Bé", "Tỉnh Sông Bé"),
        ("gia định", "Gia định"),
        ("Paris, Pháp", "Paris, Pháp"),
    ],
)
def test_what_is_historic_keeps_the_names_it_had(text, kept):
    assert of(HISTORIC, text) == kept


ANY_SLOT = st.sampled_from([ANYWHERE, HERE, ROUGH, HISTORIC])
PARTS = st.sampled_from(
    """12 5/3 đường số hẻm tổ 4 ấp thôn 3 khu phố kp. bình đức 1 p. phường xã x. thị trấn tt quận q. 1 huyện
    h. tp thành tỉnh t. , , , - . ( ) / Bình Hòa Vĩnh Phú Thuận An Dương Lái Thiêu Sơn HCM sài gòn bd hà nội
    Đồng Nai Châu Thành Tân trước là đặc khu côn đảo gần chợ""".split()  # noqa: SIM905
)
WRITTEN = st.one_of(st.text(max_size=220), st.lists(PARTS, max_size=40).map(" ".join))


@given(ANY_SLOT, WRITTEN, st.sampled_from([AROUND, ALL_KNOWN]))
@example(ROUGH, "Bến Tre (trước là Bến Tre)", AROUND)
def test_any_text_is_a_known_wrong_or_a_value_that_reads_back_as_itself(slot, text, around):
    found = read(slot, text, around)
    if isinstance(found, Wrong):
        assert found.kind in KINDS
        return
    assert found.remark is None or found.remark.kind in REMARKS
    assert still_fits(slot, found.value, around)
    again = read(slot, str(found.value), around)
    assert isinstance(again, Value), (found.value, again)
    assert again.value == found.value


@given(
    st.sampled_from(sorted(COUNTRY.units.values())), st.sampled_from(["12 Lê Lợi", "ấp 3", "tổ 5, thôn Hạ"])
)
def test_an_address_of_today_stays_as_it_is(unit, rest):
    address = f"{rest}, {unit.full}"
    assert of(ANYWHERE, address) == address


def test_reading_is_quick_and_the_longest_text_too():
    texts = [text for text, _ in READ]

    def once() -> float:
        began = time.process_time()
        for text in texts:
            read(ANYWHERE, text, AROUND)
        return (time.process_time() - began) / len(texts)

    assert min(once() for _ in range(3)) < 0.002
    worst = ("p. 1 xã tân phú q. 1 tp thuận an " * 7)[:200]
    began = time.process_time()
    read(ANYWHERE, worst, AROUND)
    assert time.process_time() - began < 0.2


def test_without_tables_an_address_is_only_looked_at_for_its_length():
    bare = Surroundings(today=AROUND.today)
    assert of(ANYWHERE, "12 đường số 3, phường Bình Hòa", bare) == "12 đường số 3, phường Bình Hòa"
    assert of(ANYWHERE, "Bình Hòa", bare) == "address_short"
