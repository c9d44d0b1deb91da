"""A bounded store of values in memory that knows how often it helped."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

DEFAULT_ENTRIES = 1024


@dataclass(frozen=True, slots=True)
class CacheStats:
    """What a store has seen so far."""

    entries: int
    hits: int
    misses: int
    evictions: int

    @property
    def hit_rate(self) -> float:
        """Hits among all questions, from 0 to 1; 0 before the first."""
        asked = self.hits + self.misses
        return self.hits / asked if asked else 0.0


class CacheStore:
    """The *max_entries* most recently used values, for at most *ttl_s* seconds each.

    Threads may share it. A value is given back as it was set, not as a copy. Raises ValueError
    if a limit is not positive.
    """

    def __init__(
        self,
        max_entries: int = DEFAULT_ENTRIES,
        ttl_s: float | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if max_entries < 1:
            raise ValueError(f"max_entries is {max_entries}, expected 1 or more")
        if ttl_s is not None and not ttl_s > 0:
            raise ValueError(f"ttl_s is {ttl_s}, expected more than 0")
        self.max_entries = max_entries
        self.ttl_s = ttl_s
        self._clock = clock
        self._values: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
        self._lock = threading.Lock()
        self._hits = self._misses = self._evictions = 0

    def set(self, key: Hashable, value: Any) -> None:
        """Keep *value* under *key*; the value used longest ago goes if there are too many."""
        with self._lock:
            self._values[key] = (self._clock(), value)
            self._values.move_to_end(key)
            while len(self._values) > self.max_entries:
                self._values.popitem(last=False)
                self._evictions += 1

    def get(self, key: Hashable, default: Any = None) -> Any:
        """The value under *key*, or *default*; counts as a hit or a miss."""
        with self._lock:
            found = self._values.get(key)
            if found is not None and self._is_old(found[0]):
                del self._values[key]
                self._evictions += 1
                found = None
            if found is None:
                self._misses += 1
                return default
            self._hits += 1
            self._values.move_to_end(key)
            return found[1]

    def delete(self, key: Hashable) -> bool:
        """Forget *key*; whether it was there."""
        with self._lock:
            return self._values.pop(key, None) is not None

    def clear(self) -> None:
        """Forget all values; the counters stay."""
        with self._lock:
            self._values.clear()

    @property
    def hit_rate(self) -> float:
        """Hits among all questions, from 0 to 1."""
        return self.stats().hit_rate

    def stats(self) -> CacheStats:
        """The counters at this moment."""
        with self._lock:
            return CacheStats(len(self._values), self._hits, self._misses, self._evictions)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, key: object) -> bool:
        with self._lock:
            found = self._values.get(key)
            return found is not None and not self._is_old(found[0])

    def _is_old(self, since: float) -> bool:
        return self.ttl_s is not None and self._clock() - since >= self.ttl_s
