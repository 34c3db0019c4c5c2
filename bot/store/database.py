"""Runs units of work against SQLite or PostgreSQL: every transaction of the program passes here.

A unit of work is a plain function of a `Tx`: it cannot await, so no transaction is ever open while we wait
for a network. It may be run again (a lost race, a batch that failed), so it changes nothing but the database.

SQLite has one writer. Units that come at the same time share one commit, hence one fsync: as safe as a commit
each, and many times as fast. PostgreSQL gets a connection for each.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from bot.core.errors import Conflict
from bot.store.tx import Tx

T = TypeVar("T")

log = logging.getLogger(__name__)

#: Units that may share one commit on SQLite.
BATCH = 64
#: Connections to PostgreSQL that one process keeps.
POOL = 8
#: How often a unit that lost a race in PostgreSQL is run again.
TRIES = 5


class Database:
    """`write` and `read` run a unit of work in a thread and give back what it returns."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        self._readers = ThreadPoolExecutor(4, "db-read")
        self._writer: _SharedCommits | _OwnCommits
        if self.engine.dialect.name == "sqlite":
            self._writer = _SharedCommits(self.engine)
        else:
            self._writer = _OwnCommits(self.engine)
        #: Called in the event loop after a commit, with the topics that the units named by `Tx.wake`.
        self.on_wake: Callable[[frozenset[str]], None] = lambda _: None

    async def write(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in a transaction that commits before this returns."""
        return await self._writer.run(work, self._wake)

    async def read(self, work: Callable[[Tx], T]) -> T:
        """Run `work`, which only reads, beside the writers."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self._read, work)

    def close(self) -> None:
        """Let what was begun end, then close."""
        self._writer.close()
        self._readers.shutdown(wait=True)
        self.engine.dispose()

    def _read(self, work: Callable[[Tx], T]) -> T:
        with self.engine.begin() as connection:
            return work(Tx(connection))

    def _wake(self, topics: frozenset[str]) -> None:
        if topics:
            try:
                self.on_wake(topics)
            except Exception:
                # What was written is written; who only listens cannot take it back.
                log.exception("nobody could be woken for %s", ", ".join(sorted(topics)))


def open_engine(url: str) -> Engine:
    """An engine with the settings this program relies on. SQLite: WAL, and a commit is on the disk."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_size=POOL + 4,
            pool_pre_ping=True,
            hide_parameters=True,
        )
    engine = create_engine(
        parsed, connect_args={"check_same_thread": False, "timeout": 30}, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late; ours is below
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # IMMEDIATE: a reader that turns into a writer would fail where it could have waited.
        mode = connection.get_execution_options().get("begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


class _Job:
    __slots__ = ("error", "future", "loop", "result", "topics", "wake", "work")

    def __init__(
        self,
        work: Callable[[Tx], Any],
        loop: asyncio.AbstractEventLoop,
        wake: Callable[[frozenset[str]], None],
    ) -> None:
        self.work = work
        self.loop = loop
        self.future: asyncio.Future[Any] = loop.create_future()
        self.wake = wake
        self.topics: frozenset[str] = frozenset()
        self.result: Any = None
        self.error: BaseException | None = None

    def finish(self) -> None:
        """In the event loop: hand over what came of it."""
        if self.error is None:
            self.wake(self.topics)
        if self.future.done():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


class _SharedCommits:
    """One thread that runs what has gathered and commits it together."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(begin="IMMEDIATE")
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name="db-write", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[Tx], T], wake: Callable[[frozenset[str]], None]) -> T:
        if self._closed:
            raise RuntimeError("the database is closed")
        job = _Job(work, asyncio.get_running_loop(), wake)
        self._jobs.put(job)
        result: T = await job.future
        return result

    def close(self) -> None:
        self._closed = True
        self._jobs.put(None)
        self._thread.join()

    def _serve(self) -> None:
        more = True
        while more:
            batch, more = self._gather()
            if not batch:
                continue
            if not self._try_together(batch):
                # One of them failed: each gets a transaction of its own, and its own verdict.
                for job in batch:
                    self._alone(job)
            for loop in {job.loop for job in batch}:
                done = [job for job in batch if job.loop is loop]
                try:
                    loop.call_soon_threadsafe(_finish_all, done)
                except RuntimeError:  # the loop has closed: nobody waits any more
                    continue

    def _gather(self) -> tuple[list[_Job], bool]:
        first = self._jobs.get()
        if first is None:
            return [], False
        batch = [first]
        while len(batch) < BATCH:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return batch, False
            batch.append(job)
        return batch, True

    def _try_together(self, batch: list[_Job]) -> bool:
        try:
            with self._engine.begin() as connection:
                for job in batch:
                    tx = Tx(connection)
                    job.result = job.work(tx)
                    job.topics = tx.topics
        except BaseException as error:
            if len(batch) == 1:
                batch[0].error = error
                return True
            return False
        return True

    def _alone(self, job: _Job) -> None:
        job.error = None
        self._try_together([job])


class _OwnCommits:
    """A transaction and a connection for each unit of work."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(POOL, "db-write")

    async def run(self, work: Callable[[Tx], T], wake: Callable[[frozenset[str]], None]) -> T:
        loop = asyncio.get_running_loop()
        result, topics = await loop.run_in_executor(self._threads, self._once_or_again, work)
        wake(topics)
        return result

    def close(self) -> None:
        self._threads.shutdown(wait=True)

    def _once_or_again(self, work: Callable[[Tx], T]) -> tuple[T, frozenset[str]]:
        for left in reversed(range(TRIES)):
            try:
                with self._engine.begin() as connection:
                    tx = Tx(connection)
                    return work(tx), tx.topics
            except (IntegrityError, OperationalError) as error:
                if not left or not _lost_a_race(error):
                    raise
        raise Conflict("the database was too busy")


def _lost_a_race(error: DBAPIError) -> bool:
    """Unique violation, serialization failure or deadlock: the same work may succeed now."""
    return getattr(error.orig, "sqlstate", "") in {"23505", "40001", "40P01"}


def _finish_all(jobs: list[_Job]) -> None:
    for job in jobs:
        job.finish()
