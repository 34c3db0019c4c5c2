"""Shares the examples out for cross-validation so that no test message has its twin among the lessons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedGroupKFold

from components.examples import Example
from components.text import normalise, strip_accents

#: Two messages are twins when the pieces of their words are so much the same (cosine, 0 to 1).
TWINS = 0.8
#: Messages compared at once: a block is 1,000 × all, some 60 MB.
BLOCK = 1_000


def twins(texts: Sequence[str]) -> np.ndarray:
    """The number of the group that each text belongs to; a text without a twin is a group of its own."""
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), dtype=np.float32)
    rows = csr_matrix(vectors.fit_transform(strip_accents(normalise(text)) or "-" for text in texts))
    left, right = [], []
    for start in range(0, len(texts), BLOCK):
        near = (rows[start : start + BLOCK] @ rows.T).tocoo()
        close = near.data >= TWINS
        left.append(near.row[close] + start)
        right.append(near.col[close])
    pairs = (np.concatenate(left), np.concatenate(right))
    graph = csr_matrix((np.ones(len(pairs[0]), np.int8), pairs), shape=(len(texts), len(texts)))
    return connected_components(graph, directed=False)[1]


def folds(examples: Sequence[Example], count: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For each fold the places of the lessons and of the tests, with the intents in equal shares."""
    split = StratifiedGroupKFold(n_splits=count, shuffle=True, random_state=7)
    intents = [one.intent for one in examples]
    yield from split.split(np.zeros(len(examples)), intents, twins([one.text for one in examples]))
