"""Finds set phrases in text as people type it: with, without and with half its accents, or in short forms.

A letter that was typed with an accent must agree with the phrase, a bare letter agrees with all: "thoi" and
"Thôi" are the phrase "thôi", "thời" is not. Where the tone stands does not matter: "hủy" is "huỷ".
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.core.text import nfc

_WORD = re.compile(r"\w+")
#: "alooo", "okkkk"
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}$")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: its plain letters, the accents that were typed, and where it stands."""

    bare: str
    marks: str
    start: int = 0
    end: int = 0

    def agrees_with(self, marks: str) -> bool:
        """Is every accent that was typed one of these?"""
        return self.marks == marks or all(mark in marks for mark in self.marks)


@lru_cache(maxsize=8192)
def _taken_apart(word: str) -> tuple[str, str]:
    """Plain letters and accents of a small-letter word; đ counts as d with a bar."""
    letters, marks = [], []
    for letter in unicodedata.normalize("NFD", word):
        if letter == "đ":
            letters.append("d")
            marks.append(letter)
        elif unicodedata.combining(letter):
            marks.append(letter)
        else:
            letters.append(letter)
    return "".join(letters), "".join(sorted(marks))


def _word(text: str, start: int = 0, end: int = 0) -> Word:
    return Word(text, "", start, end) if text.isascii() else Word(*_taken_apart(text), start, end)


class Spelling:
    """Turns text into words: short forms ("ko", "sdt") spelt out, drawn-out ones ("alooo") cut short."""

    def __init__(self, shorthand: Mapping[str, str] | None = None) -> None:
        self._shorthand = {
            nfc(short).lower(): tuple(_WORD.findall(nfc(full).lower()))
            for short, full in (shorthand or {}).items()
        }

    def words(self, text: str) -> tuple[Word, ...]:
        """The words of a text in NFC. Words that were spelt out share the place of their short form."""
        lower = text.lower()
        if len(lower) != len(text):  # "İ" grows when made small; places must stay true
            lower = "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)
        found: list[Word] = []
        for match in _WORD.finditer(lower):
            start, end = match.span()
            typed = match[0]
            full = self._shorthand.get(typed)
            if full is None and (shorter := _DRAWN_OUT.sub(r"\1", typed)) != typed:
                typed, full = shorter, self._shorthand.get(shorter)
            if full is None:
                found.append(_word(typed, start, end))
            else:
                found.extend(_word(one, start, end) for one in full)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Match:
    """Phrase `name` stands at ``words[first:last]``."""

    name: str
    first: int
    last: int


class Phrases:
    """Names and the phrases that mean them. Of two that fit, the longer one, then the earlier named."""

    def __init__(self, spelling: Spelling, phrases: Mapping[str, Iterable[str]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[Word, ...], str]]] = {}
        for name, texts in phrases.items():
            for text in texts:
                words = spelling.words(text)
                if words:
                    self._by_first.setdefault(words[0].bare, []).append((words, name))
        for same_start in self._by_first.values():
            same_start.sort(key=lambda one: -len(one[0]))

    def at(self, words: tuple[Word, ...], first: int) -> Iterator[Match]:
        """Phrases that begin at this word, longest first."""
        for phrase, name in self._by_first.get(words[first].bare, ()):
            last = first + len(phrase)
            if last <= len(words) and all(
                said.bare == meant.bare and said.agrees_with(meant.marks)
                for said, meant in zip(words[first:last], phrase, strict=True)
            ):
                yield Match(name, first, last)

    def whole(self, words: tuple[Word, ...]) -> str | None:
        """The name of the phrase that these words are, all of them."""
        if not words:
            return None
        return next((match.name for match in self.at(words, 0) if match.last == len(words)), None)

    def within(self, words: tuple[Word, ...]) -> Iterator[Match]:
        """Every phrase that stands anywhere in the words, from the left."""
        for first in range(len(words)):
            yield from self.at(words, first)

    def cover(self, words: tuple[Word, ...]) -> bool:
        """Do the words consist of nothing but these phrases?"""
        at = 0
        while at < len(words):
            match = next(self.at(words, at), None)
            if match is None:
                return False
            at = match.last
        return True
