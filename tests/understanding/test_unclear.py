"""The rule by which messages are kept for labelling."""

import pytest

from bot.core.commands import Ask, CannotHandle, Clarify, Find, Say, SetSlot, StartFlow
from bot.core.heard import Collecting, Heard, Situation
from bot.understanding.unclear import LONGEST, is_unclear

FREE = Situation()
NAME = Collecting(slot="ho_ten", type="name", required=True)


def heard(text="cái kia làm sao", confidence=0.4, source="rasa"):
    return Heard(text=text, intent="ask_overview", confidence=confidence, source=source)


@pytest.mark.parametrize("source", ["rasa", "rules", "search"])
@pytest.mark.parametrize(
    "command",
    [
        CannotHandle(),
        Clarify("fee", ("dang_ky_khai_sinh", "dang_ky_khai_tu")),
        Find("cái kia"),
        Say("which_procedure"),
        Say("out_of_scope"),
    ],
)
def test_what_was_not_understood_is_kept_whoever_read_it(command, source):
    assert is_unclear(heard(source=source), FREE, command)


@pytest.mark.parametrize(
    "command",
    [Ask("fee", "dang_ky_khai_sinh"), Say("greet"), Say("help"), StartFlow("phan_anh"), SetSlot(None, "x")],
)
def test_what_was_understood_is_not(command):
    assert not is_unclear(heard(confidence=0.55), FREE, command)


@pytest.mark.parametrize("saying", ["which_procedure", "out_of_scope"])
def test_a_certain_answer_that_it_is_not_ours_or_names_nothing_was_understood(saying):
    assert not is_unclear(heard(confidence=0.85), FREE, Say(saying))


def test_what_is_said_to_a_question_of_a_form_is_never_kept():
    in_form = Situation(collecting=NAME, flow="dang_ky_khai_sinh")
    in_guide = Situation(collecting=NAME, flow="huong_dan_tai_khoan", light=True)

    assert not is_unclear(heard(), in_form, CannotHandle())
    assert is_unclear(heard(), in_guide, CannotHandle())


def test_a_long_story_is_not_kept():
    assert is_unclear(heard("x" * LONGEST), FREE, CannotHandle())
    assert not is_unclear(heard("x" * (LONGEST + 1)), FREE, CannotHandle())
