"""A bounded memory of counts, keyed by a hash so that it holds no text."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

import xxhash


class CountCache:
    """The *entries* most recently used counts; 0 switches it off. Safe to share between threads."""

    def __init__(self, entries: int = 1024) -> None:
        if entries < 0:
            raise ValueError(f"entries is {entries}, expected 0 or more")
        self.entries = entries
        self.hits = 0
        self.misses = 0
        self._counts: OrderedDict[tuple[str, bytes], int] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, encoding: str, text: str, count: Callable[[str], int]) -> int:
        """The count of *text* in *encoding*, from *count* if it is not remembered."""
        if not self.entries:
            return count(text)
        key = (encoding, xxhash.xxh3_128_digest(text.encode("utf-8", "surrogatepass")))
        with self._lock:
            found = self._counts.get(key)
            if found is not None:
                self.hits += 1
                self._counts.move_to_end(key)
                return found
            self.misses += 1
        # Counted outside of the lock: two threads may count the same text once each.
        tokens = count(text)
        with self._lock:
            self._counts[key] = tokens
            while len(self._counts) > self.entries:
                self._counts.popitem(last=False)
        return tokens

    def __len__(self) -> int:
        return len(self._counts)
