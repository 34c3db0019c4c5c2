"""A citizen who does anything at any moment, as a state machine: what must hold after each thing they do."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.core.commands import CorrectSlot, CorrectSlots, Reopen, SetSlot
from bot.core.effects import CallOfficer, OpenDossier, SupplementDossier
from bot.core.messages import IdCard, Reply
from bot.flow.model import STATE_LIMIT, Frame, encode
from bot.flow.path import begun
from bot.flow.situation import situation
from tests.filling import PICTURE, Filler
from tests.flow.conftest import NOW
from tests.flow.real import real_flows
from tests.flow.talking import Citizen, photo

FORMS = ["dang_ky_khai_sinh", "xac_nhan_tinh_trang_hon_nhan", "dang_ky_ket_hon", "phan_anh"]
GUIDE = "huong_dan_cong_loi"
CODE = "H29.118-261125-0004"
#: Words with which answers may be gone, and the citizen knows it.
DROPPED = ("Đã dừng", "bỏ việc cũ nhất", "Đã nhận", "Đã gửi", "từ đầu", "không làm nữa")


class Anything(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.citizen = Citizen(real_flows())
        self.filler = Filler(NOW.date())
        self.before: list[Frame] = []
        self.opened = 0
        self.restarted = False
        #: An officer asked again for the same dossier: what was being sent begins anew.
        self.asked_anew = False

    def do(self, act: Any) -> None:
        """One thing the citizen does, and what must hold of it."""
        state = self.citizen.state
        self.before = [*state.aside, *state.stack]
        sent = len(self.citizen.effects)
        act()
        new = self.citizen.effects[sent:]
        assert len(new) <= 1
        assert self.citizen.replies, "nobody is left without an answer"
        assert all(reply.text for reply in self.citizen.replies)
        assert all(len(one.payload.encode()) <= 64 for reply in self.citizen.replies for one in reply.buttons)
        self._nothing_is_lost(new)
        self.asked_anew = False

    def _nothing_is_lost(self, new: list[Any]) -> None:
        """Every form begun before is still there with its answers, or its end was told."""
        flows = real_flows()
        after = [*self.citizen.state.aside, *self.citizen.state.stack]
        told = self.citizen.text
        for frame in self.before:
            flow = flows.flows[frame.flow]
            if flow.pattern or flow.light or not begun(flow, frame):
                continue
            if frame.reopened and self.asked_anew:
                continue
            same = [one for one in after if one.flow == frame.flow and one.reopened == frame.reopened]
            if not same:
                assert new or any(words in told for words in DROPPED), (frame.flow, told)
            elif not self.restarted:
                kept = {name: value for name, value in frame.slots.items() if value is not None}
                asked = {step.target for step in flow.steps.values() if step.question}
                gone = {name for name in kept if name in asked and name not in same[-1].slots}
                assert gone <= {same[-1].correcting, same[-1].doubted}, (gone, told)

    @initialize(form=st.sampled_from(FORMS))
    def begins(self, form: str) -> None:
        self.do(lambda: self.citizen.start(form))

    @rule(form=st.sampled_from([*FORMS, GUIDE]))
    def starts_another(self, form: str) -> None:
        self.restarted = False
        self.do(lambda: self.citizen.start(form))

    @precondition(lambda self: self.citizen.asked is not None)
    @rule()
    def answers_well(self) -> None:
        self.restarted = "làm lại" in self.citizen.text
        asked = self.citizen.replies[-1]
        assert asked.collect is not None
        self.filler.tries.clear()
        self.filler.last = ""
        said = self.filler.answer(asdict(asked.collect), {one.payload: one.title for one in asked.buttons})
        if said == PICTURE:
            self.do(lambda: self.citizen.send(photo(f"{len(self.filler.said):028x}")))
        elif said.startswith("/"):
            self.do(lambda: self.citizen.tap(said))
        else:
            self.do(lambda: self.citizen.say(said))

    @rule(
        text=st.sampled_from(
            [
                "?",
                "31/02/2026",
                "không",
                "có",
                "nữ",
                "12/3/1990, sđt 0901234567",
                "Lê Thị Hoa, sinh 12/3/1990",
            ]
        )
        | st.text(max_size=40)
    )
    def says_anything(self, text: str) -> None:
        self.restarted = True  # "làm lại" can be among it
        self.do(lambda: self.citizen.say(text))

    @rule(number=st.integers(0, 20))
    def taps_something_shown(self, number: int) -> None:
        shown = [one.payload for reply in self.citizen.replies for one in reply.buttons]
        buttons = [one for one in shown if one and not one.startswith(("/Say", "/AskStatus", "/CallOfficer"))]
        if buttons:
            tapped = buttons[number % len(buttons)]
            self.restarted = "lai" in tapped
            self.do(lambda: self.citizen.tap(tapped))

    @rule(sex=st.sampled_from(["nam", "nu"]), doubt=st.sampled_from([None, "dark"]))
    def sends_a_card(self, sex: str, doubt: str | None) -> None:
        self.restarted = False
        number = "000190001234" if sex == "nu" else "000090001234"
        card = IdCard(number=number, name="Lê Thị Hoa", born="1990-03-12", sex=sex, residence="số 3")
        self.do(lambda: self.citizen.send(photo("the", card=card, doubt=doubt)))

    @precondition(lambda self: self.citizen.state.stack)
    @rule(number=st.integers(0, 9), value=st.sampled_from([None, "Trần An", "1/1/1990", "2"]))
    def corrects(self, number: int, value: str | None) -> None:
        self.restarted = False
        names = list(self.citizen.flows.flows[self.citizen.top.flow].slots)
        self.do(lambda: self.citizen.do(CorrectSlot(names[number % len(names)], value)))

    @precondition(lambda self: self.citizen.state.stack)
    @rule(number=st.integers(0, 9))
    def corrects_two(self, number: int) -> None:
        self.restarted = False
        names = list(self.citizen.flows.flows[self.citizen.top.flow].slots)
        first, second = names[number % len(names)], names[(number + 1) % len(names)]
        self.do(
            lambda: self.citizen.do(
                CorrectSlots((CorrectSlot(first, "Trần An"), CorrectSlot(second, "1/1/1990")))
            )
        )

    @rule(name=st.sampled_from(["Back", "Skip", "Pause", "Resume", "Edit", "Explain", "CannotHandle"]))
    def repairs(self, name: str) -> None:
        self.restarted = False
        self.do(lambda: self.citizen.tap(f"/{name}"))

    @rule(name=st.sampled_from(["Cancel", "Restart"]))
    def gives_up(self, name: str) -> None:
        self.restarted = True
        self.do(lambda: self.citizen.tap(f"/{name}"))

    @rule(greeting=st.booleans())
    def is_told_something(self, greeting: bool) -> None:
        self.restarted = False
        self.do(lambda: self.citizen.hear(Reply(text="Câu trả lời."), greeting=greeting))

    @rule(wanted=st.sampled_from([("giay_chung_sinh",), ("ten_be", "so_dien_thoai")]))
    def is_asked_by_an_officer(self, wanted: tuple[str, ...]) -> None:
        self.asked_anew = True
        answers = {"ten_be": "Nguyễn Thị An Nhiên", "gioi_tinh_be": "nu", "so_dien_thoai": "0901234567"}
        self.do(lambda: self.citizen.do(Reopen("dang_ky_khai_sinh", CODE, answers, wanted)))

    @rule(days=st.integers(1, 40))
    def waits(self, days: int) -> None:
        self.citizen.now += timedelta(days=days)

    @rule(files=st.integers(1, 3))
    def sends_photos(self, files: int) -> None:
        self.restarted = False
        sent = tuple(photo(f"{number:028x}") for number in range(files))
        self.do(lambda: self.citizen.do(SetSlot(None, "", sent)))

    @invariant()
    def there_is_a_way_out(self) -> None:
        """Nothing in hand, or a question; and from wherever it is, it can be ended."""
        if self.citizen.state.stack:
            other = Citizen(self.citizen.flows, self.citizen.state, self.citizen.now)
            assert other.tap("/Resume").replies
            for _ in range(2 * len(self.citizen.state.stack) + 2):
                other.tap("/Cancel")
            assert other.state.stack == ()

    @invariant()
    def the_state_is_small(self) -> None:
        assert len(encode(self.citizen.state)) <= STATE_LIMIT

    @invariant()
    def what_was_done_is_known(self) -> None:
        for effect in self.citizen.effects:
            assert isinstance(effect, OpenDossier | SupplementDossier | CallOfficer)

    @invariant()
    def understanding_can_look(self) -> None:
        situation(self.citizen.flows, self.citizen.state, "thứ hai", self.citizen.now)


Anything.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestAnything = Anything.TestCase
