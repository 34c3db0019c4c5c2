"""How dossiers, people and moments are spoken of in messages."""

from datetime import datetime

from bot.core.calendar import ZONE
from bot.core.dossier import Time
from bot.services.wording import DossierWords
from bot.store.dossiers import Dossier

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def short_name(name: str) -> str:
    """The least that tells residents apart in a group: "Lê Thị Hoa" → "Lê Thị H."."""
    words = name.split()
    return name if len(words) < 2 else " ".join([*words[:-1], f"{words[-1][0]}."])


def due_text(words: DossierWords, dossier: Dossier) -> str:
    """When the result is promised, in words; the appointment slip says so if no source does."""
    if dossier.due_at is not None:
        return moment(dossier.due_at)
    waits = dossier.kind == "ho_so" and dossier.status.time is Time.NOT_YET
    return words.not_received_yet if waits else words.no_due


def moment(at: datetime) -> str:
    """As people write it: "17:00, thứ Hai, 30/11/2026"."""
    local = at.astimezone(ZONE)
    return f"{local:%H:%M}, {_WEEKDAYS[local.weekday()]}, {local:%d/%m/%Y}"


def hour(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%H:%M %d/%m}"
