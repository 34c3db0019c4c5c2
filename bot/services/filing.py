"""What a filed form tells of its dossier: who files it, when they come, by which words it is found."""

import re
from datetime import datetime

from bot.core.calendar import ZONE
from bot.core.effects import Answer
from bot.core.text import fold

_LONGEST_WORDS = 2000
#: A block laid in as `me` asks ho_ten_me and noi_cu_tru_me.
_NAME = re.compile(r"^(?:ho_)?ten(?=_|$)")


def applicant_of(form: tuple[Answer, ...]) -> str:
    """Who files: the slot named for it, the one their relation points to, else the first name in the form."""
    slot = _name_slot(form)
    return next((answer.shown for answer in form if answer.slot == slot), "")


def residence_of(form: tuple[Answer, ...]) -> str:
    """Where the one who files lives; empty if the form asks only where somebody else does."""
    whose = _NAME.sub("", _name_slot(form))
    homes = {f"noi_cu_tru{whose}", f"dia_chi{whose}"}
    return next((answer.shown for answer in form if answer.slot in homes), "")


def _name_slot(form: tuple[Answer, ...]) -> str:
    named = [answer.slot for answer in form if answer.shown and answer.value]
    relation = next((str(answer.value) for answer in form if answer.slot == "quan_he"), "")
    told = ("ho_ten_nguoi_yeu_cau", "ten_nguoi_yeu_cau", "ho_ten", f"ho_ten_{relation}", f"ten_{relation}")
    return next((slot for slot in (*told, *named) if slot in named and _NAME.match(slot)), "")


def search_words(code: str, applicant: str, name: str, form: tuple[Answer, ...]) -> str:
    """The folded text by which officers find it."""
    said = [word for a in form for word in (a.shown, str(a.value))]
    return fold(" ".join(dict.fromkeys([code, applicant, name, *said])))[:_LONGEST_WORDS]


def rewritten(form: tuple[Answer, ...], again: tuple[Answer, ...]) -> tuple[Answer, ...]:
    """The form with answers given anew, each in the place of the old one; what was left open before comes
    last.
    """
    newer = {answer.slot: answer for answer in again}
    return (*(newer.pop(answer.slot, answer) for answer in form), *newer.values())


def appointed(form: tuple[Answer, ...]) -> datetime | None:
    """When an appointment is: its slots `ngay_hen` (ISO date) and `gio_hen` ("09:00" or "0900")."""
    values = {answer.slot: str(answer.value) for answer in form}
    day, at = values.get("ngay_hen"), values.get("gio_hen", "").replace("_", ":")
    if not day:
        return None
    if len(at) == 4 and at.isdigit():
        at = f"{at[:2]}:{at[2:]}"
    try:
        return datetime.fromisoformat(f"{day}T{at or '07:30'}").replace(tzinfo=ZONE)
    except ValueError:
        return datetime.fromisoformat(f"{day}T07:30").replace(tzinfo=ZONE)
