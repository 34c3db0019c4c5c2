"""Times of day as people say them: "9h", "9 giờ rưỡi", "9h30 sáng", "hai giờ chiều", "14:30"."""

import re

from bot.core.text import fold
from bot.flow.answer import Value, Wrong
from bot.flow.model import Slot
from bot.flow.numbers import read_words
from bot.flow.openings import free_times, show_time, taken
from bot.flow.surroundings import Surroundings

_NUMBER = r"(?:muoi|mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin|khong)"
_WORDS = rf"(?:{_NUMBER}(?:\s+{_NUMBER}){{0,2}})"
#: "hai giờ", "chín giờ ba mươi": numbers in words, only beside "giờ".
_WORD_HOUR = re.compile(rf"\b(?P<number>{_WORDS})(?=\s+(?:gio|ruoi)\b)")
_WORD_MINUTE = re.compile(rf"(?P<before>\d\s*gio\s+(?:kem\s+)?)(?P<number>{_WORDS})\b")
_CLOCK = re.compile(
    r"(?<![\d/.:])(?P<h>\d{1,2})\s*(?:(?:gio|g|h|:|\.)\s*(?:(?P<kem>kem)\s*)?"
    r"(?:(?P<m>\d{2}|[05](?!\d))(?!\d)|(?P<half>ruoi))?|(?P<half2>ruoi))(?:\s*(?:phut|p)\b)?(?![\d/])"
)
_DIGITS = re.compile(r"(?<![\d/.:])(?P<h>\d{1,2})(?P<m>\d{2})(?![\d/.:])")
_BARE = re.compile(
    r"(?:(?:da|luc|vao|tam|khoang|toi|em|chon|cho|dat)\s+)*(?P<h>\d{1,2})(?:\s+(?:nhe|nha|a|di|di a))*"
)
_ORDINAL = re.compile(r"(?:so|cau|cai|muc|chon|y|cau so|cai thu|thu|gio thu)\s*(?P<n>\d{1,2})")
#: "Tối" only right after the hour: without accents, "tôi" and "tới" look the same.
_PART = re.compile(r"\b(?:sang|trua|chieu|dem)\b|(?:(?<=\d )|(?<=\dh )|(?<=gio )|(?<=ruoi ))toi\b")
#: Without a word for the part of the day, these are hours of the afternoon: offices sleep at night.
_AFTERNOON = range(1, 7)
#: A bare number from here on is an hour, even where the list is as long.
_FIRST_HOUR = 7


def read_time(text: str, slot: Slot, around: Surroundings) -> Value | Wrong:
    """A time of day as "0930": one of the free half hours, if it is known which are free."""
    free = free_times(slot, around)
    words = _digits_for_words(fold(text).strip(" .!?"))
    found = _written(words, free)
    if isinstance(found, Wrong):
        return found
    return taken(found, slot, around) or Value(found, show_time(found))


def _written(words: str, free: tuple[str, ...] | None) -> str | Wrong:
    if ordinal := _ORDINAL.fullmatch(words):
        number = int(ordinal["n"])
        return free[number - 1] if free and 1 <= number <= len(free) else Wrong("time_unreadable")
    if bare := _BARE.fullmatch(words):
        return _bare(bare["h"], free)
    clocks = [*_CLOCK.finditer(words)] or [*_DIGITS.finditer(words)]
    part = next(iter(_PART.findall(words)), "")
    read = [_clock(clock, part) for clock in clocks]
    if not read:
        bare_hour = re.fullmatch(r"(\d{1,2}) (?:sang|trua|chieu|toi)", words)
        read = [_of_day(int(bare_hour[1]), 0, part, False)] if bare_hour else []
    known = sorted({one for one in read if one is not None})
    if len(known) > 1:
        return Wrong("time_two")
    return known[0] if known and None not in read else Wrong("time_unreadable")


def _bare(digits: str, free: tuple[str, ...] | None) -> str | Wrong:
    """A number alone: an hour that can be had, else a place in the list, else an hour."""
    number = int(digits)
    if free and number < _FIRST_HOUR and 1 <= number <= len(free):
        return free[number - 1]
    hour = _of_day(number, 0, "", len(digits) == 2 and digits[0] == "0")
    if free and hour not in free and 1 <= number <= len(free):
        return free[number - 1]
    return hour or Wrong("time_unreadable")


def _clock(found: re.Match[str], part: str) -> str | None:
    groups = found.groupdict()
    half = bool(groups.get("half") or groups.get("half2"))
    minutes = 30 if half else int(groups.get("m") or 0)
    literal = found["h"].startswith("0") and len(found["h"]) == 2
    hour = int(found["h"])
    if groups.get("kem"):
        hour, minutes = (hour - 1, 60 - minutes) if 0 < minutes < 60 else (hour, minutes)
    return _of_day(hour, minutes, part, literal)


def _of_day(hour: int, minutes: int, part: str, literal: bool) -> str | None:
    """As "1430"; None if no clock shows that. `literal`: written with a zero before it, "02:30"."""
    if hour > 23 or minutes > 59:
        return None
    match part:
        case "chieu" | "toi" if hour < 12:
            hour += 12
        case "trua" if hour < 4:
            hour += 12
        case "" if not literal and hour in _AFTERNOON:
            hour += 12
    return f"{hour:02}{minutes:02}"


def _digits_for_words(words: str) -> str:
    """ "hai gio ruoi chieu" → "2 gio ruoi chieu"; "chin gio ba muoi" → "9 gio 30"."""

    def hour(match: re.Match[str]) -> str:
        number = read_words(match["number"])
        return str(number) if number is not None else match[0]

    def minute(match: re.Match[str]) -> str:
        number = read_words(match["number"])
        return f"{match['before']}{number:02}" if number is not None else match[0]

    return _WORD_MINUTE.sub(minute, _WORD_HOUR.sub(hour, words))
