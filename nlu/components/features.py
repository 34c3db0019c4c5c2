"""Turns a message into one sparse vector: words and pieces of words, with their accents and without them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_matrix

from components.text import strip_accents, tokens_of

#: A long story usually ends with its question, so the last words are told apart.
END = 5
#: Pieces of a word, without accents: what survives typing errors.
PIECES = (3, 4)


#: What stands for the name of a procedure, whichever it is.
BLANK = "#"

Names = dict[str, list[tuple[str, ...]]]


def names_of(names: Iterable[str]) -> Names:
    """First word → the names that begin with it, the longest first; all without accents."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for name in names:
        words = tuple(strip_accents(word) for word in tokens_of(name))
        if words:
            found.setdefault(words[0], set()).add(words)
    return {first: sorted(those, key=lambda w: (-len(w), w)) for first, those in found.items()}


def blank_out(plain: Sequence[str], names: Names) -> list[str]:
    """``giay khai sinh het bao nhieu`` → ``# het bao nhieu``: what is asked, whatever it is about."""
    out: list[str] = []
    at = 0
    while at < len(plain):
        hit = next((w for w in names.get(plain[at], ()) if tuple(plain[at : at + len(w)]) == w), None)
        out.append(plain[at] if hit is None else BLANK)
        at += 1 if hit is None else len(hit)
    return out


def grams_of(text: str, names: Names) -> list[str]:
    """Every feature of a message, by name. The prefix says which kind it is."""
    words = tokens_of(text)
    plain = [strip_accents(word) for word in words]
    around = blank_out(plain, names)
    found = ["s " + a for a in plain]
    found += [f"s {a} {b}" for a, b in pairwise(plain)]
    found += [f"s {a} {b} {c}" for a, b, c in zip(plain, plain[1:], plain[2:], strict=False)]
    for word, bare in zip(words, plain, strict=True):
        if word != bare:
            found.append("w " + word)
    found += [f"w {a} {b}" for a, b in pairwise(words) if not (a.isascii() and b.isascii())]
    if BLANK in around:
        around = ["^", *around, "$"]
        found += [f"d {a} {b}" for a, b in pairwise(around)]
        found += [f"d {a} {b} {c}" for a, b, c in zip(around, around[1:], around[2:], strict=False)]
        if len(around) <= 5:
            found.append("d " + " ".join(around))
    tail = plain[-END:]
    found += ["e " + a for a in tail]
    found += [f"e {a} {b}" for a, b in pairwise(tail)]
    joined = f" {' '.join(plain)} "
    for size in PIECES:
        found += [joined[i : i + size] for i in range(len(joined) - size + 1)]
    if len(plain) <= 3:
        found.append(f"n {len(plain)}")
    return found


@dataclass(frozen=True, slots=True)
class Features:
    """A vocabulary with the weight of each of its entries (inverse document frequency)."""

    index: dict[str, int]
    idf: np.ndarray
    names: Names

    @classmethod
    def learn(cls, documents: Sequence[Sequence[str]], names: Names, at_least: int = 2) -> Features:
        """Keep what occurs in at least so many documents."""
        seen: Counter[str] = Counter()
        for grams in documents:
            seen.update(set(grams))
        kept = sorted(gram for gram, count in seen.items() if count >= at_least)
        counts = np.array([seen[gram] for gram in kept], dtype=np.float64)
        idf = (np.log((1 + len(documents)) / (1 + counts)) + 1).astype(np.float32)
        return cls({gram: i for i, gram in enumerate(kept)}, idf, names)

    def vector(self, grams: Iterable[str]) -> tuple[np.ndarray, np.ndarray]:
        """Column numbers and values of one message; the vector has length 1."""
        index = self.index
        columns = np.array(sorted({index[gram] for gram in grams if gram in index}), dtype=np.int32)
        values = self.idf[columns]
        length = float(np.sqrt(values @ values)) if len(columns) else 0.0
        return columns, values / length if length else values

    def matrix(self, documents: Sequence[Sequence[str]]) -> csr_matrix:
        """All messages, a row each."""
        rows = [self.vector(grams) for grams in documents]
        starts = np.cumsum([0] + [len(columns) for columns, _ in rows])
        columns = np.concatenate([columns for columns, _ in rows]) if rows else np.zeros(0, np.int32)
        values = np.concatenate([values for _, values in rows]) if rows else np.zeros(0, np.float32)
        return csr_matrix((values, columns, starts), shape=(len(rows), len(self.idf)))
