"""What every guide (`kind: huong_dan`) promises: its length, its safety, a way back and a way to a person."""

import pytest

from bot.core.messages import Reply
from bot.flow.load import load_flows
from bot.flow.model import Flow, Flows, Step
from tests.flow.conftest import CALENDAR, FLOWS
from tests.flow.talking import Citizen

LOADED = load_flows(FLOWS, [], CALENDAR)
GUIDES = sorted(id_ for id_, flow in LOADED.flows.items() if flow.kind == "huong_dan")
SAFE = "không bao giờ hỏi mật khẩu hay mã OTP"
#: About one screen of a phone.
ONE_SCREEN = 420


def counted(flow: Flow) -> list[Step]:
    return [step for step in flow.steps.values() if step.question and step.counted]


def beside(flow: Flow, step: Step) -> Step:
    """The step to which "Tôi bị vướng" leads."""
    return flow.steps[step.next[0].then]


def through(flows: Flows, guide: str) -> list[list[Reply]]:
    """What is said in the guide, by its ways; "Xong, bước tiếp" at every step."""
    first = LOADED.flows[guide].steps[Citizen(flows).start(guide).top.step]
    ways = [""] if first.counted else [one.id for one in LOADED.flows[guide].slots[first.target].choices]
    found = []
    for way in ways:
        citizen = Citizen(flows).start(guide)
        said = list(citizen.replies)
        if way:
            citizen.tap(f"/SetSlots({first.target}={way})")
            said += citizen.replies
        if citizen.state.stack and citizen.top.flow != guide:
            continue
        while citizen.state.stack:
            citizen.tap(f"/SetSlots({citizen.asked}=xong)")
            said += citizen.replies
        found.append(said)
    return found


def test_there_are_guides():
    assert len(GUIDES) >= 6


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_is_light_and_has_three_to_six_steps(guide):
    flow = LOADED.flows[guide]
    assert flow.light
    assert flow.progress
    for said in through(LOADED, guide):
        steps = [reply for reply in said if reply.text.startswith("Bước ")]
        assert 3 <= len(steps) <= 6
        assert steps[0].text.startswith(f"Bước 1/{len(steps)}.")
        assert steps[-1].text.startswith(f"Bước {len(steps)}/{len(steps)}.")


@pytest.mark.parametrize("guide", GUIDES)
def test_the_first_message_gives_the_number_of_steps_and_asks_for_no_secret(guide):
    for said in through(LOADED, guide):
        number = sum(reply.text.startswith("Bước ") for reply in said)
        assert SAFE in said[0].text
        several = "3 đến 4 bước" in said[0].text and number in (3, 4)
        assert several or f"{number} bước" in said[0].text


@pytest.mark.parametrize("guide", GUIDES)
def test_the_last_message_names_the_source_and_where_to_go_on(guide):
    for said in through(LOADED, guide):
        assert "Nguồn: " in said[-1].text
        assert any(button.payload.startswith("/StartFlow(") for button in said[-1].buttons)


@pytest.mark.parametrize("guide", GUIDES)
def test_every_step_has_its_buttons(guide):
    flow = LOADED.flows[guide]
    first = next(step.id for step in flow.steps.values() if step.question)
    for step in counted(flow):
        payloads = [button.payload for button in LOADED.response(flow, step.utter).buttons]
        assert payloads[:2] == [f"/SetSlots({step.target}=xong)", f"/SetSlots({step.target}=vuong)"]
        assert ("/Back" in payloads) == (step.id != first)
        assert payloads[-1] == "/Pause"


@pytest.mark.parametrize("guide", GUIDES)
def test_whoever_is_stuck_can_try_again_or_get_a_person(guide):
    flow = LOADED.flows[guide]
    for step in counted(flow):
        stuck = beside(flow, step)
        titles = [button.title for button in LOADED.response(flow, stuck.utter).buttons]
        assert titles[:3] == ["Thử lại", "Hẹn phường giúp", "Gặp cán bộ"]
        after = [flow.steps[branch.then] for branch in stuck.next]
        assert [(one.kind, one.target) for one in after[:2]] == [
            ("link", "hen_ho_tro"),
            ("link", "gap_can_bo"),
        ]
        assert [branch.then for branch in after[2].next] == [step.id]
        assert after[2].values == {step.target: None, stuck.target: None}


@pytest.mark.parametrize("guide", GUIDES)
def test_every_message_fits_on_one_screen(guide):
    flow = LOADED.flows[guide]
    for name, response in flow.responses.items():
        text = "".join(part for part in response.text if isinstance(part, str))
        assert len(text) <= ONE_SCREEN, (name, len(text))


@pytest.mark.parametrize("words", ["xong", "xong rồi", "ok", "Được rồi ạ", "1", "tiếp tục"])
def test_done_is_said_in_many_ways(words):
    citizen = Citizen(LOADED).start("huong_dan_cong_loi").say(words)
    assert citizen.text.startswith("Bước 2/4.")


@pytest.mark.parametrize("words", ["vướng", "tôi bị vướng rồi", "không được", "ko được", "chưa xong", "2"])
def test_stuck_is_said_in_many_ways(words):
    citizen = Citizen(LOADED).start("huong_dan_cong_loi").say(words)
    assert citizen.asked == "vuong_loi"


def test_the_question_what_is_this_is_answered_in_a_guide():
    citizen = Citizen(LOADED).start("huong_dan_tim_thu_tuc").tap("/Explain")
    assert "tên chính thức" in citizen.text
    assert "Bước 1/4." in citizen.text


def test_a_guide_put_aside_can_be_begun_anew():
    citizen = Citizen(LOADED).start("huong_dan_theo_doi").tap("/SetSlots(xem_1=xong)", "/Pause")
    citizen.start("huong_dan_theo_doi")
    assert "đang làm dở" in citizen.text
    citizen.say("làm lại từ đầu")
    assert citizen.replies[-1].text.startswith("Bước 1/5.")
