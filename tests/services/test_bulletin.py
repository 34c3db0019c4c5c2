"""News by topic, neighbourhoods, and who wants to be told of what."""

from datetime import timedelta

import pytest

from bot.catalogue.load import Catalogue
from bot.catalogue.public import Entry, Neighbourhoods, PublicInformation
from bot.config import ROOT
from bot.core import payload
from bot.services.bulletin import PAGE, Bulletin
from tests.services.services_scene import MONDAY, content, titles

SOURCE = {"name": "Thông báo của phường", "as_of": "2026-11-20"}
TODAY = MONDAY.date()


def entry(number: int, **more: object) -> Entry:
    values = {
        "id": f"tin_{number}",
        "topic": "y_te",
        "title": f"Tin số {number}",
        "text": "Nội dung.",
        "published": TODAY - timedelta(days=number),
        "source": SOURCE,
    }
    return Entry.model_validate(values | more)


def bulletin(*entries: Entry, places: tuple[dict[str, object], ...] = ()) -> Bulletin:
    topics = content().public.topics
    neighbourhoods = Neighbourhoods.model_validate(
        {"source": SOURCE, "complete": False, "neighbourhoods": places}
    )
    public = PublicInformation(topics, {one.id: one for one in entries}, neighbourhoods)

    def search(text: str) -> list[tuple[str, float]]:
        return [(one.id, 0.9) for one in entries if one.title in text]

    return Bulletin(public, Catalogue({}), search)


def test_news_are_shown_newest_first_a_page_at_a_time():
    told = bulletin(*(entry(number) for number in range(PAGE + 2)))
    first, second = told.news(None, 1, MONDAY), told.news(None, 2, MONDAY)
    assert titles(first)[:2] == ["Tin số 0", "Tin số 1"]
    assert [one.payload for one in first.buttons if one.title == "Xem tiếp"] == ["/News(tat_ca,2)"]
    assert titles(second)[:2] == [f"Tin số {PAGE}", f"Tin số {PAGE + 1}"]
    assert told.news(None, 99, MONDAY) == second
    assert told.news("tat_ca", 2, MONDAY) == second


def test_only_what_holds_today_is_told():
    told = bulletin(
        entry(1, until=TODAY),
        entry(2, until=TODAY - timedelta(days=1)),
        entry(3, published=TODAY + timedelta(days=1)),
    )
    assert [one for one in titles(told.news(None, 1, MONDAY)) if one.startswith("Tin")] == ["Tin số 1"]
    assert told.read("tin_1", MONDAY) is not None
    assert told.read("tin_2", MONDAY) is None
    assert told.find("Tin số 3", MONDAY) is None


def test_an_entry_names_its_source_and_date_and_leads_to_procedures():
    told = bulletin(entry(1, link="https://example.vn/tin"))
    read = told.read("tin_1", MONDAY)
    assert read.text.endswith("Nguồn: Thông báo của phường, 11/2026")
    assert read.buttons[0].url == "https://example.vn/tin"
    own = Bulletin(content().public, content().catalogue, content().search_public.find)
    for one in content().public.entries.values():
        shown = own.read(one.id, MONDAY)
        assert shown is not None, one.id
        assert len(shown.text) <= 2000
        assert len([b for b in shown.buttons if b.payload.startswith("/Ask")]) == len(one.procedures)
        for button in shown.buttons:
            assert button.url or len(button.payload.encode()) <= payload.LIMIT


def test_a_topic_without_news_says_so():
    told = bulletin().news("quy_hoach", 1, MONDAY)
    assert told.text.startswith("Hiện chưa có tin nào")
    assert "/Follow(quy_hoach)" in [one.payload for one in told.buttons]


def test_a_neighbourhood_tells_what_is_known_and_says_what_is_not():
    known = {"id": "a", "name": "Khu phố An", "names": ["khu An"], "head": "bà Lê Thị Hoa", "phone": "0274 1"}
    told = bulletin(places=(known, {"id": "b", "name": "Khu phố Bình"}))
    assert "Trưởng khu phố: bà Lê Thị Hoa" in told.find("trưởng khu phố An là ai", MONDAY).text
    assert "Điện thoại: 0274 1" in told.find("khu an o dau", MONDAY).text
    assert "Chưa có thông tin chính thức" in told.find("văn phòng khu phố Bình", MONDAY).text
    assert told.find("khu phố Cát", MONDAY) is None


async def test_following_is_kept_once_and_ended_alone_or_altogether(world):
    person = await world.db.write(lambda tx: tx.people.meet("web", "hoa", "Hoa", MONDAY))

    def followed() -> frozenset[str]:
        with world.db.engine.begin() as connection:
            from bot.store.tx import Tx

            return Tx(connection).subscriptions.of(person.id)

    for topic in ("y_te", "y_te", "quy_hoach", "khong_co"):
        await world.db.write(lambda tx, topic=topic: world.bulletin.follow(tx, person, topic, MONDAY))
    assert followed() == {"y_te", "quy_hoach"}
    shown = await world.db.read(lambda tx: world.bulletin.topics(tx, person))
    assert "Đang nhận: Quy hoạch, đất đai, Y tế, tiêm chủng." in shown.text
    assert "/Unfollow(y_te)" in [one.payload for one in shown.buttons]

    await world.db.write(lambda tx: world.bulletin.unfollow(tx, person, "y_te"))
    assert followed() == {"quy_hoach"}
    await world.db.write(lambda tx: world.bulletin.unfollow(tx, person, None))
    assert followed() == frozenset()


def test_the_wards_entries_are_found_by_each_of_their_names():
    own = content()
    for one in own.public.entries.values():
        for name in (one.title, *one.names):
            assert one.id in dict(own.search_public.find(name)), name


@pytest.mark.parametrize("topic", [one.id for one in content().public.topics.topics])
def test_every_topic_can_be_asked_and_followed_with_buttons_that_fit(topic):
    own = Bulletin(content().public, content().catalogue, content().search_public.find)
    for button in own.news(topic, 1, MONDAY).buttons:
        assert payload.read(button.payload)
        assert len(button.payload.encode()) <= payload.LIMIT


def test_every_entry_stands_in_a_file_of_its_name():
    assert {one.stem for one in (ROOT / "data" / "public").glob("*.yml")} == set(content().public.entries)
    assert all(one.source.as_of >= "2025" for one in content().public.entries.values())
