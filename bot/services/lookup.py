"""Where a dossier stands, for somebody who knows its code and the end of its phone number.

Never more than the status and its dates, and never whether it was the code or the digits that were wrong.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.effects import LookUpDossier
from bot.services.spoken import due_text, moment
from bot.services.wording import DossierWords, say
from bot.store.dossiers import Dossier
from bot.store.people import Person
from bot.store.tx import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupLimits:
    """Tries in vain that are allowed: ten thousand endings of a number must not be tried out."""

    per_person_an_hour: int = 5
    per_code_a_day: int = 10


class Lookup:
    def __init__(self, words: DossierWords, limits: LookupLimits) -> None:
        self._words = words
        self._limits = limits

    def answer(self, tx: Tx, person: Person, asked: LookUpDossier, now: datetime) -> str:
        """What is said; the try is counted."""
        words, code = self._words.lookup, asked.code.strip().upper()
        if self._too_many(tx, person, code, now):
            return say(words.too_many)
        dossier = tx.dossiers.by_code(code)
        known = dossier is not None and _knows(dossier, asked.digits)
        tx.lookups.note(person.id, code, known, now)
        if dossier is None or not known:
            return say(words.unknown)
        status = self._words.statuses[dossier.status].name.lower()
        said = say(words.found, ma_ho_so=dossier.code, trang_thai=status, luc=moment(dossier.moved_at))
        if dossier.status.ended or dossier.due_at is None:
            return said
        return f"{said} {say(self._words.status.due, han_tra=due_text(self._words, dossier))}"

    def _too_many(self, tx: Tx, person: Person, code: str, now: datetime) -> bool:
        by_person = tx.lookups.in_vain_by(person.id, now - timedelta(hours=1))
        of_code = tx.lookups.in_vain_of(code, now - timedelta(days=1))
        return by_person >= self._limits.per_person_an_hour or of_code >= self._limits.per_code_a_day


def _knows(dossier: Dossier, digits: str) -> bool:
    """Are these the last four digits of a phone given in the dossier? Every answer is looked at."""
    endings = [str(one.value)[-4:] for one in dossier.form if _is_phone(str(one.value))]
    found = [hmac.compare_digest(ending.encode(), digits.encode()) for ending in endings]
    return any(found)


def _is_phone(value: str) -> bool:
    return len(value) == 10 and value.isascii() and value.isdigit() and value.startswith("0")
