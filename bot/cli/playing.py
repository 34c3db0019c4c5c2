"""`motcua check`: plays every conversation and says every sentence, as a resident would meet them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.catalogue.wording import Aspect
from bot.content import Content
from bot.core.calendar import ZONE
from bot.core.commands import SetSlot, StartFlow
from bot.core.counters import AllFree
from bot.core.dossier import Status
from bot.core.messages import Attachment, Collect
from bot.flow.engine import advance
from bot.flow.model import State, Turn
from bot.services.wording import say

#: No conversation of a ward has more questions.
LONGEST = 80
#: Flows that only the engine starts.
PATTERN = "pattern_"

_SAMPLES: dict[str, tuple[str, ...]] = {
    "text": ("Nội dung thử của tôi", "12 đường số 5", "0123 456 789", "4567"),
    "name": ("Nguyễn Thị An Nhiên",),
    "phone": ("0901234567",),
    "cccd": ("003190000001", "003090000001"),
    "number": ("2", "1", "10"),
    "money": ("500000",),
    "address": ("12 đường số 5, khu phố Bình Đức 1, phường Bình Hòa",),
    "email": ("an@example.com",),
    "place": ("Đầu hẻm 12, đường ĐT 743C",),
    "bool": ("có", "không"),
}


def play(content: Content, facts: dict[str, str], now: datetime) -> list[str]:
    """Everything that goes wrong, one line each; empty if all can be said and every flow ends."""
    return [*_answers(content), *_sentences(content, facts), *_flows(content, now)]


def _answers(content: Content) -> Iterator[str]:
    for procedure in content.catalogue.procedures.values():
        for aspect in Aspect:
            answer = content.answers.answer(procedure, aspect)
            if not answer.text.strip():
                yield f"data/procedures/{procedure.id}.yml:1  nothing is said about {aspect}"


def _sentences(content: Content, facts: dict[str, str]) -> Iterator[str]:
    words = content.dossier_words
    for status in Status:
        if "{" in say(words.statuses[status].notice, **facts):
            yield f"data/dossiers.yml:1  the notice of {status} keeps a brace"
    for name, saying in content.sayings.items():
        if "{" in say(saying.text, **facts):
            yield f"data/sayings.yml:1  the saying {name} keeps a brace"


def _flows(content: Content, now: datetime) -> Iterator[str]:
    for name in content.flows.flows:
        if name.startswith(PATTERN):
            continue
        trouble = _play(content, name, now)
        if trouble:
            yield f"flow {name}: {trouble}"


def _play(content: Content, flow: str, now: datetime) -> str:
    """Answer every question until the flow ends; what stopped it, or nothing."""
    offers = AllFree(content.counters, content.calendar, now.astimezone(ZONE).date())
    given = {"ma_ho_so": next((one.code for one in offers.appointments()), "H29.118-261124-0001")}
    turn = advance(content.flows, State(), StartFlow(flow, given), now, offers)
    state = turn.state
    for _ in range(LONGEST):
        if not state.stack:
            return ""
        asked = next((reply.collect for reply in reversed(turn.replies) if reply.collect), None)
        if asked is None:
            return "waits without a question"
        for command in _tries(asked, now):
            tried = advance(content.flows, state, command, now, offers)
            if _refused(tried) and len(tried.state.stack) == len(state.stack):
                # What only seems odd (a number that does not fit the birth) is taken when it is said again.
                tried = advance(content.flows, tried.state, command, now, offers)
            if tried.state != state and not _refused(tried):
                turn, state = tried, tried.state
                break
        else:
            return f"no sample answer passes the question {asked.slot!r} ({asked.type})"
    return f"does not end after {LONGEST} answers"


def _refused(turn: Turn) -> bool:
    return any(line.startswith("refused") for line in turn.trace)


def _tries(asked: Collect, now: datetime) -> Iterator[SetSlot]:
    if asked.type == "file":
        photo = Attachment(name="anh.jpg", mime="image/jpeg", size=1000, file="0" * 32)
        yield SetSlot(asked.slot, "@xong", tapped=True)
        yield SetSlot(None, "", (photo,))
    for choice in asked.choices:
        yield SetSlot(asked.slot, choice.id, tapped=True)
    if asked.type == "bool":
        yield SetSlot(asked.slot, "true", tapped=True)
    if asked.type == "date":
        today = now.astimezone(ZONE).date()
        for days in (-1, 0, 1, 2, 3, 4, 5, 6, 7, -30, -365 * 30, -365 * 80):
            yield SetSlot(None, f"{today + timedelta(days=days):%d/%m/%Y}")
    for sample in _SAMPLES.get(asked.type, ()):
        yield SetSlot(None, sample)
