"""What people still believe though it no longer holds ("sổ hộ khẩu", "cấp huyện"): told what holds now."""

from pathlib import Path

import pydantic

from bot.catalogue.phrases import PhraseFinder
from bot.core.content import check, read_yaml
from bot.core.parts import Id, Part, Text
from bot.core.procedure import Source


class Belief(Part):
    """One old belief."""

    id: Id
    #: Words by which it is recognised, with all their accents.
    said: tuple[Text, ...] = pydantic.Field(min_length=1)
    #: What holds now, in one or two sentences.
    answer: Text
    source: Source


class Beliefs(Part):
    """`data/beliefs.yml`."""

    beliefs: tuple[Belief, ...]

    @pydantic.field_validator("beliefs")
    @classmethod
    def _each_once(cls, beliefs: tuple[Belief, ...]) -> tuple[Belief, ...]:
        ids = [one.id for one in beliefs]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"the id {twice[0]} is used twice")
        return beliefs

    def finder(self) -> "BeliefFinder":
        return BeliefFinder(self)


class BeliefFinder:
    """Which old belief a text speaks of."""

    def __init__(self, beliefs: Beliefs) -> None:
        self._beliefs = {one.id: one for one in beliefs.beliefs}
        self._phrases = PhraseFinder({one.id: one.said for one in beliefs.beliefs})

    def find(self, text: str) -> Belief | None:
        """The belief with the longest phrase that stands in the text; None if there is none."""
        found = self._phrases.of(text)
        return None if found is None else self._beliefs[found]


def load_beliefs(path: Path) -> Beliefs:
    """Read and check `data/beliefs.yml`; `ContentError` with file and line otherwise."""
    return check(read_yaml(path), Beliefs)
