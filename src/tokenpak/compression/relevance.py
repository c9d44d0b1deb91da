"""Which texts are about what a conversation is about now: BM25 without a library."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from tokenpak.compression.cuts import words_of

_K1, _B = 1.2, 0.75
"""The usual constants of BM25."""


def scores(texts: Sequence[str], wanted: set[str]) -> list[float]:
    """The BM25 score of each of *texts* for the words *wanted*; 0 for one that shares none.

    A word that stands in many of *texts* says little of any. Linear in their length.
    """
    found = [words_of(text) for text in texts]
    known = Counter(word for words in found for word in words if word in wanted)
    mean = max(1.0, sum(map(len, found)) / max(1, len(found)))
    weights = {
        word: math.log(1 + (len(texts) - number + 0.5) / (number + 0.5))
        for word, number in known.items()
    }
    # Each word counts once in a text: `words_of` gives a set, and a line rarely has one twice.
    lengths = [1 + _K1 * (1 - _B + _B * len(words) / mean) for words in found]
    return [
        sum(weights[word] for word in sorted(words & wanted)) * (1 + _K1) / length
        for words, length in zip(found, lengths, strict=True)
    ]
