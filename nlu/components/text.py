"""Reads a message as it was typed (any Unicode form, with, without or with half its accents)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from components.spelling import SHORTHAND, SYLLABLE, TELEX_LETTERS, TONE_OF_KEY, TONES

#: Longer messages are cut in the middle: the start names the matter, the end holds the question.
LONGEST = 1200

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_SPACE = re.compile(r"\s+")
#: "alooooo"; three equal consonants may be meant ("cccd").
_LONG_DRAWN = re.compile(r"([aàáảãạâăeèéêiìíoòóôơuùúưy])\1{2,}|([^\W\d])\2{3,}")
_TOKEN = re.compile(r"a/c|[^\W_]+|\?")
_SYLLABLE = re.compile(SYLLABLE)
_LAST_TONED = re.compile("(?<!q)(o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])$")
_TELEX_PAIR = re.compile("|".join(TELEX_LETTERS))
#: Real words that only look like a slip of the Telex keyboard.
_NOT_TELEX = frozenset(
    [
        "pass",
        "as",
        "is",
        "us",
        "bus",
        "gas",
        "fax",
        "max",
        "box",
        "tax",
        "visa",
        "link",
        "mess",
        "boss",
        "class",
        "ads",
        "ups",
        "kios",
    ]
)


def strip_accents(text: str) -> str:
    """``Đăng ký kết hôn`` → ``Dang ky ket hon``."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("đ", "d").replace("Đ", "D")


def shorten(text: str) -> str:
    """Keep the beginning and the end of a very long message."""
    if len(text) <= LONGEST:
        return text
    half = LONGEST // 2
    return text[:half] + " " + text[-half:]


def tokens_of(text: str) -> list[str]:
    """The words of a message in lower case, NFC, one way of placing tones, shorthand written out."""
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", shorten(text))).lower()
    found: list[str] = []
    for token in _TOKEN.findall(_LONG_DRAWN.sub(r"\1\2", text)):
        found.extend(_read_token(token))
    return found


def normalise(text: str) -> str:
    """The same as one string."""
    return " ".join(tokens_of(text))


@lru_cache(maxsize=20_000)
def _read_token(token: str) -> tuple[str, ...]:
    """One typed token → the words it stands for."""
    if token in SHORTHAND:
        return tuple(SHORTHAND[token].split())
    if token.isdigit() and len(token) > 4:
        return ("0" * len(token),)  # the length tells a phone from a CCCD, the digits are nobody's business
    return (_place_tone(_undo_telex(token)),)


def _place_tone(token: str) -> str:
    """``hoà`` → ``hòa``, ``uỷ`` → ``ủy``: both spellings are taught, so we read them as one."""
    if token.isascii():
        return token
    match = _LAST_TONED.search(token)
    if match is None:
        return token
    first, toned = match.group()
    letter, *marks = unicodedata.normalize("NFD", toned)
    return token[: match.start()] + unicodedata.normalize("NFC", first + "".join(marks)) + letter


def is_syllable(token: str) -> bool:
    """Whether this could be a Vietnamese syllable, tones aside."""
    toneless = "".join(c for c in unicodedata.normalize("NFD", token) if c not in TONES)
    return _SYLLABLE.fullmatch(unicodedata.normalize("NFC", toneless)) is not None


def _undo_telex(token: str) -> str:
    """``giaays`` → ``giấy``, ``cos`` → ``có``: only where what was typed is no word and the result is."""
    if (
        not token.isascii()
        or not token.isalpha()
        or len(token) < 3
        or token in _NOT_TELEX
        or is_syllable(token)
    ):
        return token
    body, tone = (token[:-1], TONE_OF_KEY[token[-1]]) if token[-1] in TONE_OF_KEY else (token, "")
    word = _TELEX_PAIR.sub(lambda pair: TELEX_LETTERS[pair.group()], body)
    word = word.replace("uơ", "ươ")
    if not is_syllable(word):
        return token
    return _with_tone(word, tone) if tone else word


def _with_tone(word: str, mark: str) -> str:
    """Put a tone mark on the vowel that carries it."""
    start = 2 if re.match("qu|gi[aeouyâêôăơư]", word) else 0
    vowels = [i for i in range(start, len(word)) if strip_accents(word[i]) in "aeiouy"]
    if not vowels:
        return word
    marked = [i for i in vowels if not word[i].isascii()]
    if marked:
        at = marked[-1]
    elif len(vowels) > 1 and vowels[-1] < len(word) - 1:
        at = vowels[-1]
    else:
        at = vowels[0] if len(vowels) < 3 else vowels[1]
    return unicodedata.normalize("NFC", word[: at + 1] + mark + word[at + 1 :])
