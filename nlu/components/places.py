"""Khu phố in a message: the ward's own by their names, others by their shape ("kp 3", "khu phố Đông Ba")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from components.typed import Found, Typed, either, loosely

_MARK = re.compile(r"(?<!\w)(?:" + loosely(r"khu\s{1,3}phố") + r"|kp(?=[\s.:0-9]))[\s.:]{0,3}(?:số\s|so\s)?")
_NUMBER = re.compile(r"[0-9]{1,2}[a-dđ]?(?![\w/]|[.,][0-9])")
_WORD = re.compile(r"\s{0,2}([^\W\d_]+)")
_LAST = re.compile(r"\s{0,2}([0-9]{1,2}[a-dđ]?|[a-d])(?![\w/]|[.,][0-9])")
_MOST_WORDS = 4
#: First words of the names of khu phố hereabouts: only after them are small letters taken for a name.
_HEADS = either(
    "bình tân an phú hòa hoà thạnh thuận vĩnh đông tây long phước hưng mỹ thới trung đồng lái đức hiệp"
)
_NO_NAME = either("phường quận thành tp đường xã tỉnh ủy văn trưởng")
#: "khu phố 3 tuần nay chưa thu rác"
_WHILE = either("tuần tháng ngày lần người hộ nhà")


class Places:
    """The khu phố that have a name."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names = tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
        spelled = sorted(self.names, key=len, reverse=True)
        self._known = (
            re.compile(
                r"(?<!\w)(?:"
                + "|".join(
                    rf"(?P<_{at}>"
                    + r"\s{1,2}".join(loosely(re.escape(part)) for part in name.lower().split())
                    + ")"
                    for at, name in enumerate(spelled)
                )
                + r")(?![\w/]|[.,][0-9])"
            )
            if spelled
            else None
        )
        self._spelled = spelled
        self._first = either(name.lower().split()[0] for name in spelled)

    @classmethod
    def read(cls, file: Path) -> Places:
        """Names and shorter names, without "Khu phố"; none if there is no such file."""
        if not file.exists():
            return cls()
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        entries = (yaml.load(file.read_text(encoding="utf-8"), Loader=loader) or {}).get(
            "neighbourhoods"
        ) or ()
        called = [str(name) for entry in entries for name in (entry["name"], *(entry.get("names") or ()))]
        return cls(re.sub(r"^khu\s+phố\s+", "", name.strip(), flags=re.I) for name in called)

    def found(self, text: Typed) -> Iterator[Found]:
        """Each khu phố, with the words "khu phố" or "kp" where they stand before it."""
        known: dict[int, tuple[int, str]] = {}
        if self._known is not None and not text.words.isdisjoint(self._first):
            for match in self._known.finditer(text.low):
                name = self._spelled[int((match.lastgroup or "_0")[1:])]
                known[match.start()] = (match.end(), name)
                # a number by itself is no name of a place
                if not name.isdecimal():
                    yield text.found("khu_pho", name, *match.span())
        if text.words.isdisjoint(_MARKS):
            return
        for mark in _MARK.finditer(text.low):
            at = mark.end()
            if at in known:
                yield text.found("khu_pho", known[at][1], mark.start(), known[at][0])
            elif number := _NUMBER.match(text.low, at):
                if text.after(number.end()) not in _WHILE:
                    yield text.found("khu_pho", number[0].upper(), mark.start(), number.end())
            elif end := _end_of_name(text, at):
                yield text.found("khu_pho", _proper(text.text[at:end]), mark.start(), end)


_MARKS = frozenset(["khu", "kp"])


def _end_of_name(text: Typed, at: int) -> int | None:
    """Where a name that we do not know ends: words with capitals, or words and a number."""
    end, count = at, 0
    first = _WORD.match(text.low, at)
    if first is None or first[1] in _NO_NAME:
        return None
    capital = text.text[first.start(1)].isupper()
    if not capital and first[1] not in _HEADS:
        return None
    while count < _MOST_WORDS:
        if count and (last := _LAST.match(text.low, end)):
            return last.end()
        word = _WORD.match(text.low, end)
        if word is None or (capital and not text.text[word.start(1)].isupper()) or word[1] in _NO_NAME:
            break
        end, count = word.end(), count + 1
        if not capital and count == 3:
            return None
    return end if capital and count > 1 else None


def _proper(name: str) -> str:
    return " ".join(word[:1].upper() + word[1:].lower() for word in name.split())


NO_PLACES = Places()
