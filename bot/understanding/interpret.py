"""The heart of understanding: what a citizen did, and where they stand → one command.

A tap is plain. Words are first looked at by the rules; only what they leave open is read by the model.
"""

from bot.core.commands import (
    Ask,
    AskStatus,
    CallOfficer,
    CannotHandle,
    Command,
    Edit,
    Say,
    SetSlot,
    StartFlow,
)
from bot.core.heard import Collecting, Heard, Situation
from bot.core.messages import Incoming
from bot.understanding.base import Reader
from bot.understanding.buttons import tapped
from bot.understanding.control import command_of, control, status_asked
from bot.understanding.decide import NEWS, SAID, Thresholds, decide
from bot.understanding.words import Said, Words

#: More than this is not read when no question is in hand; nobody types it, but some paste it.
LONGEST = 2_000
#: In a form, a longer text is the answer, whatever words are in it.
_LONGEST_QUESTION = 300
_MOST_WORDS_OF_A_QUESTION = 30
#: Slots that take almost any text: that it fits says little about what was meant.
_LOOSE = frozenset({"text", "name", "address"})
#: Fixed answers of the Interpreter itself, beside those of `SAID`; all stand in `data/sayings.yml`.
OWN_SAYINGS = frozenset(
    {
        "empty",
        "no_words",
        "too_long",
        "place_without_form",
        "which_procedure",
        "which_form",
    }
)
SAYINGS = SAID | OWN_SAYINGS

Decision = tuple[Command, Heard | None]


class Interpreter:
    """Turns what came in into a command, with what was heard for the trace (None where nothing was read)."""

    def __init__(self, reader: Reader, words: Words, thresholds: Thresholds | None = None) -> None:
        self._reader = reader
        self._words = words
        self._limits = thresholds or Thresholds()

    async def command(self, incoming: Incoming, situation: Situation) -> Decision:
        if decision := self.at_once(incoming, situation):
            return decision
        heard = await self._reader.read(incoming.text)
        return self._after_reading(heard, situation), heard

    def at_once(self, incoming: Incoming, situation: Situation) -> Decision | None:
        """The command if it is plain without a model; None if the text has to be read."""
        if incoming.tapped is not None:
            return self._tapped(incoming.tapped, situation)
        text = incoming.text.strip()
        if text.startswith("/") and (command := self._slash(text, situation)):
            return command, None
        collecting = situation.collecting
        if incoming.files or incoming.place:
            if collecting:
                return SetSlot(None, text, incoming.files, incoming.place), None
            if not text and incoming.files:
                return SetSlot(None, "", incoming.files), None  # kept until something asks for it
            if not text:
                return Say("place_without_form"), None
        if not text:
            return Say("empty"), None
        if collecting:
            return self._answer(text, collecting, situation)
        return self._free(text, situation)

    def _tapped(self, payload: str, situation: Situation) -> Decision:
        return self._slash(payload, situation) or CannotHandle(), None

    def _slash(self, text: str, situation: Situation) -> Command | None:
        """A payload of ours, a slash command, or ``/intent`` as Rasa's clients send it."""
        if command := tapped(text):
            return command
        intent = text.strip()[1:]
        if intent in situation.triggers:
            return StartFlow(situation.triggers[intent])
        return Say(intent) if intent in SAID | NEWS else None

    def _answer(self, text: str, collecting: Collecting, situation: Situation) -> Decision | None:
        """A question of ours is in hand: its answer, a word of control, or perhaps a question."""
        answer = SetSlot(None, text), None
        fits = collecting.fits
        if len(text) > _LONGEST_QUESTION or (fits and collecting.type in ("bool", "choice")):
            return answer
        if not _has_word(text):
            return answer if fits else (CannotHandle(), None)
        if situation.light and not fits:
            return self._free(text, situation)
        said = self._words.read(text)
        if command := control(said, situation, self._words):
            return command, _plain(text, _intent_of(command))
        loose = collecting.type in _LOOSE
        if fits and not loose:
            return answer
        asks = self._words.asks(said) and not (collecting.type == "name" and _is_titled(said))
        if (asks or fits is False) and (status := status_asked(text)):
            return status, _plain(text, "dossier_status")
        small = self._words.whole(self._words.small_talk, said)
        if small in ("greet", "thanks", "goodbye", "help", "menu"):
            return Say(small), _plain(text, small)
        return None if asks and len(said.words) <= _MOST_WORDS_OF_A_QUESTION else answer

    def _free(self, text: str, situation: Situation) -> Decision | None:
        """No question is in hand."""
        if len(text) > LONGEST:
            return Say("too_long"), None
        if status := status_asked(text):
            return status, _plain(text, "dossier_status")
        if not _has_letter(text):
            return (CannotHandle() if _has_word(text) else Say("no_words")), None
        said = self._words.read(text)
        if command := control(said, situation, self._words):
            return command, _plain(text, _intent_of(command))
        if small := self._words.whole(self._words.small_talk, said):
            command = Say(small) if small in SAID else command_of(small, situation)
            return command, _plain(text, small)
        return None

    def _after_reading(self, heard: Heard, situation: Situation) -> Command:
        said = self._words.read(heard.text)
        follows = self._words.names_nothing(said)
        collecting = situation.collecting
        if collecting is None:
            return decide(heard, situation, self._limits, subject=situation.subject, follows=follows)
        own = next((p for p, flow in situation.forms.items() if flow == situation.flow), None)
        found = decide(heard, situation, self._limits, subject=own or situation.subject, follows=follows)
        sure = heard.confidence >= self._limits.interrupt
        if situation.light:
            return found  # nothing is typed in a guide: it was no answer
        return found if sure and _may_interrupt(found, situation) else SetSlot(None, heard.text.strip())


def _may_interrupt(command: Command, situation: Situation) -> bool:
    """Is it worth leaving the question in hand? What is not a clear wish of its own is an answer to it."""
    match command:
        case Ask() | AskStatus() | CallOfficer() | Edit():
            return True
        case StartFlow(flow):
            return flow != situation.flow
        case Say(response):
            return response.startswith("ask_") or response in ("account_help", "help")
    return False


def _plain(text: str, intent: str) -> Heard:
    """What the rules heard, for the trace."""
    return Heard(text=text, intent=intent, confidence=1.0, source="rules")


def _intent_of(command: Command) -> str:
    match command:
        case Edit():
            return "correct"
        case AskStatus():
            return "dossier_status"
        case CallOfficer() | StartFlow():
            return "talk_to_officer"
    name = type(command).__name__
    return "correct" if name in ("CorrectSlot", "CorrectSlots") else name.lower()


def _has_letter(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


def _has_word(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


def _is_titled(said: Said) -> bool:
    """ "Nguyễn Văn Sao": every word with a capital is a name, whatever the words."""
    return len(said.words) > 1 and all(said.text[word.start].isupper() for word in said.words)
