"""What Telegram sends, in our words. Pure: no I/O, and whatever comes, no exception."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from bot.channels.text import clean
from bot.core.messages import Attachment, Incoming, Place

NAME = "telegram"

_Part: TypeAlias = Mapping[str, Any]

#: ``/huy@motcua_bot``: how a command is addressed in a group.
_ADDRESSED = re.compile(r"^(/\w+)@\w+")

_LARGEST = 2**63

#: Kinds of message that are one file, and what to call one that has no name.
_FILES = {
    "document": "tep",
    "video": "video.mp4",
    "audio": "am-thanh.mp3",
    "voice": "ghi-am.ogg",
    "video_note": "video.mp4",
}


def read(update: object) -> list[Incoming]:
    """Private and group messages and taps. Edits, channel posts, joins, other bots: nothing for us."""
    number = _id(_dict(update), "update_id")
    if number is None:
        return []
    match update:
        case {"callback_query": {"from": dict(who), "id": str(tap)} as query}:
            return _tap(number, who, tap, query)
        case {"message": {"from": dict(who), "chat": dict(chat)} as message}:
            return _message(number, who, chat, message)
    return []


def _tap(number: str, who: _Part, tap: str, query: _Part) -> list[Incoming]:
    sender, data = _id(who), query.get("data")
    if sender is None or not isinstance(data, str):
        return []
    # Old messages come without their text, but with chat and id; inline ones come without a message.
    message = _dict(query.get("message"))
    incoming = Incoming(
        channel=NAME,
        external_id=number,
        sender=sender,
        sender_name=_name(who),
        tapped=clean(data),
        group=_group(_dict(message.get("chat"))),
        reply_to=_id(message, "message_id"),
        callback=clean(tap),
    )
    return [incoming]


def _message(number: str, who: _Part, chat: _Part, message: _Part) -> list[Incoming]:
    sender = _id(who)
    if sender is None or who.get("is_bot") is True or chat.get("type") == "channel":
        return []
    text, place, files = _text(message), _place(message), tuple(_files(message))
    if not (text or place or files):
        return []
    incoming = Incoming(
        channel=NAME,
        external_id=number,
        sender=sender,
        sender_name=_name(who),
        text=text,
        files=files,
        place=place,
        group=_group(chat),
        reply_to=_id(_dict(message.get("reply_to_message")), "message_id"),
    )
    return [incoming]


def _text(message: _Part) -> str:
    """What was written. A shared contact is its number, a sticker its emoji: somebody waits for an answer."""
    match message:
        case {"text": str(text)} | {"caption": str(text)}:
            return _ADDRESSED.sub(r"\1", clean(text))
        case {"contact": {"phone_number": str(text)}} | {"sticker": {"emoji": str(text)}}:
            return clean(text)
    return ""


def _place(message: _Part) -> Place | None:
    match message.get("location"):
        case {"latitude": int() | float() as latitude, "longitude": int() | float() as longitude}:
            if -90 <= latitude <= 90 and -180 <= longitude <= 180:
                return Place(latitude=float(latitude), longitude=float(longitude))
    return None


def _files(message: _Part) -> Iterator[Attachment]:
    sizes = message.get("photo")
    if isinstance(sizes, list):
        known = [size for size in sizes if isinstance(size, dict) and isinstance(size.get("file_id"), str)]
        if known:
            largest = max(known, key=lambda size: (_number(size.get("width")), _number(size.get("height"))))
            yield _file(largest, name=f"anh-{_id(message, 'message_id') or 0}.jpg", mime="image/jpeg")
    for kind, name in _FILES.items():
        part = message.get(kind)
        if isinstance(part, dict) and isinstance(part.get("file_id"), str):
            yield _file(part, name=name, mime="application/octet-stream")


def _file(part: _Part, *, name: str, mime: str) -> Attachment:
    given, kind = part.get("file_name"), part.get("mime_type")
    return Attachment(
        name=(clean(given)[:200] if isinstance(given, str) else "") or name,
        mime=clean(kind)[:100] if isinstance(kind, str) else mime,
        size=_number(part.get("file_size")),
        remote=clean(part["file_id"]),
    )


def _group(chat: _Part) -> str | None:
    return _id(chat) if chat.get("type") in ("group", "supergroup") else None


def _name(who: _Part) -> str:
    names = (who.get("first_name"), who.get("last_name"))
    return " ".join(clean(name).strip() for name in names if isinstance(name, str) and name.strip())[:200]


def _id(part: _Part, key: str = "id") -> str | None:
    number = part.get(key)
    if isinstance(number, bool) or not isinstance(number, int) or not -_LARGEST <= number < _LARGEST:
        return None
    return str(number)


def _number(value: object) -> int:
    return int(value) if isinstance(value, int) and 0 < value < _LARGEST else 0


def _dict(value: object) -> _Part:
    return value if isinstance(value, dict) else {}
