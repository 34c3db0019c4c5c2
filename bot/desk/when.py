"""Moments as a clerk reads them: "hôm nay 17:00", "quá hạn 2 ngày"."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.calendar import ZONE
from bot.core.dossier import Status
from bot.store.dossiers import Dossier

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_NEAR = {0: "hôm nay", 1: "ngày mai", -1: "hôm qua"}


@dataclass(frozen=True, slots=True)
class Due:
    """A dossier's due time, in words. `warning` stands before it, so that nothing is said by colour alone."""

    text: str
    #: "", "Đến hạn", "Quá hạn 2 ngày", "Đã qua giờ hẹn", "Tạm dừng"
    warning: str = ""
    late: bool = False


def due(dossier: Dossier, now: datetime, unknown: str) -> Due:
    """`unknown`: what to say when no source promises a time."""
    if dossier.due_at is None:
        return Due(unknown)
    text = day(dossier.due_at, now)
    if dossier.paused_at is not None:
        return Due(text, "Tạm dừng")
    if dossier.status.ended or dossier.status is Status.DONE:
        return Due(text)
    if dossier.due_at >= now:
        return Due(text, "Đến hạn" if _days(dossier.due_at, now) == 0 and dossier.kind == "ho_so" else "")
    if dossier.kind == "lich_hen":
        return Due(text, "Đã qua giờ hẹn", late=True)
    days = -_days(dossier.due_at, now)
    return Due(text, f"Quá hạn {days} ngày" if days else "Quá hạn", late=True)


def day(at: datetime, now: datetime) -> str:
    """ "hôm nay 17:00", "thứ Sáu 27/11, 17:00", "22/11/2025, 17:00"."""
    local = at.astimezone(ZONE)
    near = _NEAR.get(_days(at, now))
    if near:
        return f"{near} {local:%H:%M}"
    if local.year != now.astimezone(ZONE).year:
        return f"{local:%d/%m/%Y, %H:%M}"
    return f"{_WEEKDAYS[local.weekday()]} {local:%d/%m, %H:%M}"


def moment(at: datetime) -> str:
    """In full: "17:00, thứ Hai, 30/11/2026"."""
    local = at.astimezone(ZONE)
    return f"{local:%H:%M}, {_WEEKDAYS[local.weekday()]}, {local:%d/%m/%Y}"


def ago(at: datetime, now: datetime) -> str:
    """How long somebody has waited: "vừa xong", "25 phút trước", "3 giờ trước", then the day."""
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return "vừa xong"
    if minutes < 60:
        return f"{minutes} phút trước"
    if minutes < 12 * 60:
        return f"{minutes // 60} giờ trước"
    return day(at, now)


def _days(at: datetime, now: datetime) -> int:
    """Days between two moments, as the calendar on the wall counts them."""
    return (at.astimezone(ZONE).date() - now.astimezone(ZONE).date()).days
