"""What residents do to dossiers they have filed: hand in what was asked for, or withdraw."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.commands import Reopen
from bot.core.dossier import Actor, Move, Status, Time, moves_from
from bot.core.effects import SupplementDossier, WithdrawDossier
from bot.core.errors import Conflict
from bot.core.offers import Filed
from bot.services.dossiers import Dossiers
from bot.services.filing import rewritten, search_words
from bot.services.wording import say
from bot.store.dossiers import Dossier
from bot.store.people import Person
from bot.store.tx import Tx

#: More than these nobody picks from in a chat.
_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """What an officer wants given again."""

    #: (id, name) of papers.
    papers: tuple[tuple[str, str], ...] = ()
    #: (slot, label) of answers.
    answers: tuple[tuple[str, str], ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(id_ for id_, _ in (*self.papers, *self.answers))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for _, name in (*self.papers, *self.answers))


class Theirs:
    def __init__(self, dossiers: Dossiers) -> None:
        self._dossiers = dossiers

    def filed(self, tx: Tx, person: Person) -> tuple[Filed, ...]:
        """Their filings that have not ended, newest first, with what they may do to each."""
        mine = [one for one in tx.dossiers.of_person(person.id, limit=_MOST) if one.kind == "ho_so"]
        return tuple(
            Filed(
                code=one.code,
                name=one.procedure_name,
                may_withdraw=_withdrawal(one) is not None,
                may_supplement=one.status.time is not Time.OVER,
            )
            for one in mine
            if not one.status.ended
        )

    def asked_again(self, tx: Tx, dossier: Dossier) -> Again:
        """What the officer asked to be given again, for a dossier that waits for it; nothing otherwise."""
        if dossier.status is not Status.SUPPLEMENT:
            return Again()
        asked = next(
            step for step in reversed(tx.dossiers.history_of(dossier.id)) if step.came_to(Status.SUPPLEMENT)
        )
        names, slots = tx.dossiers.names_of(dossier, asked.wanted), {a.slot for a in dossier.form}
        return Again(
            papers=tuple((id_, name) for id_, name in names.items() if id_ not in slots),
            answers=tuple((id_, name) for id_, name in names.items() if id_ in slots),
        )

    def reopening(self, tx: Tx, person: Person, code: str) -> Reopen | None:
        """The filed form, opened again for just what was asked; None if nothing in particular was."""
        dossier = self._of(tx, person, code)
        again = self.asked_again(tx, dossier) if dossier is not None else Again()
        flow = self._dossiers.ward.form_of(dossier.procedure) if dossier is not None else None
        if dossier is None or flow is None or not again.ids:
            return None
        return Reopen(flow, dossier.code, {a.slot: a.value for a in dossier.form}, again.ids)

    def supplement(self, tx: Tx, person: Person, added: SupplementDossier, now: datetime) -> Dossier:
        """The resident hands in what was asked for; the dossier returns to where it came from.

        Papers that were asked for take the place of those handed in before, which are kept; answers given
        again are written into the form, and the history says which. A dossier that waits for nothing keeps
        what comes beside the rest. Conflict if it is not theirs, or has its result: the conversation looks
        again.
        """
        dossier = self._of(tx, person, added.code)
        if dossier is None or dossier.status.time is Time.OVER:
            raise Conflict(f"nothing can be added to {added.code}")
        again = set(self.asked_again(tx, dossier).ids)
        newer = tuple(paper for paper in added.papers if paper.paper in again)
        more = tuple(paper for paper in added.papers if paper.paper not in again)
        if newer:
            tx.dossiers.replace_papers(dossier.id, newer, now)
        tx.dossiers.add_papers(dossier.id, more, now)
        note = self._note(dossier, added)
        if dossier.status is Status.SUPPLEMENT:
            if added.answers:
                form = rewritten(dossier.form, added.answers)
                words = search_words(dossier.code, dossier.applicant, dossier.procedure_name, form)
                tx.dossiers.rewrite(dossier.id, form, words)
            to = tx.dossiers.came_from(dossier.id, Status.SUPPLEMENT)
            dossier, _ = self._dossiers.step(tx, dossier, Move(to, Actor.RESIDENT), None, note, now)
        elif note:
            dossier, _ = tx.dossiers.move(
                dossier,
                dossier.status,
                by=None,
                note=note,
                now=now,
                due_at=dossier.due_at,
                paused_at=dossier.paused_at,
            )
        files = sum(len(paper.files) for paper in added.papers)
        self._dossiers.announcer.supplemented(tx, dossier, files, note, now)
        return dossier

    def withdraw(self, tx: Tx, person: Person, wanted: WithdrawDossier, now: datetime) -> Dossier:
        """They no longer want it. Conflict if it is not theirs or it is too late: the conversation looks
        again.
        """
        dossier = self._of(tx, person, wanted.code)
        move = _withdrawal(dossier) if dossier is not None else None
        if dossier is None or move is None:
            raise Conflict(f"{wanted.code} cannot be withdrawn")
        return self._dossiers.step(tx, dossier, move, None, wanted.reason.strip(), now)[0]

    def _of(self, tx: Tx, person: Person, code: str) -> Dossier | None:
        dossier = tx.dossiers.by_code(code.strip().upper())
        theirs = dossier is not None and dossier.person == person.id and dossier.kind == "ho_so"
        return dossier if theirs else None

    def _note(self, dossier: Dossier, added: SupplementDossier) -> str:
        """What they wrote, and which answers they gave again."""
        said = self._dossiers.words.said_again
        if dossier.status is Status.SUPPLEMENT:
            given = "; ".join(answer.label for answer in added.answers)
        else:  # it goes on already: the form stays, and the officer decides
            given = "; ".join(f"{answer.label}: {answer.shown}" for answer in added.answers)
        again = say(said, cac_phan=given) if given else ""
        return "\n".join(part for part in (added.note.strip(), again) if part)


def _withdrawal(dossier: Dossier) -> Move | None:
    moves = moves_from(dossier.status, Actor.RESIDENT) if dossier.kind == "ho_so" else ()
    return next((move for move in moves if move.to is Status.WITHDRAWN), None)
