"""Rasa's door to the patterns: writes `entities` in Rasa's own form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.patterns import find
from components.places import Places

ROOT = Path(__file__).resolve().parents[2]
_FILE = "neighbourhoods.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class Patterns(GraphComponent):
    """Entities that need no examples. The names of the khu phố are kept in the model, as all it knows is."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """What is read when training, from the root of the project."""
        return {"neighbourhoods": "data/neighbourhoods.yml"}

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, places: Places
    ) -> None:
        self._config, self._storage, self._resource, self._places = config, storage, resource, places

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Patterns:
        """One that knows no khu phố yet."""
        return cls(config, model_storage, resource, Places())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Patterns:
        """A trained one, out of Rasa's model archive."""
        with model_storage.read_from(resource) as folder:
            names = json.loads((Path(folder) / _FILE).read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, Places(names))

    def train(self, training_data: TrainingData) -> Resource:
        """Read the names of the khu phố."""
        self._places = Places.read(ROOT / self._config["neighbourhoods"])
        with self._storage.write_to(self._resource) as folder:
            text = json.dumps(self._places.names, ensure_ascii=False)
            (Path(folder) / _FILE).write_text(text, encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add what is found to what other extractors have found."""
        for message in messages:
            found = [
                {
                    "entity": one.entity,
                    "value": one.value,
                    "start": one.start,
                    "end": one.end,
                    "extractor": "Patterns",
                }
                for one in find(message.get("text") or "", self._places)
            ]
            message.set("entities", [*message.get("entities", []), *found], add_to_output=True)
        return messages
