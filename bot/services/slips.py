"""Papers of the one-stop shop for residents: owed with the step that calls for them, drawn and sent after it.

A step only notes that its slip is owed, in its own transaction. What is noted is drawn from the facts in the
database, kept, and sent, again in one transaction: a crash at any point leaves it undrawn, or drawn and owed.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime

from bot.catalogue.load import Catalogue
from bot.core.calendar import ZONE
from bot.core.dossier import Slip, Status
from bot.core.errors import Conflict
from bot.core.messages import Attachment, Reply
from bot.services.filing import residence_of
from bot.slips.draw import draw
from bot.slips.sheet import Sheet, SlipWords, names_of
from bot.store.blobs import Blobs
from bot.store.database import Database
from bot.store.dossiers import Dossier, Moved
from bot.store.outbox import Lane
from bot.store.slips import OwedSlip
from bot.store.tx import Tx

log = logging.getLogger(__name__)

PDF = "application/pdf"
#: Read in one go; each takes about a tenth of a second to draw.
_AT_ONCE = 20
#: Another process may have noted one: look this often (seconds).
LOOK = 30.0


class SlipMaker:
    """`bot.services.dossiers.SlipMaker`."""

    def owe(self, tx: Tx, dossier: Dossier, step: Moved, slip: Slip, now: datetime) -> None:
        """Note that this step calls for a slip. Only filings have them."""
        if dossier.kind == "ho_so":
            year = now.astimezone(ZONE).year
            number = tx.dossiers.next_number(f"slip:{slip.value}:{year}")
            tx.slips.owe(dossier.id, step.id, slip, number, now)
            tx.wake("slips")


class Slips:
    """Draws what is owed."""

    def __init__(
        self,
        *,
        db: Database,
        blobs: Blobs,
        catalogue: Catalogue,
        words: SlipWords,
        facts: Mapping[str, str],
        clock: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._blobs = blobs
        self._catalogue = catalogue
        self._words = words
        self._facts = dict(facts)
        self._clock = clock
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Something may have been noted."""
        self._woken.set()

    async def run(self) -> None:
        """Draw whatever is noted, until cancelled. What fails is tried again at the next look."""
        while True:
            self._woken.clear()
            try:
                drawn = await self.draw_owed()
            except Exception:
                log.exception("slips could not be read; looking again soon")
                drawn = 0
            if not drawn:
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK):
                        await self._woken.wait()

    async def draw_owed(self) -> int:
        """Draw and owe the slips that are noted; how many. One that cannot be made holds up no other."""
        drawn, after = 0, 0
        while owed := await self._undrawn(after):
            for one in owed:
                try:
                    drawn += await self._make(one)
                except Exception:
                    log.exception("slip %d could not be made", one.id)
            after = owed[-1].id
        return drawn

    async def _undrawn(self, after: int) -> list[OwedSlip]:
        return await self._db.read(lambda tx: tx.slips.undrawn(_AT_ONCE, after))

    async def _make(self, owed: OwedSlip) -> bool:
        """Draw, keep, send. False if somebody else was faster."""
        person, sheet = await self._db.read(lambda tx: self._facts_of(tx, owed))
        content = await asyncio.to_thread(draw, sheet, self._words)
        words, names = self._words.kinds[sheet.kind], names_of(sheet, "")
        file = words.file.format_map(names)
        kept = await asyncio.to_thread(self._blobs.keep, file, content, PDF)
        reply = Reply(text=words.message.format_map(names), files=(kept,))
        try:
            await self._db.write(lambda tx: self._send(tx, owed, person, kept, reply))
        except Conflict:
            if path := self._blobs.path(kept.file or ""):
                path.unlink()
            return False
        return True

    def _send(self, tx: Tx, owed: OwedSlip, person: int, kept: Attachment, reply: Reply) -> None:
        """The file, its place with the dossier, and its message: all of them or none."""
        now = self._clock()
        tx.files.keep(person, (kept,), now)
        assert kept.file is not None
        if not tx.slips.drawn(owed.id, kept.file):
            raise Conflict(f"slip {owed.id} is drawn already")
        tx.outbox.owe(person, reply, lane=Lane.NOTICE, key=f"slip:{owed.move}", now=now)

    def _facts_of(self, tx: Tx, owed: OwedSlip) -> tuple[int, Sheet]:
        dossier = tx.dossiers.get(owed.dossier)
        return dossier.person, self._sheet(tx, owed, dossier)

    def _sheet(self, tx: Tx, owed: OwedSlip, dossier: Dossier) -> Sheet:
        """As things stood at its step, whatever happened since."""
        history = [one for one in tx.dossiers.history_of(dossier.id) if one.id <= owed.move]
        step = history[-1]
        received = next((one.at for one in history if one.to_status is Status.RECEIVED), None)
        dues = [one.due_at for one in history if one.due_at is not None]
        dues_before = [one.due_at for one in history[:-1] if one.due_at is not None]
        papers = Counter(
            one.paper_name
            for one in tx.dossiers.files_of(dossier.id)
            if one.added_at <= step.at and not (one.replaced_at and one.replaced_at <= step.at)
        )
        return Sheet(
            kind=owed.kind,
            number=owed.number,
            code=dossier.code,
            ward=self._facts["ward.name"],
            counter=self._facts["ward.counter"],
            ward_phone=self._facts["ward.phone"],
            made_at=step.at,
            applicant=dossier.applicant,
            address=residence_of(dossier.form),
            phone=_first(dossier, "so_dien_thoai"),
            email=_first(dossier, "email"),
            procedure=dossier.procedure_name,
            papers=tuple(f"{name} ({count} tệp)" for name, count in papers.items()),
            wanted=self._wanted(tx, dossier, step),
            time=self._time(dossier.procedure),
            received_at=received,
            due_at=dues[-1] if dues else None,
            old_due_at=dues_before[-1] if dues_before else None,
            where=", ".join(
                part for part in (self._facts["ward.counter"], self._facts["ward.address"]) if part
            ),
            # Who signs an apology is the head of the office.
            officer="" if owed.kind is Slip.APOLOGY else step.officer_name or "",
            reason=step.note,
        )

    def _wanted(self, tx: Tx, dossier: Dossier, step: Moved) -> tuple[str, ...]:
        """What has to be sent again, by the names it has in the form."""
        names = {one.slot: one.label for one in dossier.form}
        names |= {one.paper: one.paper_name for one in tx.dossiers.files_of(dossier.id)}
        known = self._catalogue.get(dossier.procedure)
        names |= {one.id: one.name for one in known.papers} if known else {}
        return tuple(names[one] for one in step.wanted if one in names)

    def _time(self, procedure: str) -> str:
        known = self._catalogue.get(procedure)
        ways = {way.how: way.time for way in known.ways} if known else {}
        return self._words.time.of(ways.get("online") or ways.get("counter") or ways.get("post"))


def _first(dossier: Dossier, slot: str) -> str:
    return next((one.shown for one in dossier.form if one.slot.startswith(slot)), "")
