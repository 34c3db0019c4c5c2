"""Rasa can be started without the libraries it never calls, and knows our components."""

import pytest

from light import NotHere


def test_the_server_and_our_components_load() -> None:
    import rasa.server
    from rasa.engine.recipes.default_recipe import DefaultV1Recipe

    from components.entities import Patterns
    from components.understanding import Understanding

    registered = DefaultV1Recipe._registered_components
    assert rasa.server.create_app
    assert registered[Understanding.__name__].is_trainable
    assert not registered[Patterns.__name__].is_trainable


def test_calling_what_was_left_out_says_where_to_look() -> None:
    import tensorflow

    with pytest.raises(NotHere, match=r"nlu/light\.py leaves tensorflow out"):
        tensorflow.constant(1)


def test_messages_get_intent_procedures_and_entities() -> None:
    from rasa.shared.nlu.training_data.message import Message

    from components.entities import Patterns

    message = Patterns().process([Message({"text": "gọi 0903123456"})])[0]
    assert message.as_dict(only_output_properties=True)["entities"] == [
        {"entity": "phone", "value": "0903123456", "start": 4, "end": 14, "extractor": "Patterns"}
    ]
