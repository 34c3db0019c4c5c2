"""What the stories of the desk need: a ward with its residents, and a browser."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import ClassVar, TypeVar

from httpx2 import Response
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from bot.core.calendar import ZONE
from bot.core.dossier import Actor, Move, Status
from bot.core.effects import Answer, OpenDossier, Paper
from bot.core.heard import Guess, Heard
from bot.core.masking import mask
from bot.core.offers import Hour
from bot.core.permissions import USUAL
from bot.core.text import gist
from bot.desk.routes import desk_routes
from bot.papers.kind import kind_of
from bot.services import sign_in, unclear
from bot.services.appointments import Appointments
from bot.services.dossiers import Dossiers, Subject
from bot.services.reports import Reports
from bot.services.theirs import Theirs
from bot.store.blobs import Blobs
from bot.store.database import Database
from bot.store.dossiers import Dossier, Moved
from bot.store.officers import Officer
from bot.store.tx import Tx

T = TypeVar("T")

WARD = "Phường Bình Đức"
MONDAY_MORNING = datetime(2026, 11, 23, 9, 12, tzinfo=ZONE)
PROCEDURES = {"dang_ky_khai_sinh": "Đăng ký khai sinh", "cap_the_can_cuoc": "Cấp thẻ căn cước"}
PASSWORD = "trời hôm nay nắng đẹp"
DATA = Path(__file__).parents[2] / "data"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8ffff3f0005fe02fedccc59e70000000049454e44ae426082"
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n"


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, time: timedelta) -> None:
        self.now += time


class FakeWard:
    """Things one can file; a birth is registered at once, due at five o'clock the same day."""

    _subjects: ClassVar = {
        "khai_sinh": Subject("Đăng ký khai sinh", "Hộ tịch"),
        "khong_han": Subject("Việc không ghi thời hạn", "Hộ tịch"),
        "hen_chung_thuc": Subject("Hẹn chứng thực bản sao từ bản chính", "Chứng thực"),
        "phan_anh": Subject("Phản ánh, kiến nghị", "Tiếp công dân"),
    }

    def subject(self, procedure: str) -> Subject:
        return self._subjects[procedure]

    def due(self, procedure: str, received: datetime) -> datetime | None:
        return received.replace(hour=17, minute=0) if procedure == "khai_sinh" else None

    def after_pause(self, procedure: str, due: datetime, paused_at: datetime, now: datetime) -> datetime:
        return due + (now - paused_at)

    def end_of(self, day: date) -> datetime | None:
        return None if day.weekday() >= 5 else datetime.combine(day, time(17, 0), ZONE)

    def form_of(self, procedure: str) -> str | None:
        return procedure


class FakeAnnouncer:
    """The officers' group, which keeps silent."""

    def opened(self, tx: Tx, dossier: Dossier, files: int, now: datetime) -> None: ...
    def moved(self, tx: Tx, dossier: Dossier, step: Moved, files: int, now: datetime) -> None: ...
    def rebooked(self, tx: Tx, dossier: Dossier, files: int, now: datetime) -> None: ...
    def supplemented(self, tx: Tx, dossier: Dossier, files: int, note: str, now: datetime) -> None: ...
    def called(self, tx: Tx, call: int, reason: str, now: datetime) -> None: ...


@dataclass
class Ward:
    """Everything behind the desk."""

    db: Database
    blobs: Blobs
    dossiers: Dossiers
    theirs: Theirs
    clock: Clock
    password_hash: str
    appointments: Appointments
    reports: Reports

    def routes(self, *, secure: bool = False) -> list[BaseRoute]:
        return desk_routes(
            self.db,
            self.dossiers,
            self.blobs,
            WARD,
            self.clock,
            secure,
            PROCEDURES,
            appointments=self.appointments,
            reports=self.reports,
        )

    def keep(self, work: Callable[[Tx], T]) -> T:
        """A transaction, without an event loop: a browser's test has one of its own."""
        with self.db.engine.begin() as connection:
            return work(Tx(connection))

    def officer(self, username: str, name: str, permissions: frozenset[str] = USUAL) -> Officer:
        """Somebody whose password is PASSWORD."""

        def add(tx: Tx) -> Officer:
            once = sign_in.OneTime("", self.password_hash)
            made = sign_in.add_officer(
                tx, username=username, name=name, permissions=permissions, once=once, now=self.clock.now
            )
            tx.officers.set_password(made, self.password_hash, must_change=False)
            return tx.officers.get(made)

        return self.keep(add)

    def session_of(self, username: str) -> str:
        """A fresh session, as if the right password had been given."""

        def open_(tx: Tx) -> str:
            return sign_in.settle(tx, sign_in.attempt(tx, username, "10.0.0.9"), True, self.clock.now)

        return self.keep(open_)

    def ask(self, *texts: str) -> list[int]:
        """Residents ask what is not understood: the ids, in the order of the texts."""

        def keep(tx: Tx) -> list[int]:
            for text in texts:
                guess = Guess(id="cap_the_can_cuoc", code="1", name="Cấp thẻ căn cước", confidence=0.3)
                heard = Heard(
                    text=text, intent="ask_fee", confidence=0.41, procedures=(guess,), source="rasa"
                )
                unclear.keep(tx, heard, self.clock.now)
            found = {gist(one.text): one.id for one in tx.unclear.open(1000)}
            return [found[gist(mask(text))] for text in texts]

        return self.keep(keep)

    def file(
        self,
        applicant: str = "Lê Thị Hoa",
        procedure: str = "khai_sinh",
        *,
        kind: str = "ho_so",
        phone: str = "0909123456",
        papers: tuple[tuple[str, bytes], ...] = (),
        form: tuple[Answer, ...] = (),
        at: datetime | None = None,
        channel: str = "web",
        hour: Hour | None = None,
        received: bool = False,
    ) -> Dossier:
        """A resident hands in a dossier; `received`: its time runs since then."""
        now = at or self.clock.now
        answers = (
            Answer(slot="ho_ten_nguoi_yeu_cau", label="Người yêu cầu", value=applicant, shown=applicant),
            Answer(slot="so_dien_thoai", label="Số điện thoại", value=phone, shown=phone),
            Answer(
                slot="so_cccd", label="Số căn cước", value="079196012345", shown="079196012345", mask=True
            ),
            *form,
        )

        def open_(tx: Tx) -> Dossier:
            person = tx.people.meet(channel, f"{applicant}/{phone}", applicant, now)
            kept = tuple(self.blobs.keep(name, content, kind_of(content) or "") for name, content in papers)
            tx.files.keep(person.id, kept, now)
            given = tuple(
                Paper(paper=f"giay_{n}", name=Path(one.name).stem.capitalize(), files=(one.file or "",))
                for n, one in enumerate(kept)
            )
            wanted = OpenDossier(procedure=procedure, kind=kind, form=answers, papers=given, hour=hour)
            dossier = self.appointments.open(tx, person, wanted, now)
            if received:
                step = Move(Status.RECEIVED, Actor.RESIDENT)
                dossier, _ = self.dossiers.step(tx, dossier, step, None, "", now)
            return dossier

        return self.keep(open_)


class Browser(TestClient):
    """A browser without JavaScript: it says where its forms come from, and follows no redirects by itself."""

    def __init__(self, app: Starlette) -> None:
        super().__init__(app, base_url="http://desk.test", follow_redirects=False)

    def submit(self, path: str, **fields: object) -> Response:
        values = {name: str(value) for name, value in fields.items()}
        return self.post(path, data=values, headers={"Origin": "http://desk.test"})

    def recognised(self, token: str) -> "Browser":
        """With a session opened elsewhere: signing in is slow on purpose."""
        self.cookies.set("ban_lam_viec", token)
        return self

    def come_in(self, username: str, password: str = PASSWORD) -> "Browser":
        answer = self.submit("/desk/sign-in", username=username, password=password)
        assert answer.status_code == 303, answer.text
        return self
