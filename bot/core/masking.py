"""Takes out of a message what could tell whose it is, and leaves what it asks.

Each piece gives way to a word in brackets that says what stood there, so that the sentence can still be read,
labelled and learnt from. Patterns do not find everything: an officer looks at each message before it is used.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.core.heard import Entity
from bot.core.names import names_in
from bot.core.text import loosely, nfc

PHONE = "[số điện thoại]"
IDENTITY = "[số căn cước]"
ACCOUNT = "[số tài khoản]"
NUMBER = "[số]"
CODE = "[mã hồ sơ]"
EMAIL = "[thư điện tử]"
LINK = "[đường dẫn]"
DATE = "[ngày]"
ADDRESS = "[địa chỉ]"
NAME = "[tên]"
#: What people type in such a place, but nobody's: the model is to meet a number there, and not the words
#: "số căn cước", which name a procedure.
STAND_INS = {
    PHONE: "0900000000",
    IDENTITY: "000000000000",
    ACCOUNT: "00000000000",
    NUMBER: "000000",
    CODE: "H29.118-260101-0001",
    EMAIL: "ten@example.com",
    LINK: "https://example.com",
    DATE: "01/01/1990",
    ADDRESS: "số 1 đường số 1",
    NAME: "Nguyễn Văn A",
}
_OF_ENTITY = {
    "phone": PHONE,
    "cccd": IDENTITY,
    "cmnd": IDENTITY,
    "email": EMAIL,
    "person_name": NAME,
    "dossier_code": CODE,
}

Rule: TypeAlias = Callable[[str], str]

_MASKED = re.compile("(" + "|".join(re.escape(word) for word in STAND_INS) + ")")
#: "0901 234 567", "0901.234.567", "(0901) 234-567", and digits in little boxes.
_BETWEEN_DIGITS = r"[\s.()_\-\u2010-\u2015\u2212\ufe0f\u20e3]*"
_DIGITS = re.compile(rf"\+?(?:\((?=\d+\)))?\d(?:{_BETWEEN_DIGITS}\d){{4,}}")
_OF_AN_ACCOUNT = loosely(r"(?<!\w)(?:stk|tk|tài khoản)(?:\s+(?:số|là))*[\s:]*$")
_EMAIL = re.compile(r"[^\s@<>()\[\],;:]{1,64}@[^\s@<>()\[\],;:]{1,255}\.[^\W\d_]{2,24}")
_LINK = re.compile(r"(?:https?://|www\.)[^\s\[\]]+", re.IGNORECASE)
_HOST = re.compile(
    r"(?<![\w.@-])(?:[\w-]{1,63}\.){1,5}(?:com|vn|net|org|info|me|io|ly|app|link|xyz)\b(/[^\s\[\]]*)?", re.I
)
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:19|20)\d{2}"
_DATE = loosely(
    rf"(?<!\d)(?:{_DAY}\s?[/.\-]\s?{_MONTH}\s?[/.\-]\s?{_YEAR}|{_DAY}/{_MONTH}/\d{{2}})(?!\d)"
    rf"|(?:ngày\s+)?{_DAY}\s+tháng\s+{_MONTH}\s+năm\s+{_YEAR}(?!\d)"
)
#: Thông tư 01/2018/TT-VPCP, in its old and its new order; phones put spaces where people meant "-".
_CODE = re.compile(
    r"(?<![\w.])(?:\d{3}\.\d{2}\.\d{2}\.[GH]\d{2}|[GH]\d{2}(?:\.\d{1,3}){0,3})"
    r"\s?[-\u2013\u2014\s]\s?\d{6}\s?[-\u2013\u2014\s]\s?\d{3,6}(?!\w)",
    re.IGNORECASE,
)
_HOUSE = r"\d{1,4}[a-z]?(?:\s?/\s?\d{1,4}[a-z]?)*(?![\w/])"
_ALLEYS = rf"(?:\s*,?\s*(?:tổ|hẻm|ngõ|ngách|kiệt)\s+(?:số\s+)?{_HOUSE})*"
_ADDRESS = loosely(
    rf"(?<![\w/])(?:(?P<lead>số\s+nhà|nhà\s+số|số)\s+)?(?P<house>{_HOUSE}){_ALLEYS}"
    r"(?:\s*,?\s*(?P<street>đường|phố|đt|ql|quốc\s+lộ|tỉnh\s+lộ)"
    r"(?P<number>\s+(?:số\s+|(?:đt|ql|tl|đ|[a-z])\s?)?\d{1,4}[a-z]?)?(?!\w))?"
)
_AREA_AFTER = loosely(r"\s*,?\s*(?:khu\s+phố|kp|ấp|tổ|phường)(?!\w)")
#: What stands before a number that is none of a house.
_NO_HOUSE = loosely(r"(?<!\w)(?:khu\s+phố|kp|khu|tổ|ấp|lô|quận|phường|thôn|ngày|tháng|năm)\s+$")
_MOST_WORDS_OF_A_STREET = 5
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Swap:
    """A rule that is one pattern and one word."""

    pattern: re.Pattern[str]
    word: str

    def __call__(self, part: str) -> str:
        return self.pattern.sub(self.word, part)


def mask(text: str, entities: Iterable[Entity] = ()) -> str:
    """The text on one line, without phones, numbers of papers, addresses and names.

    `entities`: what the model found in the text's composed form. Masking twice is masking once.
    """
    return _settled(_without_entities(nfc(text), entities), _everything)


def mask_numbers(text: str) -> str:
    """Only what is personal beyond doubt by its shape: long numbers, codes, e-mail, links.

    For words that a person has looked through already.
    """
    return _settled(text, _shapes)


def with_stand_ins(text: str) -> str:
    """A masked text as somebody might type it: every word in brackets gives way to a made-up value."""
    return _MASKED.sub(lambda word: STAND_INS[word[0]], text)


def _settled(text: str, once: Rule) -> str:
    # Each round but the last turns letters into masks, so there are fewer rounds than letters.
    masked = once(text)
    while (again := once(masked)) != masked:
        masked = again
    return masked


def _everything(text: str) -> str:
    text = _shapes(text)
    titled = _titled(text)
    return _apply((lambda part: _addresses(part, titled), lambda part: _names(part, titled)), text)


def _shapes(text: str) -> str:
    return _apply(
        (_Swap(_CODE, CODE), _Swap(_EMAIL, EMAIL), _links, _Swap(_DATE, DATE), _digits), _line(text)
    )


def _apply(rules: Sequence[Rule], text: str) -> str:
    """The rules one after the other, on what stands between masks."""
    for rule in rules:
        parts = _MASKED.split(text)
        text = "".join(part if at % 2 else rule(part) for at, part in enumerate(parts))
    return text


def _line(text: str) -> str:
    """One line of composed letters, without signs that nobody sees."""
    seen = "".join(sign for sign in nfc(text) if sign.isspace() or unicodedata.category(sign)[0] != "C")
    return nfc(" ".join(seen.split()))


def _titled(text: str) -> bool:
    """Do most words begin with a capital? Then a capital says nothing of a name."""
    words = _WORD.findall(_MASKED.sub(" ", text))[1:]  # the first has one anyway
    return len(words) > 1 and 2 * sum(word[0].isupper() for word in words) > len(words)


def _without_entities(text: str, entities: Iterable[Entity]) -> str:
    for one in sorted(entities, key=lambda entity: entity.start, reverse=True):
        word = _OF_ENTITY.get(one.entity)
        if word and 0 <= one.start < one.end <= len(text):
            text = f"{text[: one.start]}{word}{text[one.end :]}"
    return text


def _links(part: str) -> str:
    def host(found: re.Match[str]) -> str:
        # The front page of an authority is nobody's, and says what the message is about.
        public = found[0].casefold().endswith(".gov.vn")
        return found[0] if public else LINK

    return _HOST.sub(host, _LINK.sub(LINK, part))


def _digits(part: str) -> str:
    def word(found: re.Match[str]) -> str:
        digits = "".join(sign for sign in found[0] if sign.isdecimal())
        if _OF_AN_ACCOUNT.search(part[: found.start()]):
            return ACCOUNT
        if digits.startswith("0") and len(digits) in (10, 11):
            return PHONE
        if digits.startswith("84") and len(digits) in (11, 12):
            return PHONE
        return IDENTITY if len(digits) in (9, 12) else NUMBER

    return _DIGITS.sub(word, part)


def _addresses(part: str, titled: bool) -> str:
    """ "số 12/3 đường Lê Lợi", "nhà số 5", "12 hẻm 4 đường số 8". A street by itself is nobody's."""
    kept, at = [], 0
    for found in _ADDRESS.finditer(part):
        lead, street = found["lead"], found["street"]
        if not lead and _NO_HOUSE.search(part[: found.start()]):
            continue
        end = found.end()
        if street and not found["number"] and (street[0].islower() or not titled):
            end = _end_of_street(part, end)
        named = bool(street) and end > found.end("street")
        house = (
            "nh" in (lead or "").casefold()
            or (lead and (street or _AREA_AFTER.match(part, found.end())))
            or named
            or (street and "/" in found["house"])
        )
        if house and found.start() >= at:
            kept += [part[at : found.start()], ADDRESS]
            at = end
    return "".join([*kept, part[at:]])


def _end_of_street(part: str, at: int) -> int:
    """Where the street's name ends: words with a capital that follow at once."""
    for _ in range(_MOST_WORDS_OF_A_STREET):
        word = _WORD.match(part, at + 1) if part[at : at + 1] == " " else None
        if word is None or not word[0][0].isupper():
            break
        at = word.end()
    return at


def _names(part: str, titled: bool) -> str:
    kept, at = [], 0
    for start, end in names_in(part, titled=titled):
        kept += [part[at:start], NAME]
        at = end
    return "".join([*kept, part[at:]])
