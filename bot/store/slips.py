"""Papers of the one-stop shop: owed with a step, drawn after it, each once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Connection

from bot.core.dossier import Slip
from bot.store.tables import files, slips


@dataclass(frozen=True, slots=True)
class OwedSlip:
    """A slip that is not drawn yet."""

    id: int
    dossier: int
    move: int
    kind: Slip
    number: int
    owed_at: datetime


@dataclass(frozen=True, slots=True)
class DrawnSlip:
    """A slip as it lies with its dossier."""

    file: str
    kind: Slip
    name: str
    mime: str
    size: int
    owed_at: datetime


class Slips:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def owe(self, dossier: int, move: int, kind: Slip, number: int, now: datetime) -> None:
        values = {
            "dossier_id": dossier,
            "move_id": move,
            "kind": kind.value,
            "number": number,
            "owed_at": now,
        }
        self._connection.execute(insert(slips).values(values))

    def undrawn(self, limit: int, after: int = 0) -> list[OwedSlip]:
        """The oldest first, from the one after this."""
        rows = self._connection.execute(
            select(
                slips.c.id,
                slips.c.dossier_id,
                slips.c.move_id,
                slips.c.kind,
                slips.c.number,
                slips.c.owed_at,
            )
            .where(slips.c.file_id.is_(None), slips.c.id > after)
            .order_by(slips.c.id)
            .limit(limit)
        ).all()
        return [OwedSlip(r[0], r[1], r[2], Slip(r[3]), r[4], r[5]) for r in rows]

    def waiting(self) -> int:
        """How many are not drawn yet."""
        counted = select(func.count()).select_from(slips).where(slips.c.file_id.is_(None))
        return self._connection.execute(counted).scalar_one()

    def drawn(self, slip: int, file: str) -> bool:
        """This file is the slip. False if somebody else was faster."""
        done = self._connection.execute(
            update(slips).where(slips.c.id == slip, slips.c.file_id.is_(None)).values(file_id=file)
        )
        return done.rowcount == 1

    def of_dossier(self, dossier: int) -> list[DrawnSlip]:
        """The drawn ones, oldest first."""
        rows = self._connection.execute(
            select(slips.c.file_id, slips.c.kind, files.c.name, files.c.mime, files.c.size, slips.c.owed_at)
            .join(files, files.c.id == slips.c.file_id)
            .where(slips.c.dossier_id == dossier)
            .order_by(slips.c.id)
        ).all()
        return [DrawnSlip(r[0], Slip(r[1]), r[2], r[3], r[4], r[5]) for r in rows]
