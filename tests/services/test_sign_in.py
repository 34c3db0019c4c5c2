"""Who may come in: attempts, sessions, passwords, the code for Telegram."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from bot.core.errors import NotAllowed
from bot.core.permissions import ALL, USUAL
from bot.services import sign_in
from bot.services.sign_in import FAILURES_OF_A_NAME, FAILURES_OF_A_SOURCE, IDLE, WHOLE, WINDOW, Refusal, Unfit
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.officers import Officer, Session
from bot.store.tx import Tx

T = TypeVar("T")
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ONCE = sign_in.one_time_password()


@pytest.fixture
def keep(tmp_path: Path) -> Iterator[Callable[[Callable[[Tx], T]], T]]:
    """Runs a unit of work in a transaction of its own."""
    url = f"sqlite:///{tmp_path / 'motcua.db'}"
    migrate(url)
    db = Database(url)

    def run(work: Callable[[Tx], T]) -> T:
        with db.engine.begin() as connection:
            return work(Tx(connection))

    yield run
    db.close()


@pytest.fixture
def lan(keep) -> Officer:
    return keep(lambda tx: tx.officers.get(add(tx)))


def add(tx: Tx, username: str = "lan") -> int:
    return sign_in.add_officer(tx, username=username, name="Chị Lan", permissions=USUAL, once=ONCE, now=NOW)


def knock(
    tx: Tx, username: str, right: bool, *, source: str = "10.0.0.1", now: datetime = NOW
) -> str | Refusal:
    """An attempt, without the slow part."""
    return sign_in.settle(tx, sign_in.attempt(tx, username, source), right, now)


def session(tx: Tx, token: str, now: datetime) -> Session | None:
    return sign_in.session(tx, token, now)


def test_the_right_password_opens_a_session(keep, lan):
    attempt = keep(lambda tx: sign_in.attempt(tx, " LAN ", "10.0.0.1"))
    assert sign_in.matches(attempt.password_hash, ONCE.text)

    token = keep(lambda tx: sign_in.settle(tx, attempt, True, NOW))

    assert keep(lambda tx: session(tx, token, NOW)).officer == lan


def test_the_table_of_sessions_opens_no_door(keep, lan):
    token = keep(lambda tx: knock(tx, "lan", True))
    kept = keep(lambda tx: session(tx, token, NOW)).id

    assert len(token) >= 43
    assert kept != token
    assert keep(lambda tx: session(tx, kept, NOW)) is None


def test_a_name_that_does_not_exist_is_compared_with_something_all_the_same(keep, lan):
    nobody = keep(lambda tx: sign_in.attempt(tx, "khong-co", "10.0.0.1"))

    assert nobody.officer is None
    assert nobody.password_hash.split("$")[:4] == lan.password_hash.split("$")[:4]  # the same work
    assert keep(lambda tx: sign_in.settle(tx, nobody, True, NOW)) is Refusal.WRONG


@pytest.mark.parametrize("username", ["lan", "khong-co"])
def test_a_name_is_locked_after_five_failures_whether_it_exists_or_not(keep, lan, username):
    for n in range(FAILURES_OF_A_NAME):
        assert keep(lambda tx, n=n: knock(tx, username, False, source=f"10.0.1.{n}")) is Refusal.WRONG

    assert keep(lambda tx: knock(tx, username, True)) is Refusal.LOCKED


def test_a_lock_opens_after_a_quarter_of_an_hour(keep, lan):
    for _ in range(FAILURES_OF_A_NAME):
        keep(lambda tx: knock(tx, "lan", False))
    assert keep(lambda tx: knock(tx, "lan", True, now=NOW + WINDOW - timedelta(seconds=1))) is Refusal.LOCKED

    assert isinstance(keep(lambda tx: knock(tx, "lan", True, now=NOW + WINDOW)), str)
    assert keep(lambda tx: knock(tx, "lan", True, now=NOW + WINDOW)) not in set(Refusal)


def test_attempts_begun_at_the_same_time_get_no_more_guesses(keep, lan):
    at_once = [keep(lambda tx: sign_in.attempt(tx, "lan", "10.0.0.1")) for _ in range(9)]
    outcomes = [keep(lambda tx, one=one: sign_in.settle(tx, one, False, NOW)) for one in at_once[:8]]

    assert outcomes.count(Refusal.WRONG) == FAILURES_OF_A_NAME
    assert keep(lambda tx: sign_in.settle(tx, at_once[8], True, NOW)) is Refusal.LOCKED


def test_a_source_is_locked_after_twenty_failures_under_any_names(keep, lan):
    for n in range(FAILURES_OF_A_SOURCE):
        keep(lambda tx, n=n: knock(tx, f"ten-{n}", False))

    assert keep(lambda tx: knock(tx, "lan", True)) is Refusal.LOCKED
    assert keep(lambda tx: knock(tx, "lan", True, source="10.0.0.2")) not in set(Refusal)


def test_a_name_nobody_has_is_not_written_down(keep):
    """People type their password into the wrong field."""
    attempt = keep(lambda tx: sign_in.attempt(tx, "mật khẩu của tôi", "10.0.0.1"))

    assert "mật khẩu" not in attempt.username


def test_a_session_ends_when_nobody_uses_it(keep, lan):
    token = keep(lambda tx: knock(tx, "lan", True))
    almost = NOW + IDLE - timedelta(seconds=1)

    assert keep(lambda tx: session(tx, token, almost)) is not None
    assert keep(lambda tx: session(tx, token, NOW + IDLE)) is None


def test_a_session_in_use_lives_on_but_not_for_ever(keep, lan):
    token = keep(lambda tx: knock(tx, "lan", True))
    now = NOW
    while (here := keep(lambda tx: session(tx, token, now))) is not None:  # noqa: B023
        keep(lambda tx: sign_in.touch(tx, here, now))  # noqa: B023
        now += timedelta(minutes=29)

    assert timedelta(0) <= now - (NOW + WHOLE) < timedelta(minutes=29)


def test_an_officer_who_is_shut_out_is_out_at_once(keep, lan):
    token = keep(lambda tx: knock(tx, "lan", True))
    keep(lambda tx: tx.officers.set_active(lan.id, False))

    assert keep(lambda tx: session(tx, token, NOW)) is None
    assert keep(lambda tx: knock(tx, "lan", True)) is Refusal.WRONG


def test_choosing_a_password_ends_every_other_session(keep, lan):
    other, mine = (keep(lambda tx: knock(tx, "lan", True)) for _ in range(2))
    here = keep(lambda tx: session(tx, mine, NOW))
    new = keep(lambda tx: sign_in.choose_password(tx, here, sign_in.hash_password("a new password"), NOW))

    assert keep(lambda tx: session(tx, other, NOW)) is None
    assert keep(lambda tx: session(tx, mine, NOW)) is None
    officer = keep(lambda tx: session(tx, new, NOW)).officer
    assert not officer.must_change
    assert sign_in.matches(officer.password_hash, "a new password")


def test_a_forgotten_password_is_replaced_and_every_session_ends(keep, lan):
    token = keep(lambda tx: knock(tx, "lan", True))
    once = sign_in.one_time_password()

    assert keep(lambda tx: sign_in.reset_password(tx, "Lan", once))
    assert not keep(lambda tx: sign_in.reset_password(tx, "khong-co", once))
    assert keep(lambda tx: session(tx, token, NOW)) is None
    assert keep(lambda tx: tx.officers.get(lan.id)).must_change


@pytest.mark.parametrize(
    ("password", "again", "why"),
    [
        ("ngắn", "ngắn", Unfit.SHORT),
        ("x" * 201, "x" * 201, Unfit.LONG),
        ("lan.dai.hon.12", "lan.dai.hon.12", Unfit.USERNAME),
        ("LAN.dai.hon.12", "LAN.dai.hon.12", Unfit.USERNAME),
        ("trời hôm nay đẹp", "trời hôm nay đep", Unfit.DIFFERENT),
        ("trời hôm nay đẹp", "trời hôm nay đẹp", None),
    ],
)
def test_what_a_password_must_be(password, again, why):
    assert sign_in.unfit(password, again, "lan.dai.hon.12") is why


def test_a_password_is_the_same_however_its_accents_are_typed():
    composed, decomposed = "tr\u1eddi h\u00f4m nay", "tro\u031b\u0300i ho\u0302m nay"

    assert sign_in.matches(sign_in.hash_password(composed), decomposed)


def test_a_one_time_password_can_be_read_out():
    groups = ONCE.text.split("-")

    assert [len(group) for group in groups] == [4, 4, 4, 4]
    assert not set("".join(groups)) & set("ilo01")
    assert sign_in.matches(ONCE.password_hash, ONCE.text)


def test_the_first_officer_is_made_once(keep):
    username, password = keep(lambda tx: sign_in.first_officer(tx, NOW))
    first = keep(lambda tx: tx.officers.by_username(username))

    assert first.permissions == ALL
    assert first.must_change
    assert sign_in.matches(first.password_hash, password)
    assert keep(lambda tx: sign_in.first_officer(tx, NOW)) is None


@pytest.mark.parametrize("username", ["", "x", "có dấu", "two words", "-lan", "lan; drop"])
def test_a_username_that_cannot_be_typed_everywhere_is_refused(keep, username):
    with pytest.raises(NotAllowed, match="tên đăng nhập"):
        keep(lambda tx: add(tx, username))


def test_two_officers_never_share_a_username(keep, lan):
    with pytest.raises(NotAllowed, match="đã có"):
        keep(lambda tx: add(tx, "LAN"))


def test_a_link_code_ties_a_telegram_account_once(keep, lan):
    code = keep(lambda tx: sign_in.new_link_code(tx, lan.id))
    assert code != lan.link_code
    assert keep(lambda tx: sign_in.link_telegram(tx, lan.link_code, "77")) is None

    assert keep(lambda tx: sign_in.link_telegram(tx, f" {code.lower()} ", "77")).telegram_id == "77"
    assert keep(lambda tx: sign_in.link_telegram(tx, code, "78")) is None
