"""A ward with officers and its desk, over a real database."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.catalogue.counters import load_counters
from bot.core.calendar import Calendar
from bot.services import sign_in
from bot.services.appointments import Appointments
from bot.services.dossiers import Dossiers
from bot.services.notices import load_notices
from bot.services.reports import Reports
from bot.services.theirs import Theirs
from bot.services.wording import load_words
from bot.store.blobs import Blobs
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.officers import Officer
from tests.desk.desk_scene import (
    DATA,
    MONDAY_MORNING,
    PASSWORD,
    Browser,
    Clock,
    FakeAnnouncer,
    FakeWard,
    Ward,
)


@pytest.fixture(scope="session")
def password_hash() -> str:
    return sign_in.hash_password(PASSWORD)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its tables and nothing in them, migrated once and copied for each test."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def ward(tmp_path: Path, empty_database: Path, password_hash: str) -> Iterator[Ward]:
    db = Database(f"sqlite:///{shutil.copy(empty_database, tmp_path / 'motcua.db')}")
    dossiers = Dossiers(
        ward=FakeWard(),
        words=load_words(DATA / "dossiers.yml"),
        facts={"ward.counter": "quầy 3", "ward.address": "Trung tâm Phục vụ hành chính công"},
        agency_code="H29.118",
        announcer=FakeAnnouncer(),
    )
    blobs = Blobs(tmp_path / "files")
    notices, announcer = load_notices(DATA / "notices.yml"), FakeAnnouncer()
    appointments = Appointments(
        counters=load_counters(DATA / "counters.yml", None),
        calendar=Calendar(),
        dossiers=dossiers,
        words=notices.appointment,
        facts={},
        cards=announcer,
    )
    reports = Reports(dossiers=dossiers, words=notices.report)
    yield Ward(
        db, blobs, dossiers, Theirs(dossiers), Clock(MONDAY_MORNING), password_hash, appointments, reports
    )
    db.close()


@pytest.fixture
def app(ward: Ward) -> Starlette:
    return Starlette(routes=[Mount("/desk", routes=ward.routes())])


@pytest.fixture
def browser(app: Starlette) -> Browser:
    return Browser(app)


@pytest.fixture
def lan(ward: Ward) -> Officer:
    """Chị Lan, who works on dossiers."""
    return ward.officer("lan", "Chị Lan")


@pytest.fixture
def desk(ward: Ward, browser: Browser, lan: Officer) -> Browser:
    """Chị Lan's browser, signed in."""
    return browser.recognised(ward.session_of("lan"))


@pytest.fixture
def minh(ward: Ward, app: Starlette) -> Browser:
    """Anh Minh's browser, signed in."""
    ward.officer("minh", "Anh Minh")
    return Browser(app).recognised(ward.session_of("minh"))
