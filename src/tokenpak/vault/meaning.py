"""Meaning without a network: how close the words of texts are, by a small model that ships here."""

from __future__ import annotations

import hashlib
import math
import operator
import struct
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files

import zstandard

from tokenpak.errors import StoreError

# all-MiniLM-L6-v2 (Apache-2.0), distilled to one vector for each word piece by
# scripts/distil_meaning.py; a zstd frame of `pieces, one a line, \0, rows of bytes, 128 for zero`.
SHA256 = "5dba4663f876cb6c9afab3f375c5498d978ee7dab853834f69b463732bd3b7c6"
DIMENSIONS = 64
_ZERO = 128
_MAX_WORD = 40
# Lanes of 32 bits hold the sum of 16 million bytes.
_LANE = 4
_LANES = struct.Struct(f"<{DIMENSIONS}I")


class Meaning:
    """The vectors of word pieces; a text has the sum of those of its words."""

    def __init__(self, packed: bytes) -> None:
        names, _, self._rows = zstandard.ZstdDecompressor().decompress(packed).partition(b"\0")
        self._numbers = {name: at for at, name in enumerate(names.decode().split("\n"))}
        self._pieces = lru_cache(maxsize=50_000)(self._word)

    def closeness(self, query: Iterable[str], texts: Sequence[Iterable[str]]) -> list[float]:
        """How close in meaning the words of each of *texts* are to those of *query*.

        Cosines from -1 to 1; 0 where no word is known. Words are in lower case.
        """
        asked = self._vector(query)
        return [_cosine(asked, self._vector(each)) for each in texts]

    def _vector(self, words: Iterable[str]) -> tuple[int, ...]:
        # One addition of whole numbers adds up all dimensions at once, each in a lane of its own.
        total = number = 0
        for word in words:
            lanes, count = self._pieces(word)
            total += lanes
            number += count
        found: tuple[int, ...] = _LANES.unpack(total.to_bytes(_LANES.size, "little"))
        return tuple(each - _ZERO * number for each in found)

    def _word(self, word: str) -> tuple[int, int]:
        """The sum of the pieces of *word*, the longest first, and how many there are."""
        total, number, start = 0, 0, 0
        word = word[:_MAX_WORD]
        while start < len(word):
            mark = "##" if start else ""
            for end in range(len(word), start, -1):
                at = self._numbers.get(mark + word[start:end])
                if at is not None:
                    break
            else:
                return 0, 0
            lanes = bytearray(_LANES.size)
            lanes[::_LANE] = self._rows[at * DIMENSIONS : (at + 1) * DIMENSIONS]
            total += int.from_bytes(lanes, "little")
            number, start = number + 1, end
        return total, number


@lru_cache(maxsize=1)
def load() -> Meaning:
    """The model. Raises StoreError if its file is not the one that belongs to this version."""
    packed = files("tokenpak").joinpath("data", "meaning.zst").read_bytes()
    if (found := hashlib.sha256(packed).hexdigest()) != SHA256:
        raise StoreError(f"meaning.zst: SHA-256 {found}, expected {SHA256}; install tokenpak again")
    return Meaning(packed)


def _cosine(one: Sequence[int], other: Sequence[int]) -> float:
    norms = math.hypot(*one) * math.hypot(*other)
    return sum(map(operator.mul, one, other)) / norms if norms else 0.0
