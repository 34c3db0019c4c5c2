"""A message as patterns read it, and the way back to the characters that were typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from components.text import strip_accents

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_WORD = re.compile(r"[^\W\d_]+")
_WORD_BEFORE = re.compile(r"(\w+)\W{0,3}$")
_WORD_AFTER = re.compile(r"\W{1,3}(\w+)")
_LONGEST_WORD = 16


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was found, where it stands in the text, and its plain form."""

    entity: str
    value: str
    start: int
    end: int


class Typed:
    """A text in composed letters, without what nobody sees, and the same in small letters."""

    __slots__ = ("_spans", "has_digit", "low", "text", "words")

    def __init__(self, typed: str) -> None:
        self._spans: list[tuple[int, int]] | None = None
        if not typed.isascii() and (
            not unicodedata.is_normalized("NFC", typed) or _INVISIBLE.search(typed) is not None
        ):
            typed = self._compose(typed)
        self.text = typed
        low = typed.lower()
        # "İ" becomes two letters in small
        self.low = low if len(low) == len(typed) else "".join(c.lower() if c != "İ" else "i" for c in typed)
        self.words = frozenset(_WORD.findall(self.low))
        self.has_digit = _DIGIT.search(typed) is not None

    def _compose(self, typed: str) -> str:
        """Remember of each composed letter from where to where it was typed."""
        letters: list[str] = []
        spans: list[tuple[int, int]] = []
        for at, sign in enumerate(typed):
            if _INVISIBLE.match(sign):
                continue
            if letters and unicodedata.combining(sign):
                letters[-1] += sign
                spans[-1] = (spans[-1][0], at + 1)
            else:
                letters.append(sign)
                spans.append((at, at + 1))
        composed = [unicodedata.normalize("NFC", letter) for letter in letters]
        # a letter that stays several signs keeps its place for each of them
        self._spans = [span for letter, span in zip(composed, spans, strict=True) for _ in letter]
        return "".join(composed)

    def found(self, entity: str, value: str, start: int, end: int) -> Found:
        """What stands from `start` to `end` here, with the place where it was typed."""
        if self._spans is not None:
            start, end = self._spans[start][0], self._spans[end - 1][1]
        return Found(entity, value, start, end)

    def before(self, at: int) -> str:
        """The word that ends just before `at`, in small letters; "" if there is none near."""
        near = _WORD_BEFORE.search(self.low[max(0, at - _LONGEST_WORD) : at])
        return near[1] if near else ""

    def after(self, at: int) -> str:
        """The word that begins just after `at`, in small letters."""
        near = _WORD_AFTER.match(self.low, at)
        return near[1] if near else ""


_DIGIT = re.compile("[0-9]")


def loosely(pattern: str) -> str:
    """A pattern whose accented letters may be typed with half their accents or none.

    Accented letters must not stand inside square brackets.
    """
    return "".join(_spellings(letter) for letter in unicodedata.normalize("NFC", pattern))


def as_written(words: str) -> frozenset[str]:
    """Each word as it stands here."""
    return frozenset(words.split())


def either(words: str | Iterable[str]) -> frozenset[str]:
    """Each word with all its accents and with none."""
    split = words.split() if isinstance(words, str) else words
    return frozenset(form for word in split for form in (word, strip_accents(word)))


def _spellings(letter: str) -> str:
    if letter.isascii() or not letter.isalpha():
        return letter
    parts = unicodedata.normalize("NFD", letter)
    # the horn, the hat and the breve belong to the letter, the others are tones
    toneless = unicodedata.normalize("NFC", "".join(p for p in parts if p not in _TONES))
    return "[" + "".join(dict.fromkeys([letter, toneless, strip_accents(letter)])) + "]"


_TONES = "\u0300\u0301\u0303\u0309\u0323"
