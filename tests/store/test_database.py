"""Units of work: what is promised when `write` returns, and what a failure costs the others."""

import asyncio
import threading

import pytest
from sqlalchemy import create_engine, func, select

from bot.store.database import open_engine
from bot.store.tables import people
from bot.store.tx import Tx
from tests.store.store_scene import meet

CROWD = 200


class Wrong(Exception):
    pass


def addresses(tx: Tx) -> list[str]:
    return list(tx.connection.execute(select(people.c.address).order_by(people.c.id)).scalars())


def fails(tx: Tx) -> None:
    meet(tx, "never")
    tx.wake("never")
    raise Wrong("not this one")


async def together(db, *works):
    """These units, gathered behind one that holds the writer back (on SQLite they share one commit)."""
    begun, go = threading.Event(), threading.Event()

    def first(tx: Tx) -> None:
        begun.set()
        assert go.wait(10)

    held = asyncio.create_task(db.write(first))
    await asyncio.to_thread(begun.wait, 10)
    tasks = [asyncio.create_task(db.write(work)) for work in works]
    await asyncio.sleep(0)  # each has put its unit in the queue
    go.set()
    await held
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_what_is_written_is_committed_before_write_returns(db, url):
    await db.write(lambda tx: meet(tx, "hoa"))

    another = open_engine(url)
    with another.connect() as connection:
        assert addresses(Tx(connection)) == ["hoa"]
    another.dispose()


async def test_write_and_read_give_back_what_the_unit_returns(db):
    assert await db.write(lambda tx: "a") == "a"
    assert await db.read(lambda tx: "b") == "b"


async def test_an_error_reaches_whoever_asked_and_nothing_of_it_stays(db):
    with pytest.raises(Wrong, match="not this one"):
        await db.write(fails)
    with pytest.raises(Wrong):
        await db.read(fails)

    assert await db.read(addresses) == []


async def test_a_failing_unit_fails_alone(db):
    works = [(lambda tx, n=n: meet(tx, str(n))) for n in range(9)]
    came = await together(db, *works[:4], fails, *works[4:])

    assert [type(one) for one in came] == [int] * 4 + [Wrong] + [int] * 5
    assert sorted(await db.read(addresses)) == [str(n) for n in range(9)]


async def test_a_unit_that_is_run_again_counts_once(db):
    runs: list[str] = []

    def counted(tx: Tx) -> int:
        runs.append("run")
        return tx.dossiers.next_number("day")

    came = await together(db, counted, counted, fails)

    assert sorted(came[:2]) == [1, 2]
    assert len(runs) >= 2
    assert await db.write(lambda tx: tx.dossiers.next_number("day")) == 3


async def test_topics_are_heard_after_the_commit_and_only_of_units_that_committed(db, url):
    heard: list[tuple[frozenset[str], list[str]]] = []
    another = create_engine(open_engine(url).url)

    def listen(topics: frozenset[str]) -> None:
        with another.connect() as connection:
            heard.append((topics, addresses(Tx(connection))))

    def greets(tx: Tx) -> None:
        meet(tx, "hoa")
        tx.wake("outbox")
        tx.wake("outbox")

    db.on_wake = listen
    await together(db, greets, fails, lambda tx: None)

    assert heard == [(frozenset({"outbox"}), ["hoa"])]
    another.dispose()


async def test_two_hundred_units_at_once_are_all_kept(db):
    await asyncio.gather(*(db.write(lambda tx, n=n: meet(tx, str(n))) for n in range(CROWD)))

    assert sorted(await db.read(addresses), key=int) == [str(n) for n in range(CROWD)]


async def test_two_hundred_units_that_want_the_same_row_make_one_row(db):
    rows = await asyncio.gather(*(db.write(meet) for _ in range(CROWD)))

    assert len(set(rows)) == 1
    assert (
        await db.read(lambda tx: tx.connection.execute(select(func.count()).select_from(people)).scalar())
        == 1
    )


async def test_two_hundred_numbers_come_without_gap_or_repeat_though_some_units_fail(db):
    def number(tx: Tx, n: int) -> int:
        drawn = tx.dossiers.next_number("dossier:261123")
        if n % 10 == 0:
            raise Wrong
        return drawn

    came = await asyncio.gather(
        *(db.write(lambda tx, n=n: number(tx, n)) for n in range(CROWD)), return_exceptions=True
    )

    drawn = [one for one in came if isinstance(one, int)]
    assert sorted(drawn) == list(range(1, CROWD * 9 // 10 + 1))


async def test_readers_do_not_wait_for_a_writer_and_do_not_see_half_its_work(db):
    wrote, go = threading.Event(), threading.Event()

    def slow(tx: Tx) -> None:
        meet(tx, "hoa")
        wrote.set()
        assert go.wait(10)

    writing = asyncio.create_task(db.write(slow))
    await asyncio.to_thread(wrote.wait, 10)

    assert await db.read(addresses) == []

    go.set()
    await writing
    assert await db.read(addresses) == ["hoa"]


async def test_a_caller_who_goes_away_leaves_the_unit_and_those_behind_it_in_order(db):
    begun, go = threading.Event(), threading.Event()

    def slow(tx: Tx) -> None:
        begun.set()
        assert go.wait(10)
        meet(tx, "hoa")

    asked = asyncio.create_task(db.write(slow))
    await asyncio.to_thread(begun.wait, 10)
    asked.cancel()
    go.set()
    await asyncio.gather(asked, return_exceptions=True)
    await db.write(lambda tx: meet(tx, "an"))

    assert asked.cancelled()
    async with asyncio.timeout(5):
        while sorted(await db.read(addresses)) != ["an", "hoa"]:  # noqa: ASYNC110
            await asyncio.sleep(0)


async def test_closing_lets_what_was_begun_end(db, url):
    begun, go = threading.Event(), threading.Event()

    def slow(tx: Tx) -> str:
        begun.set()
        assert go.wait(10)
        meet(tx, "hoa")
        return "ended"

    first = asyncio.create_task(db.write(slow))
    await asyncio.to_thread(begun.wait, 10)
    second = asyncio.create_task(db.write(lambda tx: meet(tx, "an")))
    await asyncio.sleep(0)
    closing = asyncio.create_task(asyncio.to_thread(db.close))
    go.set()
    await closing

    assert await first == "ended"
    assert isinstance(await second, int)
    engine = open_engine(url)
    with engine.connect() as connection:
        assert sorted(addresses(Tx(connection))) == ["an", "hoa"]
    engine.dispose()


async def test_writing_to_a_closed_database_is_an_error_and_does_not_hang(url, opened):
    db = opened(url)
    await asyncio.to_thread(db.close)

    with pytest.raises(RuntimeError):
        async with asyncio.timeout(5):
            await db.write(meet)


async def test_a_listener_that_fails_costs_the_writer_nothing(db, caplog):
    def listen(topics: frozenset[str]) -> None:
        raise Wrong("a listener")

    def greets(tx: Tx) -> str:
        tx.wake("outbox")
        return "written"

    db.on_wake = listen
    async with asyncio.timeout(5):
        assert await db.write(greets) == "written"
    assert "a listener" in caplog.text


async def test_a_commit_on_sqlite_is_on_the_disk(tmp_path, opened):
    db = opened(f"sqlite:///{tmp_path / 'a.db'}")
    pragmas = await db.read(
        lambda tx: [
            tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    )
    assert pragmas == ["wal", 2, 1]
