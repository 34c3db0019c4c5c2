"""A resident's phone and an officer's computer, in a real browser, over the real process."""

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.pictures import jpeg
from tests.process.scene import Process

pytestmark = pytest.mark.browser

#: What Chromium would ask the world for by itself.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        yield browser
        browser.close()


def test_a_report_from_a_phone_is_taken_up_on_the_desk_and_its_sender_told(
    chromium: Browser, process: Callable[..., Process]
) -> None:
    ward = process()
    ward.start()
    phone = chromium.new_context(viewport={"width": 360, "height": 740}).new_page()
    phone.goto(f"{ward.url}/")

    write(phone, "chung thuc ban sao het bao nhieu tien", "2.000 đồng/trang")
    tap(phone, "Hẹn giờ tại quầy", "Đồng ý")
    tap(phone, "Thôi", "không làm nữa")
    write(phone, "tôi muốn phản ánh", "tên và số điện thoại không bắt buộc")
    tap(phone, "Đồng ý", "về việc gì")
    tap(phone, "Đèn, điện", "chuyện gì xảy ra")
    write(phone, "Đèn đường trước nhà <b>12</b> hỏng ba hôm nay", "chỗ nào")
    write(phone, "trước nhà 12 đường số 3", "có ảnh")
    phone.locator("input[type=file]").first.set_input_files(
        {"name": "den.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    )
    tap(phone, "Xong", "Họ tên")
    write(phone, "Lê Thị Hoa", "Số điện thoại")
    write(phone, "số lạ", "chưa thấy số điện thoại")
    write(phone, "0901 234 567", "xem lại phản ánh")
    spotless(phone)
    phone.reload()
    expect(phone.get_by_text("xem lại phản ánh")).to_be_visible()
    tap(phone, "Gửi", "Đã nhận phản ánh")
    code = re.search(r"H29\.118-\d{6}-\d{4}", phone.get_by_role("log").inner_text())
    assert code is not None

    desk = signed_in(chromium, ward)
    desk.get_by_role("link", name=code[0]).click()
    expect(desk.get_by_text("<b>12</b>")).to_be_visible()
    expect(desk.locator("main img")).to_have_count(1)
    spotless(desk)
    desk.get_by_role("button", name="Nhận xử lý").click()
    expect(phone.get_by_text("đã được")).to_be_visible(timeout=15_000)

    write(phone, "hồ sơ của tôi tới đâu rồi", "đã tiếp nhận")
    spotless(phone)


def signed_in(chromium: Browser, ward: Process) -> Page:
    """The first officer, whose one-time password `motcua run` has printed."""
    printed = re.search(r"Cán bộ đầu tiên: (\S+) – mật khẩu dùng một lần: (\S+)", ward.printed)
    assert printed is not None
    page = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(f"{ward.url}/desk/")
    page.get_by_label("Tên đăng nhập").fill(printed[1])
    page.get_by_label("Mật khẩu", exact=True).fill(printed[2])
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_label("Mật khẩu mới", exact=True).fill("trời hôm nay nắng đẹp")
    page.get_by_label("Nhập lại mật khẩu mới").fill("trời hôm nay nắng đẹp")
    page.get_by_role("button", name="Lưu mật khẩu").click()
    expect(page.get_by_role("heading", name="Hồ sơ")).to_be_visible()
    return page


def write(page: Page, text: str, answer: str) -> None:
    field = page.get_by_role("textbox").last
    field.fill(text)
    field.press("Enter")
    expect(page.get_by_role("log").get_by_text(answer).last).to_be_visible(timeout=10_000)


def tap(page: Page, button: str, answer: str) -> None:
    page.get_by_role("log").get_by_role("button", name=button, exact=True).last.click()
    expect(page.get_by_text(answer).last).to_be_visible(timeout=10_000)


def spotless(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
