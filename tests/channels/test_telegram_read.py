"""What Telegram sends, read into our words. The payloads are in `tests/payloads/telegram`."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram_read import read
from bot.core.messages import Attachment, Incoming, Place

PAYLOADS = Path(__file__).parents[1] / "payloads" / "telegram"

GROUP = "-1001234567890"


def payload(name: str) -> dict[str, Any]:
    return dict(json.loads((PAYLOADS / f"{name}.json").read_text()))


def hoa(name: str, **fields: Any) -> Incoming:
    number = str(payload(name)["update_id"])
    known = {"sender": "812345678", "sender_name": "Lê Thị Hoa"} | fields
    return Incoming(channel="telegram", external_id=number, **known)


def lan(name: str, **fields: Any) -> Incoming:
    return hoa(name, sender="712345678", sender_name="Lan", group=GROUP, **fields)


def photo(number: int, message: int) -> Attachment:
    remote = f"AgACAgUAAxkBAAIB{number}y"
    return Attachment(name=f"anh-{message}.jpg", mime="image/jpeg", size=183211, remote=remote)


PDF = Attachment(
    name="Giấy chứng sinh.pdf", mime="application/pdf", size=482113, remote="BQACAgUAAxkBAAIBdoc"
)
VOICE = Attachment(name="ghi-am.ogg", mime="audio/ogg", size=15021, remote="AwACAgUAAxkBAAIBvoi")

TAP = {"reply_to": "17", "callback": "3489019283746501"}

EXPECTED = {
    "private_text": hoa("private_text", text="làm khai sinh cần giấy tờ gì"),
    "start_deep_link": hoa("start_deep_link", text="/start kp-binh-duc-1"),
    "tap": hoa("tap", tapped="/SetSlots(xac_nhan=true)", **TAP),
    "tap_in_group": lan("tap_in_group", tapped="/Take(4)", reply_to="40", callback="3489019283746502"),
    "tap_on_old_message": hoa(
        "tap_on_old_message", tapped="/Cancel", reply_to="3", callback="3489019283746503"
    ),
    "photo": hoa("photo", files=(photo(1, 23),)),
    "photo_with_caption": hoa("photo_with_caption", text="mặt sau căn cước", files=(photo(2, 24),)),
    "album_first": hoa("album_first", text="hai trang", files=(photo(3, 25),)),
    "album_second": hoa("album_second", files=(photo(4, 26),)),
    "document": hoa("document", files=(PDF,)),
    "voice": hoa("voice", files=(VOICE,)),
    "sticker": hoa("sticker", text="👍"),
    "location": hoa("location", place=Place(latitude=10.6969, longitude=106.4862)),
    "contact": hoa("contact", text="84901234567"),
    "reply": hoa("reply", text="05/11/2026", reply_to="17"),
    "group_text": lan("group_text", text="thiếu mặt sau căn cước", reply_to="40"),
    "group_command": lan("group_command", text="/huy nhầm"),
    "group_joined": None,
    "edited": None,
    "channel_post": None,
    "blocked": None,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_payload_is_read(name: str) -> None:
    expected = EXPECTED[name]
    assert read(payload(name)) == ([] if expected is None else [expected])


def test_every_payload_has_an_expectation() -> None:
    assert {path.stem for path in PAYLOADS.glob("*.json")} == set(EXPECTED)


def test_text_that_no_database_takes_is_cleaned() -> None:
    update = payload("private_text")
    update["message"]["text"] = "a\x00b\ud800c\r\nd 👶"
    assert read(update)[0].text == "abc\nd 👶"


def test_other_bots_are_not_listened_to() -> None:
    update = payload("group_text")
    update["message"]["from"]["is_bot"] = True
    assert read(update) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_whatever_comes_is_no_exception(update: object) -> None:
    assert read(update) == []


@st.composite
def bent(draw: st.DrawFn) -> dict[str, Any]:
    """A real update with one value, anywhere in it, replaced by anything."""
    update = payload(draw(st.sampled_from(sorted(EXPECTED))))
    at: Any = update
    while True:
        key = draw(st.sampled_from(sorted(at))) if isinstance(at, dict) else draw(st.integers(0, len(at) - 1))
        below = at[key]
        if not isinstance(below, dict | list) or not below or draw(st.booleans()):
            at[key] = draw(JSON | st.integers(min_value=10**5000 - 3, max_value=10**5000))
            return update
        at = below


@given(bent())
def test_a_bent_update_is_no_exception(update: dict[str, Any]) -> None:
    for incoming in read(update):
        assert incoming.external_id
        assert incoming.sender
        incoming.text.encode()
