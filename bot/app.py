"""The composition root: builds every part from the settings and joins them; decides nothing."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from bot.channels.base import Channel
from bot.channels.rest import RestChannel
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_updates import TelegramUpdates
from bot.channels.web import WebChannel, WebPage
from bot.config import ROOT, Settings
from bot.content import Content
from bot.core.errors import MotCuaError
from bot.desk.routes import desk_routes
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
from bot.services.schedule import clockwork
from bot.services.sign_in import first_officer
from bot.services.slips import SlipMaker, Slips
from bot.services.status import StatusAnswers
from bot.services.sweep import Sweep
from bot.services.theirs import Theirs
from bot.services.turn import Turns
from bot.services.ward import CatalogueWard
from bot.store.blobs import Blobs
from bot.store.database import Database
from bot.understanding.interpret import Interpreter
from bot.understanding.rasa import RasaReader
from bot.understanding.rules import RulesReader
from bot.understanding.server import RasaServer
from bot.understanding.shelf import Shelf
from bot.understanding.training import rasa_python, train_model
from bot.understanding.upkeep import Upkeep

log = logging.getLogger(__name__)

NLU = ROOT / "nlu"


def now() -> datetime:
    return datetime.now(UTC)


class Program:
    """Everything that runs in one process."""

    def __init__(self, settings: Settings, content: Content) -> None:
        self.settings = settings
        facts = settings.ward.facts()
        self.db = Database(settings.database)
        blobs = Blobs(settings.var / "files")
        papers = Papers(blobs, Limits(max_bytes=settings.max_file_bytes, max_pages=settings.files.max_pages))

        words = content.dossier_words
        chat = OfficersChat(
            channel=TelegramChannel.name,
            address=settings.telegram_officers_chat if settings.telegram_token else "",
            words=words,
            desk_url=settings.public_url.rstrip("/"),
        )
        ward = CatalogueWard(content.catalogue, content.flows, content.calendar)
        dossiers = Dossiers(
            ward=ward,
            words=words,
            facts=facts,
            agency_code=settings.ward.agency_code,
            announcer=chat,
            slips=SlipMaker(),
        )
        theirs = Theirs(dossiers)
        deadlines = Deadlines(
            db=self.db,
            dossiers=dossiers,
            ward=ward,
            calendar=content.calendar,
            announcer=chat,
            rules=ReminderRules(
                days_before=settings.dossiers.remind_days_before,
                hours_before=settings.dossiers.remind_hours_before,
                apologise_by_itself=settings.dossiers.apologise_by_itself,
            ),
            clock=now,
        )
        appointments = Appointments(
            counters=content.counters,
            calendar=content.calendar,
            dossiers=dossiers,
            words=content.notices.appointment,
            facts=facts,
            cards=chat,
        )
        reports = Reports(dossiers=dossiers, words=content.notices.report)
        reminders = Reminders(
            db=self.db,
            appointments=appointments,
            calendar=content.calendar,
            clock=now,
            remind_at=settings.appointments.remind_at,
            minutes_before=settings.appointments.remind_minutes_before,
        )
        satisfaction = Satisfaction(
            db=self.db,
            dossiers=dossiers,
            words=content.notices.rating,
            clock=now,
            after_minutes=settings.ratings.ask_after_minutes,
        )
        knowledge = Knowledge(
            catalogue=content.catalogue,
            answers=content.answers,
            sayings=content.sayings,
            facts=facts,
            fileable=frozenset(content.flows.forms),
            search=content.search.find,
            others=content.others,
            search_others=content.search_others.find,
            fields=content.fields,
            beliefs=content.beliefs,
            offices=content.offices,
        )
        handovers = Handovers(
            flows=content.flows,
            words=HandoverWords.of({name: one.text for name, one in content.sayings.items()}),
            links=self._handover_links,
        )
        bulletin = Bulletin(content.public, content.catalogue, content.search_public.find)

        self.rasa = None if settings.rasa_url else RasaServer(rasa_python(NLU), NLU, None)
        token = settings.rasa_token.get_secret_value() if settings.rasa_token else ""
        self.reader = RasaReader(
            self.rasa.url if self.rasa else settings.rasa_url,
            self.rasa.token if self.rasa else token,
            rules_reader(content),
            settings.understanding.timeout_seconds,
        )
        self.upkeep: Upkeep | None = None
        if self.rasa is not None:
            models = settings.var / "models"
            self.upkeep = Upkeep(
                self.rasa, self.reader, Shelf(models), lambda: train_model(NLU, models, beside=True)
            )

        self.telegram: TelegramChannel | None = None
        self.updates: TelegramUpdates | None = None
        pushing: dict[str, Channel] = {}
        if settings.telegram_token:
            secret = settings.telegram_token.get_secret_value()
            self.telegram = TelegramChannel(
                secret,
                open_file=blobs.path,
                api_url=settings.telegram_api_url,
                read_timeout=settings.sending.patience_seconds,
            )
            self.updates = TelegramUpdates(
                self.telegram.bot, secret=hashlib.sha256(f"webhook:{secret}".encode()).hexdigest()
            )
            pushing[self.telegram.name] = self.telegram

        self.routing = Routing(
            db=self.db,
            work=content.work,
            calendar=content.calendar,
            words=words.routing,
            limits=RoutingLimits(
                unclaimed_minutes=settings.routing.unclaimed_minutes,
                most_offers=settings.routing.most_offers,
            ),
            cards=chat,
            channel=TelegramChannel.name,
            clock=now,
        )
        self.turns = Turns(
            db=self.db,
            flows=content.flows,
            interpreter=Interpreter(self.reader, content.rules),
            asked=Asked(
                knowledge=knowledge,
                bulletin=bulletin,
                status=StatusAnswers(dossiers, theirs),
                theirs=theirs,
                handovers=handovers,
                appointments=appointments,
            ),
            sorry=knowledge.say("error"),
            routing=self.routing,
            lookup=Lookup(
                words,
                ward,
                LookupLimits(
                    per_person_an_hour=settings.lookups.per_person_an_hour,
                    per_code_a_day=settings.lookups.per_code_a_day,
                    all_an_hour=settings.lookups.all_an_hour,
                ),
            ),
            dossiers=dossiers,
            theirs=theirs,
            appointments=appointments,
            reports=reports,
            satisfaction=satisfaction,
            officers=OfficersTurn(dossiers=dossiers, chat=chat, words=words),
            officers_chat=(TelegramChannel.name, settings.telegram_officers_chat),
            channels=pushing,
            papers=papers,
            clock=now,
        )
        self.door = FrontDoor(db=self.db, turns=self.turns, papers=papers, blobs=blobs, clock=now)
        self.deliveries = Deliveries(
            db=self.db,
            channels=pushing,
            clock=now,
            per_second=settings.sending.per_second,
            patience=settings.sending.patience_seconds,
            max_attempts=settings.sending.max_attempts,
        )
        self.slips = Slips(
            db=self.db,
            blobs=blobs,
            catalogue=content.catalogue,
            words=content.slip_words,
            facts=facts,
            clock=now,
        )
        self.sweep = Sweep(db=self.db, door=self.door, clock=now)
        self.clock = clockwork(
            self.sweep.run,
            {
                "deadlines": deadlines.run,
                "reminders": reminders.run,
                "ratings": satisfaction.run,
                "routing": self.routing.run,
            },
        )
        self.db.on_wake = self._wake
        self._tasks: list[asyncio.Task[None]] = []
        self._fetched: list[RestChannel | WebChannel] = []
        self.app = Starlette(
            routes=self._routes(content, blobs, dossiers, appointments, reports, knowledge),
            exception_handlers={ClientDisconnect: _hung_up},
        )

    def _routes(
        self,
        content: Content,
        blobs: Blobs,
        dossiers: Dossiers,
        appointments: Appointments,
        reports: Reports,
        knowledge: Knowledge,
    ) -> list[BaseRoute]:
        settings = self.settings
        # A file travels as base64 inside JSON: four bytes for three, and room for the rest.
        body_limit = settings.max_file_bytes * 4 // 3 + 1_000_000
        routes: list[BaseRoute] = [Route("/healthz", self._health)]
        if self.updates is not None and settings.public_url:
            routes += self.updates.routes(self.door.receive)
        if settings.channels.rest:
            bearer = settings.rest_token.get_secret_value() if settings.rest_token else ""
            rest = RestChannel(self.door, token=bearer, body_limit=body_limit)
            self._fetched.append(rest)
            routes += rest.routes()
        secure = settings.public_url.startswith("https://")
        names = {one.id: one.name for one in content.catalogue.procedures.values()}
        desk = desk_routes(
            self.db,
            dossiers,
            blobs,
            settings.ward.name,
            now,
            secure,
            names,
            appointments=appointments,
            reports=reports,
        )
        routes.append(Mount("/desk", routes=desk))
        if settings.channels.web:
            page = WebPage(ward=settings.ward.name, welcome=knowledge.say("greet"))
            web = WebChannel(self.door, page, public_url=settings.public_url, body_limit=body_limit)
            self._fetched.append(web)
            routes += web.routes()
        return routes

    async def start(self) -> tuple[str, str] | None:
        """Start all that works by itself. The first time: the first officer's name and one-time password."""
        first = await self.db.write(lambda tx: first_officer(tx, now()))
        await self.reader.start()
        await self.sweep.begin(alone=self.db.engine.dialect.name == "sqlite")
        self.clock.start()
        self._keep(self.deliveries.run)
        self._keep(self.slips.run)
        if self.upkeep is not None:
            self._keep(self.upkeep.run)
            self._note_rasa()
        if self.telegram is not None and self.updates is not None:
            self._keep(self._listen)
        return first

    async def hang_up(self) -> None:
        """Let those who wait for a message go, so that the server can close."""
        for channel in self._fetched:
            await channel.close()
        if self.updates is not None:
            await self.updates.close()

    async def stop(self) -> None:
        """End what is under way, then every child and connection."""
        await self.hang_up()
        if self.clock.running:
            self.clock.shutdown(wait=False)
        await self.door.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.rasa is not None:
            await self.rasa.stop()
            rasa_note(self.settings).unlink(missing_ok=True)
        await self.reader.close()
        if self.telegram is not None:
            await self.telegram.close()
        await asyncio.to_thread(self.db.close)

    @property
    def nlu_state(self) -> str:
        """ready · starting · training · restarting · off: who reads what people write now?"""
        if self.reader.ready:
            return "ready"
        if self.rasa is None or self.upkeep is None:
            return "away"
        if self.upkeep.serving is None and self.upkeep.news == "training":
            return "training"
        # Its server can be up a moment before it has read a first text.
        return "starting" if self.rasa.state == "ready" else self.rasa.state

    def _handover_links(self, code: str) -> tuple[tuple[str, str], ...]:
        """Where what is unfinished can be gone on with: the web page, Telegram."""
        links = []
        if self.settings.channels.web and self.settings.public_url:
            links.append(("Trang web", f"{self.settings.public_url.rstrip('/')}/?tiep={code}"))
        if self.telegram is not None and self.telegram.username:
            links.append(("Telegram", f"https://t.me/{self.telegram.username}?start=tiep_{code}"))
        return tuple(links)

    def _note_rasa(self) -> None:
        """For `motcua understand` beside us."""
        assert self.rasa is not None
        file = rasa_note(self.settings)
        file.touch(mode=0o600)
        file.write_text(json.dumps({"url": self.rasa.url, "token": self.rasa.token}))

    async def _listen(self) -> None:
        assert self.telegram is not None
        assert self.updates is not None
        await self.telegram.announce_commands()
        if self.settings.public_url:
            await self.updates.open_webhook(self.settings.public_url)
        else:
            await self.updates.poll(self.door.receive)

    def _keep(self, work: Callable[[], Awaitable[None]]) -> None:
        async def run() -> None:
            try:
                await work()
            except MotCuaError as error:
                log.error("%s", error)
            except Exception:
                log.exception("%s ended badly", work.__qualname__)

        self._tasks.append(asyncio.create_task(run()))

    def _wake(self, topics: frozenset[str]) -> None:
        if "outbox" in topics:
            self.deliveries.wake()
        if "slips" in topics:
            self.slips.wake()
        self.door.wake(topics)

    async def _health(self, request: Request) -> JSONResponse:
        parts: dict[str, object] = {"database": "ok", "nlu": self.nlu_state}
        if self.upkeep is not None:
            serving = self.upkeep.serving
            parts["model"] = {"in_use": serving.model if serving else "", "next": self.upkeep.news}
        outbox: dict[str, int] = {}
        inbox = slips = 0
        try:
            # The inbox first: a turn that ends between the two reads must show in one of them.
            inbox, slips, outbox = await self.db.read(
                lambda tx: (tx.inbox.waiting(), tx.slips.waiting(), tx.outbox.counts())
            )
        except Exception:
            log.exception("the database does not answer")
            parts["database"] = "away"
        if self.telegram is not None:
            parts["telegram"] = "webhook" if self.settings.public_url else "polling"
        status = "ok" if parts["database"] == "ok" else "ill"
        code = 200 if status == "ok" else 503
        return JSONResponse(
            {"status": status, **parts, "inbox": inbox, "slips": slips, "outbox": outbox}, status_code=code
        )


async def _hung_up(request: Request, error: Exception) -> Response:
    """The client was gone before its request was whole: nobody reads this."""
    return Response(status_code=400)


def rules_reader(content: Content) -> RulesReader:
    """What answers while Rasa is away."""
    names = {one.id: (one.code, one.name) for one in content.catalogue.procedures.values()}
    return RulesReader(content.rules, content.search.find, content.search.aspect_of, names)


def rasa_note(settings: Settings) -> Path:
    """Where a running program writes how its Rasa can be reached; readable by its owner only."""
    return settings.var / "rasa.json"
