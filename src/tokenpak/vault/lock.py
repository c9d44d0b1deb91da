"""One writer at a time: a lock that the system takes back when its holder dies, however it dies."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tokenpak._lock import patiently, taken
from tokenpak._sqlite import explain
from tokenpak.errors import StoreError
from tokenpak.vault.schema import open_index

_STEP_S = 0.05
# Behind the first byte: Windows lets nobody read the byte that is locked.
_NAME_AT = 1


@contextmanager
def writing(
    index: Path, patience_s: float = 60.0, waiting: Callable[[str], None] = lambda _: None
) -> Iterator[sqlite3.Connection]:
    """A connection to *index* for its sole writer; see `sole_writer`.

    Raises StoreError also where the index cannot be used, meanwhile too.
    """
    with sole_writer(index, patience_s, waiting), closing(open_index(index)) as connection:
        try:
            yield connection
        except sqlite3.Error as error:
            raise explain(index, error) from error


@contextmanager
def sole_writer(
    index: Path,
    patience_s: float = 60.0,
    waiting: Callable[[str], None] = lambda _: None,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[None]:
    """Hold the writer's lock of *index*; *waiting* is told once who holds it if it is taken.

    Raises StoreError if it is not free within *patience_s* seconds.
    """
    path = index.with_name(index.name + ".lock")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not taken(descriptor):
            waiting(_holder(descriptor))
            if not patiently(lambda: taken(descriptor) or None, patience_s, _STEP_S, sleep):
                raise StoreError(
                    f"{index}: another indexer (process {_holder(descriptor)}) is at work; try "
                    "again when it is done"
                )
        os.lseek(descriptor, _NAME_AT, os.SEEK_SET)
        os.write(descriptor, f"{os.getpid():<20}".encode())
        yield
    finally:
        os.close(descriptor)


def _holder(descriptor: int) -> str:
    os.lseek(descriptor, _NAME_AT, os.SEEK_SET)
    return os.read(descriptor, 100).decode("ascii", "replace").strip() or "unknown"
