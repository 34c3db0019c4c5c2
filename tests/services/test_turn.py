"""Steps 1 to 3, over a real database: said once, answered once, in order, whatever happens between."""

import asyncio
from datetime import timedelta

from bot.core.errors import FileRefused, Unreachable
from bot.core.messages import Attachment, Reply
from bot.store.outbox import Lane
from tests.services.services_scene import MAX_BYTES, PNG, said, until

FEE = "lệ phí làm khai sinh hết bao nhiêu vậy"


async def test_a_repeat_is_answered_once_and_with_the_same_words(world):
    first = await world.door.converse(said(FEE, "1"))
    again = await world.door.converse(said(FEE, "1"))

    assert first
    assert list(again) == list(first)
    assert world.reader.read_texts == [FEE]


async def test_a_repeat_that_comes_while_the_first_is_answered_gets_that_answer(world):
    world.reader.held[FEE] = asyncio.Event()
    first = asyncio.create_task(world.door.converse(said(FEE, "1")))
    await world.reader.asked[FEE].wait()
    again = asyncio.create_task(world.door.converse(said(FEE, "1")))
    world.reader.held[FEE].set()

    assert list(await first) == list(await again) != []
    assert len(await world.fates()) == len(await first)


async def test_two_messages_of_one_person_are_answered_in_order_and_another_does_not_wait(world):
    slow, quick = "lệ phí khai sinh câu một", "lệ phí khai sinh câu hai"
    world.reader.held[slow] = asyncio.Event()
    first = asyncio.create_task(world.door.converse(said(slow, "1")))
    await world.reader.asked[slow].wait()
    second = asyncio.create_task(world.door.converse(said(quick, "2")))

    async with asyncio.timeout(5):
        assert await world.say(quick, "3", sender="an")
    assert not second.done()

    world.reader.held[slow].set()
    one, two = await first, await second
    assert max(owed.id for owed in one) < min(owed.id for owed in two)


async def test_a_turn_that_fails_is_taken_up_by_the_sweep_and_answered(world, caplog):
    world.reader.fails[FEE] = 1
    assert await world.say(FEE, "1") == []

    await world.sweep.run()
    assert await world.statuses() == {"1": "new"}  # not before its pause is over
    world.clock.pass_by(seconds=6)
    await world.sweep.run()

    async def answered():
        return await world.statuses() == {"1": "done"}

    await until(answered)
    assert await world.door.collect("web", "hoa")


async def test_a_turn_that_never_succeeds_is_apologised_for_and_stops_nobody(world, caplog):
    world.reader.fails[FEE] = 99
    assert await world.say(FEE, "1") == []
    assert await world.say("xin chào", "2")

    async def ended():
        world.clock.pass_by(minutes=2)
        await world.sweep.run()
        return (await world.statuses())["1"] == "failed"

    await until(ended)
    *_, sorry = await world.door.collect("web", "hoa")
    assert sorry.reply == world.knowledge.say("error")
    assert FEE not in caplog.text.replace("\\n", "")


async def test_when_the_conversation_has_moved_on_the_turn_is_decided_anew(world):
    world.reader.held[FEE] = asyncio.Event()
    answer = asyncio.create_task(world.door.converse(said(FEE, "1")))
    await world.reader.asked[FEE].wait()
    person = await world.person()
    await world.keep(lambda tx: tx.people.stand(person.id, "", was=0))  # another process took a turn
    world.reader.held[FEE].set()

    assert await answer
    assert len(world.reader.read_texts) == 2
    assert (await world.person()).version == 2


async def test_a_crash_between_hearing_and_answering_loses_nothing(world, another_process):
    world.reader.held[FEE] = asyncio.Event()
    asked = asyncio.create_task(world.door.receive(said(FEE, "1")))
    await asked
    await world.reader.asked[FEE].wait()
    for task in world.door._under_way:
        task.cancel()

    again = another_process()
    await again.sweep.begin(alone=True)

    async def answered():
        return await again.statuses() == {"1": "done"}

    await until(answered)
    assert await again.door.collect("web", "hoa")


async def test_who_hangs_up_is_answered_all_the_same(world):
    world.reader.held[FEE] = asyncio.Event()
    asked = asyncio.create_task(world.door.converse(said(FEE, "1")))
    await world.reader.asked[FEE].wait()
    asked.cancel()
    await asyncio.gather(asked, return_exceptions=True)
    world.reader.held[FEE].set()
    await world.door.close()

    assert await world.statuses() == {"1": "done"}
    assert await world.say(FEE, "1")


async def test_whoever_waits_for_news_is_woken_when_it_comes(world):
    person = await world.person()
    waiting = asyncio.create_task(world.door.collect("web", "hoa", wait=30))
    await until(lambda: world.door._waiting)
    await world.keep(
        lambda tx: tx.outbox.owe(person.id, Reply(text="tin"), lane=Lane.NOTICE, key="k", now=world.clock())
    )

    async with asyncio.timeout(1):
        (news,) = await waiting
    assert news.reply.text == "tin"
    assert await world.door.collect("web", "hoa") == []


async def test_what_was_handed_over_is_settled_and_what_was_not_comes_again(world):
    owed = await world.door.converse(said(FEE, "1"))
    await world.door.settle([one.id for one in owed])
    await world.door.close()
    await world.door.converse(said(FEE, "2"))
    assert set((await world.fates()).values()) == {"sent", "sending"}

    world.clock.pass_by(minutes=2)
    await world.sweep.run()
    assert await world.door.collect("web", "hoa")


async def test_history_shows_both_sides_oldest_first_and_only_theirs(world):
    await world.say(FEE, "1")
    world.clock.pass_by(minutes=1)
    await world.say("xin chào", "2")
    await world.say("xin chào", "3", sender="an")

    lines = await world.door.history("web", "hoa")
    sides = [line.incoming.text if line.incoming else "…" for line in lines]
    assert sides[0] == FEE
    assert sides.index("xin chào") > sides.index("…")
    assert "…" in sides[sides.index("xin chào") :]
    assert len(await world.door.history("web", "hoa", limit=1)) == 1
    assert await world.door.history("web", "nobody") == []


async def test_a_file_is_shown_only_to_whoever_sent_it(world):
    kept = await world.door.keep_file("a.png", PNG)
    await world.door.converse(said("", "1", files=(kept,)))
    await world.person("an")

    assert await world.door.may_show("web", "hoa", kept.file)
    assert not await world.door.may_show("web", "an", kept.file)
    assert not await world.door.may_show("web", "nobody", kept.file)


async def test_a_file_of_the_platform_is_fetched_or_refused_with_its_reason(world):
    world.telegram.files = {"good": PNG, "bad": b"MZ...", "gone": FileRefused("gone")}
    files = tuple(
        Attachment(name=f"{n}.png", remote=n, size=MAX_BYTES + 1 if n == "huge" else 10)
        for n in ("good", "bad", "gone", "huge")
    )
    kept = await world.turns._with_files(said("", "1", channel="telegram", files=files))

    assert [one.refused for one in kept.files] == [None, "unknown_type", "gone", "too_large"]
    assert world.blobs.path(kept.files[0].file).read_bytes() == PNG


async def test_a_platform_that_does_not_give_the_file_now_is_asked_again(world):
    world.telegram.files = {"a": Unreachable("down")}
    photo = said("", "1", channel="telegram", files=(Attachment(name="a.png", remote="a"),))
    assert await world.door.converse(photo) == []
    assert await world.statuses() == {"1": "new"}

    world.telegram.files["a"] = PNG
    world.clock.now += timedelta(seconds=6)
    await world.sweep.run()

    async def answered():
        return await world.statuses() == {"1": "done"}

    await until(answered)


async def test_a_tap_is_acknowledged(world):
    await world.door.converse(said("", "1", channel="telegram", tapped="/Say(menu)", callback="cb"))
    assert world.telegram.acknowledged == [("cb", "")]


async def test_buttons_that_are_forged_or_unknown_get_an_answer(world):
    for n, tapped in enumerate(
        ["/Nope", "/Ask(fee,../../x)", "/StartFlow(nope)", "/SetSlots(a=1)", "x" * 500, "/"]
    ):
        assert await world.say("", f"t{n}", tapped=tapped)


async def test_a_group_that_is_not_the_officers_hears_nothing(world):
    assert await world.say("xin chào", "1", channel="telegram", group="-1") == []
    assert await world.fates() == {}
