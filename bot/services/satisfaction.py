"""Asks residents, once, whether they are satisfied with how their matter was dealt with."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from bot.core.calendar import ZONE
from bot.core.dossier import Status
from bot.core.effects import Rate
from bot.core.messages import Reply
from bot.services.dossiers import Dossiers
from bot.services.notices import RatingWords
from bot.services.wording import buttons, say
from bot.store.database import Database
from bot.store.outbox import Lane
from bot.store.people import Person
from bot.store.tx import Tx

#: Later than this nobody remembers.
_LATE = timedelta(days=3)
#: Questions that can wait do not ring at night.
_FROM, _UNTIL = time(7, 0), time(21, 0)
SCORES = range(1, 5)


class Satisfaction:
    def __init__(
        self,
        *,
        db: Database,
        dossiers: Dossiers,
        words: RatingWords,
        clock: Callable[[], datetime],
        after_minutes: int,
    ) -> None:
        """`after_minutes`: how long after the result they are asked."""
        self._db = db
        self._dossiers = dossiers
        self._words = words
        self._clock = clock
        self._after = timedelta(minutes=after_minutes)

    async def run(self) -> None:
        """Ask whose matter has its result. Run again, or beside another, it asks nobody twice."""
        now = self._clock()
        if not _FROM <= now.astimezone(ZONE).time() < _UNTIL:
            return
        begin, end = now - _LATE, now - self._after
        if await self._db.read(lambda tx: tx.ratings.unasked(begin, end, limit=1)):
            await self._db.write(lambda tx: self._ask(tx, begin, end, now))

    def _ask(self, tx: Tx, begin: datetime, end: datetime, now: datetime) -> None:
        for one in tx.ratings.unasked(begin, end):
            sentence = self._words.ask.get(one.kind)
            if tx.ratings.ask(one.dossier, now) and sentence:
                values = {"ma_ho_so": one.code, "thu_tuc": one.name}
                reply = Reply(text=say(sentence, **values), buttons=buttons(self._words.buttons, **values))
                key = f"rate:{one.dossier}"
                tx.outbox.owe(one.person, reply, lane=Lane.NOTICE, key=key, now=now)

    def rate(self, tx: Tx, person: Person, said: Rate, now: datetime) -> None:
        """Keep what they say of a dossier of theirs that has its result; anybody else's is left alone."""
        dossier = tx.dossiers.by_code(said.code.strip().upper())
        if dossier is None or dossier.person != person.id or dossier.status is not Status.RETURNED:
            return
        if said.score not in SCORES:
            return
        tx.ratings.rate(dossier.id, said.score, said.why, said.call, now)
        if said.call:
            reason = say(self._words.call, ma_ho_so=dossier.code, ly_do=said.why or "–")
            self._dossiers.call_officer(tx, person, reason, now)
