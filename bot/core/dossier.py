"""A dossier's statuses and the moves between them, as on the national portal.

The table is that of filings (``ho_so``). An appointment is kept and a report answered by services of their
own; the clock moves nothing, it only reminds.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.core.errors import NotAllowed, ReasonMissing


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

    @property
    def time(self) -> "Time":
        """What the time until the due date does while a dossier stands here."""
        return _TIME.get(self, Time.OVER)


class Time(StrEnum):
    """The time that a procedure may take."""

    #: It begins when the dossier is received (Mẫu 01 says when that was).
    NOT_YET = "not_yet"
    RUNS = "runs"
    #: Something is awaited from the resident.
    STANDS = "stands"
    OVER = "over"


_ENDED = {Status.NOT_RECEIVED, Status.WITHDRAWN, Status.STOPPED, Status.RETURNED}
_TIME = {
    Status.NEW: Time.NOT_YET,
    Status.RECEIVED: Time.RUNS,
    Status.PROCESSING: Time.RUNS,
    Status.SUPPLEMENT: Time.STANDS,
    Status.PAYMENT: Time.STANDS,
}


class Slip(StrEnum):
    """The forms of the one-stop shop that a step calls for (Thông tư 01/2018/TT-VPCP)."""

    #: Giấy tiếp nhận hồ sơ và hẹn trả kết quả.
    RECEIPT = "mau_01"
    #: Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ.
    SUPPLEMENT = "mau_02"
    #: Phiếu từ chối tiếp nhận giải quyết hồ sơ.
    REFUSAL = "mau_03"
    #: Phiếu xin lỗi và hẹn lại ngày trả kết quả.
    APOLOGY = "mau_04"


class Actor(StrEnum):
    """Who takes a step."""

    OFFICER = "officer"
    RESIDENT = "resident"


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed step."""

    to: Status
    by: Actor = Actor.OFFICER
    #: The slips have a line for it (Mẫu 02, 03, Thông tư 01/2018/TT-VPCP); for money: how much, and where.
    needs_reason: bool = False
    #: It has a form of its own on the desk (keep an appointment, answer a report), and no plain button.
    own_form: bool = False

    @property
    def slip(self) -> Slip | None:
        """What the resident is given for it on paper."""
        return _SLIPS.get(self.to) if self.by is Actor.OFFICER else None


def _officer(*to: Status) -> tuple[Move, ...]:
    return tuple(Move(one, needs_reason=one in _REASONED) for one in to)


_SLIPS = {
    Status.RECEIVED: Slip.RECEIPT,
    Status.SUPPLEMENT: Slip.SUPPLEMENT,
    Status.NOT_RECEIVED: Slip.REFUSAL,
}
_REASONED = frozenset({Status.SUPPLEMENT, Status.PAYMENT, Status.NOT_RECEIVED, Status.STOPPED})
_WITHDRAW = Move(Status.WITHDRAWN, Actor.RESIDENT)

#: The table of filings: from each status, what may follow, by whom, in the order to offer it.
MOVES: dict[Status, tuple[Move, ...]] = {
    Status.NEW: (*_officer(Status.RECEIVED, Status.SUPPLEMENT, Status.NOT_RECEIVED), _WITHDRAW),
    Status.RECEIVED: (
        *_officer(Status.PROCESSING, Status.SUPPLEMENT, Status.PAYMENT),
        *_officer(Status.DONE, Status.STOPPED, Status.NOT_RECEIVED),
        _WITHDRAW,
    ),
    Status.PROCESSING: (
        *_officer(Status.SUPPLEMENT, Status.PAYMENT, Status.DONE, Status.STOPPED),
        _WITHDRAW,
    ),
    # What the resident sends brings it back to where it was; an officer may go on without.
    Status.SUPPLEMENT: (
        *_officer(Status.RECEIVED, Status.NOT_RECEIVED, Status.STOPPED),
        Move(Status.NEW, Actor.RESIDENT),
        Move(Status.RECEIVED, Actor.RESIDENT),
        Move(Status.PROCESSING, Actor.RESIDENT),
        _WITHDRAW,
    ),
    Status.PAYMENT: (*_officer(Status.PROCESSING, Status.STOPPED), _WITHDRAW),
    Status.DONE: _officer(Status.RETURNED),
    Status.NOT_RECEIVED: (),
    Status.WITHDRAWN: (),
    Status.STOPPED: (),
    Status.RETURNED: (),
}

_ENDS = (Move(Status.RETURNED, own_form=True), Move(Status.STOPPED, own_form=True), _WITHDRAW)

#: The same for what is no filing: an appointment, a report, a suggestion. It is taken up, then kept or
#: answered (RETURNED) or called off (STOPPED); whoever reported may say that it is not settled.
OTHER_MOVES: dict[Status, tuple[Move, ...]] = {
    **dict.fromkeys(Status, ()),
    Status.NEW: (Move(Status.RECEIVED), *_ENDS),
    Status.RECEIVED: _ENDS,
    Status.RETURNED: (Move(Status.RECEIVED, Actor.RESIDENT),),
}

#: Statuses that an officer reaches only with a reason.
NEEDS_REASON = frozenset(
    move.to for every in MOVES.values() for move in every if move.needs_reason and move.by is Actor.OFFICER
)


def moves_from(status: Status, by: Actor = Actor.OFFICER, kind: str = "ho_so") -> tuple[Move, ...]:
    """What can be done with a dossier of this kind that stands at `status`, in the order to offer it."""
    table = MOVES if kind == "ho_so" else OTHER_MOVES
    return tuple(move for move in table[status] if move.by is by)


def plain_moves(status: Status, kind: str = "ho_so") -> tuple[Move, ...]:
    """What an officer does with one button, everywhere: on the card, on the desk."""
    return tuple(move for move in moves_from(status, kind=kind) if not move.own_form)


def check_move(
    status: Status, to: Status, reason: str, by: Actor = Actor.OFFICER, kind: str = "ho_so"
) -> Move:
    """The row of the table; refuses a step it does not have for this actor, or one that lacks its reason."""
    move = next((one for one in moves_from(status, by, kind) if one.to is to), None)
    if move is None:
        raise NotAllowed(f"không chuyển được từ “{status}” sang “{to}”")
    if move.needs_reason and not reason.strip():
        raise ReasonMissing("cần ghi lý do")
    return move
