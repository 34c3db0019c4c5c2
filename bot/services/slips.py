"""Papers of the one-stop shop for residents: owed with the step that calls for them, drawn and sent after it.

A step only notes that its slip is owed, in its own transaction. What is noted is drawn from the facts in the
database, kept, and sent, again in one transaction: a crash at any point leaves it undrawn, or drawn and owed.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime

from bot.catalogue.load import Catalogue
from bot.core.dossier import Slip, Status
from bot.core.effects import Answer
from bot.core.messages import Attachment, Reply
from bot.slips.draw import draw
from bot.slips.sheet import Sheet, SlipWords, names_of
from bot.store.blobs import Blobs
from bot.store.database import Database
from bot.store.dossiers import Dossier, Moved
from bot.store.outbox import Lane
from bot.store.slips import OwedSlip
from bot.store.tx import Tx

PDF = "application/pdf"
#: Drawn in one go; each takes a quarter of a second.
_AT_ONCE = 20
#: Another process may have noted one: look this often (seconds).
LOOK = 30.0


class SlipMaker:
    """`bot.services.dossiers.SlipMaker`."""

    def owe(self, tx: Tx, dossier: Dossier, step: Moved, slip: Slip, now: datetime) -> None:
        """Note that this step calls for a slip. Only filings have them."""
        if dossier.kind == "ho_so":
            number = tx.dossiers.next_number(f"slip:{slip.value}:{now.year}")
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
        """Draw whatever is noted, until cancelled."""
        while True:
            self._woken.clear()
            if not await self.draw_owed():
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK):
                        await self._woken.wait()

    async def draw_owed(self) -> int:
        """Draw and owe the slips that are noted; how many there were."""
        sheets = await self._db.read(self._sheets)
        for owed, person, sheet in sheets:
            content = await asyncio.to_thread(draw, sheet, self._words)
            names = names_of(sheet, "")
            name = self._words.kinds[sheet.kind].file.format_map(names)
            kept = await asyncio.to_thread(self._blobs.keep, name, content, PDF)
            text = self._words.kinds[sheet.kind].message.format_map(names)
            await self._db.write(
                lambda tx, owed=owed, person=person, kept=kept, text=text: self._send(  # type: ignore[misc]
                    tx, owed, person, kept, text
                )
            )
        return len(sheets)

    def _send(self, tx: Tx, owed: OwedSlip, person: int, kept: Attachment, text: str) -> None:
        now = self._clock()
        tx.files.keep(person, (kept,), now)
        assert kept.file is not None
        if tx.slips.drawn(owed.id, kept.file):
            reply = Reply(text=text, files=(kept,))
            tx.outbox.owe(person, reply, lane=Lane.NOTICE, key=f"slip:{owed.move}", now=now)

    def _sheets(self, tx: Tx) -> list[tuple[OwedSlip, int, Sheet]]:
        found = []
        for owed in tx.slips.undrawn(_AT_ONCE):
            dossier = tx.dossiers.get(owed.dossier)
            found.append((owed, dossier.person, self._sheet(tx, owed, dossier)))
        return found

    def _sheet(self, tx: Tx, owed: OwedSlip, dossier: Dossier) -> Sheet:
        history = tx.dossiers.history_of(dossier.id)
        step = next(one for one in history if one.id == owed.move)
        received = next((one.at for one in history if one.to_status is Status.RECEIVED), None)
        dues = [one.due_at for one in history if one.due_at is not None and one.id < step.id]
        papers = Counter(one.paper_name for one in tx.dossiers.files_of(dossier.id) if not one.replaced_at)
        return Sheet(
            kind=owed.kind,
            number=owed.number,
            code=dossier.code,
            ward=self._facts["ward.name"],
            counter=self._facts["ward.counter"],
            ward_phone=self._facts["ward.phone"],
            made_at=step.at,
            applicant=dossier.applicant,
            address=_first(dossier, lambda one: one.slot.startswith(("noi_cu_tru", "dia_chi"))),
            phone=_first(dossier, lambda one: one.slot.startswith("so_dien_thoai")),
            email=_first(dossier, lambda one: "@" in one.shown),
            procedure=dossier.procedure_name,
            papers=tuple(f"{name} ({count} tệp)" for name, count in papers.items()),
            wanted=self._wanted(tx, dossier, step),
            time=self._time(dossier.procedure),
            received_at=received,
            due_at=step.due_at or dossier.due_at,
            old_due_at=dues[-1] if dues else None,
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


def _first(dossier: Dossier, fits: Callable[[Answer], bool]) -> str:
    return next((one.shown for one in dossier.form if fits(one)), "")
