"""Which texts are about what a conversation is about now: BM25 without a library."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence, Set

_K1, _B = 1.2, 0.75
"""The usual constants of BM25."""


def scores(texts: Sequence[Set[str]], wanted: Set[str]) -> list[float]:
    """The BM25 score of each of *texts*, given by their words, for the words *wanted*.

    0 for one that shares none. A word that stands in many of *texts* says little of any. Each
    counts once in a text, as a line rarely has one twice.
    """
    shared = [words & wanted for words in texts]
    known = Counter(word for words in shared for word in words)
    mean = max(1.0, sum(map(len, texts)) / max(1, len(texts)))
    weights = {
        word: math.log(1 + (len(texts) - number + 0.5) / (number + 0.5))
        for word, number in known.items()
    }
    return [
        sum(weights[word] for word in sorted(both))
        * (1 + _K1)
        / (1 + _K1 * (1 - _B + _B * len(words) / mean))
        if both
        else 0.0
        for words, both in zip(texts, shared, strict=True)
    ]
