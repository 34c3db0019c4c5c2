"""Rasa's door to the model: writes `intent`, `intent_ranking` and our own `procedures` on each message."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.examples import NONE, Example, read_elsewhere, read_procedures
from components.model import Model, learn

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Understanding(GraphComponent):
    """What is wanted (the intent) and of which procedure (a ranking), from one reading of the sentence."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """What is read when training, from the root of the project."""
        return {
            "procedures": "data/procedures",
            "elsewhere": "data/other_agencies.yml",
            "intents_shown": 5,
        }

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: Model | None
    ) -> None:
        self._config, self._storage, self._resource, self._model = config, storage, resource, model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Understanding:
        """An untrained one."""
        return cls(config, model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Understanding:
        """A trained one, out of Rasa's model archive."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, Model.load(Path(folder)))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples, the phrases (lookup tables) and the names of the procedures."""
        procedures = read_procedures(ROOT / self._config["procedures"])
        examples = [example_of(message) for message in training_data.intent_examples]
        missing = {one.procedure for one in examples} - {one.id for one in procedures} - {NONE}
        if missing:
            logger.warning(
                "no file in data/procedures for: %s; their examples are left out", ", ".join(sorted(missing))
            )
        elsewhere = read_elsewhere(ROOT / self._config["elsewhere"])
        self._model = learn(examples, procedures, phrases_of(training_data), elsewhere)
        with self._storage.write_to(self._resource) as folder:
            self._model.save(Path(folder))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Write down what each message means."""
        assert self._model is not None, "this component was never trained"
        for message in messages:
            text = message.get("text")
            if not text:
                continue
            seen = self._model.understand(text)
            ranking = [{"name": name, "confidence": share} for name, share in seen.intents]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking[: self._config["intents_shown"]], add_to_output=True)
            message.set(
                "procedures",
                [
                    {"code": one.code, "id": one.id, "name": one.name, "confidence": round(share, 4)}
                    for one, share in seen.procedures
                ],
                add_to_output=True,
            )
        return messages


def example_of(message: Message) -> Example:
    """Rasa's message → our example. The procedure stands in the metadata of the example or of its block."""
    metadata = message.get("metadata") or {}
    procedure = NONE
    for level in ("intent", "example"):
        procedure = (metadata.get(level) or {}).get("procedure", procedure)
    return Example(message.get("text"), message.get("intent"), procedure)


def phrases_of(training_data: TrainingData) -> dict[str, list[str]]:
    """The lookup tables of data/nlu/phrases.yml: intent → phrases with a blank for a procedure's name."""
    return {
        table["name"]: list(table["elements"])
        for table in training_data.lookup_tables
        if isinstance(table["elements"], list)
    }
