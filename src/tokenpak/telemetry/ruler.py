"""Where in a request a number of the provider's tokens ends, and how much was saved before it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate

from tokenpak.flow import Trail

# Automatic caches read in steps of 128 tokens: a figure that much below a known one means that.
_SNAP = 160


class Ruler:
    """The length of one request, in the provider's tokens and in bytes.

    *anchors* are message parts and the tokens that the provider counted up to them, *total* what
    it counted now. Between two of these, tokens are as long as the bytes say.
    """

    def __init__(self, trail: Trail, anchors: Iterable[tuple[int, int]], total: int) -> None:
        self._trail = trail
        self._ends = list(accumulate(trail.sizes, initial=len(trail.tools)))
        opening = len(trail.system)
        points = [(0, 0)]
        for parts, tokens in sorted({*anchors, (len(trail.digests) - opening, total)}):
            if points[-1][0] < tokens <= total:
                points.append((tokens, self._ends[opening + parts]))
        self._tokens = [tokens for tokens, _ in points]
        self._bytes = [end for _, end in points]

    def saved_upto(self, tokens: float) -> float:
        """o200k tokens that were saved within the first *tokens* of what was sent."""
        if not self._trail.saved:
            return 0.0
        end = self._at(tokens)
        saved = 0.0
        for number, worth in self._trail.saved.items():
            first, last = self._ends[number], self._ends[number + 1]
            if last <= end:
                saved += worth
            elif first < end:
                saved += worth * (end - first) / (last - first)
        return saved

    def _at(self, tokens: float) -> float:
        if tokens <= 0:
            return 0.0
        above = bisect_left(self._tokens, tokens)
        near = [at for at in (above, above - 1) if self._near(at, tokens)]
        if near:
            return self._bytes[near[0]]
        if above == len(self._tokens):
            return self._bytes[-1]
        low, high = self._tokens[above - 1], self._tokens[above]
        share = (tokens - low) / (high - low)
        return self._bytes[above - 1] + share * (self._bytes[above] - self._bytes[above - 1])

    def _near(self, at: int, tokens: float) -> bool:
        return 0 < at < len(self._tokens) and abs(self._tokens[at] - tokens) <= _SNAP
