"""A dossier is looked up from another account: its status, never more, and not by guessing."""

from datetime import timedelta

import pytest

from bot.core.effects import Answer, LookUpDossier, OpenDossier
from bot.services.lookup import Lookup, LookupLimits

FORM = (
    Answer(slot="ho_ten", label="Họ tên", value="Lê Thị Hoa", shown="Lê Thị Hoa"),
    Answer(slot="so_dien_thoai", label="Điện thoại", value="0901234567", shown="0901 234 567"),
    Answer(slot="cccd", label="Số định danh", value="000190008888", shown="000190008888", mask=True),
)


async def filed(world):
    person = await world.person()
    wanted = OpenDossier(procedure="dang_ky_thuong_tru", form=FORM)
    return await world.keep(lambda tx: world.dossiers.open(tx, person, wanted, world.clock()))


async def asked(world, code, digits, sender="an"):
    person = await world.person(sender)
    lookup = Lookup(world.words, LookupLimits())
    wanted = LookUpDossier(code=code, digits=digits)
    return await world.keep(lambda tx: lookup.answer(tx, person, wanted, world.clock()))


async def test_who_knows_the_code_and_the_digits_is_told_the_status_and_nothing_else(world):
    dossier = await filed(world)
    said = await asked(world, dossier.code.lower(), "4567")
    assert said.startswith(f"Hồ sơ {dossier.code}: mới nộp")
    for secret in ("Hoa", "0901", "thường trú", "8888"):
        assert secret not in said


@pytest.mark.parametrize("digits", ["4568", "8888", "", "567", "٤٥٦٧"])
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
