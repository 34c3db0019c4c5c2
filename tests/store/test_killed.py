"""SIGKILL in the middle of writing: all that was acknowledged is there, and nothing is there by halves."""

import asyncio
import contextlib
import subprocess
import sys

from sqlalchemy import select

from bot.store.tables import deliveries, inbox, people
from tests.store.store_scene import ROOT

#: Writes without end, forty units at a time; says each number once it is committed.
WRITER = """
import asyncio, sys
from bot.store.database import Database
from tests.store.store_scene import hear, meet, owe

async def main():
    db = Database(sys.argv[1])
    async def one(start):
        number = start
        while True:
            def unit(tx, n=number):
                person = meet(tx, str(n))
                hear(tx, person, str(n))
                owe(tx, person, str(n))
                owe(tx, person, str(n), key=f"second:{n}")
            await db.write(unit)
            print(number, flush=True)
            number += 40
    await asyncio.gather(*(one(n) for n in range(40)))

asyncio.run(main())
"""


def writer_killed(url: str) -> set[int]:
    """Numbers that a writer acknowledged before it was killed."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, url],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    acknowledged = {int(writer.stdout.readline()) for _ in range(300)}
    writer.kill()
    rest, trouble = writer.communicate()
    for line in rest.splitlines(keepends=True):
        if line.endswith("\n"):
            with contextlib.suppress(ValueError):
                acknowledged.add(int(line))
    assert "Traceback" not in trouble
    return acknowledged


async def test_a_killed_process_leaves_what_it_acknowledged_and_no_halves(url, opened):
    acknowledged = await asyncio.to_thread(writer_killed, url)
    db = opened(url)
    met, heard, owed = await db.read(
        lambda tx: [
            list(tx.connection.execute(select(column)).scalars())
            for column in (people.c.address, inbox.c.external_id, deliveries.c.key)
        ]
    )
    kept = {int(number) for number in met}
    assert acknowledged <= kept
    assert len(kept - acknowledged) <= 40  # committed, and killed before it could say so
    assert sorted(met) == sorted(heard)
    assert len(owed) == 2 * len(met)
