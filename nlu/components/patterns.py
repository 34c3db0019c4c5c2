"""Finds in a message what needs no learning: numbers of people and papers, days, sums, names, khu phố."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from components.amounts import money_and_counts
from components.dates import days
from components.people import people
from components.places import NO_PLACES, Places
from components.typed import Found, Typed, either

__all__ = ["ENTITIES", "Found", "find"]

#: Of two finds of the same length in the same place, the first in this order stays.
ENTITIES = (
    "email",
    "dossier_code",
    "cccd",
    "phone",
    "cmnd",
    "khu_pho",
    "person_name",
    "date",
    "money",
    "copies",
    "pages",
)
_RANK = {entity: rank for rank, entity in enumerate(ENTITIES)}

#: Thông tư 01/2018/TT-VPCP, in its old and its new order; phones put spaces where people meant "-".
_CODE = re.compile(
    r"(?<![\w.])(?:[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[gh][0-9]{2}|[gh][0-9]{2}(?:\.[0-9]{1,3}){0,3})"
    r"\s?[-\u2013\u2014\s]\s?[0-9]{6}\s?[-\u2013\u2014\s]\s?[0-9]{3,6}(?!\w)"
)
_NOT_WITHIN = r"(?<![\w.,/\-])"
_ENDS = r"(?![0-9]|[.,\-/][0-9])"
_CCCD = re.compile(
    r"(?<![0-9])(?:0[0-9]{2}[ .\-]?[0-9]{3}[ .\-]?[0-9]{3}[ .\-]?[0-9]{3}"
    r"|0[0-9]{3}[ .\-][0-9]{4}[ .\-][0-9]{4}|0[0-9]{2} [0-9] [0-9]{2} [0-9]{6})(?![0-9])"
)
_PHONE = re.compile(
    r"(?<![0-9])\(?(?:\+?84[ .\-]?\(?0?\)?|0)"
    r"(?:[35789](?:[ .\-]?[0-9]){8}|2[0-9]{1,2}\)?(?:[ .\-]?[0-9]){7,8}|1[2689](?:[ .\-]?[0-9]){8})(?![0-9])"
)
#: Ten digits after these are a tax code, an account or an insurance.
_OTHER_NUMBERS = either("thuế mst stk khoản tk bhyt bhxh hiểm")
_CMND = re.compile(_NOT_WITHIN + r"[0-3][0-9]{2} ?[0-9]{3} ?[0-9]{3}" + _ENDS)
_OLD_CARD = re.compile(
    r"(?<!\w)(?:cmnd|cmt|chứng minh(?: nhân dân| thư)?|chung minh(?: nhan dan| thu)?|cccd|c[ăa]n c[ưu][ớơu]c)"
    r"(?:\s(?:số|so|cũ|cu|là|la)){0,2}[\s:]{1,3}(?P<number>[0-9]{3}[ .]?[0-9]{3}[ .]?[0-9]{3})(?![0-9])"
)
_EMAIL = re.compile(
    r"(?<![\w.%+\-])[a-z0-9_%+\-][a-z0-9._%+\-]{0,63}@(?:[a-z0-9\-]{1,63}\.){1,5}[a-z]{2,24}(?![\w@])"
)
_SEVEN = re.compile("[0-9](?:[^0-9]?[0-9]){5}")


def find(typed: str, places: Places = NO_PLACES) -> list[Found]:
    """Everything we know the shape of, in the order of the text. The longer wins, then the more specific."""
    text = Typed(typed)
    candidates = [*_numbers(text), *days(text), *money_and_counts(text), *places.found(text), *people(text)]
    if len(candidates) < 2:
        return candidates
    return sorted(_apart(candidates, len(typed)), key=lambda found: found.start)


def _apart(candidates: Iterable[Found], length: int) -> Iterator[Found]:
    taken = bytearray(length)
    for one in sorted(
        candidates, key=lambda found: (found.start - found.end, _RANK[found.entity], found.start)
    ):
        if 1 not in taken[one.start : one.end]:
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
            yield one


def _numbers(text: Typed) -> Iterator[Found]:
    """Numbers of people and papers, and e-mail."""
    low = text.low
    if "@" in low:
        for match in _EMAIL.finditer(low):
            if ".." not in match[0]:
                yield text.found("email", match[0], *match.span())
    if not text.has_digit or _SEVEN.search(low) is None:
        return
    for match in _CODE.finditer(low):
        yield text.found("dossier_code", _code(match[0]), *match.span())
    for match in _CCCD.finditer(low):
        yield text.found("cccd", _digits(match[0]), *match.span())
    for match in _PHONE.finditer(low):
        if text.before(match.start()) in _OTHER_NUMBERS:
            continue
        start = match.start() + (match[0][0] == "(" and ")" not in match[0])
        yield text.found("phone", _phone(match[0]), start, match.end())
    for match in _CMND.finditer(low):
        yield text.found("cmnd", _digits(match[0]), *match.span())
    for match in _OLD_CARD.finditer(low):
        yield text.found("cmnd", _digits(match["number"]), *match.span("number"))


def _digits(typed: str) -> str:
    return re.sub("[^0-9]", "", typed)


def _phone(typed: str) -> str:
    digits = _digits(typed)
    return "0" + digits[2:].removeprefix("0") if digits.startswith("84") else digits


def _code(typed: str) -> str:
    """With "-" between its parts, in capitals."""
    return re.sub(r"[\s\u2013\u2014\-]+", "-", typed).upper()
