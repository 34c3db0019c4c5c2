"""What is known of the files people sent; the bytes lie in `bot.store.blobs`."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from bot.core.messages import Attachment
from bot.store.tables import files

_keep = {
    "sqlite": sqlite.insert(files).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(files).on_conflict_do_nothing(),
}


@dataclass(frozen=True, slots=True)
class File:
    """A kept file: its `id` is also its name in the blob store; `mime` was told by its content."""

    id: str
    person: int
    name: str
    mime: str
    size: int


class Files:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, person: int, attachments: tuple[Attachment, ...], now: datetime) -> None:
        """Write down whose these are."""
        for one in attachments:
            if one.file:
                values = {
                    "id": one.file,
                    "person_id": person,
                    "name": one.name[:200],
                    "mime": one.mime,
                    "size": one.size,
                    "created_at": now,
                }
                self._connection.execute(_keep[self._connection.dialect.name], values)

    def get(self, file: str) -> File | None:
        row = self._connection.execute(
            select(files.c.id, files.c.person_id, files.c.name, files.c.mime, files.c.size).where(
                files.c.id == file
            )
        ).one_or_none()
        return None if row is None else File(*row)

    def known(self, ids: list[str]) -> set[str]:
        """Which of these are written down."""
        return set(self._connection.execute(select(files.c.id).where(files.c.id.in_(ids))).scalars())
