"""Hears that an earlier answer is to be changed: "sửa số điện thoại", "à bé sinh mùng 4 chứ ko phải 5"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from bot.core.commands import CorrectSlot, CorrectSlots, Edit
from bot.understanding.phrases import Match, Phrases, Word
from bot.understanding.words import Said, Words

#: How alike what is said and a label must be; "ngày sinh" and "Ngày sinh của bé" are 0.88 alike.
_ALIKE = 0.6
#: Two labels as near to each other as this cannot be told apart: we show all answers instead.
_MARGIN = 0.1
#: Words more alike than this (of 100) are one word, typed wrong.
_TYPO = 84
#: Longer texts are stories, not corrections.
_LONGEST = 40
#: A label is rarely said in more words.
_LONGEST_LABEL = 8


_JOINT = re.compile(r"\s*[,;]\s*|\s+(?:và|va|còn|con)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Named:
    """A label was recognised in the first `length` words."""

    slot: str
    length: int
    #: Another slot is just as likely.
    doubtful: bool


def correction(
    said: Said, labels: Mapping[str, str], words: Words
) -> CorrectSlot | CorrectSlots | Edit | None:
    """The correction that the text asks for; `Edit` if it is one but does not say of what."""
    first, *others = _JOINT.split(said.text) if labels and len(said.words) <= _LONGEST else [said.text]
    if others and (several := _together(first, others, labels, words)) is not None:
        return several
    return _one(said, labels, words)


def _together(first: str, others: list[str], labels: Mapping[str, str], words: Words) -> CorrectSlots | None:
    """ "Sửa tên má thành Lê Thị Hoa và ngày sinh thành 4/11": each part names an answer and its value."""
    changes: list[CorrectSlot] = []
    opened = ""
    for part in (first, *others):
        # "à nhầm," alone opens what follows.
        said = words.read(opened + part)
        found = (
            _one(said, labels, words)
            if not changes
            else _changed(said, words.without_courtesy(said.words), labels, words, vague=False)
        )
        if not changes and found == Edit():
            opened = f"{opened}{part}, "
        elif isinstance(found, CorrectSlot) and found.value is not None:
            changes.append(found)
        else:
            return None
    slots = {one.slot for one in changes}
    return CorrectSlots(tuple(changes)) if len(changes) == len(slots) > 1 else None


def _one(said: Said, labels: Mapping[str, str], words: Words) -> CorrectSlot | Edit | None:
    told = words.without_courtesy(said.words)
    if not labels or not told or len(told) > _LONGEST:
        return None
    known = words.correction
    # "sửa …", "nhầm rồi, …": what follows names the answer, and perhaps its new value.
    if opening := _longest_at_start(told, known.verbs, known.slips, known.contrast):
        return _changed(said, told[opening.last :], labels, words, vague=True)
    # "bé sinh mùng 4 chứ không phải 5"
    for match in known.contrast.within(told):
        if found := _changed(said, told[: match.first], labels, words, vague=False):
            return found
    # "số điện thoại sai rồi"
    for first in range(1, len(told)):
        if known.wrong_after.whole(told[first:]) is not None:
            named = _label(told[:first], labels, words, said.text)
            return None if named is None else Edit() if named.doubtful else CorrectSlot(named.slot)
    return None


def names_slot(said: Said, slot: str, labels: Mapping[str, str], words: Words) -> bool:
    """Is this slot's label what the text speaks of?"""
    named = _label(words.without_courtesy(said.words)[:_LONGEST_LABEL], labels, words, "")
    return named is not None and named.slot == slot


def _longest_at_start(told: tuple[Word, ...], *sets: Phrases) -> Match | None:
    found = [match for phrases in sets if (match := next(phrases.at(told, 0), None))]
    return max(found, key=lambda match: match.last, default=None)


def _changed(
    said: Said, told: tuple[Word, ...], labels: Mapping[str, str], words: Words, *, vague: bool
) -> CorrectSlot | Edit | None:
    """What is to be changed, and into what. `vague`: it is a correction even if no label is recognised."""
    if not told:
        return Edit() if vague else None
    value_text = said.text[told[0].start : told[-1].end]
    named = _label(told, labels, words, value_text)
    if named is None:
        # "Sửa đường hư" in a free text is an answer; "nhầm rồi em ơi" is not.
        return Edit() if vague and not words.without_courtesy(told)[3:] else None
    if named.doubtful:
        return Edit() if vague else None
    value = _value(said, told, named.length, words)
    if value is None and not vague:
        return None
    return CorrectSlot(named.slot, value)


def _value(said: Said, told: tuple[Word, ...], length: int, words: Words) -> str | None:
    """The new value as it was typed: what follows the label and "là", "thành"…"""
    known, first = words.correction, length
    while first > 1 and known.value_heads.whole(told[first - 1 : first]) is not None and first < len(told):
        first -= 1
    while first < len(told) and (match := next(known.between.at(told, first), None)):
        first = match.last
    rest = told[first:]
    if not rest or known.empty.cover(rest) or not words.without_courtesy(rest):
        return None
    last = words.without_courtesy(rest)[-1]
    value = said.text[rest[0].start : last.end].strip()
    # "+84…" begins before its first digit
    return f"+{value}" if said.text[: rest[0].start].endswith("+") else value


def _label(told: tuple[Word, ...], labels: Mapping[str, str], words: Words, value: str) -> _Named | None:
    """The label that the first words name best, cut where a value seems to begin."""
    known = words.correction
    between = next((match.first for match in known.between.within(told) if match.first), len(told))
    hints = {word for word, look in known.hints if look.search(value)}
    forms = [(slot, _label_words(label, words)) for label, slot in labels.items()]
    best: dict[str, float] = {}  # slot → score, at the length that says most
    best_length, best_worth = 0, 0.0
    for length in range(1, min(between, _LONGEST_LABEL) + 1):
        spoken = _content(told[:length], words)
        if not spoken or told[length - 1].bare.isdigit():
            continue
        scores: dict[str, float] = {}
        for slot, form in forms:
            scores[slot] = max(_alike(spoken, form, hints), scores.get(slot, 0.0))
        # of two that fit equally, the one that explains more of what was said
        worth = max(scores.values()) + 0.03 * len(spoken)
        if worth > best_worth:
            best, best_length, best_worth = scores, length, worth
    ranked = sorted(best.items(), key=lambda one: -one[1])
    if not ranked or ranked[0][1] < _ALIKE:
        return None
    slot, score = ranked[0]
    return _Named(slot, best_length, len(ranked) > 1 and score - ranked[1][1] < _MARGIN)


@lru_cache(maxsize=4096)
def _label_words(label: str, words: Words) -> tuple[str, ...]:
    return _content(words.read(label).words, words)


def _content(told: tuple[Word, ...], words: Words) -> tuple[str, ...]:
    """Plain words that help to recognise a label, in the words of our forms, each once."""
    known, at = words.correction, 0
    content: list[str] = []
    while at < len(told):
        if same := next(known.same.at(told, at), None):
            content.extend(same.name.split())
            at = same.last
        elif empty := next(known.empty.at(told, at), None):
            at = empty.last
        else:
            content.append(told[at].bare)
            at += 1
    return tuple(dict.fromkeys(content))


def _alike(spoken: tuple[str, ...], label: tuple[str, ...], hints: set[str]) -> float:
    """0 to 1. What is said must be in the label; that the label says more weighs less."""
    if not label:
        return 0.0
    hit = sum(any(_same(one, other) for other in label) for one in spoken)
    if not hit:
        return 0.0
    met = sum(any(_same(one, other) for other in spoken) for one in label)
    hinted = sum(hint in label and hint not in spoken for hint in hints)
    return 0.65 * hit / len(spoken) + 0.35 * min(1.0, (met + hinted) / len(label))


def _same(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) > 3 and fuzz.ratio(one, other) >= _TYPO)
