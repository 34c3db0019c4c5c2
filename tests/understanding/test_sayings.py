"""Every fixed answer that understanding may ask for has its words, and its buttons work."""

from string import Formatter

import pytest

from bot.core.commands import CannotHandle, Say
from bot.core.content import read_yaml
from bot.core.payload import LIMIT
from bot.understanding.buttons import tapped
from bot.understanding.interpret import SAYINGS
from tests.understanding.understanding_scene import ROOT

WRITTEN = read_yaml(ROOT / "data" / "sayings.yml").value
FACTS = {"ward.name", "ward.address", "ward.hours", "ward.phone", "offices.hours", "offices.addresses"}
#: Sayings about something else, and what they may say of it.
AROUND = {
    "belief": {"belief", "source", "as_of"},
    "belief_beside": {"answer", "belief"},
    "browse_group": {"group", "number"},
    "holds_unknown": {"name"},
    "browse_more": {"rest"},
    "handover_offered": {"ma", "phut"},
    "handover_code": {"ma", "phut"},
}


def test_whatever_understanding_may_say_is_written():
    assert set(WRITTEN) >= SAYINGS


@pytest.mark.parametrize("name", WRITTEN)
def test_a_saying_is_words_and_buttons(name):
    saying = WRITTEN[name]

    assert set(saying) <= {"text", "buttons"}
    assert saying["text"].strip()
    assert {field for _, field, _, _ in Formatter().parse(saying["text"]) if field} <= FACTS | AROUND.get(
        name, set()
    )
    assert len(saying["text"]) < 1_000


@pytest.mark.parametrize("name", WRITTEN)
def test_its_buttons_fit_and_are_understood(name):
    for button in WRITTEN[name].get("buttons", []):
        assert set(button) == {"title", "payload"}
        assert len(button["payload"].encode()) <= LIMIT
        assert tapped(button["payload"]) not in (None, CannotHandle())
        if isinstance(command := tapped(button["payload"]), Say):
            assert command.response in WRITTEN


def test_small_talk_of_the_rules_has_its_words(words):
    for text in ("chào em", "cảm ơn nha", "tạm biệt", "ok", "không", "giúp với", "menu"):
        assert words.whole(words.small_talk, words.read(text)) in SAYINGS
