"""The reader that needs no model, for while Rasa is away: set phrases and the catalogue's word search."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from bot.core.codes import dossier_code
from bot.core.heard import Entity, Guess, Heard
from bot.understanding.base import UNCLEAR
from bot.understanding.words import Said, Words

#: Words of a citizen → procedures that fit, best first, with a score from 0 to 1.
Find: TypeAlias = Callable[[str, int], Sequence[tuple[str, float]]]
AspectOf: TypeAlias = Callable[[str], str | None]

#: A phrase inside a sentence says a lot, but not all.
_CUE = 0.8
#: Asked for something, of a procedure that is not named.
_ASPECT_ALONE = 0.7
#: A procedure that fits this well outweighs a cue: "chứng thực bản sao hộ chiếu" is ours.
_SURE = 0.6
#: Below this a procedure's score says nothing.
_FAINT = 0.2
#: As many as `Heard` holds.
_MOST = 5
#: Scores of a search lie near each other even when the first is right (85 of 100 questions of data/nlu): the
#: others are taken for less likely than their score says.
_STEEP = 3
#: Of a long story the search reads this much.
_LONGEST = 1_000
#: What people do with a procedure that is named beside them; other cues are matters of their own.
_OF_A_PROCEDURE = ("start_dossier",)


class RulesReader:
    """Word search and set phrases behind the protocol `Reader`."""

    def __init__(
        self,
        words: Words,
        find: Find,
        aspect_of: AspectOf,
        names: Mapping[str, tuple[str, str]] | None = None,
    ) -> None:
        """`names`: procedure id → its national code and its name."""
        self._words = words
        self._find = find
        self._aspect_of = aspect_of
        self._names = names or {}

    async def read(self, text: str) -> Heard:
        return self.heard(text)

    def heard(self, text: str) -> Heard:
        """What the text means, by rules alone."""
        said = self._words.read(text[:_LONGEST])
        if code := dossier_code(said.text):
            entity = Entity(entity="dossier_code", value=code, start=0, end=0)
            return Heard(
                text=text, intent="dossier_status", confidence=0.95, entities=(entity,), source="rules"
            )
        if intent := self._words.whole(self._words.small_talk, said):
            return Heard(text=text, intent=intent, confidence=1.0, source="rules")
        guesses = () if self._words.names_nothing(said) else self._guesses(said.text)
        intent, confidence = self._intent(said, guesses)
        return Heard(text=text, intent=intent, confidence=confidence, procedures=guesses, source="search")

    def _guesses(self, text: str) -> tuple[Guess, ...]:
        found = self._find(text, _MOST)
        best = max((score for _, score in found), default=1.0) or 1.0
        return tuple(
            Guess(
                id=one, code=code, name=name, confidence=round(min(score * (score / best) ** _STEEP, 1.0), 4)
            )
            for one, score in found
            for code, name in (self._names.get(one, ("", "")),)
        )

    def _intent(self, said: Said, guesses: tuple[Guess, ...]) -> tuple[str, float]:
        best = guesses[0].confidence if guesses else 0.0
        cues = sorted(self._words.cues.within(said.words), key=lambda match: match.first - match.last)
        aspect = self._aspect_of(said.text)
        for match in cues:
            if match.name in _OF_A_PROCEDURE:
                continue
            # "hẹn chứng thực" names a procedure and is still an appointment; "hộ chiếu" may be a paper of one
            if best < _SURE or match.name not in ("out_of_scope", "report_problem", "ask_news"):
                return match.name, _CUE
        if aspect is not None:
            return f"ask_{aspect.replace('-', '_')}", max(best, _ASPECT_ALONE)
        if any(match.name == "start_dossier" for match in cues):
            return "start_dossier", _CUE
        if best >= _FAINT:
            return "ask_overview", best
        return UNCLEAR, 0.0
