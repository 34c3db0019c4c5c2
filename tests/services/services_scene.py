"""A ward's services over a real database, with a scripted reader and a channel that does as told."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select

from bot.config import ROOT
from bot.content import Content, load_content
from bot.core.calendar import ZONE
from bot.core.errors import FileRefused
from bot.core.heard import Guess, Heard
from bot.core.messages import Attachment, Incoming, Reply
from bot.core.permissions import USUAL
from bot.papers.looked import Limits
from bot.services.appointments import Appointments
from bot.services.asked import Asked
from bot.services.bulletin import Bulletin
from bot.services.deadlines import Deadlines, ReminderRules
from bot.services.delivery import Deliveries
from bot.services.door import FrontDoor
from bot.services.dossiers import Dossiers
from bot.services.handover import Handovers, HandoverWords
from bot.services.knowledge import Knowledge
from bot.services.lookup import Lookup, LookupLimits
from bot.services.officers_chat import OfficersChat, OfficersTurn
from bot.services.papers import Papers
from bot.services.reminders import Reminders
from bot.services.reports import Reports
from bot.services.routing import Routing, RoutingLimits
from bot.services.satisfaction import Satisfaction
from bot.services.slips import SlipMaker, Slips
from bot.services.status import StatusAnswers
from bot.services.sweep import Sweep
from bot.services.theirs import Theirs
from bot.services.turn import Turns
from bot.services.ward import CatalogueWard
from bot.store.blobs import Blobs
from bot.store.database import Database
from bot.store.officers import Officer
from bot.store.people import Person
from bot.store.tables import deliveries, inbox
from bot.store.tx import Tx
from bot.understanding.interpret import Interpreter
from tests.pictures import png

T = TypeVar("T")

#: A Monday at nine in the morning; the Tuesday after it is a holiday (24/11).
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
GROUP = "-100777"
PNG = png()
#: As much as one file may have.
MAX_BYTES = 60_000
FACTS = {
    "ward.name": "phường Bình Hòa",
    "ward.counter": "quầy 3",
    "ward.address": "ĐT 743C",
    "ward.city": "",
    "ward.hours": "",
    "ward.phone": "",
}


@cache
def content() -> Content:
    """What the ward has written; read once."""
    return load_content(ROOT, facts=FACTS, ward="25987", year=MONDAY.year)


class Clock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


class ScriptedReader:
    """Hears the fee of khai sinh in everything, unless told to fail or to wait."""

    def __init__(self) -> None:
        self.read_texts: list[str] = []
        self.fails: dict[str, int] = {}
        #: Texts that are not read until their event is set.
        self.held: dict[str, asyncio.Event] = {}
        self.asked: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.confidence = 0.95
        #: Texts that are heard as something else.
        self.hears: dict[str, Heard] = {}

    async def read(self, text: str) -> Heard:
        self.read_texts.append(text)
        self.asked[text].set()
        if text in self.held:
            await self.held[text].wait()
        if self.fails.get(text, 0) > 0:
            self.fails[text] -= 1
            raise ZeroDivisionError("a bug of ours")
        if text in self.hears:
            return self.hears[text]
        guess = Guess(id="dang_ky_khai_sinh", code="1.001193", name="Đăng ký khai sinh", confidence=0.95)
        return Heard(
            text=text, intent="ask_fee", confidence=self.confidence, procedures=(guess,), source="rasa"
        )


class FakeChannel:
    """A platform in memory: takes what it is sent, or raises what was planned for that address."""

    def __init__(self, name: str = "telegram") -> None:
        self.name = name
        self.sent: list[tuple[str, str]] = []
        self.replies: list[Reply] = []
        self.edited: list[str | None] = []
        self.tried: list[tuple[str, str]] = []
        self.acknowledged: list[tuple[str, str]] = []
        self.plan: dict[str, list[Exception | None]] = defaultdict(list)
        #: Addresses whose messages hang until the event is set.
        self.held: dict[str, asyncio.Event] = {}
        self.files: dict[str, bytes | Exception] = {}

    async def send(self, address: str, reply: Reply, *, editing: str | None = None) -> str:
        self.tried.append((address, reply.text))
        if address in self.held:
            await self.held[address].wait()
        if self.plan[address] and (error := self.plan[address].pop(0)) is not None:
            raise error
        self.sent.append((address, reply.text))
        self.replies.append(reply)
        self.edited.append(editing)
        return f"msg-{len(self.sent)}"

    async def fetch(self, attachment: Attachment, limit: int) -> bytes:
        content = self.files[attachment.remote or ""]
        if isinstance(content, Exception):
            raise content
        if len(content) > limit:
            raise FileRefused("too_large")
        return content

    async def acknowledge(self, incoming: Incoming, notice: str = "") -> None:
        self.acknowledged.append((incoming.callback or "", notice))


class World:
    """All services of one process on one database. A second World on the same URL is a second process."""

    def __init__(self, url: str, files: Path, clock: Clock | None = None) -> None:
        self.db = Database(url)
        self.clock = clock or Clock()
        self.reader = ScriptedReader()
        self.telegram = FakeChannel()
        self.blobs = Blobs(files)
        self.papers = Papers(self.blobs, Limits(max_bytes=MAX_BYTES))
        written = content()
        self.words = written.dossier_words
        self.chat = OfficersChat(
            channel="telegram", address=GROUP, words=self.words, desk_url="https://desk.test"
        )
        self.ward = CatalogueWard(written.catalogue, written.flows, written.calendar)
        self.dossiers = Dossiers(
            ward=self.ward,
            words=self.words,
            facts=FACTS,
            agency_code="H29.118",
            announcer=self.chat,
            slips=SlipMaker(),
        )
        self.theirs = Theirs(self.dossiers)
        self.deadlines = self.reminding()
        self.status = StatusAnswers(self.dossiers, self.theirs)
        self.appointments = Appointments(
            counters=written.counters,
            calendar=written.calendar,
            dossiers=self.dossiers,
            words=written.notices.appointment,
            facts=FACTS,
            cards=self.chat,
        )
        self.reports = Reports(dossiers=self.dossiers, words=written.notices.report)
        self.reminders = Reminders(
            db=self.db,
            appointments=self.appointments,
            calendar=written.calendar,
            clock=self.clock,
            remind_at=time(17, 0),
            minutes_before=60,
        )
        self.satisfaction = Satisfaction(
            db=self.db,
            dossiers=self.dossiers,
            words=written.notices.rating,
            clock=self.clock,
            after_minutes=60,
        )
        self.knowledge = Knowledge(
            catalogue=written.catalogue,
            answers=written.answers,
            sayings=written.sayings,
            facts=FACTS,
            fileable=frozenset(written.flows.forms),
            search=written.search.find,
            others=written.others,
            search_others=written.search_others.find,
            fields=written.fields,
            beliefs=written.beliefs,
            offices=written.offices,
        )
        self.bulletin = Bulletin(written.public, written.catalogue, written.search_public.find)
        self.routing = Routing(
            db=self.db,
            work=written.work,
            calendar=written.calendar,
            words=self.words.routing,
            limits=RoutingLimits(unclaimed_minutes=60, most_offers=3),
            cards=self.chat,
            channel="telegram",
            clock=self.clock,
        )
        self.turns = Turns(
            db=self.db,
            flows=written.flows,
            interpreter=Interpreter(self.reader, written.rules),
            asked=Asked(
                knowledge=self.knowledge,
                bulletin=self.bulletin,
                status=self.status,
                theirs=self.theirs,
                handovers=Handovers(
                    flows=content().flows,
                    words=HandoverWords.of({name: one.text for name, one in content().sayings.items()}),
                    links=lambda code: (("Trang web", f"https://phuong.example/?tiep={code}"),),
                ),
                appointments=self.appointments,
            ),
            sorry=self.knowledge.say("error"),
            routing=self.routing,
            lookup=Lookup(self.words, self.ward, LookupLimits()),
            dossiers=self.dossiers,
            theirs=self.theirs,
            appointments=self.appointments,
            reports=self.reports,
            satisfaction=self.satisfaction,
            officers=OfficersTurn(dossiers=self.dossiers, chat=self.chat, words=self.words),
            officers_chat=("telegram", GROUP),
            channels={"telegram": self.telegram},
            papers=self.papers,
            clock=self.clock,
        )
        self.door = FrontDoor(
            db=self.db, turns=self.turns, papers=self.papers, blobs=self.blobs, clock=self.clock
        )
        self.deliveries = self.sender()
        self.slips = Slips(
            db=self.db,
            blobs=self.blobs,
            catalogue=written.catalogue,
            words=written.slip_words,
            facts=FACTS,
            clock=self.clock,
        )
        self.sweep = Sweep(db=self.db, door=self.door, clock=self.clock)
        self.db.on_wake = self._wake

    def reminding(self, **changes: object) -> Deadlines:
        """The clock of deadlines, with rules of its own."""
        rules: dict[str, object] = {
            "days_before": 1,
            "hours_before": 2,
            "apologise_by_itself": False,
        }
        return Deadlines(
            db=self.db,
            dossiers=self.dossiers,
            ward=self.ward,
            calendar=content().calendar,
            announcer=self.chat,
            rules=ReminderRules(**(rules | changes)),  # type: ignore[arg-type]
            clock=self.clock,
        )

    def sender(self, **changes: object) -> Deliveries:
        values: dict[str, object] = {
            "db": self.db,
            "channels": {"telegram": self.telegram},
            "clock": self.clock,
            "per_second": 1000,
            "patience": 5,
            "max_attempts": 3,
        }
        return Deliveries(**(values | changes))  # type: ignore[arg-type]

    def _wake(self, topics: frozenset[str]) -> None:
        if "outbox" in topics:
            self.deliveries.wake()
        self.door.wake(topics)

    async def keep(self, work: Callable[[Tx], T]) -> T:
        return await self.db.write(work)

    async def person(self, address: str = "hoa", channel: str = "web") -> Person:
        return await self.keep(lambda tx: tx.people.meet(channel, address, "Lê Thị Hoa", self.clock()))

    async def officer(self, username: str = "lan", name: str = "Chị Lan", telegram: str = "501") -> Officer:
        def add(tx: Tx) -> Officer:
            made = tx.officers.add(
                username=username,
                name=name,
                password_hash="-",
                permissions=USUAL,
                link_code=f"MA-{username.upper()}",
                now=self.clock(),
                telegram_id=telegram or None,
            )
            return tx.officers.get(made)

        return await self.keep(add)

    async def say(self, text: str, external_id: str, sender: str = "hoa", **more: object) -> list[str]:
        return [owed.reply.text for owed in await self.door.converse(said(text, external_id, sender, **more))]

    async def fates(self) -> dict[str, str]:
        rows = await self.db.read(
            lambda tx: tx.connection.execute(select(deliveries.c.key, deliveries.c.fate)).all()
        )
        return dict(rows)

    async def statuses(self) -> dict[str, str]:
        rows = await self.db.read(
            lambda tx: tx.connection.execute(select(inbox.c.external_id, inbox.c.status)).all()
        )
        return dict(rows)

    async def owed_in_group(self) -> list[Reply]:
        """What stands in the outbox for the officers' group, oldest first."""

        def work(tx: Tx) -> list[Reply]:
            group = tx.people.find("telegram", GROUP)
            return [reply for _, _, reply in tx.outbox.said_to(group.id, 50)] if group else []

        return await self.db.read(work)

    async def owed_to(self, person: int) -> list[Reply]:
        return [reply for _, _, reply in await self.db.read(lambda tx: tx.outbox.said_to(person, 50))]


def said(text: str, external_id: str, sender: str = "hoa", **more: object) -> Incoming:
    values: dict[str, object] = {"channel": "web", "external_id": external_id, "sender": sender, "text": text}
    return Incoming(**(values | more))  # type: ignore[arg-type]


async def until(condition: Callable[[], Awaitable[object]] | Callable[[], object]) -> None:
    """Return as soon as it is so; after five seconds the test has failed."""
    async with asyncio.timeout(5):
        while True:
            found = condition()
            if await found if isinstance(found, Awaitable) else found:
                return
            await asyncio.sleep(0.002)


def titles(reply: Reply) -> Sequence[str]:
    return [button.title for button in reply.buttons]
