"""Messages that were not understood: each once, counted, and labelled by one officer."""

import asyncio
from datetime import timedelta

from sqlalchemy import select

from bot.store.tables import metadata, unclear
from bot.store.unclear import Fate, NewUnclear
from tests.store.store_scene import LATER, MINUTE, NOW, add_officer


def message(text: str = "làm cái giấy kia ở đâu", **more: object) -> NewUnclear:
    values: dict[str, object] = {
        "intent": "ask_where",
        "confidence": 0.41,
        "procedure": "dang_ky_khai_sinh",
        "source": "rasa",
    }
    return NewUnclear(text=text, **(values | more))  # type: ignore[arg-type]


async def kept(db, *texts: str) -> list[int]:
    """Their ids, in the order of the texts."""
    for minutes, text in enumerate(texts):
        await db.write(lambda tx, t=text, m=minutes: tx.unclear.keep(message(t), NOW + m * MINUTE))
    found = {one.text: one.id for one in await db.read(lambda tx: tx.unclear.open(100))}
    return [found[text] for text in texts]


async def test_the_same_message_of_many_people_is_one_row_that_counts_them(db):
    await db.write(lambda tx: tx.unclear.keep(message(), NOW))
    again = message(
        "Lam cai GIAY kia, o dau?", intent="ask_time", confidence=0.3, procedure="", source="search"
    )
    await db.write(lambda tx: tx.unclear.keep(again, LATER))

    (one,) = await db.read(lambda tx: tx.unclear.open(10))
    assert (one.text, one.times, one.first_at, one.last_at) == ("làm cái giấy kia ở đâu", 2, NOW, LATER)
    assert (one.intent, one.confidence, one.procedure, one.source) == ("ask_time", 0.3, "", "search")
    assert one.fate is Fate.OPEN


async def test_of_thirty_at_once_none_is_lost(db):
    await asyncio.gather(*(db.write(lambda tx: tx.unclear.keep(message(), NOW)) for _ in range(30)))

    assert [one.times for one in await db.read(lambda tx: tx.unclear.open(10))] == [30]


async def test_what_is_asked_most_comes_first_then_what_came_last(db):
    await kept(db, "một", "hai", "ba")
    await db.write(lambda tx: tx.unclear.keep(message("hai"), NOW - MINUTE))

    assert [one.text for one in await db.read(lambda tx: tx.unclear.open(10))] == ["hai", "ba", "một"]
    assert [one.text for one in await db.read(lambda tx: tx.unclear.open(1, 1))] == ["ba"]


async def test_a_message_is_labelled_by_whoever_is_first(db):
    lan = await db.write(add_officer)
    minh = await db.write(lambda tx: add_officer(tx, "minh", "Anh Minh"))
    (row,) = await kept(db, "tôi là Nở hỏi cái giấy kia")

    def label(tx, officer, text="tôi là [tên] hỏi cái giấy kia"):
        return tx.unclear.label(
            row, text=text, intent="ask_fee", procedure="cap_the_can_cuoc", officer=officer, now=LATER
        )

    assert await db.write(lambda tx: label(tx, lan))
    assert not await db.write(lambda tx: label(tx, minh, "khác"))
    assert not await db.write(lambda tx: tx.unclear.put_aside(row, officer=minh, now=LATER))

    (one,) = await db.read(lambda tx: tx.unclear.settled(10))
    assert one == await db.read(lambda tx: tx.unclear.find(row))
    assert [one] == await db.read(lambda tx: tx.unclear.labelled())
    assert (one.fate, one.text) == (Fate.LABELLED, "tôi là [tên] hỏi cái giấy kia")
    assert (one.label_intent, one.label_procedure) == ("ask_fee", "cap_the_can_cuoc")
    assert (one.officer, one.officer_name, one.settled_at) == (lan, "Chị Lan", LATER)
    assert await db.read(lambda tx: (tx.unclear.count_open(), tx.unclear.count_settled())) == (0, 1)


async def test_what_was_labelled_or_put_aside_stays_so_when_it_is_said_again(db):
    lan = await db.write(add_officer)
    first, second = await kept(db, "tôi là Nở hỏi giấy", "hihi")
    await db.write(
        lambda tx: tx.unclear.label(
            first, text="tôi là [tên] hỏi giấy", intent="greet", procedure="", officer=lan, now=NOW
        )
    )
    await db.write(lambda tx: tx.unclear.put_aside(second, officer=lan, now=NOW))
    for text in ("tôi là Nở hỏi giấy", "hihi"):
        await db.write(lambda tx, t=text: tx.unclear.keep(message(t), LATER))

    assert await db.read(lambda tx: tx.unclear.open(10)) == []
    settled = await db.read(lambda tx: tx.unclear.settled(10))
    assert [(one.text, one.times, one.fate) for one in settled] == [
        ("hihi", 2, Fate.ASIDE),
        ("tôi là [tên] hỏi giấy", 2, Fate.LABELLED),
    ]


async def test_a_label_is_taken_back_once(db):
    lan = await db.write(add_officer)
    (row,) = await kept(db, "hihi")
    await db.write(lambda tx: tx.unclear.put_aside(row, officer=lan, now=NOW))

    assert await db.write(lambda tx: tx.unclear.reopen(row))
    assert not await db.write(lambda tx: tx.unclear.reopen(row))
    one = await db.read(lambda tx: tx.unclear.find(row))
    assert (one.fate, one.label_intent, one.officer, one.settled_at) == (Fate.OPEN, "", None, None)
    assert await db.read(lambda tx: tx.unclear.find(row + 1)) is None


async def test_labels_come_in_the_order_in_which_they_were_given(db):
    lan = await db.write(add_officer)
    rows = await kept(db, "một", "hai")
    for minutes, row in enumerate(reversed(rows)):
        await db.write(
            lambda tx, r=row, m=minutes: tx.unclear.label(
                r, text=str(r), intent="greet", procedure="", officer=lan, now=NOW + timedelta(minutes=m)
            )
        )

    assert [one.id for one in await db.read(lambda tx: tx.unclear.labelled())] == rows[::-1]


async def test_no_person_is_kept_and_the_key_tells_nothing(db):
    await kept(db, "tôi là Nở hỏi giấy")

    (key,) = await db.read(lambda tx: tx.connection.execute(select(unclear.c.key)).scalars().all())
    assert len(bytes.fromhex(key)) == 32
    pointed_at = {one.column.table.name for one in metadata.tables["unclear"].foreign_keys}
    assert pointed_at == {"officers"}
