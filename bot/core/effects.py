"""What a flow wants done in the world. The engine only asks; services do, in the turn's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from bot.core.messages import Json


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
    #: ``ho_so`` (a filing) · ``lich_hen`` (an appointment) · ``phan_anh`` (a report).
    kind: str = "ho_so"
    form: tuple[Answer, ...] = ()
    papers: tuple[Paper, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementDossier:
    """Add to a dossier what the officer asked for."""

    code: str
    papers: tuple[Paper, ...] = ()
    #: Answers given anew; they take the place of the old ones.
    answers: tuple[Answer, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOfficer:
    """An officer should look at this conversation."""

    reason: str


Effect: TypeAlias = OpenDossier | SupplementDossier | CallOfficer

Slots: TypeAlias = Mapping[str, Json]
