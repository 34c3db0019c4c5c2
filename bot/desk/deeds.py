"""What an officer does with a form of a dossier's page: done once, or shown again with what is wrong."""

from collections.abc import Callable
from typing import TypeAlias

from starlette.responses import Response

from bot.core.errors import Conflict, NotAllowed
from bot.desk import dossier as page
from bot.desk.desk import Desk, NotFound, Visit
from bot.store.dossiers import Dossier
from bot.store.tx import Tx

Deed: TypeAlias = Callable[[Tx], None]


async def do(desk: Desk, visit: Visit, which: int, typed: page.Typed, deed: Deed) -> Response:
    """Back to the page, which says what was done, or else who was faster or what was refused."""
    if len(typed.note) > page.LONGEST_NOTE:
        problem = f"Nội dung dài quá {page.LONGEST_NOTE} ký tự. Anh/chị viết gọn lại giúp."
        return await page.again(desk, visit, which, typed, error=problem)
    try:
        await desk.db.write(deed)
    except Conflict:
        return await page.again(desk, visit, which, typed, conflict=True)
    except NotAllowed as refused:
        return await page.again(desk, visit, which, typed, error=str(refused))
    return desk.go(visit, f"/dossiers/{which}?done=1")


def the_dossier(tx: Tx, which: int) -> Dossier:
    """`NotFound` if there is none: then no form of ours was sent."""
    dossier = tx.dossiers.find(which)
    if dossier is None:
        raise NotFound
    return dossier


def version_seen(sent: dict[str, str]) -> int:
    """The version of the dossier that the officer had before them."""
    try:
        return int(sent.get("seen", ""))
    except ValueError:
        raise NotFound from None
