"""The clock reminds officers, each thing once, and never speaks to residents unless it is told to."""

import asyncio
from datetime import date, datetime

import pytest

from bot.core.calendar import ZONE
from bot.core.dossier import Status
from bot.core.effects import Answer, OpenDossier
from bot.core.errors import NotAllowed

FORM = (Answer(slot="ho_ten", label="Họ tên", value="Lê Thị Hoa", shown="Lê Thị Hoa"),)
#: Five working days, and the same day.
SLOW, SAME_DAY = "cap_lai_giay_xac_nhan_khuyet_tat", "chung_thuc_ban_sao"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


async def filed(world, procedure=SLOW):
    person = await world.person()
    wanted = OpenDossier(procedure=procedure, form=FORM)
    return await world.keep(lambda tx: world.dossiers.open(tx, person, wanted, world.clock()))


async def received(world, lan, procedure=SLOW):
    dossier = await filed(world, procedure)
    return await world.keep(
        lambda tx: world.dossiers.move(tx, dossier.id, Status.RECEIVED, by=lan, now=world.clock())
    )


async def said_at(world, moment: datetime, deadlines=None) -> list[str]:
    """What the clock says in the officers' group at this moment; twice is once."""
    before = len(await world.owed_in_group())
    world.clock.now = moment
    clock = deadlines or world.deadlines
    await clock.run()
    await asyncio.gather(clock.run(), world.reminding().run())
    return [reply.text for reply in (await world.owed_in_group())[before:]]


async def test_what_is_due_in_days_is_reminded_of_a_working_day_before_and_when_it_has_passed(world):
    lan = await world.officer()
    dossier = await received(world, lan)
    due = dossier.due_at.astimezone(ZONE)
    before = content_day_before(world, dossier)

    assert await said_at(world, before.replace(hour=16, minute=59)) == []
    [soon] = await said_at(world, before)
    assert "Chị Lan" in soon
    assert "sắp đến hạn" in soon
    assert await said_at(world, due) == []
    [late] = await said_at(world, due.replace(minute=1))
    assert "đã quá hạn" in late
    assert len(await world.owed_to(dossier.person)) == 1  # that it was received


def content_day_before(world, dossier) -> datetime:
    moment = world.deadlines.remind_at(dossier)
    assert moment.date() < dossier.due_at.astimezone(ZONE).date()
    return moment.astimezone(ZONE)


async def test_what_is_due_on_the_day_is_reminded_of_two_hours_before(world):
    await received(world, await world.officer(), SAME_DAY)
    assert await said_at(world, at(23, 14, 59)) == []
    assert len(await said_at(world, at(23, 15, 0))) == 1


async def test_the_head_is_named_when_it_is_late(world):
    lan = await world.officer()
    await received(world, lan, SAME_DAY)

    head = await world.officer("ha", "Ông Hà", "503")
    await world.keep(lambda tx: tx.routing.set_duty(head.id, (), True))
    assert "Ông Hà" not in (await said_at(world, at(23, 15)))[0]
    assert "Ông Hà" in (await said_at(world, at(23, 17, 1)))[0]


async def test_while_papers_are_awaited_nobody_is_reminded_and_afterwards_by_the_new_time(world):
    lan = await world.officer()
    dossier = await received(world, lan, SAME_DAY)
    await world.keep(
        lambda tx: world.dossiers.move(
            tx, dossier.id, Status.SUPPLEMENT, by=lan, note="mờ", now=world.clock()
        )
    )
    assert await said_at(world, at(25, 17, 1)) == []
    world.clock.now = at(26, 9)
    await world.keep(
        lambda tx: world.dossiers.move(tx, dossier.id, Status.RECEIVED, by=lan, now=world.clock())
    )
    assert await said_at(world, at(26, 14, 59)) == []
    assert len(await said_at(world, at(26, 15))) == 1
    assert len(await said_at(world, at(26, 17, 1))) == 1


async def test_another_day_is_reminded_of_anew_and_the_apology_carries_it(world):
    lan = await world.officer()
    dossier = await received(world, lan, SAME_DAY)
    assert len(await said_at(world, at(23, 17, 1))) == 1

    def postpone(day):
        return world.keep(
            lambda tx: world.dossiers.postpone(
                tx, dossier.id, day, by=lan, reason="chờ xác minh", seen=None, now=world.clock()
            )
        )

    for wrong in (date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 28)):  # over, a holiday, a Saturday
        with pytest.raises(NotAllowed):
            await postpone(wrong)
    moved = await postpone(date(2026, 11, 26))
    assert moved.due_at == at(26, 17)
    notice = (await world.owed_to(dossier.person))[-1].text
    for words in ("xin lỗi", "chờ xác minh", "17:00, thứ Năm, 26/11/2026"):
        assert words in notice
    assert "Hẹn lại 17:00, thứ Năm" in (await world.owed_in_group())[-1].text
    assert len(await said_at(world, at(26, 15))) == 1
    assert len(await said_at(world, at(26, 17, 1))) == 1


async def test_the_resident_is_told_by_itself_only_where_the_ward_wants_it(world):
    dossier = await received(world, await world.officer(), SAME_DAY)
    by_itself = world.reminding(apologise_by_itself=True)
    await said_at(world, at(23, 17, 1), by_itself)
    assert "xin lỗi" in (await world.owed_to(dossier.person))[-1].text
    assert len(await world.owed_to(dossier.person)) == 2
