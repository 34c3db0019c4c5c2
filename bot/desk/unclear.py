"""Messages that the assistant did not understand, for an officer to say what they mean."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from starlette.responses import Response

from bot.core.intents import OF_A_PROCEDURE, OF_TALK, OF_THE_WARD
from bot.core.permissions import CONTENT
from bot.core.text import fold
from bot.desk import form, words
from bot.desk.desk import Desk, NotFound, Visit, number
from bot.desk.guard import needs
from bot.services import unclear
from bot.services.unclear import LONGEST, Label, Unfit
from bot.store.tx import Tx
from bot.store.unclear import Fate, Unclear

PAGE = 20
GROUPS = (("Về thủ tục", OF_A_PROCEDURE), ("Việc của phường", OF_THE_WARD), ("Trò chuyện", OF_TALK))
#: Beside which field it is said.
_FIELD = {
    Unfit.NO_TEXT: "text",
    Unfit.LONG: "text",
    Unfit.NO_INTENT: "intent",
    Unfit.NO_PROCEDURE: "procedure",
    Unfit.BOTH: "procedure",
}
_UNKNOWN = "Không có thủ tục tên như vậy. Anh/chị chọn một tên trong danh sách gợi ý."


@dataclass(frozen=True, slots=True)
class Typed:
    """What an officer had sent when it could not be kept, so that nothing is typed twice."""

    message: int
    text: str
    intent: str
    procedure: str
    of_none: bool
    #: Field → what is wrong with it.
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """A page of a list."""

    messages: tuple[Unclear, ...]
    page: int
    count: int

    @property
    def more(self) -> bool:
        return self.page * PAGE < self.count


@needs(CONTENT)
async def unclear_page(desk: Desk, visit: Visit) -> Response:
    page, settled = (number(visit.asked(name) or 1) for name in ("page", "settled"))
    return await _show(desk, visit, page, settled, done=visit.asked("done"))


@needs(CONTENT)
async def settle_form(desk: Desk, visit: Visit) -> Response:
    """A label, or nothing to be learnt from it. Whoever is second is told it is done."""
    message = number(visit.request.path_params["message"])
    sent = await form.read(visit.request)
    page = number(sent.get("page") or 1)
    stands = await desk.db.read(lambda tx: tx.unclear.find(message))
    if stands is None:
        raise NotFound
    if sent.get("step") == "aside":
        done = "aside"
        first = await desk.db.write(
            lambda tx: unclear.put_aside(tx, message, by=visit.officer, now=visit.now)
        )
    else:
        done = "labelled"
        label, typed = _read(desk, message, sent)
        if typed.errors and stands.fate is Fate.OPEN:
            return await _show(desk, visit, page, 1, typed=typed)
        first = not typed.errors and await desk.db.write(
            lambda tx: unclear.give(tx, message, label, by=visit.officer, now=visit.now)
        )
    return desk.go(visit, f"/unclear?page={page}&done={done if first else 'already'}")


@needs(CONTENT)
async def undo_form(desk: Desk, visit: Visit) -> Response:
    message = number(visit.request.path_params["message"])

    def undo(tx: Tx) -> bool:
        if tx.unclear.find(message) is None:
            raise NotFound
        return unclear.reopen(tx, message, by=visit.officer, now=visit.now)

    done = await desk.db.write(undo)
    return desk.go(visit, f"/unclear?done={'reopened' if done else 'open'}")


def _read(desk: Desk, message: int, sent: dict[str, str]) -> tuple[Label, Typed]:
    """The label that was sent, and what is wrong with it."""
    text = " ".join(sent.get("text", "").split())
    intent, named = sent.get("intent", ""), sent.get("procedure", "").strip()
    procedure, of_none = _procedure(desk, named), bool(sent.get("of_none"))
    label = Label(text=text, intent=intent, procedure=procedure or named, of_none=of_none)
    errors = {_FIELD[problem]: words.UNFIT_LABEL[problem] for problem in unclear.unfit(label)}
    if procedure is None:
        errors.setdefault("procedure", _UNKNOWN)
    return label, Typed(message, text, intent, named, of_none, errors)


def _procedure(desk: Desk, named: str) -> str | None:
    """The id of a procedure that was named, by its id or its name; None if there is none."""
    if not named or named in desk.procedures:
        return named
    return next((id for id, name in desk.procedures.items() if fold(name) == fold(named)), None)


async def _show(
    desk: Desk, visit: Visit, page: int, settled_page: int, *, typed: Typed | None = None, done: str = ""
) -> Response:
    def look(tx: Tx) -> tuple[Part, Part]:
        opened = _part(tx.unclear.open, tx.unclear.count_open(), page)
        if typed is not None and typed.message not in {one.id for one in opened.messages}:
            # It has moved to another page meanwhile, and what was typed must be seen.
            moved = tx.unclear.find(typed.message)
            assert moved is not None
            opened = replace(opened, messages=(moved, *opened.messages))
        return opened, _part(tx.unclear.settled, tx.unclear.count_settled(), settled_page)

    opened, settled = await desk.db.read(look)
    return desk.show(
        visit,
        "unclear.html",
        status=422 if typed else 200,
        opened=opened,
        settled=settled,
        typed=typed,
        done=done,
        groups=GROUPS,
        labels=words.INTENTS,
        longest=LONGEST,
    )


def _part(of: Callable[[int, int], list[Unclear]], count: int, page: int) -> Part:
    """A page of a list, or its last one if the list has become shorter."""
    page = min(page, max(1, -(-count // PAGE)))
    return Part(tuple(of(PAGE, (page - 1) * PAGE)), page, count)
