"""The model behind the pipeline: one reading of a message, one head for the intent, one for the procedure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from components.classifier import Classifier, temperature_for
from components.examples import NONE, Example, Procedure, as_others_type_it, fold_of, joined
from components.features import Counts, Features, Names, asking_grams, common_words, grams_of, names_of

#: How many procedures the ranking shows.
SHOWN = 5
#: One example in so many is kept aside to measure the temperatures, then learnt as well.
FOLDS = 5
#: A piece of a question that stands beside fewer subjects (or in fewer messages without one) tells the
#: subject, not the intent: the intent is learnt without it.
GENERAL = 3
#: Against how many messages of other classes a class is learnt: the nearest ones, and a sample of the rest.
INTENT_AGAINST = {"nearest": 8_000, "sampled": 6_000}
PROCEDURE_AGAINST = {"nearest": 2_000, "sampled": 1_000}
#: Seldom intents count as much as frequent ones (1); procedures go half of the way (0.5): the most asked of
#: them have the most examples, and are meant most.
INTENT_EVENNESS, PROCEDURE_EVENNESS = 1.0, 0.5


@dataclass(frozen=True, slots=True)
class Understood:
    """What the model makes of one message, best first."""

    intents: list[tuple[str, float]]
    procedures: list[tuple[Procedure, float]]
    #: How likely it is that no procedure of ours is meant.
    none: float


@dataclass(frozen=True, slots=True)
class Head:
    """One question put to a message: its vocabulary and its classes."""

    features: Features
    classifier: Classifier

    def ranking(self, grams: Sequence[str]) -> list[tuple[str, float]]:
        """Every class with its share of the probability, best first."""
        shares = self.classifier.probabilities(*self.features.vector(grams))
        return [(self.classifier.labels[i], float(shares[i])) for i in np.argsort(-shares)]


@dataclass(frozen=True, slots=True)
class Model:
    """Everything that serving needs; no file is read after loading."""

    names: Names
    common: frozenset[str]
    intent: Head
    procedure: Head
    procedures: dict[str, Procedure]

    def understand(self, text: str) -> Understood:
        """Read once, ask both heads."""
        grams = grams_of(text, self.names)
        ranked = self.procedure.ranking(grams)
        return Understood(
            intents=self.intent.ranking([*grams, *asking_grams(text, self.common)]),
            procedures=[(self.procedures[key], share) for key, share in ranked if key != NONE][:SHOWN],
            none=next((share for key, share in ranked if key == NONE), 0.0),
        )

    def save(self, folder: Path) -> None:
        """Write arrays and words; nothing that runs code when it is read."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, np.ndarray] = {}
        words: dict[str, object] = {
            "names": self.names,
            "common": sorted(self.common),
            "procedures": [[p.id, p.code, p.name] for p in self.procedures.values()],
        }
        for name, head in (("intent", self.intent), ("procedure", self.procedure)):
            arrays[f"{name}_idf"] = head.features.idf
            arrays[f"{name}_weights"] = head.classifier.weights.astype(np.float16)
            arrays[f"{name}_bias"] = head.classifier.bias
            words[name] = {
                "vocabulary": list(head.features.index),
                "labels": head.classifier.labels,
                "temperature": head.classifier.temperature,
            }
        np.savez(folder / "weights.npz", **arrays)
        (folder / "words.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Model:
        """Read what `save` wrote."""
        words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            kept = {key: arrays[key].astype(np.float32) for key in arrays.files}

        def head(name: str) -> Head:
            said = words[name]
            return Head(
                Features({gram: i for i, gram in enumerate(said["vocabulary"])}, kept[f"{name}_idf"]),
                Classifier(
                    said["labels"], kept[f"{name}_weights"], kept[f"{name}_bias"], said["temperature"]
                ),
            )

        return cls(
            {first: [tuple(name) for name in those] for first, those in words["names"].items()},
            frozenset(words["common"]),
            head("intent"),
            head("procedure"),
            {key: Procedure(key, code, name, ()) for key, code, name in words["procedures"]},
        )


def learn(
    examples: Sequence[Example], procedures: Sequence[Procedure], phrases: Mapping[str, Sequence[str]]
) -> Model:
    """Train on everything, with temperatures measured on examples that were kept aside first."""
    by_hand = examples_known(examples, procedures)
    lesson = Lesson.of([*by_hand, *joined(procedures, phrases)], procedures)
    aside = np.array([one.by_hand and fold_of(one.text, FOLDS) == 0 for one in lesson.origins])
    return lesson.model(learnt(lesson.intent, aside), learnt(lesson.procedure, aside))


def examples_known(examples: Sequence[Example], procedures: Sequence[Procedure]) -> list[Example]:
    """Leave out examples of procedures that the ward has no file for."""
    known = {procedure.id for procedure in procedures} | {NONE}
    return [example for example in examples if example.procedure in known]


@dataclass(frozen=True, slots=True)
class Question:
    """What one head has to learn: a vector and a label for each message."""

    features: Features
    rows: csr_matrix
    labels: np.ndarray
    #: How much each message counts, with the classes evened out.
    weights: np.ndarray
    against: Mapping[str, int]

    def learnt(self, where: np.ndarray) -> Classifier:
        """A classifier of the messages of this mask, with temperature 1."""
        return Classifier.learn(self.rows[where], self.labels[where], self.weights[where], **self.against)

    def temperature(self, trial: Classifier, where: np.ndarray) -> float:
        """The temperature under which a trial is least surprised by the messages of this mask."""
        return temperature_for(trial, self.rows[where], self.labels[where])


@dataclass(frozen=True, slots=True)
class Lesson:
    """All messages to learn from, read once, with both questions about them."""

    names: Names
    common: frozenset[str]
    intent: Question
    procedure: Question
    procedures: dict[str, Procedure]
    #: For each message the example that it is a variant of.
    origins: list[Example]

    @classmethod
    def of(cls, examples: Sequence[Example], procedures: Sequence[Procedure]) -> Lesson:
        """Read the examples and their variants."""
        messages, origins = [], []
        for example in examples:
            for one in (example, *as_others_type_it(example)):
                messages.append(one)
                origins.append(example)
        subjects = np.array([one.procedure for one in messages])
        importance = np.array([one.importance for one in messages])
        names = names_of(name for procedure in procedures for name in procedure.names)
        common = common_words([one.text for one in messages], subjects)
        about = [grams_of(one.text, names) for one in messages]
        asked = Counts.of(
            [*grams, *asking_grams(one.text, common)] for grams, one in zip(about, messages, strict=True)
        )
        told = Counts.of(about)
        return cls(
            names,
            common,
            _question(
                asked.kept(general(asked, subjects)),
                np.array([one.intent for one in messages]),
                importance,
                INTENT_EVENNESS,
                INTENT_AGAINST,
            ),
            _question(
                told.kept(told.messages() > 1), subjects, importance, PROCEDURE_EVENNESS, PROCEDURE_AGAINST
            ),
            {procedure.id: procedure for procedure in procedures},
            origins,
        )

    def model(self, intent: Classifier, procedure: Classifier) -> Model:
        """What was learnt, ready to serve."""
        return Model(
            self.names,
            self.common,
            Head(self.intent.features, intent),
            Head(self.procedure.features, procedure),
            self.procedures,
        )


def learnt(question: Question, aside: np.ndarray) -> Classifier:
    """Learn from all messages; the temperature is that of a trial that has not seen those of `aside`."""
    everything = question.learnt(np.ones(len(aside), bool))
    if not aside.any():
        return everything
    return replace(everything, temperature=question.temperature(question.learnt(~aside), aside))


def _question(
    counts: Counts, labels: np.ndarray, importance: np.ndarray, evenness: float, against: Mapping[str, int]
) -> Question:
    features = Features.learn(counts)
    weights = importance * evened(labels, importance, evenness)
    return Question(features, features.weighed(counts), labels, weights, against)


def general(counts: Counts, subjects: np.ndarray) -> np.ndarray:
    """Which grams stand beside GENERAL subjects or more, or in as many messages without one (a mask)."""
    _, numbers = np.unique(subjects, return_inverse=True)
    belongs = csr_matrix((np.ones(len(numbers), np.float32), (numbers, np.arange(len(numbers)))))
    beside = np.asarray(((belongs @ counts.rows) > 0).sum(axis=0)).ravel()
    alone = np.asarray(counts.rows[subjects == NONE].sum(axis=0)).ravel()
    return (beside >= GENERAL) | (alone >= GENERAL)


def evened(labels: np.ndarray, importance: np.ndarray, evenness: float) -> np.ndarray:
    """What rare classes gain and frequent ones lose: with evenness 1 all weigh the same, with 0 nothing."""
    _, numbers = np.unique(labels, return_inverse=True)
    weight = np.bincount(numbers, importance)
    return (weight.mean() / weight[numbers]) ** evenness
