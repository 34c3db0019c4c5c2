"""Puts messages with a known meaning to a model: our own examples by turns, a file of examples, a table."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from components.examples import NONE, Example, Procedure
from components.model import Lesson, Model, examples_known
from components.text import strip_accents
from evaluation.folds import folds
from evaluation.tally import Tally

#: The aspects in a table of questions → our intents; others ("other") are not judged.
ASPECTS = {
    "documents": "ask_documents", "fee": "ask_fee", "time": "ask_time", "where": "ask_where",
    "how-online": "ask_how_online", "eligibility": "ask_eligibility", "legal": "ask_legal",
    "result": "ask_result",
}  # fmt: skip
#: How a message is put: as it stands, and with every accent stripped.
WAYS: dict[str, Callable[[str], str]] = {"accents": str, "no accents": strip_accents}

Tallies = dict[str, Tally]


def try_messages(model: Model, messages: Iterable[tuple[str, str | None, Sequence[str]]]) -> Tallies:
    """A tally for each way. `messages`: text, intent (None: not judged), ids of the procedures meant."""
    tallies = {way: Tally() for way in WAYS}
    for text, intent, procedures in messages:
        for way, change in WAYS.items():
            put = change(text)
            tallies[way].note(put, model.understand(put), intent, procedures)
    return tallies


def of_examples(examples: Iterable[Example]) -> Iterator[tuple[str, str, list[str]]]:
    """Examples of ours as messages to try."""
    for one in examples:
        yield one.text, one.intent, [one.procedure]


def of_table(table: Path, procedures: Iterable[Procedure]) -> Iterator[tuple[str, str | None, list[str]]]:
    """A TSV with the columns text, codes (several with "|", NONE) and aspect.

    A code that the ward has no file for counts as none of ours.
    """
    ids = {procedure.code: procedure.id for procedure in procedures}
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            meant = [ids.get(code, NONE) for code in row["codes"].split("|")]
            yield row["text"], ASPECTS.get(row.get("aspect", "")), meant


def cross_validate(
    examples: Sequence[Example],
    procedures: Sequence[Procedure],
    made: Sequence[Example],
    count: int,
    tell: Callable[[str], None],
) -> Tallies:
    """Every example is tried by a model that has seen neither it nor its twins.

    `made`: what code adds to the lessons of each fold.
    """
    examples = examples_known(examples, procedures)
    total = {way: Tally() for way in WAYS}
    for number, (rest, test) in enumerate(folds(examples, count), 1):
        tell(f"fold {number} of {count} …")
        model = _model_of([examples[i] for i in rest], made, procedures)
        for way, tally in try_messages(model, of_examples(examples[i] for i in test)).items():
            _join(total[way], tally)
    return total


def _model_of(rest: Sequence[Example], made: Sequence[Example], procedures: Sequence[Procedure]) -> Model:
    """A model of one fold: its temperatures come from a share of the lessons that it does not learn from."""
    lesson = Lesson.of([*rest, *made], procedures)
    dice = np.random.default_rng(7)
    tested = {id(one) for one in rest if dice.random() < 0.1}
    aside = np.array([id(one) in tested for one in lesson.origins])
    heads = []
    for question in (lesson.intent, lesson.procedure):
        classifier = question.learnt(~aside)
        heads.append(classifier.at(question.temperature(classifier, aside)))
    return lesson.model(*heads)


def _join(total: Tally, part: Tally) -> None:
    for name, value in vars(part).items():
        getattr(total, name).__iadd__(value) if isinstance(value, list) else getattr(total, name).update(
            value
        )
