"""The examples as files: what the program counts on."""

import runpy
from pathlib import Path

from components.examples import BLANK, NONE, read_procedures
from corpus import read_corpus
from trial import bare

ROOT = Path(__file__).resolve().parents[2]
#: A contract with the bot: each of these has an answer there. Its file is plain enough for this Python too.
INTENTS = runpy.run_path(str(ROOT / "bot" / "core" / "intents.py"))["INTENTS"]
EXAMPLES, PHRASES = read_corpus(ROOT / "data" / "nlu")
TRIAL, _ = read_corpus(ROOT / "nlu" / "trial.yml")


def test_intents_are_the_ones_agreed_on() -> None:
    assert {one.intent for one in EXAMPLES} == INTENTS
    assert set(PHRASES) <= INTENTS


def test_no_text_means_two_things() -> None:
    meant: dict[str, set[tuple[str, str]]] = {}
    for one in EXAMPLES:
        meant.setdefault(one.text.lower(), set()).add((one.intent, one.procedure))
    assert {text: what for text, what in meant.items() if len(what) > 1} == {}


def test_examples_name_procedures_that_exist() -> None:
    known = {procedure.id for procedure in read_procedures(ROOT / "data" / "procedures")}
    assert {one.procedure for one in EXAMPLES} - known == {NONE}


def test_every_phrase_has_its_blank() -> None:
    assert [phrase for phrases in PHRASES.values() for phrase in phrases if BLANK not in phrase] == []


def test_no_message_of_the_trial_is_learnt() -> None:
    learnt = {bare(one.text) for one in EXAMPLES}
    assert [one.text for one in TRIAL if bare(one.text) in learnt] == []
    assert len({bare(one.text) for one in TRIAL}) == len(TRIAL)


def test_the_trial_knows_every_intent_and_only_procedures_that_exist() -> None:
    known = {procedure.id for procedure in read_procedures(ROOT / "data" / "procedures")}
    assert {one.intent for one in TRIAL} == INTENTS
    assert {one.procedure for one in TRIAL} - known == {NONE}
    assert len(TRIAL) >= 300
