"""What a flow wants done in the world. The engine only asks; services do, in the turn's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from bot.core.messages import Json
from bot.core.offers import Hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answered question of a form, as it will be read by an officer."""

    slot: str
    label: str
    #: The normalised value: ISO date, digits, a choice's id, …
    value: Json
    #: The value as people read it: 05/11/2026, "Nữ".
    shown: str
    #: Identity numbers and the like: masked when read back in a chat.
    mask: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Files handed in for one paper of a procedure."""

    paper: str
    name: str
    #: Ids in the file store.
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDossier:
    """File a request. Replies of the same turn may use ``{context.ma_ho_so}`` and ``{context.han_tra}``."""

    #: Id of the procedure, or of the flow for what is not a procedure (an appointment, a report).
    procedure: str
    #: ``ho_so`` (a filing) · ``lich_hen`` (an appointment) · ``phan_anh`` (a report) · ``gop_y`` (a
    #: suggestion).
    kind: str = "ho_so"
    form: tuple[Answer, ...] = ()
    papers: tuple[Paper, ...] = ()
    #: The half hour at a counter that goes with it.
    hour: Hour | None = None
    #: The field of work it belongs to, where the answers tell it; empty: the procedure's own.
    field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementDossier:
    """Add to a dossier what the officer asked for."""

    code: str
    papers: tuple[Paper, ...] = ()
    #: Answers given anew; they take the place of the old ones.
    answers: tuple[Answer, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawDossier:
    """They no longer want what they filed."""

    code: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOfficer:
    """An officer should look at this conversation."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveAppointment:
    """Another half hour for an appointment."""

    code: str
    hour: Hour


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAppointment:
    """They will not come."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenReport:
    """What was answered is not settled yet."""

    code: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How satisfied they are with how a dossier was dealt with."""

    code: str
    #: 1 (not satisfied) to 4 (very satisfied).
    score: int
    why: str = ""
    #: An officer should call them.
    call: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUpDossier:
    """Say where a dossier stands to somebody who knows its code and the end of its phone number.

    Replies of the same turn may use ``{context.ket_qua_tra}``.
    """

    code: str
    #: The last four digits of a phone given in it.
    digits: str


Effect: TypeAlias = (
    OpenDossier
    | SupplementDossier
    | WithdrawDossier
    | LookUpDossier
    | CallOfficer
    | MoveAppointment
    | CancelAppointment
    | ReopenReport
    | Rate
)

Slots: TypeAlias = Mapping[str, Json]
