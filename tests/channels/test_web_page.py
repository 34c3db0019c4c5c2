"""The web chat in a real browser: a whole conversation, by keyboard, off-line, after a reload; axe."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright, expect
from starlette.applications import Starlette

from bot.channels.web import WebChannel
from bot.core.messages import Reply
from tests.channels.chat_script import PAGE, script
from tests.channels.door import ScriptedDoor
from tests.channels.server import serving

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.browser,
]

QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip
AA = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


@pytest.fixture
def door(tmp_path: Path) -> ScriptedDoor:
    return ScriptedDoor(tmp_path, script)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def url(door: ScriptedDoor) -> AsyncIterator[str]:
    channel = WebChannel(door, PAGE)
    async with serving(Starlette(routes=channel.routes())) as url:
        yield url
        await channel.close()


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, url: str) -> AsyncIterator[Page]:
    """A cheap phone. Nothing may be loaded from elsewhere and no script may fail."""
    context = await browser.new_context(
        viewport={"width": 360, "height": 740},
        locale="vi-VN",
        geolocation={"latitude": 10.7, "longitude": 106.5},
        permissions=["geolocation"],
    )
    page = await context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda line: troubles.append(line.text) if "Content Security" in line.text else None)
    page.on(
        "request", lambda r: None if r.url.startswith((url, "blob:", "data:")) else troubles.append(r.url)
    )
    await page.goto(url)
    await expect(page.get_by_text("Xin chào anh/chị!")).to_be_visible()
    yield page
    await context.close()
    assert troubles == []


async def no_barriers(page: Page) -> None:
    found = await Axe().run(page, options=AA)
    assert found.violations_count == 0, found.generate_report()


async def say(page: Page, text: str) -> None:
    await page.get_by_label("Viết tin cho phường").fill(text)
    await page.keyboard.press("Enter")


async def test_a_whole_form_on_a_phone(page: Page, door: ScriptedDoor) -> None:
    field = page.get_by_label("Viết tin cho phường")
    await no_barriers(page)
    await page.get_by_role("button", name="Nộp hồ sơ").click()
    await expect(page.get_by_role("button", name="Tra thủ tục")).to_be_disabled()
    await expect(page.get_by_text("Câu 1/9")).to_be_visible()
    await say(page, "Nguyễn Thị An Nhiên")

    await expect(page.get_by_text("Ví dụ 05/11/2026")).to_be_visible()
    await no_barriers(page)
    await page.locator("input[type=date]").fill("2026-11-05")
    await expect(page.get_by_text("12 chữ số")).to_be_visible()
    await expect(field).to_have_attribute("inputmode", "numeric")
    await say(page, "079196002345")

    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("button", name="Chụp ảnh").click()
    await (await choosing.value).set_files([{"name": "cs.png", "mimeType": "image/png", "buffer": PNG}])
    await expect(page.get_by_text("Tôi đã nhận được ảnh.")).to_be_visible()
    await no_barriers(page)
    await page.get_by_role("button", name="Chia sẻ vị trí").click()
    await page.get_by_role("button", name="Người mẹ").click()

    await expect(page.get_by_text("Chị kiểm tra giúp:")).to_be_visible()
    await no_barriers(page)
    await page.get_by_role("button", name="Sửa Họ tên bé").click()
    await expect(page.get_by_text("tên đúng của bé")).to_be_visible()
    await expect(page.get_by_role("button", name="Sửa Họ tên bé")).to_be_enabled()
    await page.get_by_role("button", name="Nộp", exact=True).click()
    await expect(page.get_by_text("Mã hồ sơ H29.118-261123-0004")).to_be_visible()

    assert [(h.text or h.tapped) for h in door.heard] == [
        "/StartFlow(khai_sinh)", "Nguyễn Thị An Nhiên", "05/11/2026", "079196002345", None, None,
        "/SetSlots(ai=me)", "/Correct(ten_be)", "/Submit",
    ]  # fmt: skip
    assert door.heard[4].files[0].name == "cs.png"
    assert door.heard[5].place is not None


async def test_everything_is_there_after_a_reload(page: Page) -> None:
    await say(page, "lam khai sinh can giay to gi")
    await page.get_by_role("button", name="Lệ phí").click()
    await expect(page.get_by_text("Tôi chưa hiểu")).to_be_visible()
    before = await page.locator("#log .bubble").all_inner_texts()
    await page.reload()
    await expect(page.get_by_text("Tôi chưa hiểu")).to_be_visible()
    assert await page.locator("#log .bubble").all_inner_texts() == before[1:], "all but the welcome"


async def test_a_notice_arrives_by_itself(page: Page, door: ScriptedDoor) -> None:
    await say(page, "chào")
    await expect(page.get_by_text("Tôi chưa hiểu")).to_be_visible()
    await door.owe(door.heard[0].sender, Reply(text="Hồ sơ đã xong. Mời chị đến quầy 3."))
    await expect(page.get_by_text("Mời chị đến quầy 3")).to_have_count(1)


async def test_what_could_not_be_sent_is_sent_later_and_once(page: Page, door: ScriptedDoor) -> None:
    await page.context.set_offline(True)
    await say(page, "tin lúc mất mạng")
    await expect(page.locator(".state")).to_have_text("Chưa gửi được, đang thử lại…")
    await page.context.set_offline(False)
    await expect(page.get_by_text("Tôi chưa hiểu ý anh/chị: tin lúc mất mạng")).to_be_visible()
    await expect(page.locator(".state")).to_have_count(0)
    assert len(door.heard) == 1


async def test_what_was_not_sent_survives_a_reload(page: Page, door: ScriptedDoor) -> None:
    door.failures = 1000
    await say(page, "tin gửi dở")
    await expect(page.locator(".state")).to_be_visible()
    await page.reload()
    await expect(page.locator(".mine").get_by_text("tin gửi dở")).to_be_visible()
    door.failures = 0
    await expect(page.get_by_text("Tôi chưa hiểu ý anh/chị: tin gửi dở")).to_be_visible()
    assert len(door.heard) == 1


async def test_a_lost_cookie_loses_no_message(page: Page, door: ScriptedDoor) -> None:
    await page.context.clear_cookies()
    await say(page, "còn đây không")
    await expect(page.get_by_text("Tôi chưa hiểu ý anh/chị: còn đây không")).to_be_visible()
    assert len(door.heard) == 1


async def test_html_is_only_text(page: Page) -> None:
    evil = "<img src=x onerror=\"document.title='bad'\"><script>document.title='bad'</script>"
    await say(page, evil)
    await expect(page.get_by_text(evil, exact=True)).to_be_visible()
    assert await page.title() == f"Một Cửa – {PAGE.ward}"


async def test_the_keyboard_is_enough(page: Page) -> None:
    await page.get_by_label("Viết tin cho phường").focus()
    for _ in range(20):
        await page.keyboard.press("Shift+Tab")
        if await page.evaluate("document.activeElement.textContent") == "Tra thủ tục":
            break
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Tôi chưa hiểu ý anh/chị: /Search")).to_be_visible()
    assert await page.evaluate("document.activeElement.id") == "noi-dung", "the focus is not lost"


async def test_a_large_photo_is_made_smaller(page: Page, door: ScriptedDoor) -> None:
    await page.evaluate(
        """async () => {
          const canvas = Object.assign(document.createElement("canvas"), {width: 3000, height: 2000});
          const paint = canvas.getContext("2d"), noise = paint.createImageData(3000, 2000);
          for (let at = 0; at < noise.data.length; at += 65536) {
            crypto.getRandomValues(noise.data.subarray(at, Math.min(at + 65536, noise.data.length)));
          }
          for (let at = 3; at < noise.data.length; at += 4) noise.data[at] = 255;
          paint.putImageData(noise, 0, 0);
          const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.95));
          const given = new DataTransfer();
          given.items.add(new File([blob], "lớn.jpeg", {type: "image/jpeg"}));
          const input = document.getElementById("file");
          input.files = given.files;
          window.before = blob.size;
          input.dispatchEvent(new Event("change"));
        }"""
    )
    await expect(page.get_by_text("Tôi đã nhận được ảnh.")).to_be_visible(timeout=20_000)
    (file,) = door.heard[0].files
    assert file.name == "lớn.jpg"
    assert 0 < file.size < await page.evaluate("window.before") * 0.8


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 1280])
async def test_nobody_is_kept_out(
    browser: Browser, url: str, door: ScriptedDoor, width: int, scheme: str
) -> None:
    context = await browser.new_context(
        viewport={"width": width, "height": 740}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = await context.new_page()
    await page.goto(url)
    await expect(page.get_by_text("Xin chào anh/chị!")).to_be_visible()
    await say(page, "lam khai sinh can giay to gi")
    await page.get_by_role("button", name="Lệ phí").click()
    await say(page, "/SetSlots(ai=me)")
    await expect(page.get_by_text("Chị kiểm tra giúp:")).to_be_visible()
    await no_barriers(page)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    small = await page.evaluate(
        """[...document.querySelectorAll("button, a, textarea")].filter((each) => {
          const box = each.getBoundingClientRect();
          return each.offsetParent && !each.matches(".skip") && Math.min(box.width, box.height) < 44;
        }).map((each) => each.outerHTML)"""
    )
    assert small == []
    await context.close()


async def test_without_javascript_the_plain_page_does_it(browser: Browser, url: str) -> None:
    context = await browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = await context.new_page()
    await page.goto(url)
    await page.get_by_role("link", name="Dùng trang đơn giản").click()
    await page.get_by_role("button", name="Nộp hồ sơ").click()
    await page.get_by_label("Anh/chị viết ở đây").fill("Nguyễn Thị An Nhiên")
    await page.get_by_role("button", name="Gửi", exact=True).click()
    await expect(page.get_by_text("Câu 2/9")).to_be_visible()
    await context.close()

    context = await browser.new_context(viewport={"width": 360, "height": 740})
    page = await context.new_page()
    await page.goto(f"{url}/?plain=1")
    await no_barriers(page)
    await context.close()


async def test_a_slow_answer_shows_that_somebody_is_writing(page: Page, door: ScriptedDoor) -> None:
    go, answered = asyncio.Event(), door.converse

    async def slow(incoming: object) -> object:
        await go.wait()
        return await answered(incoming)  # type: ignore[arg-type]

    door.converse = slow  # type: ignore[method-assign,assignment]
    await say(page, "chào")
    await expect(page.get_by_text("Đang trả lời…")).to_be_visible()
    go.set()
    await expect(page.get_by_text("Tôi chưa hiểu")).to_be_visible()
    await expect(page.get_by_text("Đang trả lời…")).to_be_hidden()
