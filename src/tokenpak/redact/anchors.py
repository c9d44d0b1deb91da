"""Where to look: the places of the literals with which secrets, or their names, begin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any


class Finder:
    """Finds anchors from left to right; of two that overlap, the first, then the longest.

    Anchors in lower-case letters only are found in any case, the others as they are written.
    Uses google-re2 where it is installed: one pass for all anchors instead of one for each.
    """

    def __init__(self, anchors: Iterable[bytes]) -> None:
        self._anchors = sorted(set(anchors), key=lambda each: (-len(each), each))
        self._any_case = frozenset(each for each in self._anchors if _in_any_case(each))

    def find(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """The offset of each anchor in *data*, and the anchor."""
        if self._scanner is None:
            return self.find_one_by_one(data)
        return self.find_at_once(data)

    def find_at_once(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        for match in self._scanner.finditer(data):
            found = match.group()
            yield match.start(), found.lower() if found.lower() in self._any_case else found

    def find_one_by_one(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        lower = data.lower()
        places = []
        for rank, anchor in enumerate(self._anchors):
            where = lower if anchor in self._any_case else data
            place = where.find(anchor)
            while place >= 0:
                places.append((place, rank))
                place = where.find(anchor, place + 1)
        end = 0
        for place, rank in sorted(places):
            if place >= end:
                yield place, self._anchors[rank]
                end = place + len(self._anchors[rank])

    @cached_property
    def _scanner(self) -> Any:
        """All anchors as one expression of google-re2, or None where that is not installed."""
        try:
            import re2
        except ImportError:
            return None
        return re2.compile(b"|".join(map(self._expression, self._anchors)))

    def _expression(self, anchor: bytes) -> bytes:
        if anchor not in self._any_case:
            return re.escape(anchor)
        # Not (?i:...): that also folds letters beyond ASCII, such as the Kelvin sign to k.
        return b"".join(b"[%c%c]" % (each, each ^ 0x20) for each in anchor)


def _in_any_case(anchor: bytes) -> bool:
    return anchor.isalpha() and anchor.islower()
