"""Tries a trained model in the real thing, Rasa itself, on messages it has never seen, and judges it."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from components.examples import NONE, Example
from components.text import strip_accents
from corpus import read_corpus
from shelf import Tried

#: A new model may be worse than the one in use by so much: the noise of a few hundred messages.
SLACK = 0.02
#: So many of the messages that went wrong are told; a technician reads no more.
TOLD = 10
#: The same number, but for the dust of arithmetic.
_DUST = 1e-9


@dataclass(frozen=True)
class Trial:
    """The messages, with what they mean, and the shares below which no model is used."""

    messages: Sequence[Example]
    intent_floor: float
    procedure_floor: float

    @property
    def digest(self) -> str:
        """The same for the same messages."""
        lines = [f"{one.text}\0{one.intent}\0{one.procedure}\1" for one in self.messages]
        return hashlib.sha256("".join(lines).encode()).hexdigest()[:16]


def bare(text: str) -> str:
    """What two spellings of one message have in common."""
    return " ".join(re.findall(r"\w+", strip_accents(text.lower())))


def read_trial(file: Path, procedures: Path, learnt: Path) -> Trial:
    """The trial of this ward: without messages about procedures that it has no file for, and without those
    that stand among its examples by now, since a model knows them by heart.
    """
    try:
        floor = yaml.safe_load(file.read_text(encoding="utf-8"))["floor"]
        messages, _ = read_corpus(file)
        known_by_heart = {bare(one.text) for one in read_corpus(learnt)[0]}
        intent, procedure = float(floor["intent"]), float(floor["procedure"])
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise SystemExit(
            f"{file.name} cannot be read ({type(error).__name__}: {error}): a new model cannot be tried"
        ) from None
    known = {entry.stem for entry in procedures.glob("*.yml")} | {NONE}
    kept = [one for one in messages if one.procedure in known and bare(one.text) not in known_by_heart]
    return Trial(kept, intent, procedure)


def try_out(archive: Path, trial: Trial) -> Tried:
    """Load the archive as the server does and parse every message. Needs `start_light` before."""
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)  # it writes down every text below that
    agent = Agent.load(str(archive))
    spent: list[float] = []

    async def ask() -> list[dict[str, Any]]:
        await agent.parse_message("xin chào")  # the first parse is slower than all that follow
        answers = []
        for one in trial.messages:
            began = time.perf_counter()
            answers.append(await agent.parse_message(unicodedata.normalize("NFC", one.text)))
            spent.append((time.perf_counter() - began) * 1000)
        return answers

    return counted(trial, asyncio.run(ask()), spent)


def counted(trial: Trial, answers: Sequence[dict[str, Any]], spent: Sequence[float]) -> Tried:
    """Compare Rasa's answers with what was meant."""
    intents, firsts, threes = [], [], []
    wrong = []
    for one, answer in zip(trial.messages, answers, strict=True):
        intent = (answer.get("intent") or {}).get("name") or ""
        ranking = [guess["id"] for guess in answer.get("procedures") or []]
        first = ranking[0] if ranking else ""
        intents.append(intent == one.intent)
        if one.procedure != NONE:
            firsts.append(first == one.procedure)
            threes.append(one.procedure in ranking[:3])
        if not intents[-1] or (one.procedure != NONE and not firsts[-1]):
            told = "" if one.procedure == NONE else one.procedure
            wrong.append(
                {
                    "text": one.text,
                    "intent": one.intent,
                    "procedure": told,
                    "heard_intent": intent,
                    "heard_procedure": first if told else "",
                }
            )
    in_order = sorted(spent) or [0.0]
    return Tried(
        digest=trial.digest,
        messages=len(intents),
        with_procedure=len(firsts),
        intent=_share(intents),
        procedure=_share(firsts),
        first_three=_share(threes),
        ms=round(in_order[len(in_order) // 2], 2),
        ms_95=round(in_order[int(len(in_order) * 0.95)], 2),
        wrong=wrong,
    )


def judge(new: Tried, trial: Trial, used: Tried | None) -> list[str]:
    """Why the new model may not be used, for a ward's technician; nothing if it may.

    `used`: what the model in use made of the same messages, if there is one.
    """
    because = []
    for what, number, share, floor, of_used in (
        ("hiểu đúng ý", new.messages, new.intent, trial.intent_floor, used and used.intent),
        (
            "đoán đúng thủ tục",
            new.with_procedure,
            new.procedure,
            trial.procedure_floor,
            used and used.procedure,
        ),
    ):
        if share is None:
            continue
        said = f"Mô hình mới {what} {percent(share)} trong {number} câu thử"
        if share < floor - _DUST:
            because.append(f"{said}; ít nhất phải được {percent(floor)}.")
        if of_used is not None and share < of_used - SLACK - _DUST:
            because.append(
                f"{said}; mô hình đang dùng được {percent(of_used)}, tức là kém quá {SLACK * 100:.0f} điểm."
            )
    if because:
        because += _examples(new, used)
    return because


def _examples(new: Tried, used: Tried | None) -> list[str]:
    """A few that went wrong: first those that the model in use understands, then some of all kinds."""
    old = {one["text"] for one in used.wrong} if used else set()
    lost = [one for one in new.wrong if used and one["text"] not in old]
    rest = [one for one in new.wrong if one not in lost]
    room = max(0, TOLD - len(lost))
    spread = [rest[n * len(rest) // room] for n in range(min(room, len(rest)))]
    said = f"Sai {len(new.wrong)} câu"
    if used:
        said += f", trong đó {len(lost)} câu mô hình đang dùng hiểu đúng"
    lines = [f"{said}. Ví dụ:"]
    for one in [*lost[:TOLD], *spread]:
        meant = " / ".join(filter(None, (one["intent"], one["procedure"])))
        heard = " / ".join(filter(None, (one["heard_intent"], one["heard_procedure"])))
        lines.append(f"«{one['text']}»: đúng ra là {meant}, mô hình mới hiểu là {heard}.")
    return lines


def percent(share: float) -> str:
    """As it is written in Vietnamese: 72,7 %."""
    return f"{share * 100:.1f} %".replace(".", ",")


def _share(answers: Sequence[bool]) -> float | None:
    return round(sum(answers) / len(answers), 4) if answers else None
