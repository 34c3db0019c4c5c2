"""Several answers in one sentence: "tôi tên Lê Thị Hoa, sinh 12/3/1990, sđt 0901 234 567".

Deterministic and careful: either every part of the sentence is understood as the answer to one open
question, or the sentence is taken as one answer, as ever.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from bot.core.text import nfc, strip_accents
from bot.flow.answer import Value
from bot.flow.model import Flow, Step

#: What tells that the answer to a question of some type begins here.
_CUES: Mapping[str, re.Pattern[str]] = {
    "date": re.compile(r"\b(?:sinh (?:ngay|nam|thang)?|ngay sinh|nam sinh|sn )\b"),
    "phone": re.compile(r"\b(?:s(?:o )?dt|so dien thoai|dien thoai|so phone|phone)\b"),
    "cccd": re.compile(r"\b(?:(?:so )?(?:cccd|can cuoc|dinh danh)(?: cong dan| ca nhan)?)\b"),
    "email": re.compile(r"\b(?:e-?mail|thu dien tu)\b"),
    "name": re.compile(r"\b(?:(?:toi|em|minh|con|be) ten(?: la)?|ho (?:va )?ten(?: la)?|ten la)\b"),
    "address": re.compile(r"\b(?:dia chi|thuong tru|cu tru|nha o)\b"),
}
#: What is plain without a cue.
_BARE: Mapping[str, re.Pattern[str]] = {
    "phone": re.compile(r"(?:\+84|0)[\d .\-]{8,14}"),
    "cccd": re.compile(r"\d{12}"),
    "email": re.compile(r"\S+@\S+\.\S+"),
    "time": re.compile(
        r"(?:luc |vao )?\d{1,2} ?(?:gio|h|:)(?: ?(?:\d{2}|ruoi))?(?: (?:sang|trua|chieu))?",
    ),
    "date": re.compile(r"(?:ngay )?\d{1,2}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*\d{4}"),
}
_BREAK = re.compile(r"[,;\n]+")
#: Cues that also break a sentence without a comma: "… An Nhiên sinh ngày 5".
_INSIDE = re.compile(
    r"(?<=\S) (?=(?:sinh (?:ngay|nam|thang|\d+)|ngay sinh|sdt|so dt|(?:so )?dien thoai|so cccd|cccd|"
    r"so can cuoc|can cuoc (?:so|\d+)|so dinh danh|e-?mail)\b)"
)
#: So do a day and a long number alone, where nobody writes them into the answer: "… Hoa 12/3/1990 09…".
_NUMBERS = re.compile(
    r"(?<=[^\W\d_]) (?=0\d{8})|(?<=\S) (?=\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}\b)|(?<=[/.\-]\d{4}) (?=0\d{8})"
)
#: Words before a number that are a cue of their own, and stay with it.
_BEFORE_NUMBER = re.compile(r"\b(?:sinh|ngay|nam|sn|so|la|dt|sdt|thoai|cccd|cuoc|danh|dau|den|tu)$")
_JOINT = re.compile(r"^(?:la|thi|:|=|-|va|so|cua (?:toi|em|be|chau))\s+")
#: Words that say only that an answer follows.
_LEAD = re.compile(r"^(?:da|vang|thua|va|con|a|voi)\s+")

#: Questions with such an answer are answered in any words: only what names another question ends them.
_FREE = ("text", "address", "place")
Read = Callable[[Step, str], Value | None]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the sentence: as typed, and plain, letter for letter."""

    text: str
    plain: str


def several(flow: Flow, asked: Step, open_: list[Step], text: str, read: Read) -> dict[str, Value]:
    """Slot → answer for every answer in the text; empty if it is one answer, or none.

    `open_`: the questions without an answer, in their order, `asked` among them. `read` gives the answer to a
    question, or None if the words are none that can be taken.
    """
    free = flow.slots[asked.target].type in _FREE
    pieces = list(_pieces(text, numbers=not free))
    if len(pieces) < 2 or len(pieces) > 12 or len(text) > 600:
        return {}
    taken: dict[str, list[str]] = {}
    last: str | None = None
    for number, piece in enumerate(pieces):
        left = [step for step in open_ if step.target not in taken]
        found = _named(flow, left, piece) or _cued(flow, asked, left, piece, read, free=free)
        if found is not None:
            last, words = found
            taken[last] = [words]
        elif number == 0:
            last = asked.target
            taken[last] = [piece.text]
        elif last is not None and flow.slots[last].type in _FREE:
            taken[last].append(piece.text)
        else:
            return {}
    if len(taken) < 2:
        return {}
    steps = {step.target: step for step in open_}
    values: dict[str, Value] = {}
    for slot, parts in taken.items():
        value = read(steps[slot], ", ".join(parts))
        if value is None:
            return {}
        values[slot] = value
    return values


def _pieces(text: str, *, numbers: bool) -> Iterator[_Piece]:
    """`numbers`: a day or a long number begins a piece too."""
    text = nfc(text)
    plain = "".join(_plain(letter) for letter in text)
    cuts = {0, len(plain)}
    cuts.update(found.end() for found in (*_BREAK.finditer(plain), *_INSIDE.finditer(plain)))
    if numbers:
        alone = _NUMBERS.finditer(plain)
        cuts.update(found.end() for found in alone if not _BEFORE_NUMBER.search(plain, 0, found.start()))
    for first, last in pairwise(sorted(cuts)):
        piece = _trimmed(text[first:last], plain[first:last])
        if piece.text:
            yield piece


def _plain(letter: str) -> str:
    bare = strip_accents(letter).casefold()
    return bare if len(bare) == 1 else letter


def _trimmed(text: str, plain: str) -> _Piece:
    """Without commas at its ends and words of courtesy at its start."""
    end = len(plain.rstrip(" ,;.\n"))
    start = len(plain) - len(plain.lstrip(" ,;.\n"))
    if lead := _LEAD.match(plain[start:end]):
        start += lead.end()
    return _Piece(text[start:end], plain[start:end])


def _after(piece: _Piece, at: int) -> str:
    """What follows a cue: "sđt là 0901…" → "0901…"."""
    rest = piece.plain[at:].lstrip(" :=-")
    at = len(piece.plain) - len(rest)
    while joint := _JOINT.match(piece.plain[at:]):
        at += joint.end()
    return piece.text[at:].strip(" :=-")


def _named(flow: Flow, left: list[Step], piece: _Piece) -> tuple[str, str] | None:
    """The question whose label the piece begins with, and the words after it."""
    best: tuple[int, str] | None = None
    for step in left:
        label = " ".join(strip_accents(flow.slots[step.target].label).casefold().split())
        if label and re.match(rf"{re.escape(label)}(?![^\W_])", piece.plain):
            best = max(best or (0, ""), (len(label), step.target))
    if best is None:
        return None
    words = _after(piece, best[0])
    return (best[1], words) if words else None


def _cued(
    flow: Flow, asked: Step, left: list[Step], piece: _Piece, read: Read, *, free: bool
) -> tuple[str, str] | None:
    """The question that the piece answers by its kind: a cue, or a form that only one kind has."""
    for kind, cue in _CUES.items():
        if (found := cue.match(piece.plain)) and not (free and kind in ("date", "name", "address")):
            words = piece.text if kind == "date" else _after(piece, found.end())
            return _first(flow, asked, left, kind, words, read)
    for kind, form in _BARE.items():
        if form.fullmatch(piece.plain) and not (free and kind == "date"):
            return _first(flow, asked, left, kind, piece.text, read)
    return None if free else _first(flow, asked, left, "choice", piece.text, read)


def _first(
    flow: Flow, asked: Step, left: list[Step], kind: str, words: str, read: Read
) -> tuple[str, str] | None:
    """The nearest open question of this kind that takes the words; of the same person first."""
    near = next((one for one in flow.people if asked.target in one.slots), None)
    of_kind = [step for step in left if flow.slots[step.target].type == kind]
    of_kind.sort(key=lambda step: near is None or step.target not in near.slots)
    for step in of_kind:
        if kind == "choice" and not _plainly(words):
            continue
        if read(step, words) is not None:
            return step.target, words
    return None


def _plainly(words: str) -> bool:
    """Short enough to be the title of a choice and no more? A name that holds "Nam" is not."""
    return len(words.split()) <= 3 and not any(letter.isdigit() for letter in words)
