"""A resident asks, files a dossier, officers act on it and the resident is told: over the real process."""

from tests.process.story import Told


def test_a_dossier_from_the_first_question_to_the_result(undisturbed: Told) -> None:
    """What each step must say stands beside the step, in `story`."""
    steps = [step for step, _ in undisturbed]
    assert steps[0] == "câu hỏi"
    assert steps[-1] == "hỏi hồ sơ"
    _, told = undisturbed[-1]
    assert len([line for line in told if "Mã hồ sơ" in line]) == 1
    cards = [line for line in told if line.startswith("nhóm: Hồ sơ mới")]
    assert len(cards) == 1, "one card, edited in its place"
