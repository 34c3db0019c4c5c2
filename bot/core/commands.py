"""What a turn can be asked to do: the only input of the flow engine, and of the turn around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.core.messages import Attachment, Json, Place, Reply


@dataclass(frozen=True, slots=True)
class StartFlow:
    """Begin a flow; `slots` are given to it beforehand (read as if the citizen had typed them)."""

    flow: str
    slots: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetSlot:
    """An answer to the question in hand (`slot` None) or to a named one; `value` as written or tapped."""

    slot: str | None
    value: str
    files: tuple[Attachment, ...] = ()
    place: Place | None = None
    #: True if the value came from a button, whose value is an id and not prose.
    tapped: bool = False


@dataclass(frozen=True, slots=True)
class CorrectSlot:
    """Change an earlier answer; without a value, ask for it again."""

    slot: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class CorrectSlots:
    """Change several earlier answers at once; each has its new value."""

    changes: tuple[CorrectSlot, ...]


@dataclass(frozen=True, slots=True)
class Reopen:
    """A form that was filed, with what has to be given again: its `answers` stay, the `wanted` are asked.

    `wanted`: slots, or ids of papers.
    """

    flow: str
    code: str
    answers: Mapping[str, Json]
    wanted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """ "Sửa": show which answers can be changed."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Drop the flow in hand."""


@dataclass(frozen=True, slots=True)
class Back:
    """Return to the question before."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Leave an optional question open."""


@dataclass(frozen=True, slots=True)
class Restart:
    """Begin the flow in hand again from its first question."""


@dataclass(frozen=True, slots=True)
class Pause:
    """ "Để sau": put the flow in hand aside, with all its answers."""


@dataclass(frozen=True, slots=True)
class Resume:
    """ "Làm tiếp": go on with a flow that was put aside or interrupted."""


@dataclass(frozen=True, slots=True)
class Explain:
    """ "Là gì ạ?": say what the question in hand means, then ask it again."""


@dataclass(frozen=True, slots=True)
class Tell:
    """Say these replies (an answer found elsewhere), then go on with the question in hand, if any."""

    replies: tuple[Reply, ...]
    #: The procedure talked about from now on.
    subject: str | None = None
    #: A greeting: whoever left something unfinished is offered to go on.
    greeting: bool = False


@dataclass(frozen=True, slots=True)
class CannotHandle:
    """We did not understand."""


EngineCommand: TypeAlias = (
    StartFlow
    | SetSlot
    | CorrectSlot
    | CorrectSlots
    | Reopen
    | Edit
    | Cancel
    | Back
    | Skip
    | Restart
    | Pause
    | Resume
    | Explain
    | Tell
    | CannotHandle
)


@dataclass(frozen=True, slots=True)
class Ask:
    """A question about a procedure: `aspect` as in the catalogue's answers (documents, fee, time, …)."""

    aspect: str
    procedure: str
    #: A long answer comes in parts, counted from 1.
    part: int = 1


@dataclass(frozen=True, slots=True)
class Clarify:
    """Several procedures are likely: ask which one, with a button each. `aspect` is what they asked of it;
    ``start`` if they wanted to file."""

    aspect: str
    procedures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskStatus:
    """ "Hồ sơ của tôi tới đâu rồi": of one dossier by its code, or of all of theirs."""

    code: str | None = None
    #: The end of a phone number that was written behind the code.
    digits: str | None = None


@dataclass(frozen=True, slots=True)
class CallOfficer:
    """They want a person."""


@dataclass(frozen=True, slots=True)
class MoveOver:
    """ "Chuyển máy": they want to go on in another app, and need a code for it."""


@dataclass(frozen=True, slots=True)
class TakeOver:
    """A code from another account: go on here with what was begun there."""

    code: str


@dataclass(frozen=True, slots=True)
class Say:
    """A fixed answer by its name in ``data/answers.yml`` (greeting, thanks, hours, address, menu, …)."""

    response: str


@dataclass(frozen=True, slots=True)
class Find:
    """Show the procedures that fit these words."""

    text: str


@dataclass(frozen=True, slots=True)
class Browse:
    """Show the procedures of a group of fields, a page of them; without a group, the groups."""

    group: str | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class News:
    """Show what the ward makes known, of one topic or of all, a page of it."""

    topic: str | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Read:
    """One entry of what the ward makes known."""

    entry: str


@dataclass(frozen=True, slots=True)
class Topics:
    """What one can follow, and what they follow."""


@dataclass(frozen=True, slots=True)
class Follow:
    """Be told of a topic from now on."""

    topic: str


@dataclass(frozen=True, slots=True)
class Unfollow:
    """No longer; without a topic, of nothing any more."""

    topic: str | None = None


#: What the ward's knowledge and its news answer.
Question: TypeAlias = Ask | Clarify | Say | Find | Browse | News | Read | Topics | Follow | Unfollow

#: What understanding gives: what the engine does itself, and what the turn answers first from the ward's
#: knowledge or the dossiers and then hands to the engine as `Tell`.
Command: TypeAlias = EngineCommand | Question | AskStatus | CallOfficer | MoveOver | TakeOver
#: All but what brings a state of its own.
Wish: TypeAlias = EngineCommand | Question | AskStatus | CallOfficer | MoveOver
