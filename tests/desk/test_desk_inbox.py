"""The list of dossiers: tabs, search, pages, news; and the people who wait."""

import re
from datetime import timedelta

import pytest

from bot.core.dossier import Status
from bot.core.effects import Answer
from bot.desk.inbox import PAGE, searched
from bot.desk.when import ago, day
from bot.store.dossiers import Wanted
from tests.desk.desk_scene import MONDAY_MORNING, Browser

APPOINTED = (
    Answer(slot="ngay_hen", label="Ngày hẹn", value="2026-11-24", shown="24/11/2026"),
    Answer(slot="gio_hen", label="Giờ hẹn", value="09:00", shown="09:00"),
)


def codes(page: str) -> list[str]:
    return re.findall(r'/desk/dossiers/\d+">(H29[^<]+)<', page)


def counts(page: str) -> list[int]:
    return [int(n) for n in re.findall(r'<a href="/desk/\?tab=.*?(\d+)</span></a>', page)]


@pytest.fixture
def morning(ward, desk, lan) -> Browser:
    """Seven dossiers in the states a morning knows."""
    minh = ward.officer("minh", "Anh Minh")

    def move(dossier, to, by, note="", at=MONDAY_MORNING):
        ward.keep(lambda tx: ward.dossiers.move(tx, dossier.id, to, by=by, note=note, now=at))

    ward.file("Chưa Ai Nhận")
    move(ward.file("Lan Giữ"), Status.RECEIVED, lan)
    move(ward.file("Minh Giữ"), Status.RECEIVED, minh)
    move(ward.file("Chờ Bổ Sung"), Status.SUPPLEMENT, lan, "thiếu mặt sau")
    move(ward.file("Từ Chối"), Status.NOT_RECEIVED, minh, "trùng")
    saturday = MONDAY_MORNING - timedelta(days=2)
    move(ward.file("Quá Hạn", at=saturday), Status.RECEIVED, minh, at=saturday)
    tomorrow = ward.file("Hẹn Ngày Mai", "hen_chung_thuc", kind="lich_hen", form=APPOINTED)
    ward.keep(lambda tx: tx.routing.offer(tomorrow.id, 1, lan.id, MONDAY_MORNING))
    return desk


@pytest.mark.parametrize(
    ("tab", "names"),
    [
        ("unclaimed", ["Hẹn Ngày Mai", "Chưa Ai Nhận"]),
        ("offered", ["Hẹn Ngày Mai"]),
        ("mine", ["Chờ Bổ Sung", "Lan Giữ"]),
        ("processing", ["Quá Hạn", "Minh Giữ", "Lan Giữ"]),
        ("supplement", ["Chờ Bổ Sung"]),
        ("overdue", ["Quá Hạn"]),
        ("finished", ["Từ Chối"]),
    ],
)
def test_each_tab_holds_its_dossiers_newest_first(morning, tab, names):
    page = morning.get(f"/desk/?tab={tab}").text

    assert re.findall(r'class="name">([^<]+)<', page) == names


def test_a_list_says_who_is_invited_until_somebody_takes_it_up(ward, morning, lan):
    assert "Đang mời Chị Lan" in morning.get("/desk/?tab=unclaimed").text
    minh = ward.keep(lambda tx: tx.officers.by_username("minh"))
    [invited] = ward.keep(lambda tx: tx.dossiers.page(Wanted(offered_to=lan.id)))
    ward.keep(lambda tx: tx.routing.offer(invited.id, 2, minh.id, MONDAY_MORNING))
    assert "Không có hồ sơ nào trong mục “Chờ tôi nhận”" in morning.get("/desk/?tab=offered").text
    assert "Đang mời Anh Minh" in morning.get("/desk/?tab=all").text

    ward.keep(lambda tx: ward.dossiers.move(tx, invited.id, Status.RECEIVED, by=lan, now=MONDAY_MORNING))
    assert ward.keep(lambda tx: tx.dossiers.count(Wanted(offered_to=minh.id))) == 0
    assert "Đang mời" not in morning.get("/desk/?tab=all").text


def test_every_tab_shows_its_count(morning):
    assert counts(morning.get("/desk/").text) == [2, 1, 2, 3, 1, 1, 1, 7]


def test_due_times_are_told_in_words(morning):
    page = morning.get("/desk/?tab=all").text

    assert '<strong class="soon">Đến hạn</strong> <span class="when">hôm nay 17:00</span>' in page
    assert (
        '<strong class="late">Quá hạn 2 ngày</strong> <span class="when">thứ Bảy 21/11, 17:00</span>' in page
    )
    assert '<span class="when">ngày mai 09:00</span>' in page
    assert "Lịch hẹn</span> Hẹn chứng thực" in page


def test_an_appointment_that_is_past_is_not_called_late(ward, morning):
    ward.clock.pass_by(timedelta(days=1, minutes=1))
    morning.recognised(ward.session_of("lan"))

    assert "Đã qua giờ hẹn" in morning.get("/desk/?q=hẹn+ngày+mai").text


@pytest.mark.parametrize(
    "words",
    ["nguyen thi anh dao", "NGUYỄN thị ÁNH đào", "0912 345 678", "+84912345678", "0912.345.678", "001"],
)
def test_a_dossier_is_found_without_accents_and_however_a_phone_is_spaced(ward, desk, words):
    wanted = ward.file("Nguyễn Thị Ánh Đào", phone="0912345678")
    ward.file("Trần Văn Bình", phone="0987000999")
    page = desk.get("/desk/", params={"q": words}).text

    assert codes(page)[-1] == wanted.code
    assert len(codes(page)) == 1 or words == "001"


def test_a_search_looks_under_every_tab_and_says_how_many(ward, desk, lan):
    dossier = ward.file("Lê Thị Hoa")
    ward.keep(
        lambda tx: ward.dossiers.move(
            tx, dossier.id, Status.NOT_RECEIVED, by=lan, note="trùng", now=ward.clock.now
        )
    )

    assert "”: 1 hồ sơ" in desk.get("/desk/?tab=unclaimed&q=hoa").text
    assert "Không tìm thấy hồ sơ nào" in desk.get("/desk/?q=%25").text


def test_what_is_searched_for():
    assert searched("  Đặng   Ánh ") == "dang anh"
    assert searched("(0909) 123-456") == "0909123456"
    assert searched("H29.118-261123-0004") == "h29.118-261123-0004"


def test_pages_follow_one_another_without_gap_or_repeat(ward, desk):
    made = [ward.file(f"Người thứ {n}").code for n in range(PAGE + 3)]
    first = desk.get("/desk/?tab=all").text
    older = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = desk.get(older).text

    assert codes(first) + codes(second) == made[::-1]
    assert 'rel="next"' not in second
    assert "Về hồ sơ mới nhất" in second


def test_names_are_text_and_never_markup(ward, desk):
    ward.file("<b>Bé</b> <script>alert(1)</script>")

    for path in ("/desk/", "/desk/dossiers/1", "/desk/?q=<script>alert(1)</script>"):
        page = desk.get(path).text
        assert "<script>alert" not in page
        assert "<b>" not in page


def test_an_empty_list_says_so(desk):
    assert "Không có hồ sơ nào" in desk.get("/desk/").text


def test_news_are_the_dossiers_that_came_since_and_asks_ever_later(ward, desk):
    first = ward.file()
    page = desk.get("/desk/").text
    address = re.search(r'hx-get="([^"]+)"', page)[1].replace("&amp;", "&")
    assert f"after={first.id}" in address
    waits = []
    for _ in range(9):
        fragment = desk.get(address).text
        address = re.search(r'hx-get="([^"]+)"', fragment)[1].replace("&amp;", "&")
        waits.append(int(re.search(r"load delay:(\d+)s", fragment)[1]))
        assert "hồ sơ mới" not in fragment

    assert waits == sorted(waits)
    assert waits[0] > 20
    assert waits[-1] == 240
    ward.file("Trần Văn Bình")
    assert "Có 1 hồ sơ mới" in desk.get(address).text


def test_forged_news_are_harmless(desk):
    assert desk.get("/desk/news?after=-1&wait=99999999999999999999").status_code == 200
    assert desk.get("/desk/news?after=²&wait=x").status_code == 200


def test_who_waits_for_an_officer_stands_in_line_until_somebody_called(ward, desk, minh):
    dossier = ward.file(channel="telegram")
    ward.keep(lambda tx: tx.dossiers.call_officer(dossier.person, "Hỏi lệ phí", ward.clock.now))
    ward.clock.pass_by(timedelta(minutes=25))
    page = desk.get("/desk/calls").text
    assert "Hỏi lệ phí" in page
    assert "25 phút trước, qua Telegram" in page
    assert dossier.code in page
    assert "người đang chờ" in desk.get("/desk/account").text

    assert desk.submit("/desk/calls/1/answered").headers["location"] == "/desk/calls?done=1"
    assert minh.submit("/desk/calls/1/answered").headers["location"] == "/desk/calls?done=already"
    assert "Không có ai đang chờ" in desk.get("/desk/calls").text


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0, "hôm nay 09:12"),
        (15, "ngày mai 00:12"),
        (-10, "hôm qua 23:12"),
        (24 * 4, "thứ Sáu 27/11, 09:12"),
        (24 * 60, "22/01/2027, 09:12"),
    ],
)
def test_days_as_people_say_them(hours, words):
    assert day(MONDAY_MORNING + timedelta(hours=hours), MONDAY_MORNING) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "vừa xong"), (59, "59 phút trước"), (61, "1 giờ trước"), (60 * 13, "hôm qua 20:12")],
)
def test_waiting_as_people_say_it(minutes, words):
    assert ago(MONDAY_MORNING - timedelta(minutes=minutes), MONDAY_MORNING) == words
