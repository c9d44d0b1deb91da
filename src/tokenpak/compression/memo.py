"""How far each conversation has been packed: a bounded memory of prefix hash -> state."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from tokenpak.canonical import Part
from tokenpak.compression import fingerprint
from tokenpak.compression.select import Plan
from tokenpak.compression.state import State


def chain(
    parts: Sequence[Part],
    plan: Plan,
    digests: Sequence[bytes] | None = None,
    cold: frozenset[int] = frozenset(),
) -> list[bytes]:
    """The hash of every prefix of *parts* under *plan*, from the empty one on.

    *digests* are those of *parts*, if the caller has them. *cold* are the sizes at which an epoch
    was decided on: what follows from such a prefix is another state than without it.
    """
    found = fingerprint.digests(parts) if digests is None else list(digests)
    for size in cold:
        if 0 < size <= len(found):
            found[size - 1] += b"cold"
    return fingerprint.chain(found, repr(plan).encode())


class Memo:
    """States by the hash of the prefix that they follow from, the least recently used go first.

    A state is lent to one caller at a time: `take` removes it, `put` stores it under the longer
    prefix. A second caller meanwhile, a rewound or an evicted conversation starts from the
    beginning, which costs time and gives the same texts.
    """

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._held = 0
        self._states: OrderedDict[bytes, State] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, keys: Sequence[bytes]) -> State:
        """The state after the longest prefix known; a fresh one if none is."""
        with self._lock:
            for key in reversed(keys):
                state = self._states.pop(key, None)
                if state is not None:
                    self._held -= state.size
                    return state
        return State()

    def put(self, keys: Sequence[bytes], state: State) -> None:
        """Store *state*, which follows from the whole of the prefix that *keys* ends with."""
        with self._lock:
            old = self._states.pop(keys[-1], None)
            self._held += state.size - (old.size if old else 0)
            self._states[keys[-1]] = state
            while self._held > self._limit and self._states:
                _, evicted = self._states.popitem(last=False)
                self._held -= evicted.size
