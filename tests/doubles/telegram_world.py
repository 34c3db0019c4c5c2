"""What Telegram knows and forbids: people, chats, messages, files. No network; `telegram_api` serves it."""

import itertools
import json
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

TEXT, CAPTION, CALLBACK, UPLOAD, PHOTO, DOWNLOAD = 4096, 1024, 64, 50_000_000, 10_000_000, 20_000_000


class Refusal(Exception):
    """An answer that is not ok, as the Bot API words it."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


def bad(description: str, **parameters: int) -> Refusal:
    return Refusal(400, f"Bad Request: {description}", **parameters)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


class World:
    """Everything that outlives a bot. Used by one thread only."""

    def __init__(self, *, username: str = "motcua_bot") -> None:
        self.bot: Json = {"id": 7_000_000_001, "is_bot": True, "first_name": "Một Cửa", "username": username}
        self.people: dict[int, Json] = {}
        self.chats: dict[int, Json] = {}
        self.messages: dict[int, list[Json]] = {}
        #: Chats the bot may not write to, and what it is told.
        self.closed: dict[int, str] = {}
        self.migrated: dict[int, int] = {}
        self.updates: list[Json] = []
        self.files: dict[str, bytes] = {}
        self.taps: dict[str, Json] = {}
        self.commands: list[Json] = []
        self.actions: list[Json] = []
        self.webhook: Json = {"url": ""}
        self.allowed: list[str] | None = None
        #: Seconds between two messages to one chat; 0 for no limit.
        self.per_chat = 0.0
        self._last: dict[int, float] = {}
        self._updates = itertools.count(500_000_001)
        self._message_ids = itertools.count(1)
        self._ids = itertools.count(100_000_001)
        #: Grows with everything the bot did; `changed` is called then, `arrived` when an update is waiting.
        self.version = 0
        self.changed: Callable[[], None] = lambda: None
        self.arrived: Callable[[], None] = lambda: None

    # ------------------------------------------------------------------ what people do

    def citizen(self, name: str, id: int | None = None) -> Json:
        first, _, last = name.partition(" ")
        number = id or next(self._ids)
        person = {"id": number, "is_bot": False, "first_name": first, "language_code": "vi"}
        if last:
            person["last_name"] = last
        self.people[number] = person
        self.chats[number] = {k: v for k, v in person.items() if k in ("id", "first_name", "last_name")} | {
            "type": "private"
        }
        self.messages.setdefault(number, [])
        return person

    def group(self, title: str, id: int | None = None) -> Json:
        number = id or -1_000_000_000_000 - next(self._ids)
        self.chats[number] = {"id": number, "title": title, "type": "supergroup"}
        self.messages.setdefault(number, [])
        return self.chats[number]

    def post(self, who: int, chat: int | None = None, reply_to: int | None = None, **content: Any) -> Json:
        """A person writes: `content` is the rest of the message."""
        message = self._message(chat or who, self.people[who])
        if reply_to is not None:
            message["reply_to_message"] = self.find(chat or who, reply_to)
        text = content.get("text", "")
        if text.startswith("/"):
            command = text.split()[0]
            content["entities"] = [{"offset": 0, "length": units(command), "type": "bot_command"}]
        message.update(content)
        self.push("message", message)
        return message

    def upload(self, who: int, content: bytes, **how: Any) -> Json:
        """A person sends a file: a photo (in two sizes, as phones do) or a document."""
        chat, caption = how.get("chat"), how.get("caption", "")
        rest = {"caption": caption} if caption else {}
        if how.get("photo"):
            return self.post(who, chat, photo=self._sizes(content), **rest)
        part = {"file_name": how.get("name", "tep"), "mime_type": how.get("mime", "application/octet-stream")}
        return self.post(who, chat, document=part | self._keep(content, "documents"), **rest)

    def tap(self, who: int, chat: int, message: int, data: str, forged: bool = False) -> Json:
        shown = self.find(chat, message)
        rows = shown.get("reply_markup", {}).get("inline_keyboard", [])
        if not forged and not any(key.get("callback_data") == data for row in rows for key in row):
            raise bad("there is no such button")
        number = str(4_000_000_000_000_000 + next(self._ids))
        self.taps[number] = {"answered": None}
        self.push(
            "callback_query",
            {
                "id": number,
                "from": self.people[who],
                "message": shown,
                "chat_instance": str(chat),
                "data": data,
            },
        )
        return {"id": number}

    def block(self, who: int, blocked: bool = True) -> Json:
        if blocked:
            self.closed[who] = "Forbidden: bot was blocked by the user"
        else:
            self.closed.pop(who, None)
        old, new = ("member", "kicked") if blocked else ("kicked", "member")
        change = {"chat": self.chats[who], "from": self.people[who], "date": int(time.time())}
        change |= {
            "old_chat_member": {"user": self.bot, "status": old},
            "new_chat_member": {"user": self.bot, "status": new},
        }
        self.push("my_chat_member", change)
        return {}

    def migrate(self, chat: int) -> Json:
        new = self.group(self.chats[chat]["title"])
        self.migrated[chat] = new["id"]
        return new

    def push(self, kind: str, body: Json) -> Json:
        """An update for the bot. Copied: what is edited later was sent as it was."""
        update: Json = {"update_id": next(self._updates), kind: json.loads(json.dumps(body))}
        if self.allowed is None or kind in self.allowed:
            self.updates.append(update)
            self.arrived()
        return update

    # ------------------------------------------------------------------ what the bot may do

    def send(self, chat: object, **content: Any) -> Json:
        """The bot's message, after every check."""
        number = self.open_chat(chat)
        self._slow_down(number)
        markup = self.markup(content.pop("reply_markup", None))
        message = self._message(number, self.bot)
        message.update(content)
        if markup is not None and "inline_keyboard" in markup:
            message["reply_markup"] = markup
        if markup is not None and markup.get("force_reply"):
            message["_force_reply"] = True  # the real server does not say so; tests want to know
        self.noted()
        return message

    def edit(self, chat: object, number: object, markup: object, text: str | None = None) -> Json:
        message = self.find(self.open_chat(chat), number, "message to edit not found")
        if message["from"]["id"] != self.bot["id"]:
            raise bad("message can't be edited")
        if text is not None and "text" not in message:
            raise bad("there is no text in the message to edit")
        new = {"text": text if text is not None else message.get("text"), "reply_markup": self.markup(markup)}
        if new == {"text": message.get("text"), "reply_markup": message.get("reply_markup")}:
            raise bad(
                "message is not modified: specified new message content and reply markup are exactly the same"
                " as a current content and reply markup of the message"
            )
        message.update({k: v for k, v in new.items() if v is not None}, edit_date=int(time.time()))
        if new["reply_markup"] is None:
            message.pop("reply_markup", None)
        self.noted()
        return message

    def delete(self, chat: int, number: int) -> Json:
        """As an administrator may do; the bot can edit it no more."""
        self.messages[chat] = [message for message in self.messages[chat] if message["message_id"] != number]
        return {}

    def answer_tap(self, number: str, text: str) -> bool:
        tap = self.taps.get(number)
        if tap is None or tap["answered"] is not None:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if units(text) > 200:
            raise bad("MESSAGE_TOO_LONG")
        tap["answered"] = text
        self.noted()
        return True

    def file(self, file_id: str) -> Json:
        content = self.files.get(file_id)
        if content is None:
            raise bad("wrong file_id or the file is temporarily unavailable")
        if len(content) > DOWNLOAD:
            raise bad("file is too big")
        return {"file_id": file_id, "file_unique_id": file_id[-12:], "file_size": len(content)} | {
            "file_path": file_id.replace("-", "/", 1)
        }

    def photo(self, content: bytes) -> Json:
        if len(content) > PHOTO:
            raise bad("file is too big")
        if not content.startswith((b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"GIF8")):
            raise bad("IMAGE_PROCESS_FAILED")
        return {"photo": self._sizes(content)}

    def document(self, content: bytes, name: str, mime: str) -> Json:
        if len(content) > UPLOAD:
            raise Refusal(413, "Request Entity Too Large")
        if not content:
            raise bad("file must be non-empty")
        return {"document": {"file_name": name, "mime_type": mime} | self._keep(content, "documents")}

    def text(self, value: object, limit: int = TEXT, empty: str = "message text is empty") -> str:
        text = str(value or "").strip()
        if not text and empty:
            raise bad(empty)
        if units(text) > limit:
            raise bad("message is too long" if limit == TEXT else "message caption is too long")
        return text

    def open_chat(self, chat: object) -> int:
        try:
            number = int(str(chat))
        except ValueError:
            raise bad("chat not found") from None
        if number in self.migrated:
            new = self.migrated[number]
            raise bad("group chat was upgraded to a supergroup chat", migrate_to_chat_id=new)
        if number not in self.chats:
            raise bad("chat not found")
        if number in self.closed:
            raise Refusal(403, self.closed[number])
        return number

    def find(self, chat: int, number: object, otherwise: str = "message not found") -> Json:
        for message in self.messages.get(chat, ()):
            if str(message["message_id"]) == str(number):
                return message
        raise bad(otherwise)

    def markup(self, markup: object) -> Json | None:
        if markup in (None, ""):
            return None
        if not isinstance(markup, dict):
            raise bad("object expected as reply markup")
        rows = markup.get("inline_keyboard")
        if rows is None:
            return markup
        keys = [key for row in _rows(rows) for key in row]
        if len(keys) > 100:
            raise bad("REPLY_MARKUP_TOO_LONG")
        for key in keys:
            self._check(key)
        return {"inline_keyboard": rows} if keys else None

    def _check(self, key: Json) -> None:
        if not str(key.get("text", "")).strip():
            raise bad("can't parse inline keyboard button: text buttons are unallowed in the inline keyboard")
        if ("url" in key) == ("callback_data" in key):
            raise bad("can't parse inline keyboard button: exactly one action is expected")
        if "url" in key and not str(key["url"]).startswith(("https://", "http://", "tg://")):
            raise bad(f"inline keyboard button URL '{key['url']}' is invalid: Wrong port number")
        if "callback_data" in key and not 1 <= len(str(key["callback_data"]).encode()) <= CALLBACK:
            raise bad("BUTTON_DATA_INVALID")

    def _slow_down(self, chat: int) -> None:
        now = time.monotonic()
        if self.per_chat and now - self._last.get(chat, -1e9) < self.per_chat:
            wait = max(1, round(self.per_chat))
            raise Refusal(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        self._last[chat] = now

    def _message(self, chat: int, sender: Json) -> Json:
        message: Json = {"message_id": next(self._message_ids), "from": sender, "chat": self.chats[chat]}
        message["date"] = int(time.time())
        self.messages[chat].append(message)
        return message

    def _keep(self, content: bytes, folder: str) -> Json:
        number = next(self._ids)
        file_id = f"{folder}-file_{number}"
        self.files[file_id] = content
        return {"file_id": file_id, "file_unique_id": f"u{number}", "file_size": len(content)}

    def _sizes(self, content: bytes) -> list[Json]:
        small = self._keep(content[: len(content) // 8], "thumbs")
        return [
            small | {"width": 90, "height": 67},
            self._keep(content, "photos") | {"width": 1280, "height": 960},
        ]

    def noted(self) -> None:
        self.version += 1
        self.changed()


def _rows(rows: object) -> Iterable[list[Json]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad("field 'inline_keyboard' of the InlineKeyboardMarkup should be an Array of Arrays")
    return rows
