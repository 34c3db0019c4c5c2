"""Answers "hồ sơ của tôi tới đâu rồi" from the same facts that the officers see."""

from datetime import datetime

from bot.core.codes import dossier_code
from bot.core.dossier import Status, Time
from bot.core.messages import Button, Reply
from bot.services.dossiers import Dossiers
from bot.services.spoken import moment
from bot.services.theirs import Theirs
from bot.services.wording import buttons, say
from bot.store.dossiers import Dossier
from bot.store.people import Person
from bot.store.tx import Tx

#: More at once nobody reads.
MOST = 5


class StatusAnswers:
    def __init__(self, dossiers: Dossiers, theirs: Theirs) -> None:
        self._dossiers = dossiers
        self._theirs = theirs
        self._all = dossiers.words
        self._words = dossiers.words.status

    def tell(self, tx: Tx, person: Person, code: str | None, now: datetime) -> tuple[Reply, ...]:
        """Of one dossier by its code, or of their latest; only their own, and whose code it is else is not
        said.
        """
        if code:
            found = tx.dossiers.by_code(code.upper())
            if found is None or found.person != person.id:
                return (self._unknown(code),)
            mine = [found]
        else:
            mine = tx.dossiers.of_person(person.id, limit=MOST)
            if not mine:
                return (Reply(text=say(self._words.none), buttons=buttons(self._words.look_up_any)),)
        text = "\n\n".join(self._one(tx, dossier, now) for dossier in mine)
        return (Reply(text=text, buttons=self._buttons(tx, person, mine)),)

    def is_theirs(self, tx: Tx, person: Person, code: str) -> bool:
        """Did they file it from this account?"""
        found = tx.dossiers.by_code(code.upper())
        return found is not None and found.person == person.id

    def _unknown(self, code: str) -> Reply:
        """It may be theirs from another account: that is looked up with four digits of the phone."""
        written = dossier_code(code)
        offered = buttons(self._words.look_up if written else self._words.look_up_any, ma_ho_so=written or "")
        return Reply(text=say(self._words.unknown_code, ma_ho_so=code), buttons=offered)

    def _one(self, tx: Tx, dossier: Dossier, now: datetime) -> str:
        history = tx.dossiers.history_of(dossier.id)
        status, note = dossier.status, history[-1].note
        again = "; ".join(self._theirs.asked_again(tx, dossier).names)
        values = {
            "ma_ho_so": dossier.code,
            "thu_tuc": dossier.procedure_name,
            "trang_thai": self._all.statuses[status].name.lower(),
            "han_tra": self._dossiers.due_text(dossier),
            "can_bo": dossier.officer_name or self._all.officer,
            "luc": moment(dossier.moved_at),
            "ly_do": again or note.rstrip("."),
        }
        lines = [say(self._words.one, **values)]
        progress = self._words.progress.get(status, "") if dossier.kind == "ho_so" else ""
        if progress:
            lines.append(say(progress, **values))
        if note and not ("{ly_do}" in progress or history[-1].officer is None):
            lines.append(say(self._words.reason, ly_do=note))
        if dossier.kind == "lich_hen" and not status.ended:
            lines.append(say(self._words.appointment, **values))
        elif dossier.kind == "ho_so" and status.time is Time.RUNS:
            late = dossier.due_at is not None and dossier.due_at < now
            lines.append(say(self._words.overdue if late else self._words.due, **values))
        return "\n".join(lines)

    def _buttons(self, tx: Tx, person: Person, shown: list[Dossier]) -> tuple[Button, ...]:
        """What can be done about these now."""
        offered: list[Button] = []
        for dossier in shown:
            if dossier.kind == "ho_so" and dossier.status is Status.SUPPLEMENT:
                offered += buttons(self._words.supplement, **_named(dossier, alone=len(shown) == 1))
        codes = {dossier.code for dossier in shown}
        mine = [one for one in self._theirs.filed(tx, person) if one.may_withdraw and one.code in codes]
        if len(mine) == 1:
            offered += buttons(self._words.withdraw, ma_ho_so=mine[0].code)
        elif mine:
            offered += buttons(self._words.withdraw_which)
        return (*offered, *buttons(self._words.buttons))


def _named(dossier: Dossier, *, alone: bool) -> dict[str, str]:
    """Among several, a button says the last number of the code."""
    return {"ma_ho_so": dossier.code, "so": "" if alone else dossier.code.rpartition("-")[2]}
