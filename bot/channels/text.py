"""Text on its way in (made safe to keep) and out (rows as lines, long texts cut where a reader would)."""

import re
from collections.abc import Sequence

from bot.core.messages import Row

#: What no database column and no sentence wants: NUL, other control characters, halves of surrogate pairs.
_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def clean(text: str) -> str:
    """The same text without characters that cannot be stored; line ends as ``\\n``."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def with_rows(text: str, rows: Sequence[Row]) -> str:
    """The text and, below it, each row as "label: value", for clients that have no table."""
    lines = [f"{row.label}: {row.value}" for row in rows]
    if not lines:
        return text
    return "\n\n".join(part for part in (text, "\n".join(lines)) if part)


def units(text: str) -> int:
    """The length as chat platforms count it: UTF-16 units, so an emoji is two."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def split(text: str, limit: int) -> list[str]:
    """Parts of at most `limit` units, cut at an empty line, a line, a space, and only then inside a word."""
    parts = []
    rest = text.strip()
    while units(rest) > limit:
        most = _fitting(rest, limit)
        for gap in ("\n\n", "\n", " "):
            at = rest.rfind(gap, most // 2, most + 1)
            if at > 0:
                break
        else:
            at = most
        parts.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    if rest:
        parts.append(rest)
    return parts


def _fitting(text: str, limit: int) -> int:
    """How many characters fit into so many units."""
    size = 0
    for at, letter in enumerate(text):
        size += 2 if letter > "\uffff" else 1
        if size > limit:
            return at
    return len(text)
