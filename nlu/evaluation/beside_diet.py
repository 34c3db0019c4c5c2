"""Trains the pipeline that `rasa init` writes (DIET) on the same examples, and tries it on the same messages.

It needs a Python with the whole of Rasa and TensorFlow, which this project does not install:

    uv venv --python 3.10 full
    uv pip install --python full/bin/python rasa==3.6.21 'setuptools<81'
    .venv/bin/python -m evaluation.beside_diet --python full/bin/python --epochs 100

DIET knows one label a message, so two models are trained: one for the intent, one for the procedure. The
speed is that of one of them. Takes hours; the figures of a run are written to nlu/DIET.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import yaml

from components.examples import (
    NONE,
    Example,
    Procedure,
    joined,
    joined_elsewhere,
    read_elsewhere,
    read_procedures,
)
from components.model import Understood, examples_known
from corpus import read_corpus
from evaluation.server import Speed, asked, measure, serving
from evaluation.tally import Tally
from evaluation.trying import WAYS, Tallies, of_examples, of_table

NLU = Path(__file__).resolve().parents[1]
ROOT = NLU.parent

#: What `rasa init` of 3.6 writes into config.yml when it is left to choose.
PIPELINE = """
recipe: default.v1
language: vi
assistant_id: diet
pipeline:
- name: WhitespaceTokenizer
- name: RegexFeaturizer
- name: LexicalSyntacticFeaturizer
- name: CountVectorsFeaturizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 4
- name: DIETClassifier
  epochs: {epochs}
  constrain_similarities: true
- name: EntitySynonymMapper
- name: ResponseSelector
  epochs: {epochs}
  constrain_similarities: true
- name: FallbackClassifier
  threshold: 0.3
  ambiguity_threshold: 0.1
policies: []
"""
FALLBACK = "nlu_fallback"


@dataclass(frozen=True, slots=True)
class Label:
    """What one of the two models learns to say of an example."""

    name: str

    def of(self, example: Example) -> str:
        """The label of an example."""
        return example.intent if self.name == "intent" else example.procedure


LABELS = (Label("intent"), Label("procedure"))


def prepare(folder: Path, examples: Iterable[Example], label: Label, epochs: int) -> None:
    """Rasa's files for one model."""
    folder.mkdir(parents=True, exist_ok=True)
    texts: dict[str, list[str]] = {}
    for one in examples:
        texts.setdefault(label.of(one), []).append(one.text)
    blocks = [
        {"intent": name, "examples": "".join(f"- {text}\n" for text in dict.fromkeys(those))}
        for name, those in sorted(texts.items())
    ]
    (folder / "nlu.yml").write_text(
        yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True, width=10_000), encoding="utf-8"
    )
    (folder / "config.yml").write_text(PIPELINE.format(epochs=epochs), encoding="utf-8")


def train(python: Path, folder: Path) -> tuple[Path, float]:
    """Let that Rasa train; the archive and the seconds it took."""
    began = time.perf_counter()
    command = [str(python), "-m", "rasa", "train", "nlu", "--config", "config.yml", "--nlu", "nlu.yml"]
    with (folder / "train.log").open("wb") as log:
        subprocess.run(
            [*command, "--out", "models", "--fixed-model-name", "diet"],
            cwd=folder,
            env={**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "2"},
            stdout=log,
            stderr=log,
            check=True,
        )
    return folder / "models" / "diet.tar.gz", time.perf_counter() - began


def rankings(python: Path, archive: Path, texts: Sequence[str]) -> list[list[tuple[str, float]]]:
    """What the model says of each text, best first, without its fallback."""
    with serving(_command(python, archive)) as (child, url):
        return [
            [(o["name"], float(o["confidence"])) for o in said["intent_ranking"] if o["name"] != FALLBACK]
            for said in asked(child, url, texts)
        ]


def _command(python: Path, archive: Path) -> list[str]:
    return [str(python), "-m", "rasa", "run", "--enable-api", "--model", str(archive)]


def tallies_of(
    messages: Sequence[tuple[str, str | None, list[str]]],
    said: dict[str, dict[str, list[list[tuple[str, float]]]]],
) -> Tallies:
    """The same count as for our model. `said`: label → way → a ranking for each message."""
    found = {way: Tally() for way in WAYS}
    for way, tally in found.items():
        for (text, intent, procedures), intents, ranked in zip(
            messages, said["intent"][way], said["procedure"][way], strict=True
        ):
            seen = Understood(
                intents=intents,
                procedures=[(Procedure(name, "", "", ()), sure) for name, sure in ranked if name != NONE],
                none=next((sure for name, sure in ranked if name == NONE), 0.0),
            )
            tally.note(text, seen, intent, procedures)
    return found


def main() -> None:
    """Read the command line, train, try, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--python", type=Path, required=True, help="a Python with Rasa and TensorFlow")
    parser.add_argument("--epochs", type=int, default=100, help="for the intents")
    parser.add_argument("--procedure-epochs", type=int, help="for the procedures; as many if not given")
    parser.add_argument("--out", type=Path, required=True, help="folder for models and logs")
    parser.add_argument("--model", type=Path, required=True, help="our own model, for its speed beside")
    parser.add_argument("--table", type=Path, help="TSV of real questions: text, codes, aspect")
    wanted = parser.parse_args()
    wanted.python = wanted.python.absolute()
    epochs = {"intent": wanted.epochs, "procedure": wanted.procedure_epochs or wanted.epochs}
    examples, phrases = read_corpus(ROOT / "data" / "nlu")
    procedures = read_procedures(ROOT / "data" / "procedures")
    elsewhere = read_elsewhere(ROOT / "data" / "other_agencies.yml")
    made = [*joined(procedures, phrases), *joined_elsewhere(elsewhere, phrases)]
    lessons = [*examples_known(examples, procedures), *made]
    trial, _ = read_corpus(NLU / "trial.yml")
    sets = {"Câu thử": list(of_examples(trial))}
    if wanted.table is not None:
        sets["Câu hỏi thật"] = list(of_table(wanted.table, procedures))
    said: dict[str, dict[str, dict[str, list[list[tuple[str, float]]]]]] = {name: {} for name in sets}
    seconds, archives = {}, {}
    for label in LABELS:
        folder = wanted.out.absolute() / label.name
        archives[label.name] = folder / "models" / "diet.tar.gz"
        done = folder / "seconds.json"
        if not done.exists():
            prepare(folder, lessons, label, epochs[label.name])
            _, spent = train(wanted.python, folder)
            done.write_text(json.dumps(spent), encoding="utf-8")
        seconds[label.name] = json.loads(done.read_text(encoding="utf-8"))
        asked_so = [
            (name, way, [change(text) for text, _, _ in messages])
            for name, messages in sets.items()
            for way, change in WAYS.items()
        ]
        answers = iter(
            rankings(wanted.python, archives[label.name], [text for *_, texts in asked_so for text in texts])
        )
        for name, way, texts in asked_so:
            said[name].setdefault(label.name, {})[way] = list(islice(answers, len(texts)))
    texts = [one.text for one in examples[::7]]
    theirs = measure(_command(wanted.python, archives["intent"]), texts)
    ours = measure([sys.executable, str(NLU / "serve.py"), "--model", str(wanted.model.absolute())], texts)
    rows = {name: tallies_of(messages, said[name]) for name, messages in sets.items()}
    write(rows, seconds, epochs, theirs, ours)


def write(
    rows: dict[str, Tallies], seconds: dict[str, float], epochs: dict[str, int], theirs: Speed, ours: Speed
) -> None:
    """DIET.md; our own accuracy on the same messages stands in REPORT.md."""
    from evaluation.report import accuracy_table

    lines = [
        "# Đường ống mà `rasa init` viết (DIET), học cùng các câu mẫu",
        "",
        "Do `python -m evaluation.beside_diet` viết. Mỗi mô hình của DIET chỉ biết một nhãn cho một câu, "
        f"nên có hai: ý định ({epochs['intent']} lượt học, {seconds['intent'] / 60:.0f} phút) và thủ tục "
        f"({epochs['procedure']} lượt, {seconds['procedure'] / 60:.0f} phút). Số của mô hình đang dùng "
        "trên cùng các câu: `REPORT.md`.",
        "",
        *accuracy_table(list(rows.items())),
        "",
        "| một tiến trình máy chủ | DIET (một trong hai mô hình) | đang dùng |",
        "|---|---|---|",
        f"| câu mỗi giây | {theirs.per_second:.0f} | {ours.per_second:.0f} |",
        f"| một câu, p50 | {theirs.p50:.1f} ms | {ours.p50:.1f} ms |",
        f"| sẵn sàng sau | {theirs.ready:.0f} giây | {ours.ready:.0f} giây |",
        f"| bộ nhớ | {theirs.memory:.0f} MB | {ours.memory:.0f} MB |",
        "",
    ]
    (NLU / "DIET.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
