"""Messages that were not understood: kept without what tells whose they are, and labelled by officers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.heard import Heard
from bot.core.intents import INTENTS, OF_A_PROCEDURE
from bot.core.masking import mask, mask_numbers
from bot.core.text import gist
from bot.store.officers import Officer
from bot.store.tx import Tx
from bot.store.unclear import Fate, NewUnclear, Unclear

#: What is kept has 300 letters at most, and a mask can be longer than what it stands for.
LONGEST = 400


class Unfit(StrEnum):
    """Why a label cannot be kept as it is."""

    NO_TEXT = "no_text"
    LONG = "long"
    NO_INTENT = "no_intent"
    NO_PROCEDURE = "no_procedure"
    #: A procedure was named, and it was said that there is none.
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What an officer says of a message."""

    #: As it is to be learnt: the officer may have corrected it.
    text: str
    intent: str
    #: Id of the procedure that is meant; empty if none was named.
    procedure: str = ""
    #: It belongs to no procedure.
    of_none: bool = False


def keep(tx: Tx, heard: Heard, now: datetime) -> None:
    """Write down what somebody said, masked; who it was is not written down."""
    guess = heard.procedures[0].id if heard.procedures else ""
    text = mask(heard.text, heard.entities)
    if gist(text):
        new = NewUnclear(
            text=text,
            intent=heard.intent,
            confidence=heard.confidence,
            procedure=guess,
            source=heard.source,
        )
        tx.unclear.keep(new, now)


def unfit(label: Label) -> tuple[Unfit, ...]:
    """Everything that is wrong with it; nothing if it can be kept."""
    found = []
    if not gist(label.text):
        found.append(Unfit.NO_TEXT)
    elif len(label.text) > LONGEST:
        found.append(Unfit.LONG)
    if label.intent not in INTENTS:
        found.append(Unfit.NO_INTENT)
    if label.procedure and label.of_none:
        found.append(Unfit.BOTH)
    elif label.intent in OF_A_PROCEDURE and not label.procedure and not label.of_none:
        found.append(Unfit.NO_PROCEDURE)
    return tuple(found)


def give(tx: Tx, message: int, label: Label, *, by: Officer, now: datetime) -> bool:
    """Keep an officer's label. False if somebody was faster with another one.

    The officer has read the text: only what is personal beyond doubt is masked once more.
    """
    assert not unfit(label)
    text = mask_numbers(label.text)
    first = tx.unclear.label(
        message, text=text, intent=label.intent, procedure=label.procedure, officer=by.id, now=now
    )
    if first:
        what = f"{message} {label.intent} {label.procedure}".rstrip()
        tx.officers.note(by.id, "unclear_labelled", what, now)
        return True
    stands = tx.unclear.find(message)
    return _is_theirs(stands, by, Fate.LABELLED, (text, label.intent, label.procedure))


def put_aside(tx: Tx, message: int, *, by: Officer, now: datetime) -> bool:
    """Nothing is to be learnt from it. False if somebody was faster with something else."""
    if tx.unclear.put_aside(message, officer=by.id, now=now):
        tx.officers.note(by.id, "unclear_put_aside", str(message), now)
        return True
    return _is_theirs(tx.unclear.find(message), by, Fate.ASIDE, None)


def reopen(tx: Tx, message: int, *, by: Officer, now: datetime) -> bool:
    """Take a label back. False if somebody already had."""
    done = tx.unclear.reopen(message)
    if done:
        tx.officers.note(by.id, "unclear_reopened", str(message), now)
    return done


def _is_theirs(stands: Unclear | None, by: Officer, fate: Fate, said: tuple[str, str, str] | None) -> bool:
    """A double click: it stands already as this officer wants it."""
    if stands is None or stands.officer != by.id or stands.fate is not fate:
        return False
    return said is None or said == (stands.text, stands.label_intent, stands.label_procedure)
