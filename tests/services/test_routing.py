"""A new dossier is offered to who works on its field; not taken up, to the next one and to the head."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.calendar import ZONE, Calendar
from bot.core.dossier import Status
from bot.core.effects import OpenDossier
from bot.services.routing import choose, working_time
from bot.store.routing import Candidate
from tests.services.services_scene import said

CALENDAR = Calendar()
FRIDAY = datetime(2026, 11, 27, 16, 30, tzinfo=ZONE)


def who(number: int, **more) -> Candidate:
    values = {"name": f"cb{number}", "telegram_id": None, "fields": (), "head": False, "busy": 0}
    return Candidate(**{"id": number, "offered_at": None, **values, **more})


def test_the_one_of_the_field_with_least_in_hand_is_asked():
    others = [who(1, fields=("Đất đai",)), who(2, busy=3), who(3, busy=1), who(4, head=True)]
    assert choose(others, "Hộ tịch", frozenset()).id == 3
    assert choose(others, "Hộ tịch", frozenset({3})).id == 2
    assert choose(others, "Hộ tịch", frozenset({2, 3})).id == 4
    assert choose(others, "Hộ tịch", frozenset({2, 3, 4})).id == 4


def test_of_two_who_have_as_much_the_one_asked_longest_ago():
    asked = [who(1, offered_at=FRIDAY), who(2, offered_at=FRIDAY - timedelta(days=1))]
    assert choose(asked, "x", frozenset()).id == 2


def test_without_anybody_nobody_is_asked():
    assert choose([], "x", frozenset()) is None
    assert choose([who(1, fields=("Đất đai",))], "Hộ tịch", frozenset()) is None


def test_nights_and_days_off_do_not_count():
    monday = datetime(2026, 11, 30, 8, 0, tzinfo=ZONE)
    assert working_time(CALENDAR, FRIDAY, monday) == timedelta(minutes=60)
    assert working_time(CALENDAR, FRIDAY, FRIDAY + timedelta(hours=9)) == timedelta(minutes=30)


@given(st.integers(0, 20_000), st.integers(0, 20_000), st.integers(0, 20_000))
def test_working_time_adds_up(first, second, start):
    begin = FRIDAY + timedelta(minutes=start)
    middle, end = begin + timedelta(minutes=first), begin + timedelta(minutes=first + second)
    whole = working_time(CALENDAR, begin, end)
    assert whole == working_time(CALENDAR, begin, middle) + working_time(CALENDAR, middle, end)
    assert timedelta() <= whole <= end - begin


async def offered(world):
    """A dossier that was just filed, with two officers and a head."""
    await world.officer("lan", "Chị Lan", "501")
    await world.officer("minh", "Anh Minh", "502")
    head = await world.officer("head", "Cô Hạnh", "503")
    await world.keep(lambda tx: tx.routing.set_duty(head.id, (), True))
    person = await world.person()

    def file(tx):
        dossier = world.dossiers.open(tx, person, OpenDossier(procedure="dang_ky_thuong_tru"), world.clock())
        world.routing.offer(tx, dossier, world.clock())
        return dossier

    return await world.keep(file)


async def invitations(world):
    return [
        reply.text for reply in await world.owed_in_group() if "ời " in reply.text and "nhận" in reply.text
    ]


async def test_a_new_dossier_is_offered_in_the_group_and_in_private(world):
    lan = await world.person("501", "telegram")  # she has written to us before
    dossier = await offered(world)
    [text] = await invitations(world)
    assert text.startswith(f"Mời Chị Lan nhận hồ sơ {dossier.code}")
    assert [reply.text for reply in await world.owed_to(lan.id)] == [text]


async def test_not_taken_up_it_goes_to_the_next_one_and_the_head_is_told(world):
    dossier = await offered(world)
    world.clock.pass_by(minutes=59)
    await world.routing.run()
    assert len(await invitations(world)) == 1
    world.clock.pass_by(minutes=2)
    await world.routing.run()
    await world.routing.run()
    first, second = await invitations(world)
    assert "Chị Lan" in first
    assert second.startswith(f"Hồ sơ {dossier.code}")
    assert "Mời Anh Minh" in second
    assert "Báo Cô Hạnh" in second
    world.clock.pass_by(minutes=61)
    await world.routing.run()
    assert "Mời Cô Hạnh" in (await invitations(world))[-1]
    world.clock.pass_by(minutes=200)
    await world.routing.run()
    assert len(await invitations(world)) == 3  # no more than the ward wants


async def test_at_night_nobody_is_asked(world):
    world.clock.now = FRIDAY
    await offered(world)
    world.clock.now = FRIDAY.replace(hour=23)
    await world.routing.run()
    assert len(await invitations(world)) == 1
    world.clock.now = datetime(2026, 11, 30, 8, 1, tzinfo=ZONE)
    await world.routing.run()
    assert len(await invitations(world)) == 2


async def test_what_was_taken_up_is_offered_no_more(world):
    dossier = await offered(world)
    officer = (await world.db.read(lambda tx: tx.officers.all()))[0]
    await world.keep(
        lambda tx: world.dossiers.move(tx, dossier.id, Status.RECEIVED, by=officer, now=world.clock())
    )
    world.clock.pass_by(minutes=90)
    await world.routing.run()
    assert len(await invitations(world)) == 1


async def test_two_processes_offer_once(world, another_process):
    await offered(world)
    world.clock.pass_by(minutes=61)
    await another_process().routing.run()
    await world.routing.run()
    assert len(await invitations(world)) == 2


async def test_filing_in_the_chat_offers_it(world):
    await world.officer()
    for number, text in enumerate(
        ["/StartFlow(phan_anh)", "/SetSlots(dong_y=true)", "/SetSlots(linh_vuc=den)"]
    ):
        await world.door.converse(said("", f"{number}", tapped=text))
    answers = ["Đèn hỏng ba hôm nay rồi", "trước nhà 12 đường số 3", "/Skip", "/Skip", "/Skip"]
    for number, text in enumerate([*answers, "/SetSlots(kiem_tra=true)"], 5):
        tapped = text if text.startswith("/") else None
        await world.door.converse(said("" if tapped else text, f"{number}", tapped=tapped))
    assert any("Mời Chị Lan" in text for text in await invitations(world))


@pytest.mark.parametrize("number", [1, 2])
async def test_an_offer_is_written_down_once(world, number):
    dossier = await offered(world)
    lan = await world.db.read(lambda tx: tx.officers.by_username("lan"))
    made = [
        await world.keep(lambda tx: tx.routing.offer(dossier.id, number, lan.id, world.clock())) for _ in "ab"
    ]
    assert made == ([False, False] if number == 1 else [True, False])
