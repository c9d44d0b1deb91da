"""Token counts of parts, each counted once however often the client sends it again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable

from xxhash import xxh3_128_digest

from tokenpak.canonical import Part
from tokenpak.errors import WireError
from tokenpak.tokens import count

_COUNTED = frozenset({"text", "system", "tool_use", "tool_result", "thinking"})


class PartCounts:
    """Exact o200k tokens by part; remembers the *limit* parts used last (about 100 bytes each)."""

    def __init__(self, limit: int = 20_000) -> None:
        self._limit = limit
        self._known: OrderedDict[tuple[str, bytes], int] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, part: Part) -> int:
        """Tokens of *part*; 0 for images and for what cannot be read."""
        if part.kind not in _COUNTED:
            return 0
        # With its kind: of a call the text is its JSON, of a text what that JSON says.
        key = (part.kind, xxh3_128_digest(part.literal))
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                self._known.move_to_end(key)
                return known
        try:
            tokens = count(part.text)
        except WireError:
            return 0
        with self._lock:
            self._known[key] = tokens
            if len(self._known) > self._limit:
                self._known.popitem(last=False)
        return tokens

    def total(self, parts: Iterable[Part]) -> int:
        """Tokens of all *parts*."""
        return sum(map(self.of, parts))
