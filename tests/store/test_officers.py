"""Officers, their sessions and attempts."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.store.tables import audit
from tests.store.store_scene import LATER, NOW, add_officer


async def test_a_username_is_given_once(db):
    await db.write(add_officer)
    with pytest.raises(IntegrityError):
        await db.write(add_officer)


async def test_an_officer_is_found_by_name_code_and_telegram(db):
    officer = await db.write(add_officer)
    await db.write(lambda tx: add_officer(tx, "minh", "Anh Minh"))

    lan = await db.read(lambda tx: tx.officers.by_link_code("code-lan"))
    await db.write(lambda tx: tx.officers.link_telegram(officer, "77"))
    linked = await db.read(lambda tx: tx.officers.by_telegram("77"))

    assert (lan.id, lan.name, lan.may("read_dossiers"), lan.may("move_dossiers")) == (
        officer, "Chị Lan", True, False,
    )  # fmt: skip
    assert (linked.id, linked.link_code) == (officer, None)
    assert [one.name for one in await db.read(lambda tx: tx.officers.all())] == ["Anh Minh", "Chị Lan"]
    assert await db.read(lambda tx: tx.officers.by_username("nobody")) is None


async def test_a_telegram_account_belongs_to_whoever_linked_it_last(db):
    lan = await db.write(add_officer)
    minh = await db.write(lambda tx: add_officer(tx, "minh", "Anh Minh"))
    await db.write(lambda tx: tx.officers.link_telegram(lan, "77"))
    await db.write(lambda tx: tx.officers.link_telegram(minh, "77"))

    assert (await db.read(lambda tx: tx.officers.by_telegram("77"))).id == minh
    assert (await db.read(lambda tx: tx.officers.get(lan))).telegram_id is None


async def test_an_officer_shut_out_loses_every_session_and_every_right(db):
    lan = await db.write(add_officer)
    for one in "ab":
        await db.write(lambda tx, o=one: tx.officers.open_session(o, lan, NOW, LATER))
    await db.write(lambda tx: tx.officers.set_active(lan, False))

    assert await db.read(lambda tx: tx.officers.session("a")) is None
    officer = await db.read(lambda tx: tx.officers.get(lan))
    assert not officer.may("read_dossiers")


async def test_sessions_are_closed_one_by_one_all_but_one_or_when_ended(db):
    lan = await db.write(add_officer)
    for number, one in enumerate("abcd"):
        ends = NOW + timedelta(minutes=number)
        await db.write(lambda tx, o=one, e=ends: tx.officers.open_session(o, lan, NOW, e))

    async def left() -> str:
        found = [await db.read(lambda tx, o=one: tx.officers.session(o)) for one in "abcd"]
        return "".join(one.id for one in found if one)

    await db.write(lambda tx: tx.officers.close_ended_sessions(NOW + timedelta(seconds=1)))
    assert await left() == "bcd"
    await db.write(lambda tx: tx.officers.close_session("b"))
    assert await left() == "cd"
    await db.write(lambda tx: tx.officers.close_sessions_of(lan, but="d"))
    assert await left() == "d"


async def test_failed_attempts_are_counted_by_name_and_by_place(db):
    def some(tx):
        for source, right in (("10.0.0.1", False), ("10.0.0.2", False), ("10.0.0.1", True)):
            tx.officers.note_sign_in("lan", source, NOW, succeeded=right)
        tx.officers.note_sign_in("minh", "10.0.0.1", LATER, succeeded=False)
        tx.officers.note_sign_in("x" * 500, "y" * 500, NOW, succeeded=False)

    await db.write(some)
    long_ago = NOW - timedelta(days=1)

    assert await db.read(lambda tx: tx.officers.failed_sign_ins(long_ago, username="lan")) == 2
    assert await db.read(lambda tx: tx.officers.failed_sign_ins(long_ago, source="10.0.0.1")) == 2
    assert await db.read(lambda tx: tx.officers.failed_sign_ins(NOW, source="10.0.0.1")) == 1


async def test_the_audit_log_takes_a_line_of_somebody_or_of_nobody(db):
    lan = await db.write(add_officer)
    await db.write(lambda tx: tx.officers.note(lan, "looked", "dossier 1", NOW))
    await db.write(lambda tx: tx.officers.note(None, "expired", "s" * 500, NOW))

    lines = await db.read(lambda tx: tx.connection.execute(select(audit.c.officer_id, audit.c.action)).all())
    assert [tuple(line) for line in lines] == [(lan, "looked"), (None, "expired")]
