"""Numbers and money as people write them: "25", "hai mươi lăm", "2 triệu rưỡi", "500k"."""

import re

from bot.core.text import fold
from bot.flow.answer import Value, Wrong
from bot.flow.model import Slot
from bot.flow.surroundings import Surroundings

_DIGITS = {
    "khong": 0,
    "mot": 1,
    "hai": 2,
    "ba": 3,
    "bon": 4,
    "tu": 4,
    "nam": 5,
    "lam": 5,
    "nham": 5,
    "sau": 6,
    "bay": 7,
    "tam": 8,
    "chin": 9,
}
_SCALES = {
    "nghin": 10**3,
    "ngan": 10**3,
    "k": 10**3,
    "tr": 10**6,
    "cu": 10**6,
    "trieu": 10**6,
    "ty": 10**9,
    "ti": 10**9,
}
_TENS = {"muoi", "chuc"}
#: Một trăm linh năm, một trăm lẻ năm: they stand for a zero.
_FILLERS = {"linh", "le"}
_WORDS = frozenset({*_DIGITS, *_SCALES, *_TENS, *_FILLERS, "tram", "ruoi"})

#: What may stand around a number without changing it.
_UNITS = (
    r"(?:ban|to|trang|cai|nguoi|cuon|quyen|lan|tuoi|thang|ngay|nam|bo|dong|"
    r"vnd|d|m2|chiec|thanh vien|lao dong)"
)
_BEFORE = re.compile(
    r"^(?:da|vang|thi|la|co|khoang|can|lay|cho|toi|em|minh|so|tam|chung|hon|gan|tong cong|xin)\s+"
)
_AFTER = re.compile(rf"(?:\s+|(?<=\d))(?:{_UNITS}|a|nhe|nha|thoi|em|chi|anh|roi|do|vn)$")
#: 1.000.000 or 1,000,000: separators of thousands.
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+(?!\d)")
_PART = re.compile(r"(\d+(?:[.,]\d+)?)\s*(ty|ti|trieu|tr|cu|nghin|ngan|k)?\s*(ruoi)?")

_LIMIT = 10**15


def read_number(text: str, slot: Slot, around: Surroundings) -> Value | Wrong:
    """A whole number, in digits or in words."""
    found = _amount(text)
    if found is None:
        return Wrong("number_unreadable")
    return _within(found, slot, "number")


def read_money(text: str, slot: Slot, around: Surroundings) -> Value | Wrong:
    """An amount of đồng."""
    found = _amount(text)
    if found is None:
        return Wrong("money_unreadable")
    return _within(found, slot, "money")


def show_number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def show_money(value: int) -> str:
    return f"{show_number(value)} đồng"


def _within(number: float, slot: Slot, kind: str) -> Value | Wrong:
    if number != int(number):
        return Wrong(f"{kind}_not_whole")
    value = int(number)
    show = show_money if kind == "money" else show_number
    low = 0 if slot.min is None else slot.min
    if value < low:
        return Wrong(f"{kind}_small", {"toi_thieu": show(low)})
    high = _LIMIT if slot.max is None else slot.max
    if value > high:
        return Wrong(f"{kind}_large", {"toi_da": show(high)})
    return Value(value, show(value))


def _amount(text: str) -> float | None:
    words = fold(text).strip(" .!")
    for _ in range(6):
        shorter = _AFTER.sub("", _BEFORE.sub("", words)).strip()
        if shorter == words or not shorter:
            break
        # "năm" is a unit and a digit: what is left must still be a number.
        if read_words(words) is not None:
            break
        words = shorter
    if re.fullmatch(r"-\s*\d+", words):
        return float(words.replace(" ", ""))
    return _in_digits(words) if any(letter.isdigit() for letter in words) else read_words(words)


def _in_digits(words: str) -> float | None:
    """ "1.000.000", "2 triệu rưỡi", "1tr2", "1,5 triệu", "2 triệu 500 nghìn"."""
    words = _GROUPED.sub(lambda match: re.sub(r"[.,]", "", match[0]), words)
    total, scale, at = 0.0, 0, 0
    while at < len(words):
        if words[at] == " ":
            at += 1
            continue
        part = _PART.match(words, at)
        if part is None or len(part[1]) > 16:
            return None
        number, unit = float(part[1].replace(",", ".")), _SCALES.get(part[2] or "", 0)
        if at == 0:
            total = number * (unit or 1)
        elif unit and unit < scale:
            total += number * unit
        elif not unit and scale > 1 and number < 10:
            total += number * scale / 10  # 1tr2 is one million two hundred thousand
        elif not unit and scale > 1 and number < 1000:
            total += number * scale / 1000
        else:
            return None
        scale = unit or 1
        if part[3]:
            total += scale / 2
        at = part.end()
    return total if at else None


def read_words(words: str) -> int | None:
    """ "hai muoi lam", "mot tram linh nam", "hai trieu ruoi"; None if any word is not a number's."""
    parts = words.split()
    if not parts or len(parts) > 30 or not _WORDS.issuperset(parts):
        return None
    total = group = 0
    digit: int | None = None
    last_scale = 0
    for word in parts:
        if word in _FILLERS:
            continue
        if word in _SCALES:
            group += digit or 0
            total, group, digit = total + (group or 1) * _SCALES[word], 0, None
            last_scale = _SCALES[word]
        elif word == "tram":
            group, digit, last_scale = group + (1 if digit is None else digit) * 100, None, 100
        elif word in _TENS:
            group, digit, last_scale = group + (digit or 1) * 10, None, 10
        elif word == "ruoi":
            if not last_scale:
                return None
            if last_scale >= 1000:
                total += last_scale // 2
            else:
                group += last_scale // 2
        elif digit is not None:
            return None  # "hai ba" is no number
        else:
            digit = _DIGITS[word]
    return total + group + (digit or 0)
