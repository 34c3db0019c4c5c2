"""Whatever citizens do, in whatever order: no crash, a small state, and nothing done twice."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.commands import (
    Back,
    Cancel,
    CannotHandle,
    CorrectSlot,
    CorrectSlots,
    Edit,
    Explain,
    Pause,
    Reopen,
    Restart,
    Resume,
    SetSlot,
    Skip,
    StartFlow,
    Tell,
)
from bot.core.effects import OpenDossier
from bot.core.messages import Attachment, IdCard, Place, Reply
from bot.flow.load import load_flows
from bot.flow.model import State
from bot.flow.situation import situation
from tests.flow.conftest import CALENDAR, FLOWS, FORM, NOW, procedure
from tests.flow.talking import Citizen, command_of, photo

NOW_AND_THEN = load_flows(FLOWS, [procedure()], CALENDAR)
LATER = load_flows(FLOWS, [procedure(form={**FORM, "fields": FORM["fields"][1:]})], CALENDAR)

NAMES = sorted(NOW_AND_THEN.flows)
SLOTS = sorted({slot for flow in NOW_AND_THEN.flows.values() for slot in flow.slots})
TEXTS = st.one_of(
    st.sampled_from(
        [
            "có",
            "không",
            "đồng ý",
            "Lê Thị Hoa",
            "5/11/2026",
            "ngày mai",
            "thứ hai tuần sau",
            "0901234567",
            "000085001234",
            "2",
            "nữ",
            "nam",
            "xong",
            "rác",
            "31/02/2026",
            "làm tiếp",
            "Đèn đường hỏng ba hôm nay",
            "trước nhà 12 đường số 3",
            "@cu",
            "@xong",
            "H29.118-261125-0001",
        ]
    ),
    st.text(max_size=30),
    st.just("ộ" * 900),
)
FILES = st.lists(
    st.one_of(
        st.text(alphabet="abc", min_size=1, max_size=40).map(photo),
        st.just(Attachment(name="x", refused="too_large")),
    ),
    max_size=10,
).map(tuple)
CARDS = st.builds(
    lambda name, sex: (
        photo("the", card=IdCard(number="000190001234", name=name, born="1990-03-12", sex=sex)),
    ),
    st.sampled_from(["Lê Thị Hoa", "Nguyễn Văn Bình", "x"]),
    st.sampled_from(["nam", "nu"]),
)
COMMANDS = st.one_of(
    st.builds(SetSlot, st.none(), TEXTS),
    st.builds(SetSlot, st.none(), TEXTS),
    st.builds(SetSlot, st.one_of(st.none(), st.sampled_from(SLOTS)), TEXTS, FILES, tapped=st.booleans()),
    st.builds(SetSlot, st.none(), st.just(""), st.just(()), st.just(Place(latitude=10.9, longitude=106.7))),
    st.builds(
        StartFlow, st.sampled_from([*NAMES, "khong_co"]), st.dictionaries(st.sampled_from(SLOTS), TEXTS)
    ),
    st.builds(CorrectSlot, st.sampled_from(SLOTS), st.one_of(st.none(), TEXTS)),
    st.builds(
        CorrectSlots,
        st.lists(st.builds(CorrectSlot, st.sampled_from(SLOTS), TEXTS), min_size=2, max_size=3).map(tuple),
    ),
    st.builds(
        Reopen,
        st.sampled_from([*NAMES, "khong_co"]),
        st.just("H29.118-261125-0001"),
        st.dictionaries(st.sampled_from(SLOTS), st.one_of(st.none(), TEXTS, st.integers())),
        st.lists(st.sampled_from(SLOTS), max_size=3).map(tuple),
    ),
    st.builds(SetSlot, st.none(), st.just(""), CARDS),
    st.sampled_from(
        [Back(), Cancel(), CannotHandle(), Edit(), Explain(), Pause(), Restart(), Resume(), Skip()]
    ),
    st.just(Tell((Reply(text="Trả lời."),))),
    # A good citizen: taps one of the buttons shown, or answers what is asked.
    st.builds(lambda number: number, st.integers(0, 12)),
    st.builds(lambda number: number, st.integers(0, 12)),
)
GOOD = {
    "name": "Lê Thị Hoa",
    "date": "5/11/2026",
    "phone": "0901234567",
    "cccd": "000085001234",
    "number": "2",
    "text": "Đèn đường hỏng ba hôm nay",
    "time": "9 giờ",
    "place": "trước nhà 12 đường số 3",
}


def obey(citizen: Citizen, number: int) -> None:
    buttons = [button for reply in citizen.replies for button in reply.buttons]
    ours = [one for one in buttons if not one.payload.startswith(("/Say", "/AskStatus", "/CallOfficer"))]
    collect = citizen.replies[-1].collect if citizen.replies else None
    if ours:
        citizen.do(command_of(ours[number % len(ours)].payload))
    elif collect is not None and collect.type in GOOD:
        citizen.say("ngày mai" if collect.slot == "ngay_hen" else GOOD[collect.type])
    else:
        citizen.send(photo(f"n{number}"))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(NAMES), st.lists(COMMANDS, max_size=45), st.integers(0, 45))
def test_any_sequence_of_commands_is_survived(flow, commands, change_at):
    citizen = Citizen(NOW_AND_THEN).start(flow)
    for number, command in enumerate(commands):
        if number == change_at:
            citizen.flows = LATER
            citizen.now += timedelta(days=4)
        before, sent = citizen.state, len(citizen.effects)
        if isinstance(command, int):
            obey(citizen, command)
        else:
            citizen.do(command)  # checks the size of the state and its round trip
        assert citizen.replies, "nobody is left without an answer"
        assert all(reply.text for reply in citizen.replies)
        assert all(len(one.payload.encode()) <= 64 for reply in citizen.replies for one in reply.buttons)
        assert len(citizen.effects) - sent <= 1
        if len(citizen.effects) > sent and isinstance(citizen.effects[-1], OpenDossier):
            _was_complete(before, citizen)
        situation(citizen.flows, citizen.state, "thứ hai", NOW)


def _was_complete(before: State, citizen: Citizen) -> None:
    """A dossier comes of a form that is left by it, with every needed answer."""
    dossier = citizen.effects[-1]
    flow = citizen.flows.flows[dossier.procedure]
    assert sum(frame.flow == flow.id for frame in citizen.state.stack) < sum(
        frame.flow == flow.id for frame in before.stack
    )
    answered = {answer.slot for answer in dossier.form} | {paper.paper for paper in dossier.papers}
    needed = {
        step.target
        for step in flow.steps.values()
        if step.question and step.when is None and flow.slots[step.target].required
    }
    assert needed <= answered


# Two flows ask for the code of a dossier, which nobody can make up: they have conversations of their own.
@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(set(NAMES) - {"bo_sung_ho_so", "tra_cuu_ho_so"})),
    st.lists(st.integers(0, 1), max_size=6),
)
def test_a_good_citizen_always_comes_to_the_end(flow, ways):
    citizen = Citizen(NOW_AND_THEN).start(flow)
    for number in [*ways, *[0] * 40]:
        if not citizen.state.stack:
            return
        obey(citizen, number)
    raise AssertionError(f"{flow} does not end: {citizen.trace}")
