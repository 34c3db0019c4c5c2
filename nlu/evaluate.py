"""How well the model understands our own examples (cross-validated) and real questions, and how fast."""

from __future__ import annotations

import argparse
import csv
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from components.examples import NONE, Example, fold_of, joined, read_procedures
from components.model import FOLDS, Model, Understood, examples_known, fit, learn, with_temperatures_of
from components.text import strip_accents
from corpus import read_corpus

ROOT = Path(__file__).resolve().parent.parent
#: The aspects in a table of questions → our intents.
ASPECTS = {
    "documents": "ask_documents", "fee": "ask_fee", "time": "ask_time", "where": "ask_where",
    "how-online": "ask_how_online", "eligibility": "ask_eligibility", "legal": "ask_legal",
    "result": "ask_result",
}  # fmt: skip


@dataclass
class Tally:
    """Right and wrong answers, and how sure the model was of each."""

    intents: list[tuple[bool, float]] = field(default_factory=list)
    procedures: list[tuple[bool, float]] = field(default_factory=list)
    in_three: list[bool] = field(default_factory=list)
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)

    def line(self) -> str:
        """One row of the report."""
        parts = []
        for name, answers in (("intent", self.intents), ("procedure", self.procedures)):
            if answers:
                sure = [right for right, confidence in answers if confidence >= 0.8]
                share = f"{np.mean(sure):.1%} of {len(sure)}" if sure else "none"
                parts.append(f"{name} {np.mean([right for right, _ in answers]):6.1%} (sure ≥ 0.8: {share})")
        if self.in_three:
            parts.append(f"first three {np.mean(self.in_three):.1%} of {len(self.in_three)}")
        return ", ".join(parts)


def guess_of(seen: Understood) -> tuple[str, float]:
    """The procedure that is meant, or none of ours, and how sure that is."""
    best, share = seen.procedures[0]
    return (NONE, seen.none) if seen.none > share else (best.id, share)


def note(tally: Tally, seen: Understood, intent: str | None, procedures: Sequence[str]) -> None:
    """Compare one answer with the truth; several procedures may be right."""
    if intent:
        name, confidence = seen.intents[0]
        tally.intents.append((name == intent, confidence))
        if name != intent:
            tally.confused[intent, name] += 1
    guess, share = guess_of(seen)
    tally.procedures.append((guess in procedures, share))
    if NONE not in procedures:
        tally.in_three.append(bool({one.id for one, _ in seen.procedures[:3]} & set(procedures)))


def cross_validate(folds: int) -> Iterator[tuple[str, Tally]]:
    """Every hand-written example is tried by a model that has not seen it, with its accents and without."""
    examples, phrases = read_corpus(ROOT / "data" / "nlu")
    procedures = read_procedures(ROOT / "data" / "procedures")
    examples = examples_known(examples, procedures)
    tallies = {"accents": Tally(), "no accents": Tally()}
    for turn in range(folds):
        print(f"  fold {turn + 1} of {folds} …", flush=True)
        test = [one for one in examples if fold_of(one.text, FOLDS) == turn]
        rest = [one for one in examples if fold_of(one.text, FOLDS) != turn]
        # The temperature comes from a third share, so that the confidences below are honest.
        aside = [one for one in rest if fold_of(one.text, FOLDS) == (turn + 1) % FOLDS]
        made = joined(procedures, phrases)
        trial = fit([*(one for one in rest if one not in set(aside)), *made], procedures)
        model = with_temperatures_of(fit([*rest, *made], procedures), trial, aside)
        for one in test:
            note(tallies["accents"], model.understand(one.text), one.intent, [one.procedure])
            note(
                tallies["no accents"], model.understand(strip_accents(one.text)), one.intent, [one.procedure]
            )
    yield from tallies.items()


def on_table(model: Model, table: Path) -> Iterator[tuple[str, Tally]]:
    """Questions with the codes they concern; codes that the ward has no file for count as none."""
    ids = {procedure.code: procedure.id for procedure in model.procedures.values()}
    tallies = {"accents": Tally(), "no accents": Tally(), "of our procedures": Tally()}
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            meant = [ids.get(code, NONE) for code in row["codes"].split("|")]
            intent = ASPECTS.get(row.get("aspect", ""))
            seen = model.understand(row["text"])
            note(tallies["accents"], seen, intent, meant)
            note(tallies["no accents"], model.understand(strip_accents(row["text"])), intent, meant)
            if NONE not in meant:
                note(tallies["of our procedures"], seen, intent, meant)
    yield from tallies.items()


def speed(model: Model, texts: Sequence[str]) -> str:
    """Milliseconds a message, in this process, without Rasa's graph and HTTP."""
    spent = []
    for text in texts:
        began = time.perf_counter()
        model.understand(text)
        spent.append((time.perf_counter() - began) * 1000)
    half, most = np.percentile(spent, [50, 95])
    return f"p50 {half:.2f} ms, p95 {most:.2f} ms over {len(spent)} messages"


def whole_model() -> tuple[Model, list[Example]]:
    """The model that train.py would make, without Rasa around it."""
    examples, phrases = read_corpus(ROOT / "data" / "nlu")
    return learn(examples, read_procedures(ROOT / "data" / "procedures"), phrases), examples


def main() -> None:
    """Read the command line and print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--folds", type=int, default=FOLDS, help=f"how many of the {FOLDS} folds to try; 0 for none"
    )
    parser.add_argument("--table", type=Path, help="TSV with the columns text, codes, aspect")
    wanted = parser.parse_args()
    if wanted.folds:
        print("Cross-validation on data/nlu")
        for name, tally in cross_validate(min(wanted.folds, FOLDS)):
            print(f"  {name:18} {tally.line()}")
            if name == "accents":
                pairs = ", ".join(f"{a}→{b} {n}" for (a, b), n in tally.confused.most_common(8))
                print(f"  most confused      {pairs}")
    model, examples = whole_model()
    if wanted.table:
        print(f"On {wanted.table.name}")
        for name, tally in on_table(model, wanted.table):
            print(f"  {name:18} {tally.line()}")
    print(f"Speed: {speed(model, [one.text for one in examples])}")


if __name__ == "__main__":
    main()
