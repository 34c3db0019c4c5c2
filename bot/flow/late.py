"""Placeholders that only the service can fill: the code and the due date of a dossier just opened.

The engine leaves them in its replies between two characters that no citizen's text can hold.
"""

import re
from collections.abc import Mapping

from bot.core.messages import Reply

_OPEN, _CLOSE = "\ue000", "\ue001"
_LATE = re.compile(f"{_OPEN}([a-z_]+){_CLOSE}")

#: The names that may be late: ``{context.ma_ho_so}``, ``{context.han_tra}`` and ``{context.ket_qua_tra}``.
LATE_NAMES = frozenset({"ma_ho_so", "han_tra", "ket_qua_tra"})


def mark(name: str) -> str:
    """What stands in the text until `fill`."""
    return f"{_OPEN}{name}{_CLOSE}"


def fill(reply: Reply, values: Mapping[str, str]) -> Reply:
    """The reply with its late placeholders filled; one without a value becomes empty."""

    if _OPEN not in reply.text:
        return reply
    return reply.but(text=_LATE.sub(lambda match: values.get(match[1], ""), reply.text))
