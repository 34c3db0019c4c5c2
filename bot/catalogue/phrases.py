"""Finds set phrases in a text, with or without their accents; the longest wins."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from bot.core.text import agrees, fold, words

Key = TypeVar("Key")

#: People ask in one breath; nobody asks in 80 words, and a search has no time for a novel.
MOST_WORDS = 80


class PhraseFinder(Generic[Key]):
    """Phrases, written with all accents, and what each of them stands for."""

    def __init__(self, phrases: Mapping[Key, Iterable[str]]) -> None:
        self._phrases: dict[tuple[str, ...], list[tuple[list[str], Key]]] = defaultdict(list)
        for key, those in phrases.items():
            for phrase in those:
                split = words(phrase)
                self._phrases[tuple(fold(word) for word in split)].append((split, key))
        self._longest = max((len(key) for key in self._phrases), default=0)

    def of(self, text: str | Sequence[str]) -> Key | None:
        """What the longest phrase in the text stands for, of equals the later one; None if there is none.

        `text`: as typed, or its words where shorthand is already written out.
        """
        said = words(text) if isinstance(text, str) else list(text)
        plain = [fold(word) for word in said[:MOST_WORDS]]
        for length in range(self._longest, 0, -1):
            for start in range(len(plain) - length, -1, -1):
                for spelling, key in self._phrases.get(tuple(plain[start : start + length]), ()):
                    if all(map(agrees, said[start : start + length], spelling)):
                        return key
        return None
