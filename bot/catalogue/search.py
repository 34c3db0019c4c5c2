"""Finds procedures by their words, with all, half or none of their accents; answers while Rasa is away."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pydantic
from pydantic import ConfigDict
from rapidfuzz import fuzz, process

from bot.catalogue.load import Catalogue
from bot.catalogue.phrases import MOST_WORDS, PhraseFinder
from bot.catalogue.wording import Aspect
from bot.core.content import check, read_yaml
from bot.core.parts import Text
from bot.core.text import agrees, fold, words

#: Below this a phrase was touched by chance.
_LEAST = 0.3
#: A word that is spelt with other accents than the phrase's may still be a slip of the thumb.
_OTHER_ACCENTS = 0.5
_MISSPELT = 0.7
#: What a word everybody uses still weighs, next to one that names a procedure.
_COMMON = 0.12


#: Words come again and again, in the names and in what people ask.
_plain = lru_cache(maxsize=32_768)(fold)


class Words(pydantic.BaseModel):
    """`data/words.yml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    #: Words that hardly tell which procedure is meant.
    common: Text
    #: "ko" → "không".
    shorthand: dict[Text, Text]
    aspects: dict[Aspect, tuple[Text, ...]]


def load_words(path: Path) -> Words:
    """Read and check `data/words.yml`; `ContentError` with file and line otherwise."""
    return check(read_yaml(path), Words)


class _Phrase(NamedTuple):
    """One way to name a procedure."""

    procedure: str
    #: What finding all of it would weigh.
    weight: float


class _Place(NamedTuple):
    """A word, or two in a row, as it stands in a phrase."""

    phrase: int
    spelling: str
    weight: float


class Search:
    """Word search over the names people use for procedures."""

    def __init__(self, catalogue: Catalogue, words_file: Words) -> None:
        self._spell = _Spelling(words_file)
        named = {
            one.id: [one.name, one.official_name, *one.names, *(q.ask for q in one.questions)]
            for one in catalogue.procedures.values()
        }
        self._index = Index(named, words_file)
        self._aspects = PhraseFinder(words_file.aspects)

    def find(self, text: str, limit: int = 5) -> list[tuple[str, float]]:
        """The procedures the text may mean, best first, each with a score from 0 to 1."""
        return self._index.find(text, limit)

    def aspect_of(self, text: str) -> Aspect | None:
        """What of a procedure the text asks for, if its words say so."""
        return self._aspects.of(self._spell.out(text))


class Index:
    """Names of anything, found by their words: procedures here, matters of other agencies elsewhere."""

    def __init__(self, named: Mapping[str, Sequence[str]], words_file: Words) -> None:
        self._spell = _Spelling(words_file)
        self._phrases: list[_Phrase] = []
        self._places: dict[str, list[_Place]] = defaultdict(list)
        self._weights: dict[str, float] = {}
        split = [
            (key, units) for key, names in named.items() for name in names if (units := _units(words(name)))
        ]
        self._rarity = self._count(
            {(key, _plain(unit)) for key, units in split for unit in units}, len(named)
        )
        for key, units in split:
            self._add(key, units)
        self._vocabulary = [unit for unit in self._places if " " not in unit and len(unit) > 3]

    def find(self, text: str, limit: int = 5) -> list[tuple[str, float]]:
        said = self._spell.out(text)[:MOST_WORDS]
        found: Counter[int] = Counter()
        asked = 0.0
        for unit in dict.fromkeys(_units(said)):
            plain, trust = self._nearest(_plain(unit))
            asked += self._weight(plain)
            best: dict[int, float] = {}
            for place in self._places.get(plain, ()):
                sure = trust if trust < 1 or agrees(unit, place.spelling) else _OTHER_ACCENTS
                best[place.phrase] = max(best.get(place.phrase, 0.0), place.weight * sure)
            found.update(best)
        scores: dict[str, float] = {}
        for number, weight in found.items():
            phrase = self._phrases[number]
            recall = min(1.0, weight / phrase.weight)
            share = min(1.0, weight / asked) if asked else 0.0
            score = recall**0.7 * share**0.3
            scores[phrase.procedure] = max(scores.get(phrase.procedure, 0.0), score)
        ranked = sorted(scores.items(), key=lambda one: (-one[1], one[0]))
        return [(key, round(score, 4)) for key, score in ranked[:limit] if score >= _LEAST]

    def _add(self, key: str, units: list[str]) -> None:
        number = len(self._phrases)
        weights = {unit: self._weight(_plain(unit)) for unit in units}
        self._phrases.append(_Phrase(key, sum(weights.values())))
        for unit, weight in weights.items():
            self._places[_plain(unit)].append(_Place(number, unit, weight))

    def _count(self, pairs: Iterable[tuple[str, str]], total: int) -> dict[str, float]:
        """How rare each unit is: one that few procedures are called by says more."""
        seen = Counter(unit for _, unit in pairs)
        return {unit: math.log1p(total / count) for unit, count in seen.items()}

    def _weight(self, plain: str) -> float:
        known = self._weights.get(plain)
        if known is None:
            known = self._weighed(plain)
            if plain in self._rarity:
                self._weights[plain] = known
        return known

    def _weighed(self, plain: str) -> float:
        parts = plain.split()
        common = sum(part in self._spell.common for part in parts) / len(parts)
        rare = self._rarity.get(plain)
        if rare is None:
            # Two unknown neighbours say nothing; one unknown word says that something else is meant.
            rare = 0.0 if len(parts) > 1 else 1.5
        return rare * (_COMMON if common == 1 else 1 - common / 2)

    def _nearest(self, plain: str) -> tuple[str, float]:
        """The unit itself, or for an unknown word the known one it is probably a misspelling of."""
        if plain in self._places or " " in plain or len(plain) < 4 or plain in self._spell.common:
            return plain, 1.0
        near = process.extractOne(plain, self._vocabulary, scorer=fuzz.ratio, score_cutoff=80)
        return (near[0], _MISSPELT) if near else (plain, 1.0)


class _Spelling:
    """Writes shorthand out and knows the words that everybody uses."""

    def __init__(self, words_file: Words) -> None:
        self.common = frozenset(_plain(word) for word in words_file.common.split())
        self._long = {key.casefold(): words(value) for key, value in words_file.shorthand.items()}

    def out(self, text: str) -> list[str]:
        """The words of a text, shorthand written out."""
        said: list[str] = []
        for word in words(text):
            said.extend(self._long.get(word, [word]))
        return said


def _units(said: list[str]) -> list[str]:
    """Words, and words in pairs: most Vietnamese words are two syllables."""
    return said + [f"{first} {second}" for first, second in pairwise(said)]
