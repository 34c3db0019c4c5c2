"""What the tests of the store share: a moment, people, messages."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core.effects import Answer
from bot.core.messages import Incoming, Reply
from bot.store.dossiers import NewDossier
from bot.store.outbox import Lane
from bot.store.tx import Tx

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LATER = NOW + MINUTE


def meet(tx: Tx, address: str = "hoa", channel: str = "web") -> int:
    return tx.people.meet(channel, address, "Lê Thị Hoa", NOW).id


def said(text: str = "xin chào", external_id: str = "1", channel: str = "web") -> Incoming:
    return Incoming(channel=channel, external_id=external_id, sender="hoa", text=text)


def hear(tx: Tx, person: int, external_id: str, until: datetime = LATER) -> int:
    row, _, _ = tx.inbox.keep(person, said(external_id=external_id), NOW, until)
    return row


def owe(tx: Tx, person: int, text: str, *, lane: Lane = Lane.REPLY, key: str = "", **more: datetime) -> int:
    row = tx.outbox.owe(
        person,
        Reply(text=text),
        lane=lane,
        key=key or f"{person}:{text}",
        now=NOW,
        expires_at=more.get("expires_at"),
    )
    assert row is not None
    return row


def claimed(channel: str = "web", at: datetime = NOW, limit: int = 100) -> Callable[[Tx], list[str]]:
    """A unit of work: claim, and say which texts are to be sent, in order."""
    return lambda tx: [due.reply.text for due in tx.outbox.claim([channel], at, at + MINUTE, limit)]


def new_dossier(
    person: int, code: str = "H29.118-261123-0001", words: str = "", **more: object
) -> NewDossier:
    values: dict[str, object] = {
        "kind": "ho_so",
        "procedure": "dang_ky_khai_sinh",
        "procedure_name": "Đăng ký khai sinh",
        "field": "Hộ tịch",
        "applicant": "Lê Thị Hoa",
        "form": (Answer(slot="so_ban", label="Số bản", value=2, shown="2 bản"),),
        "due_at": NOW + timedelta(days=1),
    }
    return NewDossier(code=code, person=person, words=words, **(values | more))  # type: ignore[arg-type]


def add_officer(tx: Tx, username: str = "lan", name: str = "Chị Lan") -> int:
    return tx.officers.add(
        username=username,
        name=name,
        password_hash="-",
        permissions=frozenset({"read_dossiers"}),
        link_code=f"code-{username}",
        now=NOW,
    )
