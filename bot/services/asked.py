"""Answers what is asked of the ward's knowledge, its news or the dossiers; the rest is the engine's."""

from datetime import datetime

from bot.core import commands
from bot.core.commands import EngineCommand, StartFlow, Tell, Wish
from bot.core.messages import Reply
from bot.flow.model import State
from bot.services.appointments import Appointments
from bot.services.bulletin import Bulletin
from bot.services.handover import Handovers
from bot.services.knowledge import Knowledge
from bot.services.status import StatusAnswers
from bot.services.theirs import Theirs
from bot.store.people import Person
from bot.store.tx import Tx

#: The flow that fetches an officer.
OFFICER_FLOW = "gap_can_bo"
#: The flow that hands in more; a form of which something is wanted again is opened instead.
SUPPLEMENT_FLOW = "bo_sung_ho_so"
#: The flow that looks up a dossier of another account.
LOOKUP_FLOW = "tra_cuu_ho_so"
#: Fixed answers that only say that nothing better is known.
_OPEN = frozenset({"out_of_scope", "which_procedure"})


class Asked:
    def __init__(
        self,
        *,
        knowledge: Knowledge,
        bulletin: Bulletin,
        status: StatusAnswers,
        theirs: Theirs,
        handovers: Handovers,
        appointments: Appointments,
    ) -> None:
        self._knowledge = knowledge
        self._bulletin = bulletin
        self._status = status
        self._theirs = theirs
        self._appointments = appointments
        self._handovers = handovers

    def take_over(
        self, tx: Tx, person: Person, state: State, command: commands.TakeOver, now: datetime
    ) -> tuple[State, EngineCommand, tuple[Reply, ...]]:
        """What was begun elsewhere goes on here: the state with it, the command, and what is said first."""
        joined, reply, came = self._handovers.take(tx, person, state, command.code, now)
        if not came:
            return joined, Tell((reply,)), ()
        return joined, commands.Resume(), (reply,)

    def resolve(
        self, tx: Tx, person: Person, command: Wish, text: str, now: datetime, *, busy: bool
    ) -> EngineCommand:
        """The same wish as a command of the engine. `text`: what was typed; `busy`: a flow is in hand."""
        match command:
            case commands.Ask(aspect, procedure, part):
                said = self._knowledge.ask(aspect, procedure, text, part=part, busy=busy)
                return Tell(said, subject=procedure)
            case commands.Clarify(aspect, procedures):
                return Tell((self._knowledge.clarify(aspect, procedures),))
            case commands.AskStatus(str() as code, str() as digits) if not self._status.is_theirs(
                tx, person, code
            ):
                return StartFlow(LOOKUP_FLOW, {"ma_ho_so": code, "bon_so": digits})
            case commands.AskStatus(code):
                *before, last = self._status.tell(tx, person, code, now)
                beside = self._appointments.buttons(tx, person, code, now)
                return Tell((*before, last.but(buttons=(*beside, *last.buttons))))
            case StartFlow(flow, slots) if flow == SUPPLEMENT_FLOW and slots.get("ma_ho_so"):
                return self._theirs.reopening(tx, person, slots["ma_ho_so"]) or command
            case commands.CallOfficer():
                return StartFlow(OFFICER_FLOW)
            case commands.MoveOver():
                return Tell((self._handovers.offer(tx, person, now),))
            case commands.CannotHandle() if busy or not text:
                return command
            case commands.Say() | commands.Find() | commands.CannotHandle():
                return self._loosely(tx, person, command, text, now)
            case (
                commands.Browse()
                | commands.News()
                | commands.Read()
                | commands.Topics()
                | commands.Follow()
                | commands.Unfollow()
            ):
                return Tell((self._tapped(tx, person, command, now),))
            case engine_command:
                return engine_command

    def _tapped(
        self,
        tx: Tx,
        person: Person,
        command: commands.Browse
        | commands.News
        | commands.Read
        | commands.Topics
        | commands.Follow
        | commands.Unfollow,
        now: datetime,
    ) -> Reply:
        match command:
            case commands.Browse(group, page):
                return self._knowledge.browse(group, page)
            case commands.News(topic, page):
                return self._bulletin.news(topic, page, now)
            case commands.Read(entry):
                return self._bulletin.read(entry, now) or self._bulletin.news(None, 1, now)
            case commands.Topics():
                return self._bulletin.topics(tx, person)
            case commands.Follow(topic):
                return self._bulletin.follow(tx, person, topic, now)
            case commands.Unfollow(topic):
                return self._bulletin.unfollow(tx, person, topic)

    def _loosely(
        self,
        tx: Tx,
        person: Person,
        command: commands.Say | commands.Find | commands.CannotHandle,
        text: str,
        now: datetime,
    ) -> EngineCommand:
        """Words that name no procedure for certain, and fixed answers."""
        match command:
            case commands.Say("ask_news"):
                return Tell((self._bulletin.find(text, now) or self._bulletin.news(None, 1, now),))
            case commands.Say("subscribe"):
                return Tell((self._bulletin.topics(tx, person),))
            case commands.Say("unsubscribe"):
                return Tell((self._bulletin.unfollow(tx, person, None),))
            case commands.Say(response) if topic := self._bulletin.topic_asked_by(response):
                return Tell((self._bulletin.news(topic, 1, now),))
            case commands.Say(response) if response not in _OPEN:
                return Tell((self._knowledge.say(response),), greeting=response == "greet")
        # Whose matter is it, is it known to the public, is it an old belief, or a procedure after all?
        found = (
            (self._knowledge.elsewhere(text) if isinstance(command, commands.Say) else None)
            or self._bulletin.find(text, now)
            or self._knowledge.belief(text)
        )
        if found is not None:
            return Tell((found,))
        match command:
            case commands.Find(words):
                listed = self._knowledge.find(words)
                return Tell((listed,)) if listed else commands.CannotHandle()
            case commands.Say(response):
                return Tell((self._knowledge.say(response),))
        return commands.CannotHandle()
