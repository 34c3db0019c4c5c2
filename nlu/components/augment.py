"""Writes each training example again as other people would type it. Seeded, so two trainings are the same."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator

from components.spelling import SHORTER, TELEX_LETTERS, TONES
from components.text import strip_accents

_BEFORE = (
    "cho em hỏi", "cho hỏi", "cho mình hỏi", "cho tôi hỏi", "dạ cho con hỏi", "ad ơi", "ad cho hỏi",
    "anh chị ơi", "dạ", "em chào anh chị, cho em hỏi", "chào phường,", "xin hỏi", "alo cho hỏi", "bạn ơi",
    "anh chị cho em hỏi", "cho cô hỏi chút", "mình muốn hỏi", "dạ em hỏi xíu", "phường ơi cho hỏi",
)  # fmt: skip
_AFTER = (
    "ạ", "vậy", "vậy ạ", "với", "với ạ", "ad", "nhỉ", "hả", "vậy ad", "dạ", "nha", "đó", "luôn", "?", "ạ?",
    "vậy ta", "á", "giúp em",
)  # fmt: skip
_LETTER_KEYS = {letter: keys for keys, letter in TELEX_LETTERS.items()}


def variants(text: str, *, seed: int, question: bool = True) -> Iterator[str]:
    """Other ways to type the same. The first one has no accents at all."""
    dice = random.Random(f"{seed}:{text}")
    yield strip_accents(text)
    yield half_accents(text, dice)
    short = shorthand(text, dice)
    if short != text:
        yield short
        if dice.random() < 0.5:
            yield strip_accents(short)
    if dice.random() < 0.25:
        yield telex_slip(text, dice)
    if dice.random() < 0.3:
        yield typo(text, dice)
    if question and len(text.split()) <= 14:
        dressed = dress(text, dice)
        yield dressed
        yield strip_accents(dress(text, dice))


def half_accents(text: str, dice: random.Random) -> str:
    """Some words keep their accents, some lose them."""
    return " ".join(word if dice.random() < 0.5 else strip_accents(word) for word in text.split())


def shorthand(text: str, dice: random.Random) -> str:
    """Chat shorthand for about two in three of the words that have one."""
    for phrase, short in SHORTER.items():
        if dice.random() < 0.65:
            text = re.sub(rf"\b{phrase}\b", dice.choice(short), text, flags=re.IGNORECASE)
    return text


def telex_slip(text: str, dice: random.Random) -> str:
    """One word as the keyboard would leave it with Vietnamese input off: ``giaays``."""
    words = text.split()
    marked = [i for i, word in enumerate(words) if not word.isascii()]
    if marked:
        at = dice.choice(marked)
        words[at] = _as_telex(words[at])
    return " ".join(words)


def _as_telex(word: str) -> str:
    keys, tone = "", ""
    for letter in unicodedata.normalize("NFC", word.lower()):
        marks = [m for m in unicodedata.normalize("NFD", letter) if m in TONES]
        bare = unicodedata.normalize(
            "NFC", "".join(c for c in unicodedata.normalize("NFD", letter) if c not in TONES)
        )
        tone = TONES[marks[0]] if marks else tone
        keys += _LETTER_KEYS.get(bare, bare)
    return keys + tone


def typo(text: str, dice: random.Random) -> str:
    """Drop, double or swap one letter."""
    spots = [i for i in range(1, len(text) - 1) if text[i].isalpha() and text[i + 1].isalpha()]
    if not spots:
        return text
    at = dice.choice(spots)
    match dice.randrange(3):
        case 0:
            return text[:at] + text[at + 1 :]
        case 1:
            return text[:at] + text[at] + text[at:]
        case _:
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def dress(text: str, dice: random.Random) -> str:
    """Put an opening before it or a particle behind it: neither changes what is asked."""
    how = dice.randrange(3)
    if how != 1:
        text = f"{dice.choice(_BEFORE)} {text}"
    if how != 0:
        text = f"{text} {dice.choice(_AFTER)}"
    return text
