"""Reports and suggestions: an officer answers, the resident may say once that it is not settled."""

from datetime import datetime

from bot.core.dossier import Actor, Status, check_move
from bot.core.effects import ReopenReport
from bot.core.errors import Conflict, NotAllowed
from bot.core.messages import Reply
from bot.core.permissions import MOVE
from bot.services.dossiers import Dossiers
from bot.services.notices import ReportWords
from bot.services.wording import buttons, say
from bot.store.dossiers import Dossier
from bot.store.officers import Officer
from bot.store.outbox import Lane
from bot.store.people import Person
from bot.store.tx import Tx

#: Kinds of dossiers that are answered with words, and have no other result.
ANSWERED = frozenset({"phan_anh", "gop_y"})


class Reports:
    def __init__(self, *, dossiers: Dossiers, words: ReportWords) -> None:
        self._dossiers = dossiers
        self._words = words

    def answer(self, tx: Tx, number: int, text: str, by: Officer, seen: int, now: datetime) -> None:
        """What the officer writes is sent to the resident, and that ends it.

        Raises Conflict if the dossier has moved since it was `seen`, NotAllowed if it cannot be answered.
        """
        dossier, words = tx.dossiers.find(number), self._dossiers.words.officers
        if dossier is None or dossier.kind not in ANSWERED:
            raise NotAllowed(words.gone)
        if not by.may(MOVE):
            raise NotAllowed(words.not_permitted)
        if not text.strip():
            raise NotAllowed(self._words.needs_text)
        if seen != dossier.version or dossier.status.ended:
            raise Conflict(self._dossiers.who_was_faster(tx, dossier))
        again = _was_reopened(tx, dossier)
        move = check_move(dossier.status, Status.RETURNED, text, kind=dossier.kind)
        dossier, step = self._dossiers.step(tx, dossier, move, by.id, text.strip(), now)
        sentence = say(self._words.answered[dossier.kind], ma_ho_so=dossier.code, ly_do=text.strip())
        offered = (
            buttons(self._words.buttons, ma_ho_so=dossier.code)
            if dossier.kind == "phan_anh" and not again
            else ()
        )
        reply = Reply(text=sentence, buttons=offered)
        tx.outbox.owe(dossier.person, reply, lane=Lane.NOTICE, key=f"move:{step.id}", now=now)

    def may_reopen(self, tx: Tx, person: Person, code: str) -> bool:
        """Is it a report of theirs that was answered, and never opened again?"""
        return self._reopenable(tx, person, code) is not None

    def reopen(self, tx: Tx, person: Person, wanted: ReopenReport, now: datetime) -> None:
        """It goes back to its officer, with what is still wrong."""
        dossier = self._reopenable(tx, person, wanted.code)
        if dossier is None:
            raise Conflict(f"{wanted.code} cannot be opened again")
        move = check_move(dossier.status, Status.RECEIVED, wanted.note, Actor.RESIDENT, dossier.kind)
        dossier, _ = self._dossiers.step(tx, dossier, move, None, wanted.note, now)
        self._dossiers.announcer.supplemented(tx, dossier, 0, wanted.note, now)

    def _reopenable(self, tx: Tx, person: Person, code: str) -> Dossier | None:
        dossier = tx.dossiers.by_code(code)
        if dossier is None or dossier.person != person.id or dossier.kind != "phan_anh":
            return None
        if dossier.status is not Status.RETURNED or _was_reopened(tx, dossier):
            return None
        return dossier


def _was_reopened(tx: Tx, dossier: Dossier) -> bool:
    return any(step.from_status is Status.RETURNED for step in tx.dossiers.history_of(dossier.id))
