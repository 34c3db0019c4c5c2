"""A dossier is looked up from another account: its status, never more, and not by guessing."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.dossier import Status
from bot.core.effects import Answer, LookUpDossier, OpenDossier
from bot.services.lookup import Lookup, LookupLimits
from tests.services.services_scene import said

FORM = (
    Answer(slot="ho_ten", label="Họ tên", value="Lê Thị Hoa", shown="Lê Thị Hoa"),
    Answer(slot="so_dien_thoai", label="Điện thoại", value="0901234567", shown="0901 234 567"),
    Answer(slot="so_tai_khoan", label="Tài khoản", value="0123459999", shown="0123459999"),
    Answer(slot="cccd", label="Số định danh", value="000190008888", shown="000190008888", mask=True),
)


async def filed(world):
    person = await world.person()
    wanted = OpenDossier(procedure="dang_ky_thuong_tru", form=FORM)
    return await world.keep(lambda tx: world.dossiers.open(tx, person, wanted, world.clock()))


async def asked(world, code, digits, sender="an", limits=LookupLimits()):  # noqa: B008 - frozen
    person = await world.person(sender)
    lookup = Lookup(world.words, world.ward, limits)
    wanted = LookUpDossier(code=code, digits=digits)
    return await world.keep(lambda tx: lookup.answer(tx, person, wanted, world.clock()))


async def test_who_knows_the_code_and_the_digits_is_told_the_status_and_nothing_else(world):
    dossier = await filed(world)
    said = await asked(world, dossier.code.lower(), "4567")
    assert said.startswith(f"Hồ sơ {dossier.code}: mới nộp")
    for secret in ("Hoa", "0901", "thường trú", "8888"):
        assert secret not in said


@pytest.mark.parametrize("digits", ["4568", "8888", "9999", "", "567", "٤٥٦٧"])
async def test_a_wrong_code_and_wrong_digits_are_told_the_same(world, digits):
    dossier = await filed(world)
    wrong = await asked(world, dossier.code, digits)
    assert wrong == await asked(world, "H29.118-261123-9999", "4567")
    assert dossier.code not in wrong


async def test_after_five_tries_in_vain_even_the_right_digits_wait_an_hour(world):
    dossier = await filed(world)
    for number in range(5):
        await asked(world, dossier.code, f"000{number}")
    assert "nhiều lần" in await asked(world, dossier.code, "4567")
    assert "mới nộp" in await asked(world, dossier.code, "4567", "binh")
    world.clock.now += timedelta(minutes=61)
    assert "mới nộp" in await asked(world, dossier.code, "4567")


async def test_many_accounts_together_cannot_guess_either(world):
    dossier = await filed(world)
    for number in range(10):
        await asked(world, dossier.code, f"000{number}", f"ai-{number}")
    assert "nhiều lần" in await asked(world, dossier.code, "4567", "khac")


async def test_the_conversation_ends_with_the_status(world):
    dossier = await filed(world)
    await world.say("/tracuu", "1", "an")
    await world.say(dossier.code, "2", "an")
    assert "bốn chữ số" in (await world.say("12ab", "3", "an"))[0]
    assert (await world.say("4567", "4", "an"))[0].startswith(f"Hồ sơ {dossier.code}: mới nộp")


async def test_the_due_date_is_told_of_a_filing_and_the_hour_of_an_appointment_is_not(world):
    dossier = await filed(world)
    officer = await world.officer()
    await world.keep(
        lambda tx: world.dossiers.move(tx, dossier.id, Status.RECEIVED, by=officer, now=world.clock())
    )
    assert "Hẹn trả kết quả: 17:00" in await asked(world, dossier.code, "4567")

    day = Answer(slot="ngay_hen", label="Ngày hẹn", value="2026-11-26", shown="26/11/2026")
    hour = Answer(slot="gio_hen", label="Giờ hẹn", value="09:00", shown="09:00")
    person = await world.person()
    wanted = OpenDossier(procedure="hen_den_quay", kind="lich_hen", form=(*FORM, day, hour))
    booked = await world.keep(lambda tx: world.dossiers.open(tx, person, wanted, world.clock()))
    assert booked.due_at is not None
    said = await asked(world, booked.code, "4567")
    assert said.startswith(f"Hồ sơ {booked.code}: mới nộp")
    assert "26/11" not in said


async def test_everybody_together_may_fail_only_so_often(world):
    dossier = await filed(world)
    few = LookupLimits(all_an_hour=3)
    for number in range(3):
        await asked(world, f"H29.118-261123-000{number + 5}", "4567", f"ai-{number}", few)
    assert "nhiều lần" in await asked(world, dossier.code, "4567", "khac", few)
    world.clock.now += timedelta(minutes=61)
    assert "mới nộp" in await asked(world, dossier.code, "4567", "khac", few)


async def test_tries_are_kept_for_a_day(world):
    dossier = await filed(world)
    await asked(world, dossier.code, "0000")
    world.clock.now += timedelta(hours=25)
    await asked(world, dossier.code, "0001", "binh")
    counted = await world.db.read(lambda tx: tx.lookups.in_vain(world.clock() - timedelta(days=9)))
    assert counted == 1


async def test_processes_that_look_up_at_once_count_together(world, another_process):
    dossier, other = await filed(world), another_process()
    tries = [asked(one, dossier.code, f"10{n:02}", f"ai-{n}") for n in range(8) for one in (world, other)]
    said = await asyncio.gather(*tries)
    assert sum("chưa đúng" in one for one in said) == 10
    assert sum("nhiều lần" in one for one in said) == 6


async def test_code_and_digits_in_one_message_are_looked_up(world):
    dossier = await filed(world)
    [told] = await world.say(f"{dossier.code} 4567", "1", "an")
    assert told.startswith(f"Hồ sơ {dossier.code}: mới nộp")
    assert "Đăng ký" not in told
    [wrong] = await world.say(f"hồ sơ {dossier.code} sđt 4568 tới đâu rồi", "2", "an")
    assert "chưa đúng" in wrong


async def test_who_filed_it_is_told_all_whatever_the_digits(world):
    dossier = await filed(world)
    [told] = await world.say(f"{dossier.code} 0000", "1")
    assert dossier.procedure_name in told


async def test_an_unknown_code_and_no_dossier_offer_the_way_there(world):
    dossier = await filed(world)
    [unknown] = await world.door.converse(said(dossier.code, "1", "an"))
    [none] = await world.door.converse(said("", "2", "an", tapped="/AskStatus"))
    payloads = [owed.reply.buttons[0].payload for owed in (unknown, none)]
    assert payloads == [f"/StartFlow(tra_cuu_ho_so,ma_ho_so={dossier.code})", "/StartFlow(tra_cuu_ho_so)"]
    assert all(len(one.encode()) <= 64 for one in payloads)
    [asks] = await world.door.converse(said("", "3", "an", tapped=payloads[0]))
    assert asks.reply.text.startswith("Bốn số cuối")
    assert "mới nộp" in (await world.say("4567", "4", "an"))[0]
