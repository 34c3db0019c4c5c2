"""Actions around dossiers that they have filed: which one is meant, and withdrawing it."""

from bot.core.effects import WithdrawDossier
from bot.core.messages import Json
from bot.core.offers import Filed
from bot.flow.model import Step
from bot.flow.talk import Talk

#: Where the flow finds what `find_dossier` has found.
FOUND, NAME = "tim_thay", "thu_tuc"


def find_dossier(talk: Talk, step: Step) -> None:
    """Which of their dossiers is meant: ``metadata: {code: <slot>, to: withdraw | supplement}``.

    `tim_thay` becomes ``co``, ``khong``, or ``nhieu`` (no code, and several to choose from); with the first
    go the code and the procedure's name `thu_tuc`.
    """
    frame, code = talk.stack[-1], str(step.metadata.get("code"))
    given = str(frame.slots.get(code) or "").strip().upper()
    mine = [one for one in _theirs(talk, str(step.metadata.get("to"))) if not given or one.code == given]
    found: dict[str, Json] = {FOUND: "co" if len(mine) == 1 else "nhieu" if mine else "khong"}
    if len(mine) == 1:
        found |= {code: mine[0].code, NAME: mine[0].name}
    talk.note(f"dossier: {found[FOUND]}")
    # The same dossier is looked for once more before anything is done to it.
    talk.set(slots=frame.slots | found)


def may_supplement(talk: Talk, code: str) -> bool:
    """Can something still be handed in for this dossier of theirs?"""
    return talk.offers is None or code in {one.code for one in _theirs(talk, "supplement")}


def withdraw_dossier(talk: Talk, step: Step) -> None:
    """``metadata: {code: <slot>, why: <slot>}``."""
    slots = talk.stack[-1].slots
    reason = slots.get(str(step.metadata.get("why")))
    talk.want(
        WithdrawDossier(
            code=str(slots.get(str(step.metadata.get("code"))) or ""),
            reason=reason if isinstance(reason, str) else "",
        )
    )


def _theirs(talk: Talk, to: str) -> list[Filed]:
    filed = talk.offers.filed() if talk.offers is not None else ()
    return [one for one in filed if (one.may_withdraw if to == "withdraw" else one.may_supplement)]
