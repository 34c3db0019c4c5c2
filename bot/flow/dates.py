"""Dates in the many ways people write them: 05/11/2026, "mùng 4", "thứ hai tuần sau", "hôm qua"."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.core.text import fold
from bot.flow.ages import years_before
from bot.flow.answer import Value, Wrong
from bot.flow.model import Slot
from bot.flow.numbers import read_words
from bot.flow.surroundings import Surroundings

_SEP = r"\s*[/.\-]\s*"
_YEAR = r"(?P<y>\d{4}|\d{2})"
#: In the order in which they are tried; the folded text is searched.
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?<!\d)(?P<y>\d{{4}}){_SEP}(?P<m>\d{{1,2}}){_SEP}(?P<d>\d{{1,2}})(?!\d)",
        rf"(?<!\d)(?P<d>\d{{1,2}}){_SEP}(?P<m>\d{{1,2}}){_SEP}{_YEAR}(?!\d)",
        r"(?<!\d)(?P<d>\d{1,2})(?:\s*thang\s*|\s*th\s*|\s*t\s*)(?P<m>\d{1,2})(?:\s*,?\s*(?:nam\s*|[/.\-]\s*)?(?P<y>\d{4}))?(?!\d)",
        r"(?<!\d)(?P<d>\d{2})(?P<m>\d{2})(?P<y>(?:19|20)\d{2})(?!\d)",
        rf"(?:\bthang\s*)?(?<!\d)(?P<m>\d{{1,2}})(?:{_SEP}|\s*nam\s*)(?P<y>\d{{4}})(?!\d)",
        rf"(?<!\d)(?P<d>\d{{1,2}}){_SEP}(?P<m>\d{{1,2}})(?!\d)",
        r"\b(?:ngay|mung|mong|hom)\s*(?P<d>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<y>(?:18|19|20)\d{2})(?!\d)",
        r"^(?P<d>\d{1,2})$",
    )
)
_MONTH_WORDS = {"gieng": 1, "mot": 1, "chap": 12, "muoi mot": 11, "muoi hai": 12}
_NAMED = {
    "hom nay": 0,
    "bua nay": 0,
    "hom qua": -1,
    "bua qua": -1,
    "hom kia": -2,
    "bua kia": -2,
    "hom truoc nua": -3,
    "ngay mai": 1,
    "mai": 1,
    "sang mai": 1,
    "chieu mai": 1,
    "ngay mot": 2,
    "mot": 2,
    "ngay kia": 2,
}
_NAMED_DAY = re.compile(rf"\b(?:{'|'.join(sorted(_NAMED, key=len, reverse=True))})\b")
_WEEKDAYS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5}
_WEEKDAY = re.compile(
    r"\b(?:(?:thu|t)\s*(?P<n>[2-7])\b|thu\s+(?P<w>hai|ba|tu|nam|sau|bay)\b|(?P<cn>chu nhat|cn)\b)"
    r"(?:\s+(?P<week>tuan nay|nay|tuan sau|tuan toi|sau|toi|tuan truoc|truoc|tuan qua|vua roi|tuan roi))?"
)
_AWAY = re.compile(
    r"\b(?P<n>\d{1,3}|[a-z]+(?: [a-z]+)?)\s+(?P<unit>ngay|tuan|thang)\s+(?P<way>nua|toi|sau|truoc)\b"
)
_LUNAR = re.compile(r"\b(?:am lich|lich am|al)\b")
_NEXT = ("tuan sau", "tuan toi")
_LAST = ("tuan truoc", "truoc", "tuan qua", "vua roi", "tuan roi")


def read_date(text: str, slot: Slot, around: Surroundings) -> Value | Wrong:
    """A day, or a month or year where the slot says that is enough."""
    today = around.today
    words = _numbers_for_words(fold(text))
    if _LUNAR.search(words):
        return Wrong("date_lunar")
    found: date | str | Wrong | None = _relative(words, slot, today)
    if found is None:
        found = _written(words, slot, today)
    if found is None:
        return Wrong("date_unreadable")
    if isinstance(found, Wrong):
        return found
    if isinstance(found, str):
        return _partial(found, slot, today)
    return _limits(found, slot, today) or Value(found.isoformat(), show_date(found.isoformat()))


def show_date(value: str) -> str:
    """2026-11-05 → 05/11/2026; 1990-03 → 03/1990; 1990 → 1990."""
    return "/".join(reversed(value.split("-")))


def recheck_date(value: str, slot: Slot, around: Surroundings) -> Wrong | None:
    """Does a date taken earlier still hold? Days pass while a form lies aside."""
    if len(value) != len("2026-11-05"):
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return Wrong("date_unreadable")
    if (wrong := _limits(day, slot, around.today)) is not None:
        return wrong
    if slot.working_day and not around.calendar.is_working_day(day):
        kind = "date_holiday" if around.calendar.is_holiday(day) else "date_weekend"
        following = around.calendar.on_or_after(day)
        return Wrong(kind, {"gia_tri": show_date(value), "ngay_mo_cua": show_date(following.isoformat())})
    return None


def span(slot: Slot, today: date) -> tuple[str | None, str | None]:
    """The first and the last day that this slot takes, as ISO dates; None: no limit."""
    first = last = None
    if slot.max_age_days is not None:
        first = today - timedelta(days=slot.max_age_days)
    if slot.min_days_ahead is not None:
        first = today + timedelta(days=slot.min_days_ahead)
    if slot.max_days_ahead is not None:
        last = today + timedelta(days=slot.max_days_ahead)
    elif slot.past:
        last = today
    if slot.min_age is not None:
        last = years_before(today, slot.min_age)
    return first.isoformat() if first else None, last.isoformat() if last else None


def _limits(day: date, slot: Slot, today: date) -> Wrong | None:
    away = (day - today).days
    shown = {"gia_tri": show_date(day.isoformat()), "hom_nay": show_date(today.isoformat())}
    if slot.past and away > 0:
        return Wrong("date_future", shown)
    if slot.min_age is not None and day > years_before(today, slot.min_age):
        return Wrong("date_young", shown | {"toi_thieu": str(slot.min_age)})
    if slot.max_age_days is not None and -away > slot.max_age_days:
        since = today - timedelta(days=slot.max_age_days)
        return Wrong("date_too_old", shown | {"tu_ngay": show_date(since.isoformat())})
    if slot.min_days_ahead is not None and away < slot.min_days_ahead:
        since = today + timedelta(days=slot.min_days_ahead)
        return Wrong("date_too_near", shown | {"tu_ngay": show_date(since.isoformat())})
    if slot.max_days_ahead is not None and away > slot.max_days_ahead:
        until = today + timedelta(days=slot.max_days_ahead)
        return Wrong("date_too_far", shown | {"den_ngay": show_date(until.isoformat())})
    if abs(away) > 150 * 366:
        return Wrong("date_unreadable")
    return None


def _partial(found: str, slot: Slot, today: date) -> Value | Wrong:
    if not slot.partial:
        return Wrong("date_partial")
    if slot.past and found > today.isoformat()[: len(found)]:
        return Wrong("date_future", {"gia_tri": show_date(found), "hom_nay": show_date(today.isoformat())})
    if slot.min_age is not None and found > years_before(today, slot.min_age).isoformat()[: len(found)]:
        return Wrong("date_young", {"gia_tri": show_date(found), "toi_thieu": str(slot.min_age)})
    if int(found[:4]) < today.year - 150:
        return Wrong("date_unreadable")
    return Value(found, show_date(found))


_NUMBER_WORD = r"(?:muoi|mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin)"
_DAY_WORDS = re.compile(
    rf"\b(?P<before>ngay|mung|mong|hom)\s+(?P<number>{_NUMBER_WORD}(?:\s+{_NUMBER_WORD}){{0,2}})\b"
)
_MONTH_NAME = re.compile(rf"\bthang\s+(?P<number>gieng|chap|muoi mot|muoi hai|{_NUMBER_WORD})\b")


def _numbers_for_words(words: str) -> str:
    """ "mung bon thang muoi mot" → "mung 4 thang 11"."""

    def day(match: re.Match[str]) -> str:
        number = match["number"].split()
        rest: list[str] = []
        # "ngày một năm …": the last words may belong to what follows.
        while number and not 1 <= (read_words(" ".join(number)) or 0) <= 31:
            rest.insert(0, number.pop())
        if not number or " ".join([match["before"], *number]) in _NAMED:
            return match[0]
        return " ".join([match["before"], str(read_words(" ".join(number))), *rest])

    def month(match: re.Match[str]) -> str:
        number = _MONTH_WORDS.get(match["number"]) or read_words(match["number"])
        return f"thang {number}"

    return _MONTH_NAME.sub(month, _DAY_WORDS.sub(day, words))


def _relative(words: str, slot: Slot, today: date) -> date | None:
    """Days named from today: "hôm qua", "thứ hai tuần sau", "3 ngày nữa"."""
    if re.search(r"\d{1,2}\s*(?:[/.\-]|thang)\s*\d", words):
        return None  # "thứ hai 5/11": the date counts
    if found := _WEEKDAY.search(words):
        return _weekday(found, slot, today)
    if found := _AWAY.search(words):
        number = int(found["n"]) if found["n"].isdigit() else read_words(found["n"])
        if number is not None:
            days = number * {"ngay": 1, "tuan": 7, "thang": 30}[found["unit"]]
            return today + timedelta(days=-days if found["way"] == "truoc" else days)
    if found := _NAMED_DAY.search(words):
        return today + timedelta(days=_NAMED[found[0]])
    return None


def _weekday(found: re.Match[str], slot: Slot, today: date) -> date:
    weekday = 6 if found["cn"] else int(found["n"]) - 2 if found["n"] else _WEEKDAYS[found["w"]]
    monday = today - timedelta(days=today.weekday())
    this_week = monday + timedelta(days=weekday)
    match found["week"]:
        case "tuan nay" | "nay":
            return this_week
        case week if week in _NEXT:
            return this_week + timedelta(days=7)
        case week if week in _LAST:
            return this_week - timedelta(days=7) if this_week >= today or "tuan" in week else this_week
    if slot.past:
        return this_week if this_week <= today else this_week - timedelta(days=7)
    return this_week if this_week >= today else this_week + timedelta(days=7)


def _written(words: str, slot: Slot, today: date) -> date | str | Wrong | None:
    for form in _FORMS:
        found = form.search(words)
        if found is None:
            continue
        if form.search(words, found.end()) is not None:
            return Wrong("date_two")
        parts = found.groupdict()
        year, month, day = parts.get("y"), parts.get("m"), parts.get("d")
        if day is None:
            return _month_or_year(year or "", month)
        return _day(int(day), month, year, slot, today, words)
    return None


def _month_or_year(year: str, month: str | None) -> str | Wrong:
    if month is None:
        return year
    if not 1 <= int(month) <= 12:
        return Wrong("date_not_real", {"gia_tri": f"{month}/{year}", "vi_du_ngay": f"12/{year}"})
    return f"{year}-{int(month):02}"


def _day(day: int, month: str | None, year: str | None, slot: Slot, today: date, words: str) -> date | Wrong:
    candidates = list(_candidates(day, int(month) if month else None, year, slot, today))
    if not candidates:
        return _not_real(day, int(month) if month else None, year, today)
    if slot.past or "vua roi" in words or "truoc" in words:
        return max((one for one in candidates if one <= today), default=min(candidates))
    if slot.min_days_ahead is not None or slot.max_days_ahead is not None:
        return min((one for one in candidates if one >= today), default=max(candidates))
    return min(candidates, key=lambda one: abs((one - today).days))


def _candidates(day: int, month: int | None, year: str | None, slot: Slot, today: date) -> Iterator[date]:
    """The days that can be meant when the year, or the month too, is left out or short."""
    if year is None:
        years = [today.year - 1, today.year, today.year + 1]
    elif len(year) == 2:
        years = [1900 + int(year), 2000 + int(year)]
        if not slot.past:
            years = years[1:]
    else:
        years = [int(year)]
    for one_year in years:
        for one_month in [month] if month else range(1, 13):
            try:
                yield date(one_year, one_month, day)
            except ValueError:
                continue


def _not_real(day: int, month: int | None, year: str | None, today: date) -> Wrong:
    """31/02/2026: say so, and name the last day that month has."""
    shown = "/".join(part for part in (f"{day:02}", f"{month:02}" if month else "", year or "") if part)
    near = today.year if year is None or len(year) == 2 else int(year)
    if month is None or not 1 <= month <= 12 or not 1 <= near <= 9998:
        nearest = today
    else:
        following = date(near + month // 12, month % 12 + 1, 1)
        nearest = following - timedelta(days=1) if day > 28 else date(near, month, 1)
    return Wrong("date_not_real", {"gia_tri": shown, "vi_du_ngay": show_date(nearest.isoformat())})
