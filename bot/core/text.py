"""Vietnamese text made comparable: one Unicode form, with or without its accents."""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_D = str.maketrans("đĐ", "dD")


def nfc(text: str) -> str:
    """The composed Unicode form. Phones send "é" as one or as two characters; we keep one."""
    return unicodedata.normalize("NFC", text)


def strip_accents(text: str) -> str:
    """Plain letters: "Đăng ký khai sinh" → "Dang ky khai sinh"."""
    decomposed = unicodedata.normalize("NFD", text.translate(_D))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare)


def fold(text: str) -> str:
    """What a search compares: plain small letters, single spaces.

    Folding twice is folding once.
    """
    folded = strip_accents(strip_accents(text).casefold())
    return " ".join(folded.split())


def words(text: str) -> list[str]:
    """The syllables of a text in small letters, with their accents; punctuation falls away."""
    return _WORD.findall(nfc(text).casefold())


def gist(text: str) -> str:
    """What a message says, whatever its accents, capitals and signs: two of one gist ask the same."""
    return " ".join(_WORD.findall(fold(text)))


#: What one syllable looks like without its accents; every one of Vietnamese fits, and many other words do.
_SYLLABLE = re.compile(
    r"(?:ngh?|n?h|[ckgp]h|t[hr]|g[hi]|qu|[bcdgklmnprstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?"
)


def is_nonsense(text: str) -> bool:
    """``asdfgh``: no word of two letters or more could be a syllable. A text without words is not that."""
    typed = [word for word in words(fold(text)) if len(word) > 1 and word.isalpha()]
    return bool(typed) and not any(_SYLLABLE.fullmatch(word) for word in typed)


_TONES = "\u0300\u0301\u0303\u0309\u0323"


def loosely(pattern: str) -> re.Pattern[str]:
    """A pattern whose Vietnamese letters may be typed without their accents: "số" also meets "sô" and "SO".

    Accented letters must not stand inside square brackets.
    """
    return re.compile("".join(_spellings(letter) for letter in nfc(pattern)), re.IGNORECASE)


def _spellings(letter: str) -> str:
    if letter.isascii() or not letter.isalpha():
        return letter
    toneless = nfc("".join(part for part in unicodedata.normalize("NFD", letter) if part not in _TONES))
    return f"[{letter}{toneless}{strip_accents(letter)}]"


@lru_cache(maxsize=65536)
def agrees(typed: str, meant: str) -> bool:
    """Whether `typed` may be `meant` with some accents left out: "chưng thưc" agrees with "chứng thực".

    What is typed with an accent the word does not have ("chữ" for "chứ") does not agree.
    """
    left, right = _marks(typed), _marks(meant)
    return len(left) == len(right) and all(
        a == b and marks_a <= marks_b for (a, marks_a), (b, marks_b) in zip(left, right, strict=True)
    )


def _marks(text: str) -> list[tuple[str, frozenset[str]]]:
    """Each letter with its marks; the bar of "đ" counts as one."""
    letters: list[tuple[str, set[str]]] = []
    for sign in unicodedata.normalize("NFD", nfc(text).casefold()):
        if unicodedata.combining(sign) and letters:
            letters[-1][1].add(sign)
        elif sign == "đ":
            letters.append(("d", {"bar"}))
        else:
            letters.append((sign, set()))
    return [(letter, frozenset(marks)) for letter, marks in letters]
