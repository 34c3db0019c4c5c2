"""Who talks to us, and what they said: each kept once, and nothing forgotten."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.errors import Conflict
from bot.core.messages import Attachment, IdCard, Incoming, Place
from tests.store.store_scene import LATER, MINUTE, NOW, hear, meet, said

CARD = IdCard(
    number="003196001234",
    old_number="271234567",
    name="Lê Thị 'Hoa'",
    born="1996-03-12",
    sex="nu",
    residence="12 đường Số 3, Bình Đức 1",
    issued="2021-04-25",
)


async def test_somebody_is_met_once_on_each_channel(db):
    first = await db.write(lambda tx: tx.people.meet("web", "1", "Hoa", NOW))
    again = await db.write(lambda tx: tx.people.meet("web", "1", "Tên khác", LATER))
    elsewhere = await db.write(lambda tx: tx.people.meet("telegram", "1", "Hoa", NOW))

    assert again == first
    assert elsewhere.id != first.id
    assert await db.read(lambda tx: tx.people.find("web", "1")) == first
    assert await db.read(lambda tx: tx.people.find("web", "2")) is None


async def test_a_name_longer_than_its_column_is_cut(db):
    made = await db.write(lambda tx: tx.people.meet("web", "1", "N" * 500, NOW))
    kept = await db.read(lambda tx: tx.people.get(made.id))

    assert kept == made
    assert len(kept.name) == 200


async def test_of_two_turns_from_the_same_state_one_conflicts(db):
    person = await db.write(meet)
    await db.write(lambda tx: tx.people.stand(person, "a", was=0))

    with pytest.raises(Conflict):
        await db.write(lambda tx: tx.people.stand(person, "b", was=0))

    stands = await db.read(lambda tx: tx.people.get(person))
    assert (stands.state, stands.version) == ("a", 1)


async def test_of_many_turns_at_once_one_is_kept(db):
    person = await db.write(meet)
    came = await asyncio.gather(
        *(db.write(lambda tx, n=n: tx.people.stand(person, str(n), was=0)) for n in range(30)),
        return_exceptions=True,
    )

    assert sum(one is None for one in came) == 1
    assert sum(isinstance(one, Conflict) for one in came) == 29


async def test_somebody_who_blocked_us_may_come_back(db):
    person = await db.write(meet)
    await db.write(lambda tx: tx.people.block(person, NOW))
    assert (await db.read(lambda tx: tx.people.get(person))).blocked_at == NOW

    await db.write(lambda tx: tx.people.block(person, None))
    assert (await db.read(lambda tx: tx.people.get(person))).blocked_at is None


async def test_the_same_message_is_kept_once(db):
    person = await db.write(meet)
    row = await db.write(lambda tx: tx.inbox.keep(person, said(), NOW, LATER))
    again = await db.write(lambda tx: tx.inbox.keep(person, said("chữ khác"), NOW, LATER))
    elsewhere = await db.write(lambda tx: tx.inbox.keep(person, said(channel="telegram"), NOW, LATER))

    assert row == (row[0], True, True)
    assert again == (row[0], False, True)
    assert elsewhere[0] != row[0]
    assert [one.text for _, _, one in await db.read(lambda tx: tx.inbox.said_by(person, 1))] == ["xin chào"]


async def test_of_fifty_deliveries_of_one_message_one_is_new(db):
    person = await db.write(meet)
    came = await asyncio.gather(
        *(db.write(lambda tx: tx.inbox.keep(person, said(), NOW, LATER)) for _ in range(50))
    )

    assert sum(fresh for _, fresh, _ in came) == 1
    assert len({row for row, _, _ in came}) == 1


async def test_an_external_id_longer_than_its_column_still_tells_messages_apart(db):
    person = await db.write(meet)
    ids = ["a" * 300, "a" * 300, "a" * 299 + "b"]
    came = [
        await db.write(lambda tx, i=i: tx.inbox.keep(person, said(external_id=i), NOW, LATER)) for i in ids
    ]

    assert [fresh for _, fresh, _ in came] == [True, False, True]


async def test_a_message_is_read_back_as_it_was_said(db):
    person = await db.write(meet)
    whole = Incoming(
        channel="telegram",
        external_id="9",
        sender="hoa",
        sender_name="Lê Thị 'Hoa'; DROP TABLE people;--",
        text='"nháy" 👩‍👧 <b>\\ \n',
        tapped="/Ask(fee,x)",
        files=(
            Attachment(name="ảnh.png", mime="image/png", size=3, remote="abc"),
            Attachment(name="mờ.jpg", mime="image/jpeg", size=4, file="a" * 32, doubt="blurred"),
            Attachment(name="thẻ.jpg", mime="image/jpeg", size=5, file="b" * 32, card=CARD),
        ),
        place=Place(latitude=10.9, longitude=106.7),
        reply_to="17",
        callback="c",
    )
    await db.write(lambda tx: tx.inbox.keep(person, whole, NOW, NOW - MINUTE))

    left = await db.write(lambda tx: tx.inbox.claim_left(NOW, LATER))
    assert [heard.incoming for heard in left] == [whole]


async def test_what_is_done_is_done_once(db):
    person = await db.write(meet)
    row = await db.write(lambda tx: hear(tx, person, "1"))

    assert await db.write(lambda tx: tx.inbox.done(row, "answered"))
    assert not await db.write(lambda tx: tx.inbox.done(row, "again"))
    assert (await db.write(lambda tx: tx.inbox.keep(person, said(), NOW, LATER)))[2] is False
    assert await db.read(lambda tx: tx.inbox.waiting()) == 0


async def test_what_was_left_is_claimed_oldest_first_and_only_once(db):
    person = await db.write(meet)
    rows = [await db.write(lambda tx, n=n: hear(tx, person, str(n), until=NOW - MINUTE)) for n in range(3)]
    in_hand = await db.write(lambda tx: hear(tx, person, "in hand", until=LATER))

    left = await db.write(lambda tx: tx.inbox.claim_left(NOW, LATER))

    assert [heard.id for heard in left] == rows
    assert [heard.attempts for heard in left] == [1, 1, 1]
    assert await db.write(lambda tx: tx.inbox.claim_left(NOW, LATER)) == []
    later = await db.write(lambda tx: tx.inbox.claim_left(LATER + MINUTE, LATER + 2 * MINUTE))
    assert [(heard.id, heard.attempts) for heard in later] == [*((row, 2) for row in rows), (in_hand, 1)]


async def test_what_is_postponed_or_given_up_is_not_swept_up(db):
    person = await db.write(meet)
    later, never = [await db.write(lambda tx, i=i: hear(tx, person, i, NOW - MINUTE)) for i in "ab"]
    await db.write(lambda tx: tx.inbox.postpone(later, NOW + timedelta(seconds=5)))
    await db.write(lambda tx: tx.inbox.give_up(never, "given up"))

    assert await db.write(lambda tx: tx.inbox.claim_left(NOW, LATER)) == []
    left = await db.write(lambda tx: tx.inbox.claim_left(NOW + timedelta(seconds=6), LATER))
    assert [heard.id for heard in left] == [later]


async def test_a_fresh_start_takes_up_what_was_being_answered(db):
    person = await db.write(meet)
    row = await db.write(lambda tx: hear(tx, person, "1", until=LATER))
    await db.write(lambda tx: tx.inbox.free_all())

    assert [heard.id for heard in await db.write(lambda tx: tx.inbox.claim_left(NOW, LATER))] == [row]


async def test_two_sweeps_on_postgresql_never_take_up_the_same_message(postgres_url, opened):
    ours, theirs = opened(postgres_url), opened(postgres_url)
    person = await ours.write(meet)
    for n in range(60):
        await ours.write(lambda tx, n=n: hear(tx, person, str(n), until=NOW - MINUTE))

    def some(tx):
        return [heard.id for heard in tx.inbox.claim_left(NOW, LATER, limit=7)]

    taken = await asyncio.gather(*(db.write(some) for db in [ours, theirs] * 6))
    ids = [row for one in taken for row in one]
    assert len(ids) == len(set(ids))
    while more := await ours.write(some):
        ids += more
    assert len(ids) == len(set(ids)) == 60
