"""Turns a message into sparse vectors: what it is about (words and pieces of words, with their accents and
without them), and how it is asked (the same, and the words that any subject may have around it)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
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
#: What stands for words that belong to a subject.
GAP = "*"
#: A word that stands beside this share of all procedures belongs to none of them.
COMMON = 0.18
#: Of the words that frame a question, the last ones are paired: the question stands at the end.
SPAN = 14

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
    found.append(f"n {min(len(plain), 4)}")
    return found


def common_words(texts: Iterable[str], subjects: Iterable[str]) -> frozenset[str]:
    """The words (without accents) that stand beside many subjects: they tell how a thing is asked."""
    beside: dict[str, set[str]] = {}
    known = set()
    for text, subject in zip(texts, subjects, strict=True):
        known.add(subject)
        for word in tokens_of(text):
            beside.setdefault(strip_accents(word), set()).add(subject)
    enough = max(2.0, COMMON * len(known))
    return frozenset(word for word, those in beside.items() if len(those) >= enough)


def asking_grams(text: str, common: Collection[str]) -> list[str]:
    """How a thing is asked, whatever it is: ``con toi bi tim co duoc hoan khong`` → ``* co duoc * khong``."""
    plain = [strip_accents(word) for word in tokens_of(text)]
    frame = [word for word in plain if word in common]
    found = [f"p {a} {b}" for a, b in _pairs(frame[-SPAN:])]
    # Talk is short and small, a question to a ministry long and a whole sentence.
    kind = "sentence" if text[:1].isupper() and text.rstrip().endswith(("?", ".")) else "talk"
    found += [kind, f"{kind} {min(len(plain) // 4, 6)}"]
    around = ["^", *frame, "$"]
    found += [f"k {a} {b}" for a, b in pairwise(around)]
    found += [f"k {a} {b} {c}" for a, b, c in zip(around, around[1:], around[2:], strict=False)]
    gaps = ["^"]
    for word in plain:
        if word in common:
            gaps.append(word)
        elif gaps[-1] != GAP:
            gaps.append(GAP)
    gaps.append("$")
    found += [f"z {a} {b} {c}" for a, b, c in zip(gaps, gaps[1:], gaps[2:], strict=False)]
    found += [f"z {a} {b} {c} {d}" for a, b, c, d in zip(gaps, gaps[1:], gaps[2:], gaps[3:], strict=False)]
    return found


def _pairs(words: Sequence[str]) -> set[tuple[str, str]]:
    """Each word with each later one: ``có … không``, whatever stands between."""
    return {(a, b) for i, a in enumerate(words) for b in words[i + 1 :]}


@dataclass(frozen=True, slots=True)
class Counts:
    """What stands in which message: a row a message, a column a gram, 1 where it occurs."""

    grams: list[str]
    rows: csr_matrix

    @classmethod
    def of(cls, documents: Iterable[Iterable[str]]) -> Counts:
        """Read every document once."""
        index: dict[str, int] = {}
        columns: list[int] = []
        starts = [0]
        for grams in documents:
            columns += {index.setdefault(gram, len(index)) for gram in grams}
            starts.append(len(columns))
        ones = np.ones(len(columns), np.float32)
        rows = csr_matrix((ones, columns, starts), shape=(len(starts) - 1, len(index)))
        rows.sort_indices()
        return cls(list(index), rows)

    def groups(self, keys: np.ndarray) -> Counts:
        """A row a group of messages (those with the same key), 1 where one of them has the gram."""
        _, numbers = np.unique(keys, return_inverse=True)
        ones = np.ones(len(numbers), np.float32)
        return Counts(self.grams, csr_matrix((ones, (numbers, np.arange(len(numbers))))) @ self.rows > 0)

    def messages(self) -> np.ndarray:
        """In how many messages each gram occurs."""
        return np.asarray(self.rows.sum(axis=0)).ravel()


@dataclass(frozen=True, slots=True)
class Scale:
    """How much each gram counts for one question (inverse document frequency); 0: not at all."""

    idf: np.ndarray

    @classmethod
    def of(cls, counts: Counts, wanted: np.ndarray) -> Scale:
        """The scale of these messages over the wanted grams (a mask)."""
        idf = np.log((1 + counts.rows.shape[0]) / (1 + counts.messages())) + 1
        return cls((idf * wanted).astype(np.float32))

    def values(self, columns: np.ndarray) -> np.ndarray:
        """The vector of one message over its columns; of length 1, or 0 where it has nothing."""
        values = self.idf[columns]
        length = float(np.sqrt(values @ values))
        return values / length if length else values

    def weighed(self, counts: Counts) -> csr_matrix:
        """All messages, as `values` would make them."""
        rows = csr_matrix(counts.rows.multiply(self.idf[np.newaxis, :]), dtype=np.float32)
        rows.eliminate_zeros()
        rows.sort_indices()
        lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        rows.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(rows.indptr)).astype(np.float32)
        return rows


def columns_of(grams: Iterable[str], index: Mapping[str, int]) -> np.ndarray:
    """The columns of a message, in order, each once."""
    return np.array(sorted({index[gram] for gram in grams if gram in index}), dtype=np.int64)
