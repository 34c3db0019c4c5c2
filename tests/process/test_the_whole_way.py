"""A resident asks, files a dossier, officers act on it and the resident is told: over the real process."""

from pathlib import Path

import pytest

from tests.doubles.telegram_api import TelegramDouble
from tests.postgres import Postgres
from tests.process.scene import Scene, Staff
from tests.process.story import Told, whole_way


def test_a_dossier_from_the_first_question_to_the_result(undisturbed: Told) -> None:
    """What each step must say stands beside the step, in `story`."""
    steps = [step for step, _ in undisturbed]
    assert steps[0] == "câu hỏi"
    assert steps[-1] == "hỏi hồ sơ"
    _, told = undisturbed[-1]
    assert len([line for line in told if "Mã hồ sơ" in line]) == 1
    cards = [line for line in told if line.startswith("nhóm: Hồ sơ mới")]
    assert len(cards) == 1, "one card, edited in its place"


@pytest.mark.nightly
def test_on_postgresql_the_story_is_the_same_even_when_it_is_killed(
    undisturbed: Told, postgres: Postgres, tmp_path: Path
) -> None:
    """By changing one URL, as a city does."""
    url = postgres.create(like=postgres.migrated)
    staff = Staff.hired(tmp_path / "staff", url)
    with TelegramDouble() as double:
        scene = Scene(double, tmp_path / "var", staff, url)
        try:
            scene.process.start()
            lived = []
            for step in whole_way(scene):
                scene.settled()
                lived.append((step, scene.told()))
                if step in ("câu hỏi", "ảnh", "nộp", "viết lý do"):
                    scene.process.kill()
                    scene.process.start()
            scene.settled()
            for (step, told), (_, expected) in zip(lived, undisturbed, strict=True):
                assert told == expected, step
            assert scene.rows("SELECT status, count(*) FROM inbox GROUP BY status") == [
                ("done", scene.heard())
            ]
            assert scene.process.end() == 0
            assert "Traceback" not in scene.process.logged
        finally:
            scene.process.close()
    postgres.drop(url)
