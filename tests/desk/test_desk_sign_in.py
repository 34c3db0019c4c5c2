"""Signing in, choosing a password, one's own account."""

from datetime import timedelta

import pytest

from bot.core.permissions import USUAL
from bot.services import sign_in
from tests.desk.desk_scene import PASSWORD, Browser

NEW = "mưa chiều thứ bảy"


def test_a_wrong_password_and_a_wrong_name_are_told_the_same(lan, browser):
    wrong = browser.submit("/desk/sign-in", username="lan", password="sai")
    unknown = browser.submit("/desk/sign-in", username="lon", password="sai")

    assert wrong.status_code == unknown.status_code == 422
    assert "không đúng" in wrong.text
    assert wrong.text.replace('value="lan"', "") == unknown.text.replace('value="lon"', "")
    assert "set-cookie" not in wrong.headers


def test_after_five_failures_even_the_right_password_waits(ward, lan, browser):
    for _ in range(5):
        browser.submit("/desk/sign-in", username="lan", password="sai")
    locked = browser.submit("/desk/sign-in", username="lan", password=PASSWORD)
    assert locked.status_code == 429
    assert "chờ 15 phút" in locked.text

    ward.clock.pass_by(timedelta(minutes=15))
    browser.come_in("lan")


def test_an_empty_form_names_both_fields(browser):
    answer = browser.submit("/desk/sign-in")

    assert answer.status_code == 422
    assert 'href="#username"' in answer.text
    assert 'href="#password"' in answer.text
    assert answer.text.count('aria-invalid="true"') == 2


def test_what_was_typed_comes_back_as_text(browser):
    answer = browser.submit("/desk/sign-in", username='"><script>alert(1)</script>', password="x")

    assert "<script>alert" not in answer.text


def test_the_first_thing_a_new_officer_does_is_choose_a_password(ward, browser):
    once = sign_in.one_time_password()
    ward.keep(
        lambda tx: sign_in.add_officer(
            tx, username="moi", name="Anh Mới", permissions=USUAL, once=once, now=ward.clock.now
        )
    )
    browser.come_in("moi", once.text)
    assert browser.get("/desk/").headers["location"] == "/desk/password"
    assert "không được trùng" not in browser.get("/desk/password").text

    assert "ít nhất 12 ký tự" in browser.submit("/desk/password", password="ngắn", again="ngắn").text
    assert "chưa giống nhau" in browser.submit("/desk/password", password=NEW, again=PASSWORD).text
    same = browser.submit("/desk/password", password=once.text, again=once.text)
    assert "khác mật khẩu đang dùng" in same.text

    assert browser.submit("/desk/password", password=NEW, again=NEW).headers["location"] == "/desk/"
    assert browser.get("/desk/").status_code == 200


def test_changing_a_password_asks_for_the_one_in_use(desk):
    answer = desk.submit("/desk/password", current="sai", password=NEW, again=NEW)

    assert answer.status_code == 422
    assert "chưa đúng" in answer.text


def test_guessing_the_password_in_use_is_limited_as_at_the_door(desk):
    for _ in range(5):
        desk.submit("/desk/password", current="sai", password=NEW, again=NEW)

    assert "chờ 15 phút" in desk.submit("/desk/password", current=PASSWORD, password=NEW, again=NEW).text


def test_changing_a_password_signs_out_every_other_browser(desk, app):
    other = Browser(app).come_in("lan")
    answer = desk.submit("/desk/password", current=PASSWORD, password=NEW, again=NEW)
    assert answer.headers["location"] == "/desk/account?done=password"

    assert desk.get("/desk/").status_code == 200
    assert other.get("/desk/").status_code == 303
    Browser(app).come_in("lan", NEW)


def test_signing_out_ends_the_session_and_not_only_the_cookie(desk, app):
    cookies = dict(desk.cookies)
    assert desk.submit("/desk/sign-out").headers["location"] == "/desk/sign-in?done=1"

    thief = Browser(app)
    thief.cookies.update(cookies)
    assert thief.get("/desk/").status_code == 303


def test_signing_out_elsewhere_keeps_this_browser(desk, app):
    other = Browser(app).come_in("lan")
    desk.submit("/desk/account/sessions")

    assert desk.get("/desk/").status_code == 200
    assert other.get("/desk/").status_code == 303


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (30, 303)])
def test_half_an_hour_without_a_click_ends_the_session(ward, desk, minutes, status):
    ward.clock.pass_by(timedelta(minutes=20))
    desk.get("/desk/")
    ward.clock.pass_by(timedelta(minutes=minutes))

    assert desk.get("/desk/").status_code == status


def test_the_account_page_gives_the_code_for_telegram(ward, desk, lan):
    assert f"/ketnoi {lan.link_code}" in desk.get("/desk/account").text

    desk.submit("/desk/account/link-code")
    code = ward.keep(lambda tx: tx.officers.get(lan.id)).link_code
    assert code != lan.link_code
    ward.keep(lambda tx: sign_in.link_telegram(tx, code, "77"))
    page = desk.get("/desk/account").text
    assert "đã gắn với một tài khoản Telegram" in page
    assert code not in page


def test_the_account_page_says_what_one_works_on(ward, desk, lan):
    assert "<dd>mọi lĩnh vực</dd>" in desk.get("/desk/account").text
    ward.keep(lambda tx: tx.routing.set_duty(lan.id, ("Hộ tịch", "Công an phường"), True))
    assert "<dd>Hộ tịch; Công an phường, phụ trách chung</dd>" in desk.get("/desk/account").text
