"""What citizens send us and what we say to them, in no platform's words."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
else:
    #: What survives a round trip through JSON. (At run time Any: decoders do not follow recursive aliases.)
    Json: TypeAlias = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class IdCard:
    """What the QR code of a citizen's identity card says of its holder."""

    #: Twelve digits.
    number: str
    #: The old identity card's number (CMND), if they had one.
    old_number: str = ""
    name: str
    #: ISO date.
    born: str
    #: ``nam`` · ``nu``
    sex: str
    residence: str = ""
    #: ISO date, or empty.
    issued: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One file, coming in or going out."""

    name: str
    mime: str = "application/octet-stream"
    #: Bytes; 0 when the platform does not say.
    size: int = 0
    #: The platform's handle (Telegram's ``file_id``) while the bytes are still with the platform.
    remote: str | None = None
    #: The id in our own file store, once the bytes are safe there.
    file: str | None = None
    #: Why the file could not be kept (a key of ``errors.FileRefused``), in place of `file`.
    refused: str | None = None
    #: Kept, but perhaps not to be read: ``dark`` · ``blurred``. Asked again once.
    doubt: str | None = None
    #: The identity card that it shows.
    card: IdCard | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A point on the map, as degrees (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One thing a citizen did, whatever app they did it in."""

    channel: str
    #: The platform's own id. With `channel` it is unique, so a webhook that is
    #: delivered twice is answered once.
    external_id: str
    #: Who did it: where a private answer goes.
    sender: str
    #: How the platform calls the sender; shown to officers only.
    sender_name: str = ""
    text: str = ""
    #: Payload of the tapped button, e.g. ``/SetSlots(xac_nhan=true)``.
    tapped: str | None = None
    files: tuple[Attachment, ...] = ()
    place: Place | None = None
    #: The group it was said in; None in a private chat.
    group: str | None = None
    #: Receipt of our message that was tapped or replied to.
    reply_to: str | None = None
    #: The platform's handle to stop a button's spinner (Telegram's ``callback_query.id``).
    callback: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Something to tap. Exactly one of `payload` and `url` is set."""

    title: str
    #: A command, ``/Name(…)``; see `bot.core.payload`. At most 64 bytes (Telegram's callback_data).
    payload: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Collect:
    """The slot a reply asks for, so that a client can show the right control."""

    slot: str
    #: A slot type of the flows: text, name, date, phone, cccd, number, choice, bool, file, …
    type: str
    required: bool = True
    choices: tuple[Choice, ...] = ()
    #: Numbers: the least and the most. Text: letters. Files: how many. Dates: the first and last day (ISO).
    min: int | str | None = None
    max: int | str | None = None
    #: More than one file may be sent.
    multiple: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of "check your answers"."""

    label: str
    value: str
    #: What tapping "sửa" on this line sends; empty if it cannot be changed.
    payload: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to say, not how: a channel without buttons numbers them, one with a short limit splits."""

    text: str
    buttons: tuple[Button, ...] = ()
    rows: tuple[Row, ...] = ()
    #: Files to show or hand over; their `file` is set.
    files: tuple[Attachment, ...] = ()
    collect: Collect | None = None
    #: Key of an earlier delivery that this one takes the place of, where the platform can edit.
    replaces: str | None = None
    #: Ask the platform to open the keyboard for an answer to this very message.
    wants_reply: bool = False

    def but(self, **changes: object) -> "Reply":
        """The same reply with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]
