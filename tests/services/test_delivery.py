"""Step 4: every error has its outcome, every person their order, and nothing is sent in silence twice."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from bot.core.errors import Blocked, Refused, Throttled, Uncertain, Unreachable
from bot.core.messages import Reply
from bot.services.delivery import LONGEST, GivenUp, Sent, TryAgain, Unknown, attempt, wait_before
from bot.store.outbox import Due, Lane
from tests.services.services_scene import FakeChannel, until


def due(lane: Lane = Lane.NOTICE, attempts: int = 1) -> Due:
    return Due(1, 1, "telegram", "an", lane, Reply(text="a"), attempts)


async def owe(world, address, *texts, lane=Lane.REPLY):
    def work(tx):
        person = tx.people.meet("telegram", address, "", world.clock()).id
        for text in texts:
            tx.outbox.owe(person, Reply(text=text), lane=lane, key=f"{address}:{text}", now=world.clock())
        return person

    return await world.keep(work)


SLOW = TryAgain(timedelta(seconds=2), "unreachable")
NO_ANSWER = TryAgain(timedelta(seconds=2), "no answer")


@pytest.mark.parametrize(
    ("error", "lane", "attempts", "outcome"),
    [
        (None, Lane.REPLY, 1, Sent("msg-1")),
        (None, Lane.REPLY, 99, Sent("msg-1")),
        (Unreachable("down"), Lane.REPLY, 1, SLOW),
        (Unreachable("down"), Lane.BROADCAST, 1, SLOW),
        (Unreachable("down"), Lane.REPLY, 2, TryAgain(timedelta(seconds=4), "unreachable")),
        (Unreachable("down"), Lane.REPLY, 3, GivenUp("unreachable")),
        (
            Throttled("429", timedelta(seconds=35)),
            Lane.REPLY,
            1,
            TryAgain(timedelta(seconds=35), "throttled"),
        ),
        (
            Throttled("429", timedelta(seconds=35)),
            Lane.REPLY,
            99,
            TryAgain(timedelta(seconds=35), "throttled"),
        ),
        (Uncertain("?"), Lane.REPLY, 1, NO_ANSWER),
        (Uncertain("?"), Lane.NOTICE, 3, GivenUp("no answer")),
        (Uncertain("?"), Lane.BROADCAST, 1, Unknown("no answer")),
        (TimeoutError(), Lane.NOTICE, 1, NO_ANSWER),
        (TimeoutError(), Lane.BROADCAST, 1, Unknown("no answer")),
        (Refused("too long"), Lane.REPLY, 1, GivenUp("too long")),
        (Refused(""), Lane.REPLY, 1, GivenUp("refused")),
        (Blocked("bot was blocked"), Lane.REPLY, 1, GivenUp("blocked", stop_writing=True)),
    ],
)
async def test_every_error_has_its_outcome(error, lane, attempts, outcome):
    channel = FakeChannel()
    channel.plan["an"] = [error]

    assert await attempt(channel, due(lane, attempts), patience=5, max_attempts=3) == outcome


async def test_a_platform_that_never_answers_is_waited_for_with_patience():
    channel = FakeChannel()
    channel.held["an"] = asyncio.Event()

    assert await attempt(channel, due(), patience=0.01, max_attempts=3) == NO_ANSWER


def test_the_pause_doubles_up_to_its_longest():
    assert [wait_before(n).total_seconds() for n in (1, 2, 3, 4)] == [2, 4, 8, 16]
    assert wait_before(20) == wait_before(10**6) == LONGEST


async def test_what_is_owed_is_sent_in_order_and_settled_with_its_receipt(world, running):
    running(world.deliveries)
    person = await owe(world, "an", "a", "b", "c")

    await until(lambda: len(world.telegram.sent) == 3)
    assert [text for _, text in world.telegram.sent] == ["a", "b", "c"]

    async def settled():
        return set((await world.fates()).values()) == {"sent"}

    await until(settled)
    assert await world.db.read(lambda tx: tx.outbox.key_of(person, "msg-2")) == "an:b"


async def test_a_card_and_its_change_claimed_together_are_one_message(world, running):
    def work(tx):
        group = tx.people.meet("telegram", "-100", "", world.clock()).id
        for key, reply in (
            ("card:1", Reply(text="card")),
            ("card:1:1", Reply(text="moved", replaces="card:1")),
        ):
            tx.outbox.owe(group, reply, lane=Lane.NOTICE, key=key, now=world.clock())

    await world.keep(work)
    running(world.deliveries)

    await until(lambda: len(world.telegram.sent) == 2)
    assert world.telegram.edited == [None, "msg-1"]


async def test_a_message_that_must_wait_keeps_those_behind_it_waiting(world, running):
    world.telegram.plan["an"] = [Unreachable("down")]
    await owe(world, "an", "a", "b")
    running(world.deliveries)

    async def both_wait():
        return await world.fates() == {"an:a": "waiting", "an:b": "waiting"}

    await until(lambda: world.telegram.tried)
    await until(both_wait)
    world.deliveries.wake()
    await owe(world, "binh", "for another")
    await until(lambda: world.telegram.sent == [("binh", "for another")])

    world.clock.pass_by(seconds=3)
    world.deliveries.wake()
    await until(lambda: len(world.telegram.sent) == 3)
    assert world.telegram.sent[1:] == [("an", "a"), ("an", "b")]
    assert world.telegram.tried.count(("an", "b")) == 1


async def test_somebody_throttled_does_not_stall_the_others(world, running):
    world.telegram.plan["an"] = [Throttled("429", timedelta(minutes=5))]
    await owe(world, "an", "slow")
    for n in range(20):
        await owe(world, f"p{n}", "quick")
    running(world.deliveries)

    await until(lambda: len(world.telegram.sent) == 20)
    assert ("an", "slow") not in world.telegram.sent

    async def put_off():
        return (await world.fates())["an:slow"] == "waiting"

    await until(put_off)

    world.clock.pass_by(minutes=5, seconds=1)
    world.deliveries.wake()
    await until(lambda: ("an", "slow") in world.telegram.sent)


async def test_somebody_whose_platform_hangs_does_not_stall_the_others(world, running):
    world.telegram.held["an"] = asyncio.Event()
    await owe(world, "an", "hangs")
    await owe(world, "binh", "quick")
    running(world.deliveries)

    await until(lambda: world.telegram.sent == [("binh", "quick")])
    await owe(world, "chi", "also quick")
    await until(lambda: len(world.telegram.sent) == 2)
    world.telegram.held["an"].set()
    await until(lambda: len(world.telegram.sent) == 3)


async def test_a_notice_given_up_becomes_a_call_for_an_officer(world, running):
    world.telegram.plan["an"] = [Refused("chat not found")]
    await owe(world, "an", "Hồ sơ đã xong", lane=Lane.NOTICE)
    running(world.deliveries)

    async def called():
        return await world.db.read(lambda tx: tx.dossiers.open_calls())

    await until(called)
    (call,) = await called()
    assert "Hồ sơ đã xong" in call.reason
    assert await world.fates() == {"an:Hồ sơ đã xong": "failed"}


async def test_a_notice_is_tried_again_until_its_attempts_are_used_up(world, running):
    world.telegram.plan["an"] = [Unreachable("down")] * 9
    await owe(world, "an", "notice", lane=Lane.NOTICE)
    running(world.deliveries)

    async def failed():
        world.clock.pass_by(minutes=1)
        world.deliveries.wake()
        return await world.fates() == {"an:notice": "failed"}

    await until(failed)
    assert len(world.telegram.tried) == 3
    assert len(await world.db.read(lambda tx: tx.dossiers.open_calls())) == 1


async def test_somebody_who_blocked_us_is_noted_and_what_follows_does_not_wait(world, running):
    world.telegram.plan["an"] = [Blocked("bot was blocked by the user")]
    person = await owe(world, "an", "a", "b")
    running(world.deliveries)

    await until(lambda: len(world.telegram.tried) == 2)

    async def noted():
        return (await world.db.read(lambda tx: tx.people.get(person))).blocked_at == world.clock()

    await until(noted)
    assert (await world.fates())["an:a"] == "failed"


async def test_a_restart_in_the_middle_of_sending_sends_again(world, another_process, running):
    world.telegram.held["an"] = asyncio.Event()
    await owe(world, "an", "a", "b")
    dying = running(world.deliveries)
    await until(lambda: world.telegram.tried)
    for task in world.deliveries._under_way:  # the process dies: nothing of it goes on
        task.cancel()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    assert set((await world.fates()).values()) == {"sending"}

    again = another_process()
    await again.sweep.begin(alone=True)
    running(again.deliveries)

    await until(lambda: len(again.telegram.sent) == 2)
    assert [text for _, text in again.telegram.sent] == ["a", "b"]


async def test_stopping_lets_what_is_under_way_end(world, running):
    world.telegram.held["an"] = asyncio.Event()
    await owe(world, "an", "a")
    task = running(world.deliveries)
    await until(lambda: world.telegram.tried)

    task.cancel()
    asyncio.get_running_loop().call_soon(world.telegram.held["an"].set)
    await asyncio.gather(task, return_exceptions=True)

    assert await world.fates() == {"an:a": "sent"}


async def test_a_database_that_is_away_for_a_moment_does_not_end_the_sender(world, running, monkeypatch):
    whole, fails = world.db.write, [True, True]

    async def write(work):
        if fails:
            fails.pop()
            raise OperationalError("select", {}, Exception("the server closed the connection"))
        return await whole(work)

    person = await owe(world, "an", "a")
    monkeypatch.setattr(world.db, "write", write)
    monkeypatch.setattr("bot.services.delivery.LOOK", 0.01)
    running(world.deliveries)

    await until(lambda: world.telegram.sent == [("an", "a")])
    assert person


async def test_a_bug_in_a_channel_costs_one_person_and_the_sweep_takes_it_up(world, running, caplog):
    world.telegram.plan["an"] = [ZeroDivisionError("a bug of ours")]
    await owe(world, "an", "a")
    await owe(world, "binh", "b")
    running(world.deliveries)
    await until(lambda: world.telegram.sent == [("binh", "b")])
    await until(lambda: "the sweep will take it up" in caplog.text)

    world.clock.pass_by(minutes=2)
    await world.sweep.run()
    await until(lambda: len(world.telegram.sent) == 2)


async def test_without_channels_there_is_nothing_to_run(world):
    async with asyncio.timeout(5):
        await world.sender(channels={}).run()
