"""Where a dossier stands, for somebody who knows its code and the end of its phone number.

Never more than the status and its dates, and never whether it was the code or the digits that were wrong.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.effects import LookUpDossier
from bot.services.spoken import due_text, moment
from bot.services.wording import DossierWords, say
from bot.store.dossiers import Dossier, Wanted
from bot.store.people import Person
from bot.store.tx import Tx

#: How long tries are kept: as long as they count.
_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupLimits:
    """Tries in vain that are allowed: ten thousand endings of a number must not be tried out."""

    per_person_an_hour: int = 5
    per_code_a_day: int = 10
    #: By everybody together: accounts cost nothing.
    all_an_hour: int = 200


class Ward(Protocol):
    """What must be known of a form."""

    def phones_of(self, procedure: str) -> frozenset[str]:
        """Its questions that ask for a phone number."""
        ...


class Lookup:
    def __init__(self, words: DossierWords, ward: Ward, limits: LookupLimits) -> None:
        self._words = words
        self._ward = ward
        self._limits = limits

    def answer(self, tx: Tx, person: Person, asked: LookUpDossier, now: datetime) -> str:
        """What is said; the try is counted."""
        words, code = self._words.lookup, asked.code.strip().upper()
        tx.lookups.alone()
        tx.lookups.forget(now - _KEPT)
        if self._too_many(tx, person, code, now):
            return say(words.too_many)
        dossier = tx.dossiers.by_code(code)
        # A code that there is not costs the same work: how long the answer takes says nothing.
        newest = tx.dossiers.page(Wanted(limit=1))
        read = dossier or (newest[0] if newest else None)
        knows = read is not None and self._knows(read, asked.digits)
        tx.lookups.note(person.id, code, dossier is not None and knows, now)
        if dossier is None or not knows:
            return say(words.unknown)
        status = self._words.statuses[dossier.status].name.lower()
        said = say(words.found, ma_ho_so=dossier.code, trang_thai=status, luc=moment(dossier.moved_at))
        # The hour of an appointment would tell what it is.
        if dossier.status.ended or dossier.due_at is None or dossier.kind != "ho_so":
            return said
        return f"{said} {say(self._words.status.due, han_tra=due_text(self._words, dossier))}"

    def _too_many(self, tx: Tx, person: Person, code: str, now: datetime) -> bool:
        hour, day = now - timedelta(hours=1), now - timedelta(days=1)
        return (
            tx.lookups.in_vain_by(person.id, hour) >= self._limits.per_person_an_hour
            or tx.lookups.in_vain_of(code, day) >= self._limits.per_code_a_day
            or tx.lookups.in_vain(hour) >= self._limits.all_an_hour
        )

    def _knows(self, dossier: Dossier, digits: str) -> bool:
        """Are these the last four digits of a phone given in the dossier? Every phone is looked at."""
        phones = self._ward.phones_of(dossier.procedure)
        endings = [str(one.value)[-4:] for one in dossier.form if one.slot in phones]
        found = [hmac.compare_digest(ending.encode(), digits.encode()) for ending in endings]
        return any(found)
