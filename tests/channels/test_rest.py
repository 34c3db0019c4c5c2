"""REST: Rasa's JSON in and out, who is let in, and what bad input is told."""

import asyncio
import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels.rest import RestChannel
from bot.core.errors import Unreachable
from bot.core.messages import Attachment, Button, Choice, Collect, Incoming, Place, Reply, Row
from tests.channels.door import ScriptedDoor
from tests.channels.server import serving

WEBHOOK, MESSAGES = "/webhooks/rest/webhook", "/webhooks/rest/messages"
HERE = ("127.0.0.1", 40000)
PNG = b"\x89PNG\r\n\x1a\n rest of it"


@pytest.fixture
def door(tmp_path: Path) -> ScriptedDoor:
    return ScriptedDoor(tmp_path)


def client(
    door: ScriptedDoor, *, peer: tuple[str, int] = HERE, host: str = "127.0.0.1:8000", **options: Any
) -> httpx.AsyncClient:
    app = Starlette(routes=RestChannel(door, **options).routes())
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=peer), base_url=f"http://{host}")


async def post(door: ScriptedDoor, body: Any, **options: Any) -> Any:
    async with client(door, **options) as http:
        answer = await http.post(WEBHOOK, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_message_is_answered(door: ScriptedDoor) -> None:
    assert await post(door, {"sender": "hoa", "message": "lệ phí"}) == [
        {"recipient_id": "hoa", "text": "lệ phí"}
    ]
    (heard,) = door.heard
    assert (heard.channel, heard.sender, heard.text, heard.tapped) == ("rest", "hoa", "lệ phí", None)
    assert door.settled == [1]


@pytest.mark.parametrize(
    ("message", "text", "tapped"),
    [
        ("/SetSlots(xac_nhan=true)", "", "/SetSlots(xac_nhan=true)"),
        ("/Cancel ", "", "/Cancel"),
        ("/ không phải nút", "/ không phải nút", None),
        ("/1/2", "/1/2", None),
        ("", "", None),
        (None, "", None),
        ("x" * 100_000, "x" * 4_000, None),
        ("a\u0000b", "ab", None),
    ],
)
async def test_buttons_come_back_as_taps(
    door: ScriptedDoor, message: str | None, text: str, tapped: str | None
) -> None:
    await post(door, {"sender": "hoa", "message": message})
    assert (door.heard[0].text, door.heard[0].tapped) == (text, tapped)


async def test_what_is_asked_for_goes_along(door: ScriptedDoor) -> None:
    door.script = lambda _: (
        Reply(
            text="Việc gì ạ?",
            buttons=(Button(title="Lệ phí", payload="/Ask(fee)"), Button(title="Cổng", url="https://x.vn")),
            collect=Collect(slot="viec", type="choice", choices=(Choice(id="a", title="A"),)),
        ),
    )
    (said,) = await post(door, {"sender": "hoa", "message": "chào"})
    assert said == {
        "recipient_id": "hoa",
        "text": "Việc gì ạ?",
        "buttons": [
            {"title": "Lệ phí", "payload": "/Ask(fee)"},
            {"title": "Cổng", "payload": "", "url": "https://x.vn"},
        ],
        "custom": {
            "collect": {
                "slot": "viec", "type": "choice", "required": True, "choices": [{"id": "a", "title": "A"}],
            }
        },
    }  # fmt: skip


async def test_rows_are_in_the_text_too(door: ScriptedDoor) -> None:
    row = Row(label="Tên", value="An Nhiên", payload="/Correct(ten)")
    door.script = lambda _: (Reply(text="Kiểm tra giúp", rows=(row,)),)
    (said,) = await post(door, {"sender": "hoa", "message": "xong"})
    assert said["text"] == "Kiểm tra giúp\n\nTên: An Nhiên"
    assert said["custom"] == {"rows": [{"label": "Tên", "value": "An Nhiên", "payload": "/Correct(ten)"}]}


async def test_files_go_both_ways(door: ScriptedDoor) -> None:
    def answer(incoming: Incoming) -> Sequence[Reply]:
        return (Reply(text="Đã nhận", files=incoming.files),)

    door.script = answer
    data = base64.b64encode(PNG).decode()
    files = [{"name": "a.png", "mime": "x", "data": data}, {"name": "b", "mime": "text/plain", "data": ""}]
    async with client(door) as http:
        sent = {"sender": "hoa", "message": "", "attachments": files}
        text, image, _ = (await http.post(WEBHOOK, json=sent)).json()
        shown = await http.get(image["image"])
        theirs = await http.get(image["image"].replace("hoa", "lan"))
    assert text == {"recipient_id": "hoa", "text": "Đã nhận"}
    assert (shown.content, shown.headers["x-content-type-options"]) == (PNG, "nosniff")
    assert "sandbox" in shown.headers["content-security-policy"]
    assert theirs.status_code == 404
    assert door.heard[0].files == (
        Attachment(name="a.png", mime="image/png", size=len(PNG), file="f1"),
        Attachment(name="b", mime="text/plain", refused="empty"),
    )


async def test_a_place_is_a_place(door: ScriptedDoor) -> None:
    place = {"latitude": 10.7, "longitude": 106.5}
    await post(door, {"sender": "hoa", "message": "", "metadata": {"place": place, "other": [1]}})
    assert door.heard[0].place == Place(latitude=10.7, longitude=106.5)


async def test_the_same_message_twice_is_one_message_of_that_sender(door: ScriptedDoor) -> None:
    body = {"sender": "hoa", "message": "nộp", "metadata": {"message_id": "m1"}}
    assert await post(door, body) == await post(door, body)
    await post(door, body | {"sender": "lan"})
    assert [heard.external_id for heard in door.heard] == ["hoa:m1", "lan:m1"]


async def test_notices_are_fetched_and_waited_for(door: ScriptedDoor) -> None:
    async with client(door) as http:
        assert (await http.get(MESSAGES, params={"sender": "hoa"})).json() == []
        waiting = asyncio.create_task(http.get(MESSAGES, params={"sender": "hoa", "wait": 20}))
        await asyncio.sleep(0)
        await door.owe("hoa", Reply(text="Hồ sơ đã xong"))
        answer = (await waiting).json()
        again = (await http.get(MESSAGES, params={"sender": "hoa"})).json()
        newer = (await http.get(MESSAGES, params={"sender": "hoa", "after": 1})).json()
    assert answer == [{"recipient_id": "hoa", "text": "Hồ sơ đã xong", "custom": {"id": 1}}]
    assert (again, newer) == ([], [])


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"{", 400, "không đúng dạng"),
        (b"[]", 400, "không đúng dạng"),
        (b"\xff\xff", 400, "không đúng dạng"),
        (b"[" * 50_000, 400, "không đúng dạng"),
        (b'{"message": "x"}', 400, "sender"),
        (b'{"sender": " ", "message": "x"}', 400, "sender"),
        (b'{"sender": 7, "message": "x"}', 400, "sender"),
        (b'{"sender": "a", "message": {"x": 1}}', 400, "message"),
        (b'{"sender": "a", "attachments": [{"data": "***"}]}', 400, "data"),
        (b'{"sender": "a", "metadata": {"place": {"latitude": 91, "longitude": 0}}}', 400, "latitude"),
        (b'{"sender": "a", "attachments": [' + b"{}," * 20 + b"{}]}", 400, "attachments"),
        (b" " * 2_000_001, 413, "Tệp quá lớn"),
    ],
)
async def test_bad_input_gets_a_clear_answer(
    door: ScriptedDoor, body: bytes, status: int, words: str
) -> None:
    async with client(door, body_limit=2_000_000) as http:
        answer = await http.post(WEBHOOK, content=body)
    assert answer.status_code == status
    assert words in answer.json()[0]["text"]
    assert door.heard == []


@pytest.mark.parametrize("query", [{}, {"sender": "a", "after": "x"}, {"sender": "a", "wait": "nan"}])
async def test_a_bad_question_for_notices_is_told(door: ScriptedDoor, query: dict[str, str]) -> None:
    async with client(door) as http:
        assert (await http.get(MESSAGES, params=query)).status_code == 400


async def test_a_failure_is_an_apology_and_the_repeat_succeeds(door: ScriptedDoor) -> None:
    door.failures = 1
    async with client(door) as http:
        body = {"sender": "hoa", "message": "nộp", "metadata": {"message_id": 5}}
        first, second = await http.post(WEBHOOK, json=body), await http.post(WEBHOOK, json=body)
    assert (first.status_code, second.status_code) == (503, 200)
    assert "gửi lại" in first.json()[0]["text"]


TOKEN = {"Authorization": "Bearer bí-mật".encode()}


@pytest.mark.parametrize(
    ("options", "headers", "status"),
    [
        ({}, {}, 200),
        ({"host": "localhost"}, {}, 200),
        ({"host": "[::1]:80", "peer": ("::1", 1)}, {}, 200),
        ({"peer": ("::ffff:127.0.0.1", 1)}, {}, 200),
        ({"peer": ("10.0.0.9", 1)}, {}, 401),
        ({"peer": ("10.0.0.9", 1), "token": "bí-mật"}, {}, 401),
        ({"peer": ("10.0.0.9", 1), "token": "bí-mật"}, TOKEN, 200),
        ({"peer": ("10.0.0.9", 1), "token": "khác"}, TOKEN, 401),
        ({"peer": ("10.0.0.9", 1)}, {"Authorization": "Bearer "}, 401),
        ({}, {"X-Forwarded-For": "127.0.0.1"}, 401),
        ({}, {"Forwarded": "for=1.2.3.4"}, 401),
        ({"host": "evil.example"}, {}, 401),
        ({}, {"Sec-Fetch-Site": "cross-site"}, 401),
    ],
)
async def test_rest_is_never_open(
    door: ScriptedDoor, options: dict[str, Any], headers: dict[str, Any], status: int
) -> None:
    async with client(door, **options) as http:
        for answer in (
            await http.post(WEBHOOK, json={"sender": "a", "message": "x"}, headers=headers),
            await http.get(MESSAGES, params={"sender": "a"}, headers=headers),
        ):
            assert answer.status_code == status
            assert isinstance(answer.json(), list)


async def test_a_60_mb_file_is_refused_in_words_over_a_real_connection(door: ScriptedDoor) -> None:
    async with (
        serving(Starlette(routes=RestChannel(door).routes())) as url,
        httpx.AsyncClient(base_url=url, timeout=30) as http,
    ):
        part = b"A" * 1_000_000

        async def drip() -> Any:
            for _ in range(80):
                yield part

        at_once = await http.post(WEBHOOK, content=part * 80)
        dripped = await http.post(WEBHOOK, content=drip())
        after = await http.post(WEBHOOK, json={"sender": "hoa", "message": "còn đó không"})
    for answer in (at_once, dripped):
        assert answer.status_code == 413
        assert "Tệp quá lớn" in answer.json()[0]["text"]
    assert after.status_code == 200


async def test_nothing_is_pushed(door: ScriptedDoor) -> None:
    channel = RestChannel(door)
    assert channel.pushes is False
    with pytest.raises(Unreachable):
        await channel.send("hoa", Reply(text="x"))
