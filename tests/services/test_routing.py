"""A new dossier is offered to who works on its field; not taken up, to the next one and to the head."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.catalogue.desks import Whose
from bot.core.calendar import ZONE, Calendar
from bot.core.dossier import Status
from bot.core.effects import OpenDossier
from bot.services.routing import choose
from bot.store.routing import Candidate
from tests.services.services_scene import content, said

CALENDAR = Calendar()
FRIDAY = datetime(2026, 11, 27, 16, 30, tzinfo=ZONE)


def who(number: int, **more) -> Candidate:
    values = {"name": f"cb{number}", "telegram_id": None, "fields": (), "head": False, "busy": 0}
    return Candidate(**{"id": number, "offered_at": None, **values, **more})


HO_TICH = Whose(frozenset({"Hộ tịch", "Hộ tịch, con nuôi"}))
CU_TRU = Whose(frozenset({"Đăng ký, quản lý cư trú", "Công an phường"}), "Công an phường")


def test_the_one_of_the_field_with_least_in_hand_is_asked():
    others = [who(1, fields=("Đất đai",)), who(2, busy=3), who(3, busy=1), who(4, head=True)]
    assert choose(others, HO_TICH, frozenset()).id == 3
    assert choose(others, HO_TICH, frozenset({3})).id == 2
    assert choose(others, HO_TICH, frozenset({2, 3})).id == 4
    assert choose(others, HO_TICH, frozenset({2, 3, 4})).id == 4


def test_of_two_who_have_as_much_the_one_asked_longest_ago():
    asked = [who(1, offered_at=FRIDAY), who(2, offered_at=FRIDAY - timedelta(days=1))]
    assert choose(asked, HO_TICH, frozenset()).id == 2


def test_without_anybody_nobody_is_asked():
    assert choose([], HO_TICH, frozenset()) is None
    assert choose([who(1, fields=("Đất đai",))], HO_TICH, frozenset()) is None


def test_an_officer_may_have_a_whole_group_of_fields():
    assert choose([who(1, fields=("Hộ tịch, con nuôi",))], HO_TICH, frozenset()).id == 1


def test_what_belongs_to_the_police_is_for_those_who_work_on_everything_only_if_nobody_else_does():
    ward, police = who(1), who(2, fields=("Công an phường",), busy=9)
    assert choose([ward, police], CU_TRU, frozenset()).id == 2
    assert choose([ward, police], CU_TRU, frozenset({2})).id == 2
    assert choose([ward], CU_TRU, frozenset()).id == 1
    assert choose([ward, police], HO_TICH, frozenset()).id == 1


def test_every_procedure_that_the_police_decide_and_no_other_goes_to_their_desk():
    ward = content()
    for one in ward.catalogue.procedures.values():
        to_police = ward.work.of(one.field, one.id).desk == "Công an phường"
        assert to_police == (one.decided_by == "cong_an_phuong"), one.id


def filed(world, tx, person):
    dossier = world.dossiers.open(tx, person, OpenDossier(procedure="dang_ky_thuong_tru"), world.clock())
    world.routing.offer(tx, dossier, world.clock())
    return dossier


async def offered(world):
    """A dossier that was just filed, with two officers and a head."""
    await world.officer("lan", "Chị Lan", "501")
    await world.officer("minh", "Anh Minh", "502")
    head = await world.officer("head", "Cô Hạnh", "503")
    await world.keep(lambda tx: tx.routing.set_duty(head.id, (), True))
    return await offered_again(world)


async def offered_again(world):
    """One more dossier."""
    if not await world.db.read(lambda tx: tx.officers.all()):
        return await offered(world)
    person = await world.person()
    return await world.keep(lambda tx: filed(world, tx, person))


async def numbers(world, dossier):
    """The numbers of its offers."""
    return [one.number for one in await world.db.read(lambda tx: tx.routing.of_dossier(dossier.id))]


async def invitations(world):
    """The cards in the group that invite somebody."""
    return [reply for reply in await world.owed_in_group() if "Mời " in reply.text and "nhận" in reply.text]


async def test_a_new_dossier_is_offered_on_its_card_and_in_private(world):
    lan = await world.person("501", "telegram")  # she has written to us before
    dossier = await offered(world)
    [card] = await invitations(world)
    assert dossier.code in card.text
    assert card.text.endswith("Chuyển Công an phường. Mời Chị Lan nhận.")
    assert card.replaces == f"card:{dossier.id}"
    assert card.buttons[0].payload.startswith(f"/Move({dossier.id},received")
    [told] = await world.owed_to(lan.id)
    assert told.text.startswith(f"Mời anh/chị nhận hồ sơ {dossier.code}")
    assert told.buttons[0].url == f"https://desk.test/desk/dossiers/{dossier.id}"


async def test_not_taken_up_it_goes_to_the_next_one_and_the_head_is_told(world):
    head = await world.person("503", "telegram")
    dossier = await offered(world)
    world.clock.pass_by(minutes=59)
    await world.routing.run()
    assert len(await invitations(world)) == 1
    world.clock.pass_by(minutes=2)
    await world.routing.run()
    await world.routing.run()
    first, second = await invitations(world)
    assert "Chị Lan" in first.text
    assert dossier.code in second.text
    assert "Chưa ai nhận. Mời Anh Minh nhận giúp. Báo Cô Hạnh để phân công." in second.text
    assert second.replaces is None  # a card of its own: an edited one nobody hears
    [told] = await world.owed_to(head.id)
    assert told.text.startswith(f"Hồ sơ {dossier.code} ")
    assert "chưa ai nhận, đang mời Anh Minh." in told.text
    world.clock.pass_by(minutes=61)
    await world.routing.run()
    assert "Mời Cô Hạnh" in (await invitations(world))[-1].text
    world.clock.pass_by(minutes=200)
    await world.routing.run()
    assert len(await invitations(world)) == 3  # no more than the ward wants


async def test_those_with_every_invitation_made_do_not_stand_in_the_way(world, monkeypatch):
    monkeypatch.setattr("bot.services.routing._AT_ONCE", 2)
    for _ in range(3):
        await offered_again(world)
    for _ in range(8):
        world.clock.pass_by(minutes=61)
        if not 8 <= world.clock.now.hour < 16:
            world.clock.now = datetime(2026, 11, 25, 8, 0, tzinfo=ZONE)
        await world.routing.run()
    late = await offered_again(world)
    world.clock.pass_by(minutes=61)
    await world.routing.run()
    assert await numbers(world, late) == [1, 2]


async def test_an_officer_who_comes_later_is_offered_what_waits(world):
    person = await world.person()
    dossier = await world.keep(lambda tx: filed(world, tx, person))
    assert await numbers(world, dossier) == []
    await world.officer()
    world.clock.pass_by(minutes=1)
    await world.routing.run()
    assert await numbers(world, dossier) == [1]
    assert (await invitations(world))[-1].replaces is None


async def test_what_comes_at_night_is_offered_in_the_morning(world):
    world.clock.now = FRIDAY.replace(hour=22)
    dossier = await offered(world)
    await world.routing.run()
    assert await numbers(world, dossier) == []
    world.clock.now = datetime(2026, 11, 30, 7, 30, tzinfo=ZONE)
    await world.routing.run()
    assert await numbers(world, dossier) == [1]


async def test_at_night_nobody_is_asked(world):
    world.clock.now = FRIDAY
    await offered(world)
    world.clock.now = FRIDAY.replace(hour=23)
    await world.routing.run()
    assert len(await invitations(world)) == 1
    world.clock.now = datetime(2026, 11, 30, 8, 1, tzinfo=ZONE)
    await world.routing.run()
    assert len(await invitations(world)) == 2


async def test_an_offer_that_went_on_to_the_next_one_counts_no_more(world):
    await offered(world)
    world.clock.pass_by(minutes=61)
    await world.routing.run()
    busy = {one.name: one.busy for one in await world.db.read(lambda tx: tx.routing.candidates())}
    assert busy == {"Chị Lan": 0, "Anh Minh": 1, "Cô Hạnh": 0}


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


async def test_processes_whose_clocks_strike_at_once_offer_once(world, another_process):
    dossiers = [await offered(world), *[await offered_again(world) for _ in range(5)]]
    world.clock.pass_by(minutes=61)
    await asyncio.gather(*(one.routing.run() for one in (world, another_process(), another_process())))
    assert [await numbers(world, one) for one in dossiers] == [[1, 2]] * 6
    cards = [reply for reply in await invitations(world) if reply.replaces is None]
    assert len(cards) == 6
    busy = {one.name: one.busy for one in await world.db.read(lambda tx: tx.routing.candidates())}
    assert sum(busy.values()) == 6


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
    assert any("Mời Chị Lan" in card.text for card in await invitations(world))


@pytest.mark.parametrize("number", [1, 2])
async def test_an_offer_is_written_down_once(world, number):
    dossier = await offered(world)
    lan = await world.db.read(lambda tx: tx.officers.by_username("lan"))
    made = [
        await world.keep(lambda tx: tx.routing.offer(dossier.id, number, lan.id, world.clock())) for _ in "ab"
    ]
    assert made == ([False, False] if number == 1 else [True, False])
