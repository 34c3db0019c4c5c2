"""A dossier's code as people write it, and the four digits that may stand behind it."""

import re
from datetime import datetime

#: Thông tư 01/2018/TT-VPCP: unit, day of receipt, number of the day; the unit in its old and new order.
#: Phones put spaces and long dashes where people meant "-".
_CODE = re.compile(
    r"(?<![\w.])(\d{3}\.\d{2}\.\d{2}\.[GH]\d{2}|[GH]\d{2}(?:\.\d{1,3}){0,3})\s?[-–—\s]\s?(\d{6})\s?[-–—\s]\s?(\d{4,5})(?!\w)",
    re.IGNORECASE,
)
_FOUR = re.compile(r"(?<![\w./])[0-9]{4}(?![\w/])")
_FOUR_OF_THEM = re.compile(r"(?<!\w)4(?= ?s[ốo])")
#: Behind the code: "bốn số cuối điện thoại của tôi là 2345".
_LONGEST_TAIL = 50


def dossier_code(text: str) -> str | None:
    """The first dossier code in the text, written as we write it; its middle must be a date."""
    return code_and_digits(text)[0]


def code_and_digits(text: str) -> tuple[str | None, str | None]:
    """The code as `dossier_code` finds it, and the end of a phone number if four digits, and no others, stand
    behind it.
    """
    for found in _CODE.finditer(text):
        unit, day, number = found.groups()
        try:
            datetime.strptime(day, "%y%m%d")  # noqa: DTZ007 - only whether there is such a day
        except ValueError:
            continue
        return f"{unit.upper()}-{day}-{number}", _digits(text[found.end() :])
    return None, None


def _digits(tail: str) -> str | None:
    tail = _FOUR_OF_THEM.sub("", tail)
    found = _FOUR.findall(tail)
    alone = len(found) == 1 and sum(letter.isdigit() for letter in tail) == len(found[0])
    return found[0] if alone and len(tail.strip()) <= _LONGEST_TAIL else None
