"""What is unfinished moves to another phone or another app, by a code that works once.

Both sides of the move are one transaction: the answers are with the one or with the other, never with both.
"""

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from bot.core.messages import Button, Reply
from bot.flow.model import Flows, Frame, State, decode, encode
from bot.flow.path import begun
from bot.services.wording import say
from bot.store.outbox import Lane
from bot.store.people import Person
from bot.store.tx import Tx

#: How long a code can be used.
LASTS = timedelta(minutes=30)
#: Letters and digits that nobody mistakes for one another when they are read out.
_LETTERS = "ABCDEFGHKMNPQRTUVWXY346789"
#: Half of a code: 26^10 codes cannot be guessed in half an hour.
_HALF = 5

#: Code → where it can be opened: titles and addresses.
Links = Callable[[str], tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class HandoverWords:
    """What is said, from `data/sayings.yml`."""

    offered: str
    #: Where there is no link to offer.
    code: str
    nothing: str
    taken: str
    refused: str
    gone: str

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> "HandoverWords":
        return cls(*(texts[f"handover_{name}"] for name in cls.__slots__))


class Handovers:
    def __init__(self, *, flows: Flows, words: HandoverWords, links: Links) -> None:
        self._flows = flows
        self._words = words
        self._links = links

    def offer(self, tx: Tx, person: Person, now: datetime) -> Reply:
        """A code, and links that hold it, for who stands in a form or has put one aside."""
        if not self._unfinished(decode(person.state) if person.state else State()):
            return Reply(text=self._words.nothing)
        code = _code()
        tx.handovers.make(person.id, _digest(code), now, now + LASTS)
        shown = f"{code[:_HALF]}-{code[_HALF:]}"
        buttons = tuple(Button(title=title, url=url) for title, url in self._links(code))
        words = self._words.offered if buttons else self._words.code
        text = say(words, ma=shown, phut=str(int(LASTS.total_seconds() // 60)))
        return Reply(text=text, buttons=buttons)

    def take(
        self, tx: Tx, person: Person, state: State, code: str, now: datetime
    ) -> tuple[State, Reply, bool]:
        """The taker's state with what was moved, what they are told, and whether anything came."""
        found = tx.handovers.use(_digest(_plain(code)), person.id, now)
        if found is None:
            return state, Reply(text=self._words.refused), False
        number, giver_id = found
        giver = tx.people.get(giver_id)
        theirs = decode(giver.state) if giver.state else State()
        moved = self._unfinished(theirs)
        if not moved or giver.id == person.id:
            return state, Reply(text=self._words.nothing), False
        rest = State(subject=theirs.subject)
        tx.people.stand(giver.id, encode(rest).decode(), was=giver.version)
        tx.outbox.owe(
            giver.id, Reply(text=self._words.gone), lane=Lane.NOTICE, key=f"handover:{number}", now=now
        )
        mine = tuple(self._unfinished(state))
        joined = State(
            aside=(*mine, *moved),
            memory={**theirs.memory, **state.memory},
            subject=theirs.subject or state.subject,
            files=(*state.files, *theirs.files),
        )
        return joined, Reply(text=self._words.taken), True

    def _unfinished(self, state: State) -> list[Frame]:
        """What is in hand or put aside and worth keeping; the last is the latest."""
        found = []
        for frame in (*state.aside, *state.stack):
            flow = self._flows.get(frame.flow)
            if flow is not None and not flow.pattern and begun(flow, frame):
                found.append(msgspec.structs.replace(frame, correcting="", failures=0))
        return found


def _code() -> str:
    """With a digit in it, so that it is told from words."""
    while True:
        code = "".join(secrets.choice(_LETTERS) for _ in range(2 * _HALF))
        if any(letter.isdigit() for letter in code):
            return code


def _plain(code: str) -> str:
    return re.sub(r"[\s_-]", "", code).upper()


def _digest(code: str) -> str:
    """What the table keeps: whoever reads it cannot use it."""
    return hashlib.sha256(f"handover:{code}".encode()).hexdigest()
