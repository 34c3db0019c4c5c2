"""Every page has its door: permission, origin, session, headers; and nothing forged gets through."""

import hashlib
import logging
import re
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route

import bot.desk
from bot.core.permissions import CONTENT, MOVE, READ, USUAL
from bot.desk.guard import SIGNED_IN, safe_next
from bot.store.unclear import Fate
from tests.desk.desk_scene import PASSWORD, PNG, Browser

HELD = {READ, MOVE, CONTENT}
KNOWN = {None, SIGNED_IN} | HELD


def every_route(ward) -> list[Route]:
    routes = ward.routes()
    assert all(isinstance(route, Route) for route in routes)
    return routes


def try_door(browser: Browser, route: Route) -> int:
    """A well-formed request to this route, as far as its path goes."""
    path = "/desk" + re.sub(r"\{\w+(:int)?\}", lambda part: "1" if part[1] else "x", route.path)
    if "POST" in (route.methods or ()):
        return browser.submit(path, to="received", seen=0)
    return browser.get(path)


def test_every_route_names_the_permission_it_needs(ward):
    assert [route.path for route in every_route(ward) if route.endpoint.permission not in KNOWN] == []
    public = {route.path for route in every_route(ward) if route.endpoint.permission is None}
    assert public == {"/sign-in", "/static/{name:path}", "/{anything:path}"}


def test_nobody_gets_nothing_but_the_sign_in_page(ward, browser):
    ward.file(papers=(("giấy.png", PNG),))
    (message,) = ward.ask("cái kia làm sao")
    for route in every_route(ward):
        if route.endpoint.permission is not None:
            answer = try_door(browser, route)
            assert answer.status_code == 303, route.path
            assert answer.headers["location"].startswith("/desk/sign-in?next=/desk/"), route.path
    assert ward.keep(lambda tx: tx.dossiers.get(1)).version == 0
    assert ward.keep(lambda tx: tx.unclear.find(message)).fate is Fate.OPEN


@pytest.mark.parametrize(
    "held",
    [frozenset(), frozenset({READ}), USUAL, frozenset({CONTENT})],
    ids=["none", "read", "usual", "content"],
)
def test_an_officer_without_the_permission_is_told_so_everywhere(ward, browser, held):
    ward.file(papers=(("giấy.png", PNG),))
    (message,) = ward.ask("cái kia làm sao")
    ward.officer("nhung", "Chị Nhung", held)
    browser.recognised(ward.session_of("nhung"))
    for route in every_route(ward):
        permission = route.endpoint.permission
        if permission in HELD - held:
            answer = try_door(browser, route)
            assert answer.status_code == 403, route.path
            assert "chưa được phân quyền" in answer.text
    assert ward.keep(lambda tx: tx.dossiers.get(1)).version == 0
    assert ward.keep(lambda tx: tx.unclear.find(message)).fate is Fate.OPEN


def test_whoever_may_only_read_is_offered_no_step(ward, browser):
    ward.file()
    ward.officer("nhung", "Chị Nhung", frozenset({READ}))
    page = browser.recognised(ward.session_of("nhung")).get("/desk/dossiers/1").text

    assert "chỉ được xem" in page
    assert "/moves" not in page


def test_a_one_time_password_opens_only_the_page_where_another_is_chosen(ward, desk, lan):
    ward.keep(lambda tx: tx.officers.set_password(lan.id, ward.password_hash, must_change=True))
    for route in every_route(ward):
        if route.endpoint.permission in HELD or route.path.startswith("/account"):
            answer = try_door(desk, route)
            assert (answer.status_code, answer.headers["location"]) == (303, "/desk/password"), route.path


@pytest.mark.parametrize(
    ("headers", "let_through"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "http://desk.test"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://desk.test"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Origin": "http://evil.test"}, False),
        ({"Origin": "http://desk.test.evil.test"}, False),
        ({"Origin": "null"}, False),
        ({}, False),
    ],
)
def test_a_form_must_come_from_a_page_of_ours(ward, desk, headers, let_through):
    ward.file()
    answer = desk.post("/desk/dossiers/1/moves", data={"to": "received", "seen": "0"}, headers=headers)

    assert answer.status_code == (303 if let_through else 403)
    assert ward.keep(lambda tx: tx.dossiers.get(1)).version == int(let_through)


def test_every_answer_carries_its_headers(ward, desk, browser):
    ward.file()
    for path in ("/desk/", "/desk/dossiers/1", "/desk/news", "/desk/nowhere", "/desk/account"):
        headers = desk.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.test/desk/",
        "//evil.test",
        "/\\evil.test",
        "/desk//evil.test",
        "/deskevil",
        "/desk/../other",
        "javascript:alert(1)",
        "/desk/\r\nSet-Cookie: a=b",
        "",
    ],
)
def test_signing_in_never_leads_out_of_the_desk(lan, browser, wanted):
    answer = browser.submit("/desk/sign-in", username="lan", password=PASSWORD, next=wanted)

    assert answer.headers["location"] == "/desk/"


def test_signing_in_leads_to_where_one_was_going(ward, lan, browser):
    ward.file()
    asked = browser.get("/desk/dossiers/1?x=1").headers["location"]
    page = browser.get(asked).text
    wanted = re.search(r'name="next" value="([^"]*)"', page)[1]

    assert wanted == "/desk/dossiers/1?x=1"
    answer = browser.submit("/desk/sign-in", username="lan", password=PASSWORD, next=wanted)
    assert answer.headers["location"] == wanted
    assert safe_next("/desk", "/desk/?q=ho%C3%A0") == "/desk/?q=ho%C3%A0"


@pytest.mark.parametrize(
    "path",
    [
        "/desk/dossiers/2",
        "/desk/dossiers/0",
        "/desk/dossiers/99999999999999999999999",
        "/desk/dossiers/-1",
        "/desk/dossiers/1'--",
        "/desk/dossiers/1/files/..%2f..%2fmotcua.db",
        "/desk/?tab=khong-co",
        "/desk/?before=abc",
        "/desk/static/../routes.py",
        "/desk/static/..%2froutes.py",
        "/desk/templates/base.html",
    ],
)
def test_a_forged_address_finds_nothing(ward, desk, path):
    ward.file()

    answer = desk.get(path)

    assert answer.status_code == 404
    assert "Không tìm thấy" in answer.text


def test_a_body_beyond_any_form_is_refused(desk):
    assert desk.submit("/desk/dossiers/1/moves", note="x" * 70_000).status_code == 413


def test_a_fault_of_ours_shows_a_page_and_a_number_and_nothing_else(ward, desk, monkeypatch, caplog):
    def fail(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("bot.store.dossiers.Dossiers.count", fail)
    with caplog.at_level(logging.ERROR):
        answer = desk.get("/desk/")

    assert answer.status_code == 500
    assert "Bàn làm việc đang gặp lỗi" in answer.text
    assert "secret" not in answer.text
    incident = re.search(r"mã này: (\w+)", answer.text)[1]
    assert incident in caplog.text


def test_over_https_the_cookie_is_bound_to_this_host(ward, lan):
    routes = ward.routes(secure=True)
    browser = Browser(Starlette(routes=[Mount("/desk", routes=routes)]))
    cookie = browser.submit("/desk/sign-in", username="lan", password=PASSWORD).headers["set-cookie"]

    assert cookie.startswith("__Host-")
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= set(cookie.split("; "))


def test_polling_is_no_sign_that_somebody_is_there(ward, desk):
    for _ in range(4):
        ward.clock.pass_by(timedelta(minutes=9))
        answer = desk.get("/desk/news", headers={"HX-Request": "true"})

    assert answer.status_code == 401
    assert answer.headers["hx-redirect"].startswith("/desk/sign-in")


def test_what_we_took_from_others_is_what_it_says():
    folder = Path(bot.desk.__file__).parent / "static" / "vendor"
    listed = dict(
        re.findall(r"^\| `([^`]+)` .*`([0-9a-f]{64})` \|$", (folder / "VENDOR.md").read_text(), re.M)
    )
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.suffix in {".js", ".woff2"}
    }

    assert listed == found


def test_assets_are_kept_by_the_browser_only_under_their_own_digest(desk):
    page = desk.get("/desk/").text
    address = re.search(r'href="([^"]*desk\.css[^"]*)"', page)[1]

    assert "immutable" in desk.get(address).headers["cache-control"]
    assert "immutable" not in desk.get("/desk/static/desk.css?v=old").headers["cache-control"]
