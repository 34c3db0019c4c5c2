"""What the QR code of an identity card says.

The card with a chip (Thông tư 06/2021/TT-BCA) and that of 2024 (Thông tư 16/2024/TT-BCA) write the same seven
fields first, with "|" between them: number, old number, name, birth, sex, residence, day of issue. What the
newer one appends (parents …) is not read.
"""

import re
from datetime import date

from bot.core.messages import IdCard
from bot.core.text import fold, nfc

_NUMBER = re.compile(r"[0-9]{12}")
#: The old number: of nine digits, or an earlier one of twelve.
_OLD = re.compile(r"(?:[0-9]{9}|[0-9]{12})?")
_DAY = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_SEXES = {"nam": "nam", "nu": "nu"}
_NAME = 100
_RESIDENCE = 250
#: The longest text that a card may hold; a QR code holds up to 2,953 bytes.
_LONGEST = 2000


def read_card(text: str) -> IdCard | None:
    """The holder, if this is such a card and everything on it agrees; None for every other text."""
    fields = [" ".join(field.split()) for field in nfc(text).split("|")]
    if len(text) > _LONGEST or len(fields) < 7 or not all(field.isprintable() for field in fields):
        return None
    number, old_number, name, birth, gender, residence, issue = fields[:7]
    born, issued, sex = _day(birth), _day(issue), _SEXES.get(fold(gender))
    if not _NUMBER.fullmatch(number) or not _OLD.fullmatch(old_number) or born is None or sex is None:
        return None
    if not _agrees(number, born, sex) or (issue and (issued is None or issued < born)):
        return None
    if not _is_name(name) or len(residence) > _RESIDENCE:
        return None
    return IdCard(
        number=number,
        old_number=old_number,
        name=name,
        born=born.isoformat(),
        sex=sex,
        residence=residence,
        issued=issued.isoformat() if issued else "",
    )


def _agrees(number: str, born: date, sex: str) -> bool:
    """The fourth digit holds century and sex, the next two the year (Thông tư 59/2021/TT-BCA, Điều 4)."""
    century = (born.year - 1900) // 100
    return number[3] == str(2 * century + (sex == "nu")) and number[4:6] == f"{born.year % 100:02}"


def _is_name(name: str) -> bool:
    return 1 < len(name) <= _NAME and all(sign.isalpha() or sign in " '’-.," for sign in name)


def _day(written: str) -> date | None:
    parts = _DAY.fullmatch(written)
    if parts is None:
        return None
    try:
        return date(int(parts[3]), int(parts[2]), int(parts[1]))
    except ValueError:
        return None
