"""How our dataclasses lie in a text column."""

from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar, cast

import msgspec

T = TypeVar("T")

_encoder = msgspec.json.Encoder()


def dump(value: Any) -> str:
    """A value of ours as JSON."""
    return _encoder.encode(value).decode()


def parse(text: str | bytes, type_: type[T]) -> T:
    """Back from JSON to the type it came from."""
    value: T = _decoder(cast(Hashable, type_)).decode(text)
    return value


@cache
def _decoder(type_: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(type_)
