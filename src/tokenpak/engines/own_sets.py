"""What users bring in files: read again when a file changes, known to requests by its digest."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")

_MAX_SETS = 32
Stamp = tuple[tuple[str, int, int], ...]


class OwnSets(Generic[T]):
    """Sets of one kind by digest, the least recently read forgotten first; safe in threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read: dict[Hashable, tuple[Stamp, str]] = {}
        self._sets: OrderedDict[str, T] = OrderedDict()

    def digest(
        self, asked: Hashable, files: Iterable[Path], load: Callable[[], tuple[str, T] | None]
    ) -> str:
        """The digest of what *load* gives, which is called again once one of *files* changes.

        "" where it gives None. *asked* names the question, so that several may be kept apart.
        """
        now = stamp(files)
        with self._lock:
            known = self._read.get(asked)
            if known is None or known[0] != now:
                known = self._read[asked] = now, self._keep(load())
            return known[1]

    def get(self, digest: str) -> T | None:
        """The set that `digest` gave *digest* for; None where it is forgotten."""
        with self._lock:
            return self._sets.get(digest)

    def _keep(self, loaded: tuple[str, T] | None) -> str:
        if loaded is None:
            return ""
        digest, found = loaded
        self._sets[digest] = found
        self._sets.move_to_end(digest)
        while len(self._sets) > _MAX_SETS:
            self._sets.popitem(last=False)
        return digest


def stamp(files: Iterable[Path]) -> Stamp:
    """What changes when a file does: names, sizes and times."""
    found = []
    for path in files:
        try:
            state = path.stat()
        except OSError:
            continue
        found.append((str(path), state.st_mtime_ns, state.st_size))
    return tuple(found)
