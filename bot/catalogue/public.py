"""What the ward makes known: dated entries by topic, and its neighbourhoods (khu phố) with their offices."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pydantic
from pydantic import field_validator

from bot.core.content import ContentError, Document, Problem, check, read_yaml, suggest
from bot.core.parts import Id, Part, Text
from bot.core.procedure import Source


class Topic(Part):
    """What people can ask news of, and subscribe to."""

    id: Id
    name: Text
    #: The intent of the NLU that asks for it, besides "tin tức" itself: `ask_planning`.
    intent: Text | None = None


class Entry(Part):
    """One thing made known."""

    id: Id
    topic: Id
    title: Text
    #: Other words by which it is looked for.
    names: tuple[Text, ...] = ()
    text: Text
    #: The first day it held, if it has one.
    published: date | None = None
    #: The last day on which it is told.
    until: date | None = None
    link: Text | None = None
    #: Procedures that go with it, offered as buttons.
    procedures: tuple[Id, ...] = ()
    source: Source

    def holds_on(self, today: date) -> bool:
        return (self.published is None or self.published <= today) and (
            self.until is None or today <= self.until
        )


class Neighbourhood(Part):
    """One khu phố. What no source tells is left out."""

    id: Id
    name: Text
    #: What it was called before, or is called for short.
    names: tuple[Text, ...] = ()
    head: Text | None = None
    phone: Text | None = None
    office: Text | None = None


class Sentences(Part):
    """How all this is spoken of."""

    choose: Text
    following: Text
    following_none: Text
    added: Text
    removed: Text
    removed_all: Text
    news: Text
    news_of: Text
    no_news: Text
    no_news_of: Text
    entry: Text
    neighbourhood: Text
    neighbourhood_unknown: Text
    head: Text
    office: Text
    phone: Text
    #: Titles of buttons.
    button_follow: Text
    button_unfollow: Text
    button_stop: Text
    button_topics: Text
    button_more: Text
    button_link: Text
    button_news: Text


class Topics(Part):
    """`data/topics.yml`."""

    topics: tuple[Topic, ...] = pydantic.Field(min_length=1)
    sentences: Sentences

    @field_validator("topics")
    @classmethod
    def _each_once(cls, topics: tuple[Topic, ...]) -> tuple[Topic, ...]:
        _refuse_twins(one.id for one in topics)
        return topics

    def get(self, topic: str) -> Topic | None:
        return next((one for one in self.topics if one.id == topic), None)


class Neighbourhoods(Part):
    """`data/neighbourhoods.yml`."""

    source: Source
    #: Whether these are all of the ward's, or only those a source names.
    complete: bool
    neighbourhoods: tuple[Neighbourhood, ...]

    @field_validator("neighbourhoods")
    @classmethod
    def _each_once(cls, these: tuple[Neighbourhood, ...]) -> tuple[Neighbourhood, ...]:
        _refuse_twins(one.id for one in these)
        return these

    def short_names(self) -> tuple[str, ...]:
        """Their names without "Khu phố"."""
        return tuple(re.sub(r"^khu phố\s+", "", one.name, flags=re.IGNORECASE) for one in self.neighbourhoods)


@dataclass(frozen=True)
class PublicInformation:
    """All of it, joined."""

    topics: Topics
    entries: dict[str, Entry]
    neighbourhoods: Neighbourhoods

    def of(self, topic: str | None, today: date) -> list[Entry]:
        """What holds today, of one topic or of all, newest first."""
        told = [one for one in self.entries.values() if (topic in (None, one.topic)) and one.holds_on(today)]
        return sorted(told, key=lambda one: (one.published or date.min, one.source.as_of), reverse=True)

    def named(self) -> dict[str, list[str]]:
        """What a search finds entries by."""
        return {one.id: [one.title, *one.names] for one in self.entries.values()}


def load_public(
    folder: Path, topics: Path, neighbourhoods: Path, procedures: Iterable[str]
) -> PublicInformation:
    """Read `data/public/*.yml` and the two files beside it; `ContentError` with all problems of all files.

    `procedures`: the ids that entries may name.
    """
    problems: list[Problem] = []
    known, entries = frozenset(procedures), dict[str, Entry]()
    all_topics = check(read_yaml(topics), Topics)
    places = None
    try:
        places = check(read_yaml(neighbourhoods), Neighbourhoods)
    except ContentError as error:
        problems.extend(error.problems)
    for path in sorted(folder.glob("*.yml")):
        try:
            document = read_yaml(path)
            entry = check(document, Entry)
        except ContentError as error:
            problems.extend(error.problems)
            continue
        problems.extend(_problems_of(document, entry, all_topics, known))
        entries[entry.id] = entry
    if problems:
        raise ContentError(problems)
    assert places is not None
    return PublicInformation(all_topics, entries, places)


def _problems_of(
    document: Document, entry: Entry, topics: Topics, known: frozenset[str]
) -> Iterator[Problem]:
    if entry.id != document.path.stem:
        yield document.problem(
            f'The id is "{entry.id}", but the file is called "{document.path.stem}".', "id"
        )
    if topics.get(entry.topic) is None:
        near = suggest(entry.topic, [one.id for one in topics.topics])
        yield document.problem(f'The topic "{entry.topic}" is not in topics.yml.{near}', "topic")
    if entry.published and entry.until and entry.until < entry.published:
        yield document.problem("It ends before it begins.", "until")
    for index, one in enumerate(entry.procedures):
        if known and one not in known:
            said = f'The procedure "{one}" does not exist.{suggest(one, known)}'
            yield document.problem(said, "procedures", index)


def _refuse_twins(ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise ValueError(f"the id {one} is used twice")
        seen.add(one)
