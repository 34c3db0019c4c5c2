"""Counts what was right, and how sure the model was of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np

from components.examples import NONE
from components.model import Understood

OUT_OF_SCOPE = "out_of_scope"
#: Bars of the calibration curve.
BINS = 10


@dataclass(frozen=True, slots=True)
class Guess:
    """One answer: was it right, and how sure was the model (0 to 1)?"""

    right: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class Mistake:
    """What was read wrongly, for people to look at."""

    text: str
    meant: str
    taken: str
    confidence: float


@dataclass
class Tally:
    """The answers to one set of messages."""

    intents: list[Guess] = field(default_factory=list)
    #: Of messages about a procedure of ours: the first of the ranking, whatever "none" got.
    procedures: list[Guess] = field(default_factory=list)
    in_three: list[bool] = field(default_factory=list)
    #: Of messages about none of ours: was "none" likelier than any procedure?
    none: list[bool] = field(default_factory=list)
    recognised: list[bool] = field(default_factory=list)
    refused: list[bool] = field(default_factory=list)
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)
    confused_procedures: Counter[tuple[str, str]] = field(default_factory=Counter)
    mistakes: list[Mistake] = field(default_factory=list)

    def note(self, text: str, seen: Understood, intent: str | None, procedures: Collection[str]) -> None:
        """Compare one answer with the truth. `procedures`: those that are right; with NONE, none may be too.

        An `intent` of None was not judged by whoever made the set.
        """
        if intent is not None:
            self._note_intent(text, seen.intents[0], intent)
        ours = set(procedures) - {NONE}
        best, share = seen.procedures[0]
        if not ours:
            self.none.append(seen.none > share)
            return
        if NONE in procedures:
            return  # either would do
        self.procedures.append(Guess(best.id in ours, share))
        self.in_three.append(bool({one.id for one, _ in seen.procedures[:3]} & ours))
        if best.id not in ours:
            meant = "|".join(sorted(ours))
            self.confused_procedures[meant, best.id] += 1
            self.mistakes.append(Mistake(text, meant, best.id, share))

    def _note_intent(self, text: str, taken: tuple[str, float], intent: str) -> None:
        name, confidence = taken
        self.intents.append(Guess(name == intent, confidence))
        (self.recognised if intent == OUT_OF_SCOPE else self.refused).append(name == OUT_OF_SCOPE)
        if name != intent:
            self.confused[intent, name] += 1
            self.mistakes.append(Mistake(text, intent, name, confidence))


def share(answers: Sequence[bool | Guess]) -> float:
    """How many of the answers were right, 0 to 1; nan if there were none."""
    rights = [one.right if isinstance(one, Guess) else one for one in answers]
    return float(np.mean(rights)) if rights else float("nan")


@dataclass(frozen=True, slots=True)
class Bar:
    """The answers of one range of confidence."""

    confidence: float
    right: float
    count: int


def bars(guesses: Sequence[Guess]) -> list[Bar]:
    """The calibration curve: mean confidence and share of right answers in each range that has any."""
    found = []
    for number in range(BINS):
        low, high = number / BINS, (number + 1) / BINS
        those = [
            g for g in guesses if low <= g.confidence < high or (number == BINS - 1 and g.confidence == 1)
        ]
        if those:
            sure = float(np.mean([g.confidence for g in those]))
            found.append(Bar(sure, share(those), len(those)))
    return found


def calibration_error(guesses: Sequence[Guess]) -> float:
    """Expected calibration error: how far confidence and share of right answers lie apart, on average."""
    return sum(abs(one.confidence - one.right) * one.count for one in bars(guesses)) / max(len(guesses), 1)


@dataclass(frozen=True, slots=True)
class Cut:
    """What comes of answering only from some confidence on."""

    threshold: float
    #: Of all messages, how many are answered; of those, how many rightly.
    answered: float
    right: float


def cuts(guesses: Sequence[Guess], thresholds: Sequence[float]) -> list[Cut]:
    """A row for each threshold."""
    found = []
    for threshold in thresholds:
        those = [g for g in guesses if g.confidence >= threshold]
        found.append(Cut(threshold, len(those) / max(len(guesses), 1), share(those)))
    return found
