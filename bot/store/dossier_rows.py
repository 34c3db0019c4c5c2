"""A dossier, its files and steps, as they are read from the database."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.dossier import Status
from bot.core.effects import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A citizen's request as it stands."""

    id: int
    code: str
    kind: str
    procedure: str
    procedure_name: str
    field: str
    person: int
    applicant: str
    form: tuple[Answer, ...]
    status: Status
    #: Grows with each move; whoever moves says which version they saw.
    version: int
    officer: int | None
    officer_name: str | None
    due_at: datetime | None
    #: The time stands still since then.
    paused_at: datetime | None
    opened_at: datetime
    moved_at: datetime
    #: Where it was filed, and where its notices go.
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDossier:
    code: str
    kind: str
    procedure: str
    procedure_name: str
    field: str
    person: int
    applicant: str
    form: tuple[Answer, ...]
    due_at: datetime | None
    #: Folded text by which it is found.
    words: str


@dataclass(frozen=True, slots=True)
class DossierFile:
    """A file handed in, for which paper."""

    file: str
    paper: str
    paper_name: str
    name: str
    mime: str
    size: int
    added_at: datetime
    #: Something newer was sent for its paper.
    replaced_at: datetime | None


@dataclass(frozen=True, slots=True)
class Moved:
    """One step of a dossier."""

    id: int
    from_status: Status | None
    to_status: Status
    officer: int | None
    officer_name: str | None
    note: str
    at: datetime
    #: The due time that it set.
    due_at: datetime | None = None
    #: Slots and papers that have to be sent again.
    wanted: tuple[str, ...] = ()

    @property
    def postponed(self) -> bool:
        """Only the due time moved: “xin lỗi và hẹn lại”."""
        return self.from_status is self.to_status and self.due_at is not None

    def came_to(self, status: Status) -> bool:
        """Did it bring the dossier to this status?"""
        return self.to_status is status and self.from_status is not status


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of dossiers shows. `words` is folded text; `before` is the last id of the page before."""

    statuses: tuple[Status, ...] = ()
    officer: int | None = None
    unclaimed: bool = False
    #: Offered to this officer, and to nobody after them.
    offered_to: int | None = None
    overdue_at: datetime | None = None
    words: str = ""
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody who wants an officer."""

    id: int
    person: int
    person_name: str
    channel: str
    reason: str
    at: datetime
