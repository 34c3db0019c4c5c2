"""The web chat's routes: who somebody is, who may post, what is shown to whom."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels.web import WebChannel
from bot.core.messages import Attachment, Incoming, Reply
from tests.channels.chat_script import PAGE, WELCOME, script
from tests.channels.door import ScriptedDoor

SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def door(tmp_path: Path) -> ScriptedDoor:
    return ScriptedDoor(tmp_path, script)


def visit(door: ScriptedDoor, *, host: str = "http://phuong.example", **options: Any) -> httpx.AsyncClient:
    app = Starlette(routes=WebChannel(door, PAGE, **options).routes())
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=host, headers=SAME)


async def test_a_visitor_gets_a_cookie_of_their_own(door: ScriptedDoor) -> None:
    async with visit(door) as one, visit(door) as other:
        cookies = [(await each.get("/")).headers["set-cookie"] for each in (one, other)]
        assert (await one.get("/")).cookies == one.cookies, "and keeps it"
    assert cookies[0] != cookies[1]
    assert all("HttpOnly" in cookie and "SameSite=lax" in cookie for cookie in cookies)
    assert "Secure" not in cookies[0]


async def test_over_https_the_cookie_belongs_to_this_host_alone(door: ScriptedDoor) -> None:
    async with visit(door, public_url="https://phuong.example/") as http:
        cookie = (await http.get("/")).headers["set-cookie"]
    assert cookie.startswith("__Host-motcua=")
    assert "; Path=/;" in cookie
    assert "; Secure" in cookie


async def test_the_page_runs_only_its_own_scripts(door: ScriptedDoor) -> None:
    async with visit(door) as http:
        page = await http.get("/")
        script_at = page.text.split('type="module" src="')[1].split('"')[0]
        code = await http.get(script_at)
        missing = await http.get("/chat/static/x/index.html")
    assert "unsafe" not in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    assert "<style" not in page.text
    assert " style=" not in page.text
    assert code.headers["content-encoding"] == "gzip"
    assert "immutable" in code.headers["cache-control"]
    assert missing.status_code == 404


async def test_the_sender_is_the_cookie_and_never_the_body(door: ScriptedDoor) -> None:
    async with visit(door) as http:
        await http.get("/")
        await http.post("/chat/messages", json={"sender": "hoa", "message": "chào"})
        assert door.heard[0].sender == http.cookies["motcua"]


async def test_without_a_cookie_nobody_speaks(door: ScriptedDoor) -> None:
    async with visit(door) as http:
        for cookie in ("", "motcua=short", "motcua=" + "a" * 33):
            headers = {"Cookie": cookie}
            assert (
                await http.post("/chat/messages", json={"message": "x"}, headers=headers)
            ).status_code == 401
            assert (await http.get("/chat/messages", headers=headers)).status_code == 401
            assert (await http.get("/chat/history", headers=headers)).status_code == 401
    assert door.heard == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://phuong.example"}, 403),
        ({"Origin": "http://phuong.example"}, 200),
        ({"Origin": "https://public.example"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
)
async def test_only_our_own_page_posts(door: ScriptedDoor, headers: dict[str, str], status: int) -> None:
    app = Starlette(routes=WebChannel(door, PAGE, public_url="https://public.example").routes())
    cookie = {"Cookie": "__Host-motcua=" + "a" * 32}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://phuong.example"
    ) as http:
        for path in ("/chat/messages", "/chat/plain"):
            answer = await http.post(path, content=b'{"message": "x"}', headers=headers | cookie)
            assert answer.status_code in (status, 303)
            assert (answer.status_code == 403) == (status == 403)


async def test_history_shows_both_sides_and_taps_by_their_title(door: ScriptedDoor) -> None:
    async with visit(door) as http:
        await http.get("/")
        (welcome,) = (await http.get("/chat/history")).json()
        assert welcome["messages"][0]["text"] == WELCOME.text
        await http.post("/chat/messages", json={"message": "lam khai sinh can giay to gi"})
        await http.post("/chat/messages", json={"message": "/Ask(1)"})
        lines = (await http.get("/chat/history")).json()
    assert [(line["mine"], line["messages"][0]["text"][:13]) for line in lines] == [
        (True, "lam khai sinh"), (False, "Đăng ký khai "), (True, "Lệ phí"), (False, "Tôi chưa hiểu"),
    ]  # fmt: skip


async def test_a_notice_wakes_the_page(door: ScriptedDoor) -> None:
    async with visit(door) as http:
        await http.get("/")
        waiting = asyncio.create_task(http.get("/chat/messages", params={"wait": 25}))
        await door.owe(http.cookies["motcua"], Reply(text="Hồ sơ đã xong"))
        assert (await waiting).json()[0]["text"] == "Hồ sơ đã xong"
        assert door.settled == [1]


async def test_closing_sends_those_who_wait_home(door: ScriptedDoor) -> None:
    channel = WebChannel(door, PAGE)
    app = Starlette(routes=channel.routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as http:
        await http.get("/")
        waiting = asyncio.create_task(http.get("/chat/messages", params={"wait": 25}))
        await asyncio.sleep(0)
        await channel.close()
        assert (await waiting).json() == []
        assert (await http.get("/chat/messages", params={"wait": 25})).json() == []


async def test_a_file_is_shown_to_its_owner_only(door: ScriptedDoor) -> None:
    html = await door.keep_file("x.html", b"<script>alert(1)</script>")
    async with visit(door) as hoa, visit(door) as lan:
        for each in (hoa, lan):
            await each.get("/")
        door.let_see(hoa.cookies["motcua"], html.file or "")
        hers, others = [await each.get(f"/chat/files/{html.file}") for each in (hoa, lan)]
    assert (hers.status_code, others.status_code) == (200, 404)
    assert hers.headers["content-disposition"].startswith("attachment")
    assert hers.headers["content-type"] == "application/octet-stream"


async def test_without_javascript_a_form_does_it(door: ScriptedDoor) -> None:
    async with visit(door) as http:
        page = await http.get("/?plain=1")
        assert "Nộp hồ sơ" in page.text
        tapped = await http.post("/chat/plain", data={"tap": "/StartFlow(khai_sinh)", "message": ""})
        assert (tapped.status_code, tapped.headers["location"]) == (303, "/?plain=1#cuoi")
        await http.post(
            "/chat/plain", data={"message": "<b>Hoa</b>"}, files={"file": ("a.png", b"\x89PNG..")}
        )
        page = await http.get("/?plain=1")
    assert "Câu 1/9" in page.text
    assert "&lt;b&gt;Hoa&lt;/b&gt;" in page.text
    assert door.heard[1].files[0] == Attachment(name="a.png", mime="image/png", size=6, file="f1")
    assert "<script" not in page.text


async def test_a_body_that_is_too_large_is_told(door: ScriptedDoor) -> None:
    async with visit(door, body_limit=1000) as http:
        await http.get("/")
        answer = await http.post("/chat/messages", content=json.dumps({"message": "x" * 1000}))
        form = await http.post("/chat/plain", files={"file": ("a", b"x" * 1001)})
    assert answer.status_code == form.status_code == 413
    assert "quá lớn" in answer.json()[0]["text"]


async def test_what_channels_must_be_able_to_do_is_harmless(door: ScriptedDoor) -> None:
    channel = WebChannel(door, PAGE)
    await channel.acknowledge(Incoming(channel="web", external_id="1", sender="a"))
    assert (channel.name, channel.pushes) == ("web", False)
