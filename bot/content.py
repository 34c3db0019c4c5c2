"""Loads everything that is written in YAML, or lists all its mistakes: what `motcua check` checks."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.catalogue.answers import Answers
from bot.catalogue.beliefs import BeliefFinder, load_beliefs
from bot.catalogue.counters import load_counters
from bot.catalogue.days_off import DaysOff, calendar_of, load_days_off
from bot.catalogue.desks import Work, load_desks
from bot.catalogue.fields import Fields, load_fields
from bot.catalogue.load import Catalogue, load_catalogue
from bot.catalogue.offices import Offices, OtherAgency, load_offices, load_other_agencies
from bot.catalogue.public import PublicInformation, load_public
from bot.catalogue.search import Index, Search
from bot.catalogue.search import load_words as load_search_words
from bot.catalogue.wording import load_wording
from bot.core.calendar import Calendar
from bot.core.content import ContentError, Problem, read_yaml
from bot.core.counters import Counters
from bot.core.places import Home, load_gazetteer
from bot.flow.fitting import counter_problems, field_problems
from bot.flow.load import load_flows, load_forms
from bot.flow.model import Flows
from bot.services.knowledge import Saying, load_sayings
from bot.services.notices import NoticeWords, load_notices
from bot.services.wording import DossierWords
from bot.services.wording import load_words as load_dossier_words
from bot.slips.sheet import SlipWords, load_slip_words
from bot.understanding.interpret import SAYINGS
from bot.understanding.words import Words
from bot.understanding.words import load_words as load_rules

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The ward's words and knowledge, checked."""

    catalogue: Catalogue
    fields: Fields
    #: Who takes what up: fields, groups of fields, desks.
    work: Work
    offices: Offices
    counters: Counters
    answers: Answers
    search: Search
    #: Matters that are not the ward's, and the search over their names.
    others: Mapping[str, OtherAgency]
    search_others: Index
    beliefs: BeliefFinder
    public: PublicInformation
    search_public: Index
    flows: Flows
    sayings: dict[str, Saying]
    dossier_words: DossierWords
    slip_words: SlipWords
    notices: NoticeWords
    rules: Words
    calendar: Calendar


@contextmanager
def _without_collecting() -> Iterator[None]:
    """What is loaded stays: looking for garbage among it takes half of the time of loading."""
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()


@_without_collecting()
def load_content(
    root: Path,
    *,
    facts: Mapping[str, str],
    year: int,
    ward: str = "",
) -> Content:
    """All content below `root`; ContentError with every mistake of every file.

    `facts`: what sentences may say of the ward (``ward.name`` …), from the settings. `ward`: its code.
    """
    data = root / "data"
    problems: list[Problem] = []

    def part(load: Callable[[], T]) -> T | None:
        try:
            return load()
        except ContentError as error:
            problems.extend(error.problems)
            return None

    # Deadlines reach into the next year, and dossiers of the last one are still open.
    days_off = part(lambda: load_days_off(data / "holidays.yml"))
    calendar = calendar_of(days_off or DaysOff(), range(year - 1, year + 3))
    fields = part(lambda: load_fields(data / "fields.yml"))
    offices = part(lambda: load_offices(data / "offices.yml", facts))
    catalogue = part(lambda: load_catalogue(data / "procedures", fields, offices))
    counters = part(lambda: load_counters(data / "counters.yml", fields))
    known = frozenset(catalogue.procedures) if catalogue else None
    desks = part(lambda: load_desks(data / "routing.yml", fields, known))
    wording = part(lambda: load_wording(data / "answers.yml", facts))
    beliefs = part(lambda: load_beliefs(data / "beliefs.yml"))
    public = part(
        lambda: load_public(
            data / "public",
            data / "topics.yml",
            data / "neighbourhoods.yml",
            catalogue.procedures if catalogue else (),
        )
    )
    others = part(lambda: load_other_agencies(data / "other_agencies.yml"))
    search_words = part(lambda: load_search_words(data / "words.yml"))
    sayings = part(lambda: load_sayings(data / "sayings.yml"))
    slip_words = part(lambda: load_slip_words(data / "slips.yml"))
    dossier_words = part(lambda: load_dossier_words(data / "dossiers.yml"))
    notices = part(lambda: load_notices(data / "notices.yml"))
    # Who asks whether "sổ hộ khẩu" is needed goes on about the matter in hand.
    old = tuple(phrase for one in beliefs.beliefs for phrase in one.said) if beliefs else ()
    rules = part(lambda: load_rules(data / "rules.yml", old))
    procedures = tuple(catalogue.procedures.values()) if catalogue else ()
    gazetteer = part(lambda: load_gazetteer(data / "units"))
    khu_pho = public.neighbourhoods if public else None
    home = Home(ward, khu_pho.short_names(), khu_pho.complete) if khu_pho else Home(ward)
    if ward and gazetteer is not None and ward not in gazetteer.units:
        problems.append(Problem(data / "units" / "wards.tsv", 1, f'ward.code: there is no ward "{ward}".'))
    forms = part(lambda: load_forms(data / "forms.yml", facts))
    flows = part(
        lambda: load_flows(root / "flows", procedures, calendar, forms, gazetteer=gazetteer, home=home)
    )
    if sayings is not None:
        where = data / "sayings.yml"
        problems += [
            Problem(where, 1, f'The saying "{name}" is missing.') for name in sorted(SAYINGS - sayings.keys())
        ]
    if wording is not None and flows is not None:
        problems += [
            Problem(data / "answers.yml", 1, f'online_flows: there is no flow "{one.flow}".')
            for one in wording.online_flows
            if one.flow not in flows.flows
        ]
    if rules is not None and flows is not None:
        problems += [
            read_yaml(data / "rules.yml").problem(f'starts: there is no flow "{one}".', "starts", one)
            for one in sorted(rules.flows - flows.flows.keys())
        ]
    if counters is not None and flows is not None:
        problems += counter_problems(root, counters, flows)
    work = Work(fields, desks) if fields is not None and desks is not None else None
    if work is not None and flows is not None:
        problems += field_problems(root, work.names, flows)
    if problems:
        raise ContentError(problems)
    assert counters is not None
    assert catalogue is not None
    assert wording is not None
    assert offices is not None
    assert fields is not None
    assert work is not None
    assert beliefs is not None
    assert public is not None
    assert others is not None
    assert search_words is not None
    assert sayings is not None
    assert dossier_words is not None
    assert slip_words is not None
    assert notices is not None
    assert rules is not None
    assert flows is not None
    return Content(
        catalogue=catalogue,
        fields=fields,
        work=work,
        offices=offices,
        counters=counters,
        answers=Answers(wording, offices, {one.id: one.name for one in procedures}, counters),
        search=Search(catalogue, search_words),
        others=others,
        search_others=Index({one.id: [one.name, *one.names] for one in others.values()}, search_words),
        beliefs=beliefs.finder(),
        public=public,
        search_public=Index(public.named(), search_words),
        flows=flows,
        sayings=dict(sayings),
        dossier_words=dossier_words,
        slip_words=slip_words,
        notices=notices,
        rules=rules,
        calendar=calendar,
    )
