"""Every form of the ward, filled to its end, and at every one of its questions disturbed in every way.

The citizen knows no form: the answers come from `custom.collect` alone (tests/filling.py). Between any two
commands the state goes through JSON, which is a restart.
"""

from collections.abc import Iterator
from dataclasses import asdict, replace

import pytest

from bot.core.effects import Effect, OpenDossier
from bot.core.messages import Reply
from bot.flow.forms import edition
from bot.flow.model import Flow, Flows, Frame, Slot, State, Step
from bot.flow.path import questions
from tests.filling import PICTURE, Filler
from tests.flow.conftest import NOW
from tests.flow.real import procedures, real_flows
from tests.flow.talking import Citizen, photo

#: Filed: a procedure's own form, or the general one.
FILED = sorted(real_flows().forms.values())
OWN = sorted(one.id for one in procedures() if one.form is not None)
#: Longest text that every channel takes in one message (Zalo's limit).
LONGEST = 2000


def step(citizen: Citizen, filler: Filler) -> None:
    """Answer the question in hand."""
    asked = citizen.replies[-1]
    assert asked.collect is not None, f"nothing is asked: {citizen.text}"
    said = filler.answer(asdict(asked.collect), {one.payload: one.title for one in asked.buttons})
    if said == PICTURE:
        citizen.send(photo(f"{len(filler.said):028x}"))
    elif said.startswith("/"):
        citizen.tap(said)
    else:
        citizen.say(said)


def filled(flow: str, seed: int = 0) -> Iterator[Citizen]:
    """The citizen at every question of the form, and at last when it is filed."""
    citizen, filler = Citizen(real_flows()).start(flow), Filler(NOW.date(), seed)
    for _ in range(80):
        yield citizen
        if not citizen.state.stack:
            return
        step(citizen, filler)
    raise AssertionError(f"{flow} does not end: {filler.said[-10:]}")


def finish(citizen: Citizen, seed: int = 0) -> list[Effect]:
    """Answer on until nothing is in hand."""
    filler = Filler(NOW.date(), seed)
    for _ in range(80):
        if not citizen.state.stack:
            return citizen.effects
        step(citizen, filler)
    raise AssertionError(f"no end: {filler.said[-10:]}")


def opened(citizen: Citizen) -> OpenDossier:
    [effect] = citizen.effects
    assert isinstance(effect, OpenDossier)
    return effect


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("flow", FILED)
def test_a_form_is_filled_and_one_dossier_with_every_needed_answer_comes_of_it(flow: str, seed: int):
    before: Frame | None = None
    for citizen in filled(flow, seed):
        assert all(len(one.payload.encode()) <= 64 for reply in citizen.replies for one in reply.buttons)
        assert all(len(reply.text) <= LONGEST for reply in citizen.replies)
        before = citizen.top if citizen.state.stack else before
    dossier, whole = opened(citizen), citizen.flows.flows[flow]
    assert dossier.procedure == flow
    given = {one.slot for one in dossier.form} | {one.paper for one in dossier.papers}
    assert before is not None
    asked = questions(whole, before.slots, {})
    needed = {
        whole.slots[one.target].paper or one.target for one in asked if whole.slots[one.target].required
    }
    assert needed <= given


def at_every_question(flow: str) -> list[State]:
    """Where a citizen stands at each question, as saved."""
    return [citizen.state for citizen in filled(flow) if citizen.state.stack]


def resumed(state: State) -> Citizen:
    """Somebody who comes back to where they stood, and is asked again."""
    return Citizen(real_flows(), state).tap("/Resume")


@pytest.mark.parametrize("flow", FILED)
def test_at_every_question_a_matter_in_between_comes_back_to_it(flow: str):
    for state in at_every_question(flow)[1:]:
        asked = resumed(state).asked
        told = Citizen(real_flows(), state).hear(Reply(text="Câu trả lời nằm ở nơi khác."))
        assert told.asked == asked
        other = Citizen(real_flows(), state).start("huong_dan_cong_loi").tap("/Cancel")
        if not other.state.stack:  # before the first answer there was nothing to keep
            assert _first_answer(state) is None
            continue
        assert other.asked == "lam_tiep"
        assert other.say("làm tiếp").asked == asked


@pytest.mark.parametrize("flow", FILED)
def test_at_every_question_it_can_be_put_aside_and_gone_on_with(flow: str):
    for state in at_every_question(flow)[2:]:
        asked = resumed(state).asked
        citizen = Citizen(real_flows(), state).tap("/Pause")
        assert citizen.state.stack == ()
        assert citizen.tap("/Resume").asked == asked
        assert citizen.top.slots == state.stack[-1].slots


@pytest.mark.parametrize("flow", FILED)
def test_at_every_question_an_earlier_answer_is_changed_and_the_question_comes_back(flow: str):
    for state in at_every_question(flow)[2:]:
        first = _first_answer(state)
        if first is None:
            continue
        asked = resumed(state).asked
        citizen = Citizen(real_flows(), state).tap(f"/CorrectSlot({first})")
        assert citizen.asked == first
        step(citizen, Filler(NOW.date()))
        if citizen.asked == first:  # a paper: page by page
            citizen.tap(f"/SetSlots({first}=@xong)")
        assert citizen.asked == asked


@pytest.mark.parametrize("flow", FILED)
def test_at_every_question_one_can_go_back_and_come_forward_again(flow: str):
    for state in at_every_question(flow)[2:]:
        asked = resumed(state).asked
        citizen = Citizen(real_flows(), state).tap("/Back")
        assert citizen.tap("/Resume").asked == asked


@pytest.mark.parametrize("flow", FILED)
def test_at_every_question_it_can_be_cancelled_and_nothing_is_opened(flow: str):
    for state in at_every_question(flow):
        citizen = Citizen(real_flows(), state).tap("/Cancel")
        if citizen.state.stack:
            citizen.tap("/Cancel")
        assert citizen.state.stack == ()
        assert citizen.effects == []


@pytest.mark.parametrize("flow", OWN)
def test_at_every_question_of_an_own_form_the_form_may_change_and_the_answers_stay(flow: str):
    changed = _with_one_more_question(flow)
    for state in at_every_question(flow)[2:]:
        citizen = Citizen(changed, state).tap("/Resume")
        assert citizen.top.slots == state.stack[-1].slots
        [effect] = finish(citizen)
        assert isinstance(effect, OpenDossier)
        assert "moi" in {one.slot for one in effect.form}


@pytest.mark.parametrize("flow", FILED)
def test_at_the_last_check_an_answer_is_changed_and_the_form_is_sent(flow: str):
    state = at_every_question(flow)[-1]
    first = _first_answer(state)
    assert first is not None
    citizen = Citizen(real_flows(), state).tap(f"/CorrectSlot({first})")
    step(citizen, Filler(NOW.date(), 1))
    assert len(finish(citizen, 1)) == 1


def _first_answer(state: State) -> str | None:
    frame = state.stack[-1]
    flow = real_flows().flows[frame.flow]
    asked = questions(flow, frame.slots, {})
    return next((one.target for one in asked if frame.slots.get(one.target) is not None), None)


def _with_one_more_question(flow: str) -> Flows:
    """The same ward, whose form asks one thing more before the check."""
    old = real_flows().flows[flow]
    added = Slot(id="moi", type="text", label="Điều mới")
    steps: dict[str, Step] = {}
    for one in old.steps.values():
        if one.review:
            asks = Step(id="moi", kind="collect", target="moi", utter="utter_hoi_giay_to", next=())
            steps["moi"] = replace(asks, next=(replace(one.next[0], then=one.id, condition=None),))
        steps[one.id] = one
    for id_, one in steps.items():
        if id_ != "moi":
            led = tuple(replace(b, then="moi") if _reviews(old, b.then) else b for b in one.next)
            steps[id_] = replace(one, next=led)
    slots = {**old.slots, "moi": added}
    new: Flow = replace(old, steps=steps, slots=slots, version=edition(steps.values(), slots.values()))
    flows = real_flows()
    return replace(flows, flows={**flows.flows, flow: new})


def _reviews(flow: Flow, step_id: str) -> bool:
    return step_id in flow.steps and flow.steps[step_id].review
