"""Rasa's door to the patterns: writes `entities` in Rasa's own form."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from components.patterns import find


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class Patterns(GraphComponent):
    """Entities that need no learning."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Patterns:
        """There is nothing to set up."""
        return cls()

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
                for one in find(message.get("text") or "")
            ]
            message.set("entities", [*message.get("entities", []), *found], add_to_output=True)
        return messages
