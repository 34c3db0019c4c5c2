"""The model behind the pipeline: one vector a message, one head for the intent, one for the procedure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from components.classifier import Classifier
from components.examples import NONE, Example, Prepared, Procedure, fold_of, joined, prepare, with_variants
from components.features import Features, Names, grams_of, names_of

#: How many procedures the ranking shows.
SHOWN = 5
#: One example in so many is kept aside to measure the temperatures, then learnt as well.
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Understood:
    """What the model makes of one message, best first."""

    intents: list[tuple[str, float]]
    procedures: list[tuple[Procedure, float]]
    #: How likely it is that no procedure of ours is meant.
    none: float


@dataclass(frozen=True, slots=True)
class Model:
    """Everything that serving needs; no file is read after loading."""

    features: Features
    intent: Classifier
    procedure: Classifier
    procedures: dict[str, Procedure]

    def understand(self, text: str) -> Understood:
        """Vectorise once, ask both heads."""
        columns, values = self.features.vector(grams_of(text, self.features.names))
        intents = self.intent.probabilities(columns, values)
        procedures = self.procedure.probabilities(columns, values)
        ranked = [(self.procedure.labels[i], float(procedures[i])) for i in np.argsort(-procedures)]
        return Understood(
            intents=[(self.intent.labels[i], float(intents[i])) for i in np.argsort(-intents)],
            procedures=[(self.procedures[key], share) for key, share in ranked if key != NONE][:SHOWN],
            none=next((share for key, share in ranked if key == NONE), 0.0),
        )

    def save(self, folder: Path) -> None:
        """Write arrays and words; nothing that runs code when it is read."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(
            folder / "weights.npz",
            idf=self.features.idf,
            intent=self.intent.weights.astype(np.float16),
            intent_bias=self.intent.bias,
            procedure=self.procedure.weights.astype(np.float16),
            procedure_bias=self.procedure.bias,
        )
        words = {
            "names": self.features.names,
            "vocabulary": list(self.features.index),
            "intents": self.intent.labels,
            "intent_temperature": self.intent.temperature,
            "procedure_labels": self.procedure.labels,
            "procedure_temperature": self.procedure.temperature,
            "procedures": [[p.id, p.code, p.name] for p in self.procedures.values()],
        }
        (folder / "words.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Model:
        """Read what `save` wrote."""
        words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            kept = {key: arrays[key].astype(np.float32) for key in arrays.files}
        return cls(
            Features(
                {gram: i for i, gram in enumerate(words["vocabulary"])},
                kept["idf"],
                {first: [tuple(name) for name in those] for first, those in words["names"].items()},
            ),
            Classifier(words["intents"], kept["intent"], kept["intent_bias"], words["intent_temperature"]),
            Classifier(
                words["procedure_labels"],
                kept["procedure"],
                kept["procedure_bias"],
                words["procedure_temperature"],
            ),
            {key: Procedure(key, code, name, ()) for key, code, name in words["procedures"]},
        )


def learn(
    examples: Sequence[Example], procedures: Sequence[Procedure], phrases: Mapping[str, Sequence[str]]
) -> Model:
    """Train on everything, with temperatures measured on examples that were kept aside first."""
    by_hand = examples_known(examples, procedures)
    made = joined(procedures, phrases)
    known = {procedure.id: procedure for procedure in procedures}
    kept_aside = [example for example in by_hand if fold_of(example.text, FOLDS) == 0]
    rest = [example for example in by_hand if fold_of(example.text, FOLDS) != 0]
    names = names_of(name for procedure in procedures for name in procedure.names)
    shared = prepare(with_variants([*rest, *made]), names)
    trial = fit(shared, known, names)
    final = fit([*shared, *prepare(with_variants(kept_aside), names)], known, names)
    return with_temperatures(final, measured_on=kept_aside, trial=trial)


def examples_known(examples: Sequence[Example], procedures: Sequence[Procedure]) -> list[Example]:
    """Leave out examples of procedures that the ward has no file for."""
    known = {procedure.id for procedure in procedures} | {NONE}
    return [example for example in examples if example.procedure in known]


def fit(prepared: Sequence[Prepared], procedures: dict[str, Procedure], names: Names) -> Model:
    """Learn the vocabulary and both heads, with temperature 1. `names`: of the procedures."""
    documents = [one.grams for one in prepared]
    features = Features.learn(documents, names)
    rows = features.matrix(documents)
    examples = [one.example for one in prepared]
    importance = np.array([one.importance for one in examples])
    intents, subjects = [one.intent for one in examples], [one.procedure for one in examples]
    return Model(
        features,
        Classifier.learn(rows, intents, importance * evened(intents, importance)),
        Classifier.learn(rows, subjects, importance * evened(subjects, importance)),
        procedures,
    )


def evened(labels: Sequence[str], importance: np.ndarray) -> np.ndarray:
    """What rare classes gain and frequent ones lose: half of the way to equal shares."""
    weight: dict[str, float] = {}
    for label, share in zip(labels, importance, strict=True):
        weight[label] = weight.get(label, 0.0) + float(share)
    average = sum(weight.values()) / len(weight)
    return np.array([np.sqrt(average / weight[label]) for label in labels])


def with_temperatures(model: Model, *, measured_on: Sequence[Example], trial: Model) -> Model:
    """Take the temperatures from a trial that has not seen these messages, with and without their accents."""
    if not measured_on:
        return model
    prepared = prepare(with_variants(measured_on), trial.features.names)
    rows = trial.features.matrix([one.grams for one in prepared])
    intent = trial.intent.tempered(rows, [one.example.intent for one in prepared])
    procedure = trial.procedure.tempered(rows, [one.example.procedure for one in prepared])
    return replace(
        model,
        intent=replace(model.intent, temperature=intent.temperature),
        procedure=replace(model.procedure, temperature=procedure.temperature),
    )
