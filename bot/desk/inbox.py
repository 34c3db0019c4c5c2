"""The list of dossiers: tabs with counts, search, pages, and the fragment that tells of new ones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from starlette.responses import Response

from bot.core.dossier import Status
from bot.core.permissions import READ
from bot.core.text import fold
from bot.desk import when
from bot.desk.desk import Desk, NotFound, Visit, number
from bot.desk.guard import needs
from bot.services.spoken import due_text
from bot.store.dossiers import Dossier, Wanted
from bot.store.officers import Officer
from bot.store.tx import Tx

PAGE = 50
#: Seconds until a page first asks for news, and at most.
_FIRST_WAIT, _LONGEST_WAIT = 20, 240
_MOST_NEWS = 20

_OPEN = (Status.NEW, Status.RECEIVED, Status.PROCESSING, Status.SUPPLEMENT, Status.PAYMENT)
_IN_HAND = (Status.RECEIVED, Status.PROCESSING, Status.PAYMENT)
_FINISHED = tuple(status for status in Status if status not in _OPEN)


@dataclass(frozen=True, slots=True)
class Tab:
    """One way to look at the dossiers."""

    id: str
    name: str
    wanted: Callable[[Officer, datetime], Wanted]


TABS = (
    Tab("unclaimed", "Chưa nhận", lambda _, __: Wanted(statuses=_OPEN, unclaimed=True)),
    Tab("offered", "Chờ tôi nhận", lambda me, _: Wanted(offered_to=me.id)),
    Tab("mine", "Của tôi", lambda me, _: Wanted(statuses=_OPEN, officer=me.id)),
    Tab("processing", "Đang xử lý", lambda _, __: Wanted(statuses=_IN_HAND)),
    Tab("supplement", "Chờ bổ sung", lambda _, __: Wanted(statuses=(Status.SUPPLEMENT,))),
    Tab("overdue", "Quá hạn", lambda _, now: Wanted(overdue_at=now)),
    Tab("finished", "Đã xong", lambda _, __: Wanted(statuses=_FINISHED)),
    Tab("all", "Tất cả", lambda _, __: Wanted()),
)
_BY_ID = {tab.id: tab for tab in TABS}


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list."""

    dossier: Dossier
    status: str
    due: when.Due
    #: The officer who is invited to take it up; empty: nobody is.
    invited: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a list shows: its dossiers, how many stand under each tab, and the newest of all."""

    lines: tuple[Listed, ...]
    more: bool
    counts: dict[str, int]
    #: How many fit the search; None when nothing was searched for.
    fitting: int | None
    newest: int


@needs(READ)
async def inbox(desk: Desk, visit: Visit) -> Response:
    """Searching looks through all dossiers, whatever the tab."""
    words = visit.asked("q")[:100]
    tab = _BY_ID.get("all" if words else visit.asked("tab") or "unclaimed")
    if tab is None:
        raise NotFound
    before = number(visit.asked("before")) if visit.asked("before") else None
    chosen = tab

    def look(tx: Tx) -> Found:
        return _find(tx, desk, visit, chosen, searched(words), before)

    found = await desk.db.read(look)
    return desk.show(
        visit,
        "inbox.html",
        tabs=TABS,
        tab=tab,
        words=words,
        found=found,
        later=before is not None,
        news=0,
        most=_MOST_NEWS,
        wait=_FIRST_WAIT,
    )


@needs(READ, polled=True)
async def news(desk: Desk, visit: Visit) -> Response:
    """How many dossiers have come since the page was made. Each answer asks to be asked again, ever later."""
    after = int(visit.asked("after")) if visit.asked("after").isdecimal() else 0
    wait = int(visit.asked("wait")) if visit.asked("wait").isdecimal() else _FIRST_WAIT

    def look(tx: Tx) -> int:
        latest = tx.dossiers.page(Wanted(statuses=(Status.NEW,), limit=_MOST_NEWS))
        return sum(dossier.id > after for dossier in latest)

    return desk.show(
        visit,
        "news.html",
        news=await desk.db.read(look),
        most=_MOST_NEWS,
        newest=after,
        wait=min(max(wait, _FIRST_WAIT) * 3 // 2, _LONGEST_WAIT),
    )


def searched(words: str) -> str:
    """What was typed, as it is searched for. A phone number is one word, however it was spaced."""
    digits = "".join(c for c in words if c not in " .-()")
    if digits.startswith("+84"):
        digits = f"0{digits[3:]}"
    return digits if digits.isdecimal() and len(digits) >= 9 else fold(words)


def _find(tx: Tx, desk: Desk, visit: Visit, tab: Tab, words: str, before: int | None) -> Found:
    wanted = replace(tab.wanted(visit.officer, visit.now), words=words)
    page = tx.dossiers.page(replace(wanted, before=before, limit=PAGE + 1))
    latest = tx.dossiers.page(Wanted(limit=1))
    invited = tx.routing.offered([dossier.id for dossier in page])
    return Found(
        lines=tuple(_line(desk, dossier, visit.now, invited) for dossier in page[:PAGE]),
        more=len(page) > PAGE,
        counts={tab.id: tx.dossiers.count(tab.wanted(visit.officer, visit.now)) for tab in TABS},
        fitting=tx.dossiers.count(wanted) if words else None,
        newest=latest[0].id if latest else 0,
    )


def _line(desk: Desk, dossier: Dossier, now: datetime, invited: Mapping[int, str]) -> Listed:
    words = desk.dossiers.words
    return Listed(
        dossier,
        words.statuses[dossier.status].name,
        when.due(dossier, now, due_text(words, dossier)),
        invited.get(dossier.id, ""),
    )
