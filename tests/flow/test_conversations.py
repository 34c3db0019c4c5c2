"""Plays the conversations of tests/conversations/flow. Between any two lines the state goes through JSON.

Steps: `user` what is written · `tap` a payload · `files` names of photos · `place` [lat, lon] · `command` an
engine command · `hear` an answer found elsewhere, told in between · `utter` a wording that was said · `bot`
words that were said · `full` half hours that somebody has taken · `book` what they have booked ·
`slot_was_set` · `effect` · `no_effect` · `nothing_in_hand`.
"""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.core import commands
from bot.core.content import read_yaml
from bot.core.messages import Place, Reply
from bot.core.offers import Booked, Filed, Hour, moment
from bot.flow.model import Flows, Template
from tests.flow.real import everything, procedures
from tests.flow.talking import Citizen, photo

FOLDER = Path(__file__).parents[1] / "conversations" / "flow"
KINDS = {"happy_paths", "corrections", "cancellations", "repairs"}
_STARTED = re.compile(r"StartFlow\((\w+)")
CASES = [
    pytest.param(case["steps"], id=f"{path.relative_to(FOLDER).with_suffix('')}: {case['test_case']}")
    for path in sorted(FOLDER.glob("*/*.yml"))
    for case in read_yaml(path).value["test_cases"]
]


@pytest.fixture(scope="session")
def real_flows() -> Flows:
    """The ward's own flows and forms, and beside them the small form of conftest."""
    return everything()


@pytest.mark.parametrize("steps", CASES)
def test_the_conversation_goes_as_written(real_flows: Flows, steps: list[dict[str, Any]]):
    citizen = Player(real_flows)
    for number, step in enumerate(steps, 1):
        [(kind, value)] = step.items()
        try:
            getattr(citizen, f"play_{kind}")(value)
        except AssertionError as error:
            said = "\n".join(reply.text for reply in citizen.replies)
            raise AssertionError(f"step {number}, {kind}: {value}\n{error}\nsaid: {said}") from None


def test_every_flow_has_a_conversation(real_flows: Flows):
    """General forms are walked in test_every_form; a form of its own is talked through like a flow."""
    started = {name for path in FOLDER.glob("*/*.yml") for name in _STARTED.findall(path.read_text())}
    general = {one.id for one in procedures() if one.form is None}
    own = {id_ for id_ in real_flows.flows if not id_.startswith("pattern_")} - general
    assert own <= started, f"add tests/conversations/flow/happy_paths/{min(own - started)}.yml"


def test_conversations_are_sorted_into_their_folders():
    assert {path.parent.name for path in FOLDER.glob("*/*.yml")} == KINDS


class Player(Citizen):
    """A citizen, and the expectations about what was said to them."""

    def play_user(self, text: str) -> None:
        self._clear()
        self.say(text)

    def play_tap(self, tapped: str) -> None:
        self._clear()
        self.tap(tapped)

    def play_full(self, half_hours: list[list[str]]) -> None:
        """Somebody else has them: [counter, day, half hour]; without a half hour, the whole day."""
        for counter, day, *at in half_hours:
            times = at or self.book.times(counter, date.fromisoformat(day))
            self.book.taken |= {(counter, day, one) for one in times}

    def play_book(self, facts: dict[str, Any]) -> None:
        """What they have: `appointments`: [[code, counter, day, half hour], …]; `may_reopen`; `filed`."""
        if "filed" in facts:
            self.book.mine = tuple(
                Filed(code=code, name="Đăng ký khai sinh", may_withdraw=True, may_supplement=True)
                for code in facts["filed"]
            )
        self.book.reopens = facts.get("may_reopen", True)
        self.book.booked = tuple(
            Booked(code=code, hour=Hour(counter=counter, starts_at=moment(day, at)))
            for code, counter, day, at in facts.get("appointments", [])
        )

    def play_files(self, names: list[str]) -> None:
        self._clear()
        self.send(*(photo(name) for name in names))

    def play_place(self, point: list[float]) -> None:
        self._clear()
        self.send(place=Place(latitude=point[0], longitude=point[1]))

    def play_command(self, given: dict[str, dict[str, Any]]) -> None:
        self._clear()
        [(name, values)] = given.items()
        self.do(getattr(commands, name)(**values))

    def play_hear(self, text: str) -> None:
        self._clear()
        self.hear(Reply(text=text))

    def play_utter(self, name: str) -> None:
        templates = [
            flow.responses[name].text for flow in self.flows.flows.values() if name in flow.responses
        ]
        if name in self.flows.responses:
            templates.append(self.flows.responses[name].text)
        assert templates, f"{name} has no wording"
        assert any(_pattern(one).search(reply.text) for one in templates for reply in self.replies)

    def play_bot(self, words: str) -> None:
        said = [reply.text for reply in self.replies] + [
            row.value for reply in self.replies for row in reply.rows
        ]
        assert any(words in one for one in said)

    def play_slot_was_set(self, slots: dict[str, Any]) -> None:
        for name, value in slots.items():
            found = [frame.slots[name] for frame in self.state.stack if name in frame.slots]
            assert value in found, found

    def play_effect(self, expected: dict[str, Any]) -> None:
        assert len(self.effects) == 1, self.effects
        effect = self.effects[0]
        assert type(effect).__name__ == expected["type"]
        for name, value in expected.items():
            if name != "type":
                assert getattr(effect, name) == value

    def play_no_effect(self, _: bool) -> None:
        assert self.effects == []

    def play_nothing_in_hand(self, _: bool) -> None:
        assert self.state.stack == ()

    def _clear(self) -> None:
        self.effects = []


def _pattern(template: Template) -> re.Pattern[str]:
    parts = [re.escape(part) if isinstance(part, str) else ".*" for part in template]
    return re.compile("".join(parts), re.DOTALL)
