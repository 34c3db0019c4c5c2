"""A clerk's morning in a real browser: with and without JavaScript, narrow and wide, axe silent."""

import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from starlette.applications import Starlette

from bot.core.permissions import CONTENT, USUAL
from bot.services import sign_in
from tests.desk.desk_scene import PASSWORD, PDF, PNG, Ward

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
NARROW, WIDE = 360, 1280
#: Elements whose own text is under 16 px, or set closer than 1.6 (headings are large, and set closer).
SMALL_TEXT = """
[...document.querySelectorAll("body *")].filter((element) => {
  const words = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const style = getComputedStyle(element), size = parseFloat(style.fontSize);
  const close = parseFloat(style.lineHeight) < 1.6 * size - 0.1 && !element.matches("h1, h2, h3");
  return words && element.checkVisibility() && (size < 16 || close);
}).map((element) => element.outerHTML)
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def address(app: Starlette) -> Iterator[str]:
    """The desk behind a real server. The socket listens before the server runs: nobody waits for it."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, ws="none", log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/desk"
    server.should_exit = True
    thread.join()
    listening.close()


@pytest.fixture(params=[NARROW, WIDE], ids=["narrow", "wide"])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def visitor(chromium: Browser, width: int, *, scripts: bool = True) -> BrowserContext:
    context = chromium.new_context(viewport={"width": width, "height": 800}, java_script_enabled=scripts)
    context.set_default_timeout(10_000)
    return context


def come_in(page: Page, address: str, username: str, password: str) -> None:
    page.goto(f"{address}/")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()


def ask_for_news(page: Page) -> None:
    """What the page does by itself after a while; its scripts come after its words, so wait for them."""
    page.wait_for_load_state("load")
    page.evaluate("htmx.trigger('#news', 'wake')")


def find_nothing_wrong(page: Page) -> None:
    """axe is silent, nothing sticks out of the screen, and all text is large enough to read."""
    asked = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    problems = Axe().run(page, options=asked).response["violations"]
    assert [(p["id"], [n["html"] for n in p["nodes"]]) for p in problems] == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
        f"{page.url} is too wide"
    )


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_a_clerk_comes_in_for_the_first_time_and_asks_for_a_clearer_photo(
    chromium: Browser, address: str, ward: Ward, width: int, scripts: bool
) -> None:
    once = sign_in.one_time_password()
    ward.keep(
        lambda tx: sign_in.add_officer(
            tx, username="lan", name="Chị Lan", permissions=USUAL, once=once, now=ward.clock.now
        )
    )
    dossier = ward.file(papers=(("giấy chứng sinh.png", PNG), ("đơn.pdf", PDF)))
    context = visitor(chromium, width, scripts=scripts)
    page = context.new_page()

    come_in(page, address, "lan", once.text)
    page.get_by_label("Mật khẩu mới", exact=True).fill(PASSWORD)
    page.get_by_label("Nhập lại mật khẩu mới").fill(PASSWORD)
    page.get_by_role("button", name="Lưu mật khẩu").click()
    expect(page.get_by_role("heading", name="Hồ sơ", exact=True)).to_be_visible()

    page.get_by_role("link", name=dossier.code).click()
    expect(page.get_by_text("079196012345")).to_be_visible()
    page.locator("summary", has_text="Yêu cầu bổ sung").click()
    form = page.locator("details[open]")
    form.get_by_label("Ảnh giấy tờ bị mờ").check()
    form.get_by_label("Viết thêm").fill("Giấy chứng sinh")
    form.get_by_role("button", name="Yêu cầu bổ sung").click()

    expect(page.get_by_role("status")).to_contain_text("Đã ghi: Chờ bổ sung")
    newest = page.locator(".timeline li").first
    expect(newest).to_contain_text("Chị Lan")
    expect(newest).to_contain_text("chụp lại giúp cho rõ. Giấy chứng sinh")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth") if scripts else True
    context.close()


def test_every_page_is_good_for_everybody(chromium: Browser, address: str, ward: Ward, width: int) -> None:
    ward.officer("lan", "Chị Lan", USUAL | {CONTENT})
    ward.officer("nhung", "Chị Nhung", frozenset())
    dossier = ward.file(papers=(("giấy chứng sinh.png", PNG), ("đơn.pdf", PDF)))
    ward.file("Trần Văn Bình", "hen_chung_thuc", kind="lich_hen")
    ward.keep(lambda tx: tx.dossiers.call_officer(dossier.person, "Hỏi về giấy chứng sinh", ward.clock.now))
    ward.ask("cái này sao", "tôi là Nở hỏi cái kia")
    context = visitor(chromium, width)
    page = context.new_page()

    page.goto(f"{address}/sign-in")
    find_nothing_wrong(page)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("alert")).to_be_focused()
    find_nothing_wrong(page)
    come_in(page, address, "lan", PASSWORD)
    for path in ("/", "/?tab=finished", "/?q=hoa", "/calls", "/unclear", "/account", "/password", "/nowhere"):
        page.goto(address + path)
        find_nothing_wrong(page)
    page.goto(f"{address}/dossiers/{dossier.id}")
    find_nothing_wrong(page)
    page.locator("summary", has_text="Yêu cầu bổ sung").click()
    page.locator("details[open]").get_by_role("button").click()
    expect(page.get_by_role("alert")).to_be_focused()
    find_nothing_wrong(page)
    ward.keep(lambda tx: tx.officers.close_sessions_of(1))
    come_in(page, address, "nhung", PASSWORD)
    expect(page.get_by_role("heading", name="Anh/chị chưa được phân quyền")).to_be_visible()
    find_nothing_wrong(page)
    context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_a_message_is_labelled_and_the_label_taken_back(
    chromium: Browser, address: str, ward: Ward, width: int, scripts: bool
) -> None:
    ward.officer("lan", "Chị Lan", USUAL | {CONTENT})
    ward.ask("cái này sao", "cho hỏi dài " + "thiệt là dài " * 20, "em Nở hỏi cái kia", "em Nở hỏi cái kia")
    context = visitor(chromium, width, scripts=scripts)
    page = context.new_page()
    come_in(page, address, "lan", PASSWORD)
    page.get_by_role("link", name="Câu chưa hiểu").click()
    first = page.locator(".messages > li").first
    expect(first.get_by_role("heading")).to_have_text("em [tên] hỏi cái kia")
    find_nothing_wrong(page) if scripts else None

    first.get_by_role("button", name="Lưu nhãn").click()
    expect(page.get_by_role("alert")).to_contain_text("Anh/chị chọn ý của câu")
    find_nothing_wrong(page) if scripts else None
    first.get_by_label("Ý của câu").select_option("Hỏi giấy tờ")
    first.get_by_label("Thủ tục", exact=True).fill("cấp thẻ căn cước")
    first.locator("summary").click()
    first.get_by_label("Câu để trợ lý học").fill("hỏi cái kia cần giấy gì")
    first.get_by_role("button", name="Lưu nhãn").click()

    expect(page.get_by_role("status")).to_contain_text("Đã lưu nhãn")
    settled = page.get_by_role("region", name="Đã xử lý")
    expect(settled).to_contain_text("hỏi cái kia cần giấy gì")
    expect(settled).to_contain_text("Hỏi giấy tờ")
    find_nothing_wrong(page) if scripts else None
    settled.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_role("status")).to_contain_text("trở lại danh sách chờ")
    expect(first.get_by_role("heading")).to_have_text("hỏi cái kia cần giấy gì")
    context.close()


def test_the_list_tells_of_new_dossiers_without_being_asked(
    chromium: Browser, address: str, ward: Ward
) -> None:
    ward.officer("lan", "Chị Lan")
    context = visitor(chromium, WIDE)
    page = context.new_page()
    come_in(page, address, "lan", PASSWORD)
    expect(page.locator("#news")).to_be_attached()
    ward.file()
    ask_for_news(page)

    expect(page.locator("#news")).to_contain_text("Có 1 hồ sơ mới")
    find_nothing_wrong(page)
    context.close()


def test_nobody_is_asked_for_news_while_the_page_is_out_of_sight(
    chromium: Browser, address: str, ward: Ward
) -> None:
    ward.officer("lan", "Chị Lan")
    context = visitor(chromium, WIDE)
    page = context.new_page()
    come_in(page, address, "lan", PASSWORD)
    expect(page.locator("#news")).to_be_attached()
    asked: list[str] = []
    page.on(
        "request",  # the browser fetches the page's icon when it likes
        lambda request: asked.append(request.url) if "/static/" not in request.url else None,
    )
    hide = "hidden => Object.defineProperty(document, 'hidden', {configurable: true, get: () => hidden})"
    page.evaluate(hide, True)
    ask_for_news(page)
    assert asked == []

    page.evaluate(hide, False)
    with page.expect_request("**/news?*"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    context.close()


def test_the_list_sends_a_browser_whose_session_ended_to_sign_in(
    chromium: Browser, address: str, ward: Ward
) -> None:
    lan = ward.officer("lan", "Chị Lan")
    context = visitor(chromium, WIDE)
    page = context.new_page()
    come_in(page, address, "lan", PASSWORD)
    expect(page.locator("#news")).to_be_attached()
    ward.keep(lambda tx: tx.officers.close_sessions_of(lan.id))
    ask_for_news(page)

    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    context.close()


def test_no_page_breaks_its_own_content_policy(chromium: Browser, address: str, ward: Ward) -> None:
    ward.officer("lan", "Chị Lan", USUAL | {CONTENT})
    dossier = ward.file(papers=(("giấy chứng sinh.png", PNG),))
    ward.ask("cái này sao")
    context = visitor(chromium, WIDE)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    come_in(page, address, "lan", PASSWORD)
    for path in ("/", "/calls", "/unclear", "/account", f"/dossiers/{dossier.id}"):
        page.goto(address + path)
        page.wait_for_load_state("networkidle")

    assert said == []
    context.close()
