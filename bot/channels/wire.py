"""The JSON that the REST channel and the web page speak: Rasa's own, and a little more under `custom`."""

import uuid
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import msgspec

from bot.channels.base import Door, Owed
from bot.channels.text import clean, with_rows
from bot.core import payload
from bot.core.errors import FileRefused
from bot.core.messages import Attachment, Collect, Incoming, Place, Reply

#: The longest text passed on; a body may be longer, nobody reads on.
TEXT = 4_000
FILES = 20

TOO_LARGE = "Tệp quá lớn: mỗi lần gửi được tối đa {limit} MB. Anh/chị chụp lại hoặc chia nhỏ tệp giúp."
UNREADABLE = "Yêu cầu không đúng dạng nên chưa đọc được: {why}"
BUSY = "Hệ thống đang bận, tin của anh/chị chưa được xử lý. Anh/chị gửi lại sau ít phút giúp."


class SentFile(msgspec.Struct):
    name: str = ""
    mime: str = ""
    #: Base64 on the wire.
    data: bytes = b""


class SentPlace(msgspec.Struct):
    latitude: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    longitude: Annotated[float, msgspec.Meta(ge=-180, le=180)]


class Metadata(msgspec.Struct):
    #: The client's own id of the message: the same id again is the same message again.
    message_id: Annotated[str, msgspec.Meta(max_length=100)] | int | None = None
    place: SentPlace | None = None


class Sent(msgspec.Struct):
    """What a client posts."""

    sender: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    message: str | None = None
    metadata: Metadata | None = None
    attachments: Annotated[list[SentFile], msgspec.Meta(max_length=FILES)] | None = None


class SaidButton(msgspec.Struct, omit_defaults=True):
    title: str
    payload: str
    url: str = ""


class Said(msgspec.Struct, omit_defaults=True):
    """One message of the answer."""

    recipient_id: str
    text: str | None = None
    buttons: list[SaidButton] | None = None
    image: str | None = None
    attachment: str | None = None
    custom: dict[str, Any] | None = None


class Unreadable(Exception):
    """Not JSON, or not ours. The message says why, for the one who wrote the client."""


_decode = msgspec.json.Decoder(Sent).decode
encode = msgspec.json.Encoder().encode


def parse(body: bytes) -> Sent:
    try:
        return _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(str(error)) from error


async def incoming(door: Door, channel: str, sender: str, sent: Sent) -> Incoming:
    """What was posted, in our words; its files are kept first."""
    text = clean((sent.message or "")[:TEXT])
    tapped = text.strip() if text.startswith("/") and payload.read(text) is not None else None
    metadata = sent.metadata or Metadata()
    # An id is the client's own, so it counts for this sender only: nobody can use up another's.
    number = (
        uuid.uuid4().hex
        if metadata.message_id in (None, "")
        else f"{sender}:{clean(str(metadata.message_id))}"
    )
    place = metadata.place
    return Incoming(
        channel=channel,
        external_id=number,
        sender=sender,
        text="" if tapped else text,
        tapped=tapped,
        files=tuple([await _keep(door, file) for file in sent.attachments or ()]),
        place=Place(latitude=place.latitude, longitude=place.longitude) if place else None,
    )


async def _keep(door: Door, file: SentFile) -> Attachment:
    name = clean(file.name)[:200] or "tep"
    try:
        return await door.keep_file(name, file.data)
    except FileRefused as error:
        return Attachment(name=name, mime=clean(file.mime)[:100], size=len(file.data), refused=error.reason)


def said(
    recipient: str,
    reply: Reply,
    link: Callable[[str], str],
    *,
    number: int | None = None,
    table: bool = False,
) -> list[Said]:
    """One reply as messages: the text with its buttons, then each file. With `table` the client shows the
    rows itself; without, they are also lines of the text. `number`: the id to ask "what came after?" with."""
    custom = _custom(reply)
    if number is not None:
        custom["id"] = number
    text = reply.text if table else with_rows(reply.text, reply.rows)
    buttons = [SaidButton(button.title, button.payload, button.url) for button in reply.buttons]
    messages = []
    if text or buttons or reply.rows or not reply.files:
        messages.append(Said(recipient, text, buttons or None, custom=custom or None))
    for file in reply.files:
        address = link(file.file or "")
        about = {"name": file.name} | ({} if messages or not custom else custom)
        if number is not None:
            about["id"] = number
        if file.mime.startswith("image/"):
            messages.append(Said(recipient, image=address, custom=about))
        else:
            messages.append(Said(recipient, attachment=address, custom=about))
    return messages


def all_said(
    recipient: str,
    owed: Sequence[Owed],
    link: Callable[[str], str],
    *,
    numbered: bool = False,
    table: bool = False,
) -> bytes:
    messages: list[Said] = []
    for each in owed:
        number = each.id if numbered else None
        messages += said(recipient, each.reply, link, number=number, table=table)
    return encode(messages)


def sorry(text: str, recipient: str = "") -> bytes:
    """A refusal in the same shape as an answer, so that a simple client shows it."""
    return encode([Said(recipient, text)])


def _custom(reply: Reply) -> dict[str, Any]:
    custom: dict[str, Any] = {}
    if reply.collect is not None:
        custom["collect"] = _collect(reply.collect)
    if reply.rows:
        custom["rows"] = [
            {"label": row.label, "value": row.value, "payload": row.payload} for row in reply.rows
        ]
    return custom


def _collect(collect: Collect) -> dict[str, Any]:
    asked: dict[str, Any] = {"slot": collect.slot, "type": collect.type, "required": collect.required}
    if collect.choices:
        asked["choices"] = [{"id": choice.id, "title": choice.title} for choice in collect.choices]
    for name in ("min", "max"):
        if (limit := getattr(collect, name)) is not None:
            asked[name] = limit
    if collect.multiple:
        asked["multiple"] = True
    return asked
