"""Coming in and going out: the sign-in page, choosing a password, signing out."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from starlette.responses import Response

from bot.desk import form, words
from bot.desk.desk import Desk, Visit
from bot.desk.guard import SIGNED_IN, needs, safe_next, source_of
from bot.services import sign_in
from bot.services.sign_in import Refusal, Unfit

T = TypeVar("T")

#: Argon2 takes 64 MB for a moment: a crowd at the door waits in line rather than filling the memory.
_slowly = ThreadPoolExecutor(2, "argon2")


@needs(None)
async def sign_in_page(desk: Desk, visit: Visit) -> Response:
    goal = safe_next(visit.root, visit.asked("next"))
    if visit.session is not None:
        return desk.go(visit, goal.removeprefix(visit.root))
    return desk.show(visit, "sign_in.html", errors={}, username="", next=goal)


@needs(None)
async def sign_in_form(desk: Desk, visit: Visit) -> Response:
    sent = await form.read(visit.request)
    username, password = sent.get("username", "").strip(), sent.get("password", "")
    goal = safe_next(visit.root, sent.get("next", ""))
    errors = {}
    if not username:
        errors["username"] = "Anh/chị nhập tên đăng nhập."
    if not password:
        errors["password"] = "Anh/chị nhập mật khẩu."  # noqa: S105
    if errors:
        return desk.show(visit, "sign_in.html", status=422, errors=errors, username=username, next=goal)
    attempt = await desk.db.read(lambda tx: sign_in.attempt(tx, username, source_of(visit.request)))
    matched = await _matches(attempt.password_hash, password)
    outcome = await desk.db.write(lambda tx: sign_in.settle(tx, attempt, matched, visit.now))
    if isinstance(outcome, Refusal):
        return desk.show(
            visit,
            "sign_in.html",
            status=429 if outcome is Refusal.LOCKED else 422,
            errors={"username": words.REFUSED[outcome]},
            username=username,
            next=goal,
        )
    response = desk.go(visit, goal.removeprefix(visit.root))
    desk.remember(response, outcome)
    return response


@needs(SIGNED_IN, newcomers=True)
async def sign_out(desk: Desk, visit: Visit) -> Response:
    session = visit.session
    if session is not None:
        await desk.db.write(lambda tx: sign_in.sign_out(tx, session, visit.now))
    response = desk.go(visit, "/sign-in?done=1")
    desk.forget(response)
    return response


@needs(SIGNED_IN, newcomers=True)
async def password_page(desk: Desk, visit: Visit) -> Response:
    return desk.show(visit, "password.html", errors={})


@needs(SIGNED_IN, newcomers=True)
async def password_form(desk: Desk, visit: Visit) -> Response:
    """A password of one's own. Whoever has one shows it first: the browser may have been left open."""
    assert visit.session is not None
    sent = await form.read(visit.request)
    current, password, again = (sent.get(name, "") for name in ("current", "password", "again"))
    officer, session = visit.officer, visit.session
    errors = {}
    if not officer.must_change:
        refusal = await _shows(desk, visit, current)
        if refusal is Refusal.LOCKED:
            errors["current"] = words.REFUSED[refusal]
        elif refusal is not None:
            errors["current"] = "Mật khẩu đang dùng chưa đúng."
    problem = sign_in.unfit(password, again, officer.username)
    if problem is None and not errors and await _matches(officer.password_hash, password):
        problem = Unfit.SAME
    if problem is not None:
        errors["again" if problem is Unfit.DIFFERENT else "password"] = words.UNFIT[problem]
    if errors:
        return desk.show(visit, "password.html", status=422, errors=errors)
    made = await _in_line(sign_in.hash_password, password)
    token = await desk.db.write(lambda tx: sign_in.choose_password(tx, session, made, visit.now))
    response = desk.go(visit, "/account?done=password" if not officer.must_change else "/")
    desk.remember(response, token)
    return response


async def _shows(desk: Desk, visit: Visit, current: str) -> Refusal | None:
    """Whether somebody signed in knows their password; guesses are counted as at the door."""
    source = source_of(visit.request)
    attempt = await desk.db.read(lambda tx: sign_in.attempt(tx, visit.officer.username, source))
    matched = await _matches(attempt.password_hash, current)
    return await desk.db.write(lambda tx: sign_in.confirm(tx, attempt, matched, visit.now))


async def _matches(password_hash: str, password: str) -> bool:
    return await _in_line(sign_in.matches, password_hash, password)


async def _in_line(slow: Callable[..., T], *given: str) -> T:
    return await asyncio.get_running_loop().run_in_executor(_slowly, slow, *given)
