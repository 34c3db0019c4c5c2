"""The words of an address: where each stands, what is written before names, and whether accents agree."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from bot.core.places import key

#: The words of a kind, and the kind.
Kinds: TypeAlias = "dict[tuple[str, ...], str]"

_WORD = re.compile(r"[^\W\d_]+|\d+")
_HARD = re.compile(r"[,;:()\n]")
_SOFT = re.compile(r"\s[-–—]\s|[.]\s|/")
_TONES = "\u0300\u0301\u0303\u0309\u0323"

#: What stands before the name of a unit, by the words as `key` makes them, and the kind it says.
WARD = {
    ("phuong",): "phường",
    ("p",): "phường",
    ("f",): "phường",
    ("xa",): "xã",
    ("x",): "xã",
    ("thi", "tran"): "thị trấn",
    ("tt",): "thị trấn",
    ("dac", "khu"): "đặc khu",
}
DISTRICT = {
    ("quan",): "quận",
    ("q",): "quận",
    ("huien",): "huyện",
    ("h",): "huyện",
    ("thi", "xa"): "thị xã",
    ("tx",): "thị xã",
    ("thanh", "pho"): "thành phố",
    ("tp",): "thành phố",
    ("t", "p"): "thành phố",
}
PROVINCE = {
    ("tinh",): "tỉnh",
    ("t",): "tỉnh",
    ("thanh", "pho"): "thành phố",
    ("tp",): "thành phố",
    ("t", "p"): "thành phố",
}
#: Before these words a name is that of a street, a market, a hamlet, and of no unit.
OTHER_NAMES = frozenset(
    [
        "duong",
        "d",
        "pho",
        "hem",
        "cau",
        "cho",
        "lo",
        "khu",
        "kp",
        "ap",
        "thon",
        "xom",
        "cu",
        "vien",
        "kcn",
        "kdc",
    ]
)


class Word(NamedTuple):
    text: str
    start: int
    end: int
    key: str
    #: Is there a comma before it, or at least a dash? No name goes over a comma.
    comma: bool
    breaks: bool


def words_of(address: str) -> list[Word]:
    """The words, letters and digits apart: "P14" is two."""
    found: list[Word] = []
    last = 0
    for match in _WORD.finditer(address):
        between = address[last : match.start()]
        comma = bool(_HARD.search(between)) or not found
        breaks = comma or bool(_SOFT.search(between))
        found.append(Word(match[0], match.start(), match.end(), key(match[0]), comma, breaks))
        last = match.end()
    return found


def words_in(name: str) -> list[str]:
    return _WORD.findall(name)


def kind_before(words: Sequence[Word], at: int, kinds: Kinds) -> tuple[str, int] | None:
    """What stands right before the name that begins at `at`, and where that begins."""
    if at == len(words) or (at and words[at].comma):
        return None
    for length in (2, 1):
        before = words[at - length : at] if at >= length else ()
        kind = kinds.get(tuple(word.key for word in before))
        if kind is None or any(word.comma for word in before[1:]):
            continue
        if _says(before, kind):
            return kind, at - length
    return None


def _says(typed: Sequence[Word], kind: str) -> bool:
    """Do these words, all of the kind's letters, say it? "Phương" is a name, "phuong" may be one."""
    meant = kind.split()
    whole = len(meant) == len(typed) and all(len(word.key) > 1 for word in typed)
    return not whole or all(
        word.text.isascii() or (_fits(word.text, other) and _fits(other, word.text))
        for word, other in zip(typed, meant, strict=True)
    )


def accents_fit(typed: Sequence[str], name: str) -> bool:
    """May these be the words of the name, perhaps with accents left out? "hoà" is "hòa"."""
    meant = words_in(name)
    if len(typed) != len(meant):
        return True
    return all(_fits(one, other) for one, other in zip(typed, meant, strict=True))


@lru_cache(maxsize=8192)
def _fits(typed: str, meant: str) -> bool:
    letters, tone = _taken_apart(typed)
    others, other_tone = _taken_apart(meant)
    return (
        tone in ("", other_tone)
        and len(letters) == len(others)
        and all(a == b and marks <= more for (a, marks), (b, more) in zip(letters, others, strict=True))
    )


def _taken_apart(word: str) -> tuple[list[tuple[str, set[str]]], str]:
    """Letters with their marks (ơ, ê, đ), and the tone of the syllable."""
    letters: list[tuple[str, set[str]]] = []
    tone = ""
    for sign in unicodedata.normalize("NFD", word.lower()):
        if sign in _TONES:
            tone = sign
        elif unicodedata.combining(sign):
            if letters:
                letters[-1][1].add(sign)
        elif sign == "đ":
            letters.append(("d", {sign}))
        else:
            letters.append(("i" if sign == "y" else sign, set()))
    return letters, tone
