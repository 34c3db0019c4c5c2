"""How satisfied residents are: asked once for each dossier that has its result."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from bot.core.dossier import Status
from bot.store.tables import dossiers, ratings


@dataclass(frozen=True, slots=True)
class Rating:
    dossier: int
    #: 1 (not satisfied) to 4 (very satisfied); None: no answer yet.
    score: int | None
    why: str
    call: bool


@dataclass(frozen=True, slots=True)
class Unasked:
    """A dossier whose resident has not been asked."""

    dossier: int
    code: str
    kind: str
    name: str
    person: int


class Ratings:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def unasked(self, begin: datetime, end: datetime, limit: int = 100) -> list[Unasked]:
        """Dossiers whose result was given from `begin` to `end`, and whose residents were not asked yet."""
        found = (
            select(
                dossiers.c.id,
                dossiers.c.code,
                dossiers.c.kind,
                dossiers.c.procedure_name,
                dossiers.c.person_id,
            )
            .outerjoin(ratings, ratings.c.dossier_id == dossiers.c.id)
            .where(
                dossiers.c.status == Status.RETURNED.value,
                dossiers.c.moved_at >= begin,
                dossiers.c.moved_at <= end,
                ratings.c.dossier_id.is_(None),
            )
            .order_by(dossiers.c.id)
            .limit(limit)
        )
        return [Unasked(*row) for row in self._connection.execute(found).all()]

    def ask(self, dossier: int, now: datetime) -> bool:
        """Write down that they are asked. False if somebody has done so already."""
        insertion = sqlite.insert if self._connection.dialect.name == "sqlite" else postgresql.insert
        values = insertion(ratings).values(dossier_id=dossier, asked_at=now)
        made = values.on_conflict_do_nothing().returning(ratings.c.dossier_id)
        return self._connection.execute(made).first() is not None

    def rate(self, dossier: int, score: int, why: str, call: bool, now: datetime) -> None:
        """What they say; said again, the last word counts."""
        said = {"score": score, "why": why, "call": call, "rated_at": now}
        done = self._connection.execute(update(ratings).where(ratings.c.dossier_id == dossier).values(**said))
        if done.rowcount == 0:
            self._connection.execute(insert(ratings).values(dossier_id=dossier, **said))

    def of_dossier(self, dossier: int) -> Rating | None:
        row = self._connection.execute(
            select(ratings.c.dossier_id, ratings.c.score, ratings.c.why, ratings.c.call).where(
                ratings.c.dossier_id == dossier
            )
        ).one_or_none()
        return None if row is None else Rating(*row)

    def average(self, begin: datetime, end: datetime) -> tuple[int, float | None]:
        """How many rated from `begin` to before `end`, and their average, 1 to 4."""
        count, mean = self._connection.execute(
            select(func.count(ratings.c.score), func.avg(ratings.c.score)).where(
                ratings.c.rated_at >= begin, ratings.c.rated_at < end
            )
        ).one()
        return int(count), None if mean is None else float(mean)
