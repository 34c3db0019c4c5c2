"""Reads `data/rules.yml`: the words that are understood without asking Rasa."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import pydantic
from pydantic import ConfigDict, StringConstraints, field_validator

from bot.core.content import check, read_yaml
from bot.core.text import nfc
from bot.understanding.phrases import Phrases, Spelling, Word

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Texts: TypeAlias = tuple[Text, ...]

Command = Literal[
    "cancel",
    "back",
    "skip",
    "restart",
    "resume",
    "pause",
    "edit",
    "talk_to_officer",
    "dossier_status",
    "move_over",
]
InForm = Literal["cancel", "restart", "explain"]


class _Part(pydantic.BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Polite(_Part):
    before: Texts
    after: Texts


class _Correction(_Part):
    verbs: Texts
    slips: Texts
    wrong_after: Texts
    contrast: Texts
    between: Texts
    value_heads: Texts
    empty: Texts
    #: The word on our forms → what people say for it.
    same: dict[str, Texts]
    #: A word of a label → what a value looks like that belongs to such a label.
    hints: dict[str, Text]

    @field_validator("hints")
    @classmethod
    def _hints_are_patterns(cls, hints: dict[str, str]) -> dict[str, str]:
        for pattern in hints.values():
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"“{pattern}” is not a pattern: {error}") from None
        return hints


class _File(_Part):
    """The file as it is written."""

    shorthand: dict[str, Text]
    polite: _Polite
    commands: dict[Command, Texts]
    #: A flow → what people say to begin it.
    starts: dict[str, Texts]
    in_form: dict[InForm, Texts]
    nothing_to_say: Texts
    small_talk: dict[str, Texts]
    cues: dict[str, Texts]
    questions: Texts
    question_ends: Texts
    names_nothing: Texts
    correction: _Correction


@dataclass(frozen=True, slots=True)
class CorrectionWords:
    """How people say that an earlier answer is wrong."""

    verbs: Phrases
    slips: Phrases
    wrong_after: Phrases
    contrast: Phrases
    between: Phrases
    value_heads: Phrases
    empty: Phrases
    same: Phrases
    hints: tuple[tuple[str, re.Pattern[str]], ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A text together with its words."""

    text: str
    words: tuple[Word, ...]
    #: Where the text proper may begin and end, polite words around it left out; the whole text first.
    spans: tuple[tuple[int, int], ...] = ()


class Words:
    """All sets of words, ready to be looked for."""

    def __init__(self, file: _File, beside: Texts = ()) -> None:
        """`beside`: phrases that name no procedure, though they hold words of one ("sổ hộ khẩu")."""
        # A message is read up to three times on its way to a command.
        self.read = lru_cache(maxsize=128)(self._read)
        spelling = self._spelling = Spelling(file.shorthand)

        def one(texts: Texts) -> Phrases:
            return Phrases(spelling, {"": texts})

        self.commands = Phrases(spelling, {str(name): texts for name, texts in file.commands.items()})
        self.in_form = Phrases(spelling, {str(name): texts for name, texts in file.in_form.items()})
        self.starts = Phrases(spelling, file.starts)
        self.flows = frozenset(file.starts)
        self.small_talk = Phrases(spelling, file.small_talk)
        self.cues = Phrases(spelling, file.cues)
        self.nothing_to_say = one(file.nothing_to_say)
        self.intents = frozenset({*file.small_talk, *file.cues})
        self._before, self._after = one(file.polite.before), one(file.polite.after)
        self._questions, self._question_ends = one(file.questions), one(file.question_ends)
        self._names_nothing = one((*file.names_nothing, *beside))
        fix = file.correction
        self.correction = CorrectionWords(
            verbs=one(fix.verbs),
            slips=one(fix.slips),
            wrong_after=one(fix.wrong_after),
            contrast=one(fix.contrast),
            between=one(fix.between),
            value_heads=one(fix.value_heads),
            empty=one(fix.empty),
            same=Phrases(spelling, {bare(spelling, word): texts for word, texts in fix.same.items()}),
            hints=tuple(
                (bare(spelling, word), re.compile(look, re.IGNORECASE)) for word, look in fix.hints.items()
            ),
        )

    def _read(self, text: str) -> Said:
        text = nfc(text)
        words = self._spelling.words(text)
        if len(words) > _SHORT:
            return Said(text, words, ((0, len(words)),))
        firsts, lasts = self._firsts(words), self._lasts(words)
        return Said(text, words, tuple((f, last) for f in firsts for last in lasts if f < last))

    def whole(self, phrases: Phrases, said: Said) -> str | None:
        """The phrase that the whole text is, polite words around it aside: "dạ thôi ạ" is "thôi"."""
        if len(said.words) > _SHORT:
            return None
        for first, last in said.spans:
            if (name := phrases.whole(said.words[first:last])) is not None:
                return name
        return None

    def without_courtesy(self, words: tuple[Word, ...]) -> tuple[Word, ...]:
        """The words without the polite ones before and after them."""
        words = words[max(self._firsts(words)) :]
        return words[: min(self._lasts(words))]

    def asks(self, said: Said) -> bool:
        """Does it look like a question or a wish, rather than the answer to a question of ours?"""
        if "?" in said.text or next(self._questions.within(said.words), None):
            return True
        words = said.words
        return any(
            self._question_ends.whole(words[first:last]) is not None
            for last in self._lasts(words)
            for first in (last - 1, last - 2)
            if first >= 1
        )

    def names_nothing(self, said: Said) -> bool:
        """Does it only ask, without naming what about? ("lệ phí bao nhiêu vậy em")"""
        return self._names_nothing.cover(said.words)

    def _firsts(self, words: tuple[Word, ...]) -> list[int]:
        """Where the text may begin once polite words are left out, the whole text first."""
        firsts = [0]
        while firsts[-1] < len(words) and (match := next(self._before.at(words, firsts[-1]), None)):
            if match.last >= len(words):
                break
            firsts.append(match.last)
        return firsts

    def _lasts(self, words: tuple[Word, ...]) -> list[int]:
        """Where the text may end, likewise."""
        lasts = [len(words)]
        while lasts[-1] > 1:
            end = lasts[-1]
            # polite words at the end are at most two: "em ơi"
            first = next(
                (f for f in (end - 2, end - 1) if f >= 1 and self._after.whole(words[f:end]) is not None), 0
            )
            if not first:
                break
            lasts.append(first)
        return lasts


#: Longer texts are not a command with polite words around it.
_SHORT = 12


def bare(spelling: Spelling, text: str) -> str:
    """A label's word as `Word.bare` has it."""
    return " ".join(word.bare for word in spelling.words(text))


def load_words(path: Path, beside: Texts = ()) -> Words:
    """Read and check `data/rules.yml`; `ContentError` names every wrong line. `beside`: as `Words` has it."""
    return Words(check(read_yaml(path), _File), beside)
