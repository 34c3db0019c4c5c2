"""Lets Rasa start without the heavy libraries that our pipeline never calls.

Rasa imports TensorFlow, every chat platform's client and every database driver when it starts, whatever the
pipeline names. We use none of them, so a placeholder stands in: it may be imported, subclassed and named in
an annotation, and raises as soon as somebody wants work from it. Rasa's own code is not touched. A pipeline
that does need one of them (DIET needs TensorFlow) takes its name off the list and puts it in the lock.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
import warnings
from collections.abc import Sequence
from typing import Any, ClassVar

#: What is imported → what Rasa wants it for.
NEVER_CALLED = {
    "tensorflow": "DIET, TED and the response selector",
    "keras": "the same",
    "matplotlib": "drawing the histograms of `rasa test`",
    "aiogram": "the Telegram channel",
    "fbmessenger": "the Facebook channel",
    "slack_sdk": "the Slack channel",
    "twilio": "the Twilio channels",
    "webexteamssdk": "the Webex channel",
    "google.oauth2": "the Hangouts channel",
    "google.auth": "the Hangouts channel",
    "socketio": "the Socket.IO channel",
    "aio_pika": "the RabbitMQ event broker",
    "aiormq": "the same",
    "boto3": "models in S3, trackers in DynamoDB",
    "botocore": "models in S3",
    "pymongo": "trackers in MongoDB",
    "redis": "trackers and locks in Redis",
    "sklearn_crfsuite": "the CRF entity extractor",
}


class NotHere(RuntimeError):
    """Somebody called a library that `light.py` left out. The pipeline's fault: see NEVER_CALLED."""


class _Anything(type):
    """The class of placeholders: each attribute is another placeholder, and none can be called."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Anything(name, (), {"__module__": cls.__module__})

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        # `@tf.function` above a method: the one use that happens while modules are read.
        if len(args) == 1 and not kwargs and isinstance(args[0], types.FunctionType):
            return args[0]
        root = cls.__module__.partition(".")[0]
        raise NotHere(f"{cls.__module__}.{cls.__name__} was called, but nlu/light.py leaves {root} out")

    def __getitem__(cls, item: Any) -> Any:
        return cls

    def __or__(cls, other: Any) -> Any:
        return cls

    __ror__ = __or__


class _Placeholder(types.ModuleType):
    """A module that has every name."""

    __path__: ClassVar[list[str]] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Anything(name, (), {"__module__": self.__name__})


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds placeholders before the real libraries are looked for."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Claim a module that stands on the list, or lies under one that does."""
        parts = fullname.split(".")
        if any(".".join(parts[:n]) in NEVER_CALLED for n in (1, 2)):
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """An empty module of that name."""
        return _Placeholder(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run."""


def start_light() -> None:
    """Put the placeholders in place. Call it before the first import of Rasa."""
    # Rasa's dependencies are frozen, deprecate everything, and switch the filters on again as they load.
    warnings.showwarning = lambda *args, **kwargs: None
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
