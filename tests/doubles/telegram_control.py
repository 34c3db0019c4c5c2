"""Driving the double of Telegram from a test: what citizens and officers do, and what they got to see.

It speaks HTTP with `/_control`, so it is the same whether the double runs in a thread or as a process. All
of it blocks; in an async test of a bot on the same loop, use `await asyncio.to_thread(double.wait_for, …)`.
"""

import base64
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


class TelegramControl:
    """The control side of a double at `url`."""

    def __init__(self, url: str) -> None:
        self.url = url

    def citizen(self, name: str = "Lê Thị Hoa", id: int | None = None) -> "Citizen":
        """A person who pressed "Start" once: the bot may write to them."""
        return Citizen(self, self.do("citizen", name=name, id=id)["id"])

    def group(self, title: str = "Cán bộ một cửa", id: int | None = None) -> int:
        """The id of a new group with the bot in it; citizens write to it with `chat=`."""
        return int(self.do("group", title=title, id=id)["id"])

    def migrate(self, group: int) -> int:
        """The group becomes another one; gives the new id."""
        return int(self.do("migrate", chat=group)["id"])

    def delete(self, chat: int, message: Json) -> None:
        self.do("delete", chat=chat, number=message["message_id"])

    def push(self, kind: str, body: Json) -> None:
        """Any update at all, well-formed or not."""
        self.do("push", kind=kind, body=body)

    def limit(self, *, per_chat: float) -> None:
        """Seconds that must pass between two messages to one chat, else 429."""
        self.do("limit", per_chat=per_chat)

    def fault(
        self,
        kind: str,
        *,
        method: str | None = None,
        chat: int | None = None,
        times: int = 1,
        retry_after: int = 0,
    ) -> None:
        """The next calls go wrong: "429", "403", "500", any other code, "silence" (no answer, nothing done),
        or "drop" (done, then the connection breaks)."""
        told = {
            "429": "Too Many Requests",
            "403": "Forbidden: bot was kicked",
            "500": "Internal Server Error",
        }
        fault: Json = {"kind": kind, "method": method, "times": times}
        fault["chat"] = None if chat is None else str(chat)
        if kind.isdecimal():
            parameters = {"retry_after": retry_after or 1} if kind == "429" else {}
            fault |= {"kind": "refuse", "code": int(kind), "parameters": parameters}
            fault["description"] = told.get(kind, f"error {kind}")
        self.do("fault", **fault)

    def state(self, after: int = -1, wait: float = 0.0) -> Json:
        """`version`, `messages` by chat, `taps`, `calls`, `commands`, `actions`, `pending`, `webhook`."""
        return self._ask(f"/_control/state?after={after}&wait={wait}", None, wait + 10)

    def messages(self, chat: int) -> list[Json]:
        """Everything said in a chat, oldest first."""
        return list(self.state()["messages"].get(str(chat), []))

    def said(self, chat: int) -> list[Json]:
        """What the bot said in a chat."""
        return [message for message in self.messages(chat) if message["from"]["is_bot"]]

    def calls(self, method: str) -> int:
        return int(self.state()["calls"].get(method, 0))

    def wait_for(self, predicate: Callable[[Json], object], timeout: float = 10.0) -> Any:
        """The first true value of `predicate(state)`, looked at again after each thing the bot does."""
        end, version = time.monotonic() + timeout, -1
        while (left := end - time.monotonic()) > 0:
            state = self.state(version, min(left, 5.0))
            if found := predicate(state):
                return found
            version = state["version"]
        raise AssertionError(f"not within {timeout} s; the bot said:\n{_told(self.state())}")

    def wait_for_text(self, chat: int, words: str, timeout: float = 10.0, after: int = 0) -> Json:
        """The bot's newest message in a chat that has these words; `after`: only above this message id."""

        def there(state: Json) -> Json | None:
            for message in reversed(state["messages"].get(str(chat), [])):
                text = message.get("text") or message.get("caption") or ""
                if message["from"]["is_bot"] and message["message_id"] > after and words in text:
                    return dict(message)
            return None

        return dict(self.wait_for(there, timeout))

    def do(self, action: str, **args: Any) -> Json:
        return self._ask(f"/_control/{action}", json.dumps(args).encode(), 30)

    def _ask(self, path: str, body: bytes | None, timeout: float) -> Json:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        request = urllib.request.Request(self.url + path, data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            with error:
                raise AssertionError(error.read().decode()) from None


class Citizen:
    """One person with a phone. Everything happens in their private chat unless `chat` names a group."""

    def __init__(self, control: TelegramControl, id: int) -> None:
        self.id = id
        self._control = control

    def says(self, text: str, *, chat: int | None = None, reply_to: Json | None = None) -> Json:
        number = reply_to["message_id"] if reply_to else None
        return self._control.do("post", who=self.id, chat=chat, reply_to=number, text=text)

    def sends_photo(self, content: bytes, caption: str = "", *, chat: int | None = None) -> Json:
        return self._upload(content, photo=True, caption=caption, chat=chat)

    def sends_document(
        self, content: bytes, name: str = "don.pdf", mime: str = "application/pdf", caption: str = ""
    ) -> Json:
        return self._upload(content, name=name, mime=mime, caption=caption)

    def shares_location(self, latitude: float, longitude: float) -> Json:
        return self._control.do("post", who=self.id, location={"latitude": latitude, "longitude": longitude})

    def shares_contact(self, phone: str) -> Json:
        contact = {"phone_number": phone, "first_name": "Hoa", "user_id": self.id}
        return self._control.do("post", who=self.id, contact=contact)

    def taps(
        self, button: str, message: Json | None = None, *, chat: int | None = None, forged: bool = False
    ) -> str:
        """Tap the button with this title or payload, on the newest message that has it; gives the tap's id.
        `forged`: send this payload although no button carries it."""
        where = chat or self.id
        shown = [message] if message else self._control.messages(where)[::-1]
        for each in shown:
            for key in _keys(each):
                if forged or button in (key["text"], key.get("callback_data")):
                    data = button if forged else key["callback_data"]
                    return self._tap(where, each, data, forged)
        if forged:
            return self._tap(where, shown[0], button, forged)
        raise AssertionError(f"no button {button!r} among {[k['text'] for m in shown for k in _keys(m)]}")

    def blocks(self) -> None:
        self._control.do("block", who=self.id)

    def unblocks(self) -> None:
        self._control.do("block", who=self.id, blocked=False)

    def got(self) -> list[Json]:
        """What the bot said to this person alone, oldest first."""
        return self._control.said(self.id)

    def reads(self, words: str, timeout: float = 10.0, after: int = 0) -> Json:
        """Wait for a message of the bot with these words."""
        return self._control.wait_for_text(self.id, words, timeout, after)

    def _tap(self, chat: int, message: Json, data: str, forged: bool) -> str:
        number = message["message_id"]
        return str(
            self._control.do("tap", who=self.id, chat=chat, message=number, data=data, forged=forged)["id"]
        )

    def _upload(self, content: bytes, **how: Any) -> Json:
        return self._control.do("upload", who=self.id, content=base64.b64encode(content).decode(), **how)


def _keys(message: Json) -> Sequence[Json]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [key for row in rows for key in row]


def _told(state: Json) -> str:
    return "\n".join(
        f"{chat}: {message.get('text') or message.get('caption') or '(file)'}"
        for chat, said in state["messages"].items()
        for message in said[-5:]
        if message["from"]["is_bot"]
    )
