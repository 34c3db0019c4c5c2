"""Who somebody is and how to reach them: names, phones, identity numbers, e-mail."""

import re

from bot.core.text import fold
from bot.flow.answer import Remark, Value, Wrong, vocabulary
from bot.flow.model import Slot
from bot.flow.surroundings import Surroundings

NAME_LIMIT = 60

_NAME_BEFORE = re.compile(
    r"^(?:(?:dạ|vâng|thưa)[,\s]+)*"
    r"(?:(?:(?:tôi|em|mình|cháu|con|bé|tui)\s+)?(?:họ\s+(?:và\s+)?tên|tên)"
    r"(?:\s+(?:tôi|em|mình|cháu|con|bé|của\s+\w+))?(?:\s*(?:là|:))?|(?:tôi|em|mình|tui)\s+là)\s+",
    re.IGNORECASE,
)
_NAME_AFTER = re.compile(r"[\s,]+(?:ạ|nha|nhé|nhe)[.!]*$", re.IGNORECASE)
_LINK = re.compile(r"https?:|www\.|@|\.(?:com|vn|net|org)\b", re.IGNORECASE)
#: "-" and "'" stand in names of the peoples of the highlands (H'Hen, K'Brơi) and in foreign ones.
_NAME = re.compile(r"[^\W\d_]+(?:['’.\-][^\W\d_]*)*(?: [^\W\d_]+(?:['’.\-][^\W\d_]*)*)*", re.UNICODE)

#: The family names most people have, and that are not also common words once the accents are gone.
SURNAMES = vocabulary(
    "nguyen tran le pham huynh hoang phan vu dang bui ngo duong truong dinh trinh luong mai dao doan "
    "vuong luu phung thai chau quach diep thach kieu lam giang khuong nghiem danh to"
)


#: Family names that nobody writes without their accents on a paper.
_NEVER_PLAIN = vocabulary(
    "nguyen tran le pham huynh hoang vu vo dang bui do ngo duong truong dinh trinh luong dao doan vuong luu "
    "phung diep kieu nghiem"
)


def read_name(text: str, slot: Slot, around: Surroundings) -> Value | Wrong:
    """A person's name: accents as given, spacing and case made regular."""
    name = " ".join(_NAME_AFTER.sub("", _NAME_BEFORE.sub("", " ".join(text.split()))).split()).strip(" .,;:!")
    if not name:
        return Wrong("empty")
    if len(name) > NAME_LIMIT:
        return Wrong("name_long", {"toi_da": str(NAME_LIMIT)})
    if _LINK.search(name):
        return Wrong("name_signs")
    if any(letter.isdigit() for letter in name):
        return Wrong("name_digits")
    if not _NAME.fullmatch(name):
        return Wrong("name_signs")
    if " " not in name:
        return Wrong("name_one_word")
    regular = " ".join(_capital(word) for word in name.split(" "))
    plain = regular.isascii() and regular.split()[0].lower() in _NEVER_PLAIN
    return Value(regular, regular, Remark("name_plain", {"gia_tri": regular}) if plain else None)


def looks_like_a_name(name: str) -> bool:
    """Two to six words, the first of them a family name."""
    words = fold(name).split()
    return 2 <= len(words) <= 6 and words[0] in SURNAMES


def _capital(word: str) -> str:
    """ "NGUYEN" → "Nguyen", "h'hen" → "H'Hen"."""
    return re.sub(r"[^\W\d_]+", lambda part: part[0][:1].upper() + part[0][1:].lower(), word)


#: Mobile numbers had eleven digits until 2018: what their beginnings are now.
_OLD_PREFIXES = dict(
    pair.split("=")
    for pair in [
        "0162=032",
        "0163=033",
        "0164=034",
        "0165=035",
        "0166=036",
        "0167=037",
        "0168=038",
        "0169=039",
        "0120=070",
        "0121=079",
        "0122=077",
        "0126=076",
        "0128=078",
        "0123=083",
        "0124=084",
        "0125=085",
        "0127=081",
        "0129=082",
        "0186=056",
        "0188=058",
        "0199=059",
    ]
)
_DIAL = re.compile(r"\+?\(?\d[\d\s.\-()]{2,24}\d")


def read_phone(text: str, slot: Slot, around: Surroundings) -> Value | Wrong:
    """A Vietnamese mobile number, however it is spaced, as ten digits."""
    found = _DIAL.findall(text)
    if len(found) != 1:
        return Wrong("phone_two" if found else "phone_unreadable")
    number = re.sub(r"\D", "", found[0])
    if number.startswith("84") and (found[0].lstrip("(").startswith("+") or len(number) in (11, 12)):
        number = "0" + number[2:].removeprefix("0")
    if len(number) == 11 and number[:4] in _OLD_PREFIXES:
        return Wrong("phone_old", {"gia_tri": show_phone(_OLD_PREFIXES[number[:4]] + number[4:])})
    if number.startswith("02") and len(number) in (10, 11):
        return Wrong("phone_landline")
    if len(number) != 10:
        return Wrong("phone_length", {"so_chu_so": str(len(number))})
    if not re.fullmatch(r"0[35789]\d{8}", number):
        return Wrong("phone_prefix")
    return Value(number, show_phone(number))


def show_phone(value: str) -> str:
    """0901234567 → 0901 234 567."""
    return f"{value[:4]} {value[4:7]} {value[7:]}"


_LONG_NUMBER = re.compile(r"\d[\d\s.\-]*\d")


def read_cccd(text: str, slot: Slot, around: Surroundings) -> Value | Wrong:
    """The twelve digits of a citizen's number: province, century and sex, year of birth, six more."""
    found = [re.sub(r"\D", "", one) for one in _LONG_NUMBER.findall(text)]
    if len(found) != 1:
        return Wrong("cccd_unreadable")
    number = found[0]
    if len(number) == 9:
        return Wrong("cccd_old")
    if len(number) != 12:
        return Wrong("cccd_length", {"so_chu_so": str(len(number))})
    # The fourth digit: 0 and 1 were born in the 1900s, 2 and 3 in the 2000s.
    born = 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])
    if born > around.today.year:
        return Wrong("cccd_structure")
    return Value(number, number)


def mask_digits(value: str) -> str:
    """079123452345 → 0791…2345; what is short is hidden altogether."""
    return f"{value[:4]}…{value[-4:]}" if len(value) >= 10 else "…"


_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@(?:[A-Za-z0-9\-]{1,63}\.){1,5}[A-Za-z]{2,24}")


def read_email(text: str, slot: Slot, around: Surroundings) -> Value | Wrong:
    found = _EMAIL.findall(text)
    if len(found) != 1 or ".." in found[0]:
        return Wrong("email_unreadable")
    email = found[0].strip(".")
    return Value(email.lower(), email.lower())
