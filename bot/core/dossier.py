"""A dossier's statuses and the moves between them, as on the national portal."""

from dataclasses import dataclass
from enum import StrEnum

from bot.core.errors import NotAllowed


class Status(StrEnum):
    """The ten statuses of the National Public Service Portal; `portal_number` is the portal's own number."""

    NEW = "new"
    RECEIVED = "received"
    NOT_RECEIVED = "not_received"
    PROCESSING = "processing"
    SUPPLEMENT = "supplement"
    PAYMENT = "payment"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    DONE = "done"
    RETURNED = "returned"

    @property
    def portal_number(self) -> int:
        return list(Status).index(self) + 1

    @property
    def ended(self) -> bool:
        return self in _ENDED


_ENDED = {Status.NOT_RECEIVED, Status.WITHDRAWN, Status.STOPPED, Status.RETURNED}

#: What an officer may do, from where to where.
MOVES: dict[Status, tuple[Status, ...]] = {
    Status.NEW: (Status.RECEIVED, Status.SUPPLEMENT, Status.NOT_RECEIVED),
    Status.RECEIVED: (Status.PROCESSING, Status.SUPPLEMENT, Status.DONE, Status.STOPPED, Status.NOT_RECEIVED),
    Status.PROCESSING: (Status.SUPPLEMENT, Status.DONE, Status.STOPPED),
    Status.SUPPLEMENT: (Status.RECEIVED, Status.NOT_RECEIVED, Status.STOPPED),
    Status.PAYMENT: (Status.PROCESSING, Status.STOPPED),
    Status.DONE: (Status.RETURNED,),
    Status.NOT_RECEIVED: (),
    Status.WITHDRAWN: (),
    Status.STOPPED: (),
    Status.RETURNED: (),
}

#: Moves that must say why: the slips for them have a line for it (Mẫu 02 and 03, Thông tư 01/2018/TT-VPCP).
NEEDS_REASON = frozenset({Status.SUPPLEMENT, Status.NOT_RECEIVED, Status.STOPPED})


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed step."""

    to: Status
    needs_reason: bool


def moves_from(status: Status) -> tuple[Move, ...]:
    """What can be done with a dossier that stands at `status`, in the order to offer it."""
    return tuple(Move(to, to in NEEDS_REASON) for to in MOVES[status])


def check_move(status: Status, to: Status, reason: str) -> None:
    """Refuse a step the rules do not have, or one that lacks its reason."""
    if to not in MOVES[status]:
        raise NotAllowed(f"không chuyển được từ “{status}” sang “{to}”")
    if to in NEEDS_REASON and not reason.strip():
        raise NotAllowed("cần ghi lý do")
