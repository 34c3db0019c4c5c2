"""Steps 2 and 3 of a message's life: understand it, then decide everything about it in one transaction."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.channels.base import Channel
from bot.core import commands, effects
from bot.core.commands import Command, EngineCommand
from bot.core.errors import Conflict, FileRefused, Unreachable
from bot.core.heard import Heard, Situation
from bot.core.messages import Attachment, Incoming, Reply
from bot.flow.engine import advance
from bot.flow.late import fill
from bot.flow.model import Flows, State, decode, encode
from bot.flow.situation import situation
from bot.services import unclear
from bot.services.appointments import Appointments
from bot.services.asked import Asked
from bot.services.dossiers import Dossiers
from bot.services.lookup import Lookup
from bot.services.offers import TurnOffers
from bot.services.officers_chat import OfficersTurn
from bot.services.papers import Papers
from bot.services.receive import CLAIM, Taken
from bot.services.reports import Reports
from bot.services.routing import Routing
from bot.services.satisfaction import Satisfaction
from bot.services.theirs import Theirs
from bot.store.database import Database
from bot.store.outbox import Lane
from bot.store.people import Person
from bot.store.tx import Tx
from bot.understanding.interpret import Interpreter
from bot.understanding.unclear import is_unclear

log = logging.getLogger(__name__)

#: How often a message whose turn fails is tried before we say sorry.
MAX_ATTEMPTS = 3
#: How often a turn is decided anew because the conversation had moved on meanwhile.
RACES = 8


@dataclass(frozen=True, slots=True)
class Decided:
    """What one turn owes: (delivery, reply), oldest first; and what a tapping officer is shown."""

    replies: tuple[tuple[int, Reply], ...] = ()
    notice: str = ""


class Turns:
    """One turn at a time for each person; people do not wait for each other."""

    def __init__(
        self,
        *,
        db: Database,
        flows: Flows,
        interpreter: Interpreter,
        asked: Asked,
        sorry: Reply,
        lookup: Lookup,
        routing: Routing,
        dossiers: Dossiers,
        theirs: Theirs,
        appointments: Appointments,
        reports: Reports,
        satisfaction: Satisfaction,
        officers: OfficersTurn,
        officers_chat: tuple[str, str],
        channels: Mapping[str, Channel],
        papers: Papers,
        clock: Callable[[], datetime],
    ) -> None:
        """`sorry`: what is said when a message could not be answered."""
        self._db = db
        self._flows = flows
        self._interpreter = interpreter
        self._asked = asked
        self._sorry = sorry
        self._lookup = lookup
        self._routing = routing
        self._dossiers = dossiers
        self._theirs = theirs
        self._appointments = appointments
        self._reports = reports
        self._satisfaction = satisfaction
        self._officers = officers
        self._officers_chat = officers_chat
        self._channels = dict(channels)
        self._papers = papers
        self._clock = clock
        self._busy: dict[int, _Queue] = {}

    async def answer(self, taken: Taken, incoming: Incoming, *, in_hand: bool, attempts: int = 0) -> Decided:
        """Give one message its turn.

        `in_hand`: the caller hands the replies over itself. A message whose turn keeps failing is answered
        with an apology; it is never dropped, and it never stops those behind it.
        """
        try:
            async with self._alone(taken.person.id) as waited:
                person = taken.person
                if waited:
                    person = await self._db.read(lambda tx: tx.people.get(taken.person.id))
                decided = await self._decide(taken.row, person, incoming, in_hand)
        except Unreachable as error:
            # A file is still with a platform that does not answer: the sweep comes back to it.
            return await self._later(taken, attempts, in_hand, str(error))
        except Exception:
            # Whatever it is, the person behind the message is owed an answer.
            log.exception("turn %d failed", taken.row)
            return await self._later(taken, attempts, in_hand, "error")
        if incoming.callback:
            channel = self._channels.get(incoming.channel)
            if channel is not None:
                await channel.acknowledge(incoming, decided.notice)
        return decided

    async def _decide(self, row: int, person: Person, incoming: Incoming, in_hand: bool) -> Decided:
        if incoming.group is not None:
            now = self._clock()
            return await self._db.write(lambda tx: self._in_group(tx, row, person, incoming, now))
        if incoming.channel == self._officers_chat[0] and self._officers.links(incoming):
            now = self._clock()
            return await self._db.write(lambda tx: self._officers_own(tx, row, person, incoming, now))
        incoming = await self._with_files(incoming)
        for left in reversed(range(RACES)):
            state = decode(person.state) if person.state else State()
            now = self._clock()
            standing = situation(self._flows, state, incoming.text, now)
            command, heard = await self._interpreter.command(incoming, standing)
            turn = _Turn(row, person, state, standing, incoming, command, heard, now, in_hand)
            try:
                return await self._db.write(lambda tx, turn=turn: self._take(tx, turn))  # type: ignore[misc]
            except Conflict:
                if not left:
                    raise
                person = await self._db.read(lambda tx, who=person.id: tx.people.get(who))  # type: ignore[misc]
        raise AssertionError("unreachable")

    def at_once(self, tx: Tx, taken: Taken, incoming: Incoming, now: datetime) -> Decided | None:
        """The turn of a message that was written down in this very transaction; its replies are in hand.

        None if it cannot be had here: the model or a platform has to be asked, or they said something before
        that still has its turn to come.
        """
        unfetched = any(one.remote and not one.file for one in incoming.files)
        officers = incoming.group is not None or incoming.channel == self._officers_chat[0]
        if officers or incoming.callback or unfetched or taken.person.id in self._busy:
            return None
        state = decode(taken.person.state) if taken.person.state else State()
        standing = situation(self._flows, state, incoming.text, now)
        decision = self._interpreter.at_once(incoming, standing)
        if decision is None:
            return None
        turn = _Turn(taken.row, taken.person, state, standing, incoming, *decision, now, in_hand=True)
        return self._take(tx, turn)

    def _in_group(self, tx: Tx, row: int, group: Person, incoming: Incoming, now: datetime) -> Decided:
        if (incoming.channel, incoming.group) != self._officers_chat:
            tx.inbox.done(row, "not our group")
            return Decided()
        return self._officers_own(tx, row, group, incoming, now)

    def _officers_own(self, tx: Tx, row: int, chat: Person, incoming: Incoming, now: datetime) -> Decided:
        """What an officer does in the group, or the code that links their account, sent to us alone."""
        if not tx.inbox.done(row, "officers"):
            return Decided()
        shown = self._officers.take(tx, chat.id, row, incoming, now)
        return Decided(notice=shown.notice)

    def _take(self, tx: Tx, turn: "_Turn") -> Decided:
        """The whole turn: new state, effects, replies owed, message done; kept if it was not understood."""
        offers = TurnOffers(
            tx,
            turn.person,
            turn.now,
            appointments=self._appointments,
            reports=self._reports,
            theirs=self._theirs,
        )
        command = turn.command
        if isinstance(command, commands.TakeOver):
            state, engine_command, said = self._asked.take_over(
                tx, turn.person, turn.state, command, turn.now
            )
        else:
            engine_command = self._asked.resolve(
                tx, turn.person, command, turn.incoming.text, turn.now, busy=bool(turn.state.stack)
            )
            state, said = self._keep_photos(turn, engine_command, offers)
        result = advance(self._flows, state, engine_command, turn.now, offers)
        trace = "\n".join([*_heard_line(turn.heard), *result.trace])
        if not tx.inbox.done(turn.row, trace[:2000]):
            return Decided()  # somebody else has answered it
        tx.people.stand(turn.person.id, encode(result.state).decode(), was=turn.person.version)
        tx.files.keep(turn.person.id, turn.incoming.files, turn.now)
        if turn.heard is not None and is_unclear(turn.heard, turn.standing, turn.command):
            unclear.keep(tx, turn.heard, turn.now)
        late: dict[str, str] = {}
        for effect in result.effects:
            late |= self._do(tx, turn.person, effect, turn.now)
        older = tx.outbox.take(turn.person.id, 0, turn.now, turn.now + CLAIM) if turn.in_hand else []
        owed = []
        for number, reply in enumerate((*said, *result.replies)):
            filled = fill(reply, late)
            delivery = tx.outbox.owe(
                turn.person.id,
                filled,
                lane=Lane.REPLY,
                key=f"reply:{turn.row}:{number}",
                now=turn.now,
                in_hand_until=turn.now + CLAIM if turn.in_hand else None,
            )
            if delivery is not None:
                owed.append((delivery, filled))
        return Decided((*older, *owed))

    def _keep_photos(
        self, turn: "_Turn", command: EngineCommand, offers: TurnOffers
    ) -> tuple[State, tuple[Reply, ...]]:
        """Photos whose caption was what mattered are kept all the same; refused ones are spoken of."""
        files = turn.incoming.files
        if not files or isinstance(command, commands.SetSlot):
            return turn.state, ()
        kept = advance(self._flows, turn.state, commands.SetSlot(None, "", files), turn.now, offers)
        return kept.state, kept.replies if any(one.refused for one in files) else ()

    def _do(self, tx: Tx, person: Person, effect: effects.Effect, now: datetime) -> dict[str, str]:
        """Do what the flow asks for; what replies may say of it."""
        match effect:
            case effects.OpenDossier():
                dossier = self._appointments.open(tx, person, effect, now)
                self._routing.offer(tx, dossier, now)
                return {"ma_ho_so": dossier.code, "han_tra": self._dossiers.due_text(dossier)}
            case effects.SupplementDossier():
                self._theirs.supplement(tx, person, effect, now)
            case effects.WithdrawDossier():
                self._theirs.withdraw(tx, person, effect, now)
            case effects.LookUpDossier():
                return {"ket_qua_tra": self._lookup.answer(tx, person, effect, now)}
            case effects.CallOfficer(reason=reason):
                self._dossiers.call_officer(tx, person, reason, now)
            case effects.MoveAppointment():
                self._appointments.move(tx, person, effect, now)
            case effects.CancelAppointment():
                self._appointments.cancel(tx, person, effect, now)
            case effects.ReopenReport():
                self._reports.reopen(tx, person, effect, now)
            case effects.Rate():
                self._satisfaction.rate(tx, person, effect, now)
        return {}

    async def _with_files(self, incoming: Incoming) -> Incoming:
        """The same message, with its files fetched from the platform and kept."""
        if not any(one.remote and not one.file for one in incoming.files):
            return incoming
        channel = self._channels[incoming.channel]
        kept = [await self._fetch(channel, one) for one in incoming.files]
        return replace(incoming, files=tuple(kept))

    async def _fetch(self, channel: Channel, one: Attachment) -> Attachment:
        if one.file or not one.remote:
            return one
        try:
            if one.size > self._papers.max_bytes:
                raise FileRefused("too_large")
            content = await channel.fetch(one, self._papers.max_bytes)
            return await self._papers.keep(one.name, content)
        except FileRefused as error:
            return replace(one, refused=error.reason)

    async def _later(self, taken: Taken, attempts: int, in_hand: bool, why: str) -> Decided:
        now = self._clock()
        if attempts < MAX_ATTEMPTS:
            # `attempts` counts the sweep's; the pause grows with it.
            pause = timedelta(seconds=5 * 3**attempts)
            await self._db.write(lambda tx: tx.inbox.postpone(taken.row, now + pause))
            return Decided()
        until = now + CLAIM if in_hand else None

        def give_up(tx: Tx) -> int | None:
            tx.inbox.give_up(taken.row, f"given up: {why}")
            return tx.outbox.owe(
                taken.person.id,
                self._sorry,
                lane=Lane.REPLY,
                key=f"reply:{taken.row}:sorry",
                now=now,
                in_hand_until=until,
            )

        delivery = await self._db.write(give_up)
        return Decided(((delivery, self._sorry),) if delivery is not None else ())

    @asynccontextmanager
    async def _alone(self, person: int) -> AsyncIterator[bool]:
        """One turn at a time for this person: did we have to wait?"""
        queue = self._busy.setdefault(person, _Queue())
        waited = queue.waiting > 0
        queue.waiting += 1
        try:
            async with queue.lock:
                yield waited
        finally:
            queue.waiting -= 1
            if not queue.waiting:
                self._busy.pop(person, None)


@dataclass(frozen=True, slots=True)
class _Turn:
    row: int
    person: Person
    state: State
    standing: Situation
    incoming: Incoming
    command: Command
    heard: Heard | None
    now: datetime
    in_hand: bool


class _Queue:
    __slots__ = ("lock", "waiting")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.waiting = 0


def _heard_line(heard: Heard | None) -> tuple[str, ...]:
    """What was understood, for the trace: names and numbers, never the text."""
    if heard is None:
        return ()
    guesses = ", ".join(f"{guess.id} {guess.confidence:.2f}" for guess in heard.procedures[:2])
    return (f"heard    {heard.intent} {heard.confidence:.2f} ({heard.source}) {guesses}".rstrip(),)
