"""What we owe: once for each reason, in order, and with a fate that nobody has to guess."""

import asyncio
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.core.messages import Button, Reply
from bot.store.outbox import Lane
from bot.store.tables import deliveries
from tests.store.store_scene import LATER, MINUTE, NOW, claimed, meet, owe


async def fates(db) -> dict[str, str]:
    rows = await db.read(lambda tx: tx.connection.execute(select(deliveries.c.key, deliveries.c.fate)).all())
    return {row.key: row.fate for row in rows}


async def test_a_message_is_owed_once_for_each_reason(db):
    person = await db.write(meet)

    def again(tx):
        return tx.outbox.owe(person, Reply(text="khác"), lane=Lane.NOTICE, key="move:1", now=NOW)

    assert await db.write(again) is not None
    assert await db.write(again) is None
    assert await asyncio.gather(*(db.write(again) for _ in range(20))) == [None] * 20
    assert await fates(db) == {"move:1": "waiting"}


async def test_a_reply_is_read_back_as_it_was_owed(db):
    person = await db.write(meet)
    reply = Reply(
        text="Dạ\n“vâng”", buttons=(Button(title="Có", payload="/SetSlots(a=true)"),), wants_reply=True
    )
    await db.write(lambda tx: tx.outbox.owe(person, reply, lane=Lane.REPLY, key="k", now=NOW))

    (due,) = await db.write(lambda tx: tx.outbox.claim(["web"], NOW, LATER, 10))
    assert (due.reply, due.address, due.channel, due.lane, due.attempts) == (
        reply,
        "hoa",
        "web",
        Lane.REPLY,
        1,
    )


async def test_whoever_waits_is_woken_for_a_new_delivery_but_not_for_a_repeat_or_one_in_hand(db):
    woken: list[frozenset[str]] = []
    person = await db.write(meet)
    db.on_wake = woken.append

    await db.write(lambda tx: owe(tx, person, "a"))
    await db.write(
        lambda tx: tx.outbox.owe(person, Reply(text="a"), lane=Lane.REPLY, key=f"{person}:a", now=NOW)
    )
    await db.write(
        lambda tx: tx.outbox.owe(
            person, Reply(text="b"), lane=Lane.REPLY, key="b", now=NOW, in_hand_until=LATER
        )
    )

    assert woken == [frozenset({"outbox", f"person:{person}"})]


async def test_answers_go_before_notices_and_notices_before_broadcasts(db):
    def all_three(tx):
        for address in ("an", "binh"):
            person = meet(tx, address)
            owe(tx, person, f"{address} broadcast", lane=Lane.BROADCAST)
            owe(tx, person, f"{address} notice", lane=Lane.NOTICE)
            owe(tx, person, f"{address} reply", lane=Lane.REPLY)

    await db.write(all_three)

    assert await db.write(claimed()) == [
        "an reply", "binh reply", "an notice", "binh notice", "an broadcast", "binh broadcast",
    ]  # fmt: skip


async def test_only_the_channels_asked_for_and_only_what_is_due_are_claimed(db):
    def some(tx):
        owe(tx, meet(tx, "a", "telegram"), "telegram")
        owe(tx, meet(tx, "a", "web"), "web")
        later = owe(tx, meet(tx, "b", "telegram"), "later")
        tx.outbox.put_off(later, LATER, "throttled")

    await db.write(some)

    assert await db.write(claimed("telegram")) == ["telegram"]
    assert await db.write(claimed("telegram", LATER)) == ["later"]


async def test_what_is_claimed_is_not_claimed_again(db):
    await db.write(lambda tx: owe(tx, meet(tx), "a"))

    assert await db.write(claimed()) == ["a"]
    assert await db.write(claimed()) == []


async def test_a_persons_second_message_waits_while_the_first_is_on_its_way_or_put_off(db):
    def two(tx):
        person = meet(tx)
        return owe(tx, person, "first"), owe(tx, person, "second"), owe(tx, meet(tx, "an"), "another's")

    first, _, _ = await db.write(two)

    assert await db.write(claimed(limit=1)) == ["first"]
    assert await db.write(claimed()) == ["another's"]  # first is on its way
    await db.write(lambda tx: tx.outbox.put_off(first, LATER, "throttled"))
    assert await db.write(claimed()) == []  # first is put off
    assert await db.write(claimed(at=LATER)) == ["first", "second"]


async def test_a_broadcast_put_off_does_not_hold_back_an_answer(db):
    def two(tx):
        person = meet(tx)
        tx.outbox.put_off(owe(tx, person, "broadcast", lane=Lane.BROADCAST), LATER, "throttled")
        owe(tx, person, "answer")

    await db.write(two)

    assert await db.write(claimed()) == ["answer"]


async def test_let_go_is_not_an_attempt(db):
    row = await db.write(lambda tx: owe(tx, meet(tx), "a"))
    await db.write(claimed())
    await db.write(lambda tx: tx.outbox.let_go([row]))

    (due,) = await db.write(lambda tx: tx.outbox.claim(["web"], NOW, LATER, 10))
    assert due.attempts == 1


async def test_an_edit_knows_the_receipt_of_what_it_replaces(db):
    def card(tx):
        person = meet(tx)
        row = owe(tx, person, "card", key="card:1")
        tx.outbox.settle(row, "sent", NOW, receipt="msg-77")
        reply = Reply(text="card, moved", replaces="card:1")
        tx.outbox.owe(person, reply, lane=Lane.NOTICE, key="card:1:1", now=NOW)
        return person

    person = await db.write(card)

    (due,) = await db.write(lambda tx: tx.outbox.claim(["web"], NOW, LATER, 10))
    assert await db.read(lambda tx: tx.outbox.receipt_of(due.reply.replaces)) == "msg-77"
    assert await db.read(lambda tx: tx.outbox.key_of(person, "msg-77")) == "card:1"
    assert await db.read(lambda tx: tx.outbox.key_of(person + 1, "msg-77")) is None


async def test_a_crash_while_sending_answers_again_but_leaves_a_broadcast_unknown(db):
    def all_three(tx):
        person = meet(tx)
        for lane in Lane:
            owe(tx, person, lane.name, lane=lane, key=lane.name)

    await db.write(all_three)
    await db.write(claimed())

    assert await db.write(lambda tx: tx.outbox.sweep(NOW)) == 0  # they are still being sent
    assert await db.write(lambda tx: tx.outbox.sweep(LATER + MINUTE)) == 3
    assert await fates(db) == {"REPLY": "waiting", "NOTICE": "waiting", "BROADCAST": "unknown"}
    assert await db.write(lambda tx: tx.outbox.sweep(LATER + MINUTE)) == 0
    assert await db.write(claimed(at=LATER + MINUTE)) == ["REPLY", "NOTICE"]


async def test_a_fresh_start_takes_up_what_was_being_sent(db):
    await db.write(lambda tx: owe(tx, meet(tx), "a"))
    await db.write(claimed())
    await db.write(lambda tx: tx.outbox.free_all())

    assert await db.write(lambda tx: tx.outbox.sweep(NOW)) == 1
    assert await db.write(claimed()) == ["a"]


async def test_the_sweep_wakes_the_sender_only_if_there_is_something_to_send(db):
    woken: list[frozenset[str]] = []
    await db.write(lambda tx: owe(tx, meet(tx), "a"))
    await db.write(claimed())
    db.on_wake = woken.append

    await db.write(lambda tx: tx.outbox.sweep(NOW))
    assert woken == []
    await db.write(lambda tx: tx.outbox.sweep(LATER + MINUTE))
    assert woken == [frozenset({"outbox"})]


async def test_what_nobody_wants_any_more_expires_unless_it_is_on_its_way(db):
    def some(tx):
        owe(tx, meet(tx, "a"), "on its way", key="on its way", expires_at=LATER)

    def others(tx):
        owe(tx, meet(tx, "b"), "too late", key="too late", expires_at=LATER)
        owe(tx, meet(tx, "c"), "in time", key="in time", expires_at=LATER + timedelta(days=1))
        owe(tx, meet(tx, "d"), "for ever", key="for ever")

    await db.write(some)
    await db.write(claimed())
    await db.write(others)

    assert await db.write(lambda tx: tx.outbox.expire(LATER)) == 0
    assert await db.write(lambda tx: tx.outbox.expire(LATER + MINUTE)) == 1
    assert await fates(db) == {
        "on its way": "sending", "too late": "expired", "in time": "waiting", "for ever": "waiting",
    }  # fmt: skip
    assert await db.read(lambda tx: tx.outbox.counts()) == {"sending": 1, "waiting": 2}


async def test_somebody_who_comes_to_fetch_gets_what_waits_once(db):
    person = await db.write(meet)
    rows = [await db.write(lambda tx, t=t: owe(tx, person, t)) for t in "ab"]
    await db.write(lambda tx: owe(tx, meet(tx, "an"), "another's"))

    assert await db.read(lambda tx: tx.outbox.anything_for(person, 0))
    taken = await db.write(lambda tx: tx.outbox.take(person, 0, NOW, LATER))
    assert [(row, reply.text) for row, reply in taken] == list(zip(rows, "ab", strict=True))
    assert await db.write(lambda tx: tx.outbox.take(person, 0, NOW, LATER)) == []
    assert not await db.read(lambda tx: tx.outbox.anything_for(person, 0))


async def test_with_after_they_get_again_what_they_may_have_missed(db):
    person = await db.write(meet)
    rows = [await db.write(lambda tx, t=t: owe(tx, person, t)) for t in "abc"]
    await db.write(lambda tx: tx.outbox.take(person, 0, NOW, LATER))
    await db.write(lambda tx: tx.outbox.handed_over(rows[:2], NOW))
    failed = await db.write(lambda tx: owe(tx, person, "failed"))
    await db.write(lambda tx: tx.outbox.settle(failed, "failed", NOW))
    await db.write(lambda tx: owe(tx, person, "d"))

    assert await db.read(lambda tx: tx.outbox.anything_for(person, rows[0]))
    taken = await db.write(lambda tx: tx.outbox.take(person, rows[0], NOW, LATER))
    assert [reply.text for _, reply in taken] == ["b", "c", "d"]


async def test_what_was_fetched_and_not_settled_is_fetched_again_after_the_sweep(db):
    person = await db.write(meet)
    settled, lost = [await db.write(lambda tx, t=t: owe(tx, person, t)) for t in "ab"]
    await db.write(lambda tx: tx.outbox.take(person, 0, NOW, LATER))
    await db.write(lambda tx: tx.outbox.handed_over([settled], NOW))
    await db.write(lambda tx: tx.outbox.sweep(LATER + MINUTE))

    taken = await db.write(lambda tx: tx.outbox.take(person, 0, LATER + MINUTE, LATER + 2 * MINUTE))
    assert [row for row, _ in taken] == [lost]


async def test_two_browsers_of_one_person_do_not_both_take_the_same_message(url, opened):
    one, other = opened(url), opened(url)
    person = await one.write(meet)
    await one.write(lambda tx: [owe(tx, person, str(n)) for n in range(3)])
    holds, go = threading.Event(), threading.Event()

    def take(tx):
        return [reply.text for _, reply in tx.outbox.take(person, 0, NOW, LATER)]

    def slowly(tx):
        taken = take(tx)
        holds.set()
        assert go.wait(10)
        return taken

    first = asyncio.create_task(one.write(slowly))
    await asyncio.to_thread(holds.wait, 10)
    second = asyncio.create_task(other.write(take))
    await asyncio.wait([second], timeout=0.2)  # it may end at once, or wait for the other
    go.set()

    assert await first == ["0", "1", "2"]
    assert await second == []


async def test_what_was_owed_for_one_reason_is_not_that_of_a_longer_number(db):
    person = await db.write(meet)
    for key in ("reply:1:0", "reply:1:1", "reply:11:0", "reply:1%:0"):
        await db.write(lambda tx, k=key: owe(tx, person, k, key=k))

    said = await db.read(lambda tx: tx.outbox.owed_for("reply:1:"))
    assert [reply.text for _, reply in said] == ["reply:1:0", "reply:1:1"]


async def test_the_last_things_said_come_oldest_first(db):
    person = await db.write(meet)
    for n in range(5):
        await db.write(lambda tx, n=n: owe(tx, person, str(n)))

    assert [reply.text for _, _, reply in await db.read(lambda tx: tx.outbox.said_to(person, 3))] == [
        "2",
        "3",
        "4",
    ]


async def test_two_senders_on_postgresql_never_claim_the_same_message(postgres_url, opened):
    ours, theirs = opened(postgres_url), opened(postgres_url)
    for person in range(30):
        await ours.write(lambda tx, p=person: [owe(tx, meet(tx, f"p{p}"), f"{p}.{n}") for n in range(3)])

    taken = await asyncio.gather(*(db.write(claimed(limit=11)) for db in [ours, theirs] * 5))
    texts = [text for one in taken for text in one]
    while more := await theirs.write(claimed(limit=11)):
        texts += more

    assert len(texts) == len(set(texts))


async def test_a_sender_on_postgresql_does_not_overtake_another_that_is_just_claiming(postgres_url, opened):
    """The first message is locked, not yet marked: the second must not be taken in its place."""
    ours, theirs = opened(postgres_url), opened(postgres_url)
    await ours.write(lambda tx: [owe(tx, meet(tx), text) for text in ("first", "second")])
    holds, go = threading.Event(), threading.Event()

    def slowly(tx):
        texts = claimed(limit=1)(tx)
        holds.set()
        assert go.wait(10)
        return texts

    first = asyncio.create_task(ours.write(slowly))
    await asyncio.to_thread(holds.wait, 10)
    second = asyncio.create_task(theirs.write(claimed()))
    await asyncio.wait([second], timeout=0.2)  # it may end at once, or wait for the other
    go.set()

    assert await first == ["first"]
    assert await second == []


@pytest.mark.parametrize("lane", Lane)
async def test_the_order_of_one_persons_messages_is_kept_in_every_lane(db, lane):
    person = await db.write(meet)
    for n in range(12):
        await db.write(lambda tx, n=n: owe(tx, person, f"{n:02}", lane=lane))

    assert await db.write(claimed(limit=5)) == [f"{n:02}" for n in range(5)]
    assert await db.write(claimed(limit=5)) == []
