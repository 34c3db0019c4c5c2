"""What is unfinished moves to another account, once, and is then with that one alone."""

import re
from datetime import timedelta

from bot.flow.model import decode
from tests.services.services_scene import said


async def code_of(world, sender="hoa") -> str:
    text, *_ = await world.say("chuyển máy", f"code-{sender}-{world.clock()}", sender)
    found = re.search(r"tiep ([A-Z0-9]{5}-[A-Z0-9]{5})", text)
    assert found, text
    return found[1]


async def begin(world, sender="hoa") -> None:
    for number, text in enumerate(["/StartFlow(dang_ky_khai_sinh)", "/SetSlots(dong_y=true)"]):
        await world.door.converse(said("", f"{sender}-{number}", sender, tapped=text))
    await world.say("Nguyễn Thị An Nhiên", f"{sender}-name", sender)


async def stack(world, sender):
    person = await world.person(sender)
    return decode(person.state) if person.state else None


async def test_the_form_goes_on_at_the_other_account(world):
    await begin(world)
    code = await code_of(world)
    answers = await world.say(f"tiep {code.lower()}", "1", "hoa-zalo")

    assert "Đã chuyển về đây" in answers[0]
    assert "ngày nào" in answers[-1]
    taken = await stack(world, "hoa-zalo")
    assert taken.stack[-1].slots["ten_be"] == "Nguyễn Thị An Nhiên"
    left = await stack(world, "hoa")
    assert left.stack == left.aside == ()
    told = await world.owed_to((await world.person("hoa")).id)
    assert any("đã được chuyển sang máy khác" in reply.text for reply in told)


async def test_a_code_works_once_and_not_for_ever(world):
    await begin(world)
    code = await code_of(world)
    await world.say(f"tiep {code}", "1", "hoa-zalo")
    assert "không đúng, đã dùng" in (await world.say(f"tiep {code}", "2", "ai-do"))[0]

    await begin(world, "binh")
    late = await code_of(world, "binh")
    world.clock.now += timedelta(minutes=31)
    assert "không đúng, đã dùng" in (await world.say(f"tiep {late}", "3", "binh-zalo"))[0]
    assert (await stack(world, "binh")).stack


async def test_a_newer_code_ends_the_older(world):
    await begin(world)
    old = await code_of(world)
    world.clock.pass_by(seconds=1)
    new = await code_of(world)
    assert "không đúng" in (await world.say(f"tiep {old}", "1", "x"))[0]
    assert "Đã chuyển" in (await world.say(f"tiep {new}", "2", "x"))[0]


async def test_nothing_begun_gives_no_code(world):
    assert "Không có việc nào" in (await world.say("chuyển máy", "1"))[0]


async def test_the_takers_own_form_is_kept_beside(world):
    await begin(world)
    await begin(world, "x")
    await world.say(f"tiep {await code_of(world)}", "9", "x")
    taken = await stack(world, "x")
    assert len(taken.stack) + len(taken.aside) == 2


async def test_the_link_of_the_web_page_and_of_telegram_is_understood(world):
    await begin(world)
    code = (await code_of(world)).replace("-", "")
    answers = [
        owed.reply.text
        for owed in await world.door.converse(said("", "1", "x", tapped=f"/start tiep_{code}"))
    ]
    assert "Đã chuyển" in answers[0]
