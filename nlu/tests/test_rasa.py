"""Rasa can be started without the libraries it never calls, and knows our components."""

import os
from pathlib import Path

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
    assert registered[Patterns.__name__].is_trainable


def test_calling_what_was_left_out_says_where_to_look() -> None:
    import tensorflow

    with pytest.raises(NotHere, match=r"nlu/light\.py leaves tensorflow out"):
        tensorflow.constant(1)


def test_messages_get_entities_and_the_model_keeps_the_names_of_the_khu_pho(tmp_path: Path) -> None:
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    from components.entities import ROOT, Patterns

    file = tmp_path / "neighbourhoods.yml"
    file.write_text("neighbourhoods: [{id: dong_nhi, name: Khu phố Đông Nhì}]", encoding="utf-8")
    config = {"neighbourhoods": os.path.relpath(file, ROOT)}
    (tmp_path / "model").mkdir()
    parts = (config, LocalModelStorage(tmp_path / "model"), Resource("patterns"), None)
    Patterns.create(*parts).train(TrainingData())
    file.unlink()  # the model is whole without it

    message = Patterns.load(*parts).process([Message({"text": "gọi 0903123456, ở dong nhi"})])[0]
    assert message.as_dict(only_output_properties=True)["entities"] == [
        {"entity": "phone", "value": "0903123456", "start": 4, "end": 14, "extractor": "Patterns"},
        {"entity": "khu_pho", "value": "Đông Nhì", "start": 18, "end": 26, "extractor": "Patterns"},
    ]
