"""One writer at a time: a lock that the system takes back when its holder dies, however it dies."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tokenpak.errors import StoreError

_STEP_S = 0.05
# Behind the first byte: Windows lets nobody read the byte that is locked.
_NAME_AT = 1


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
        waited = 0.0
        while not _taken(descriptor):
            holder = _holder(descriptor)
            if waited == 0.0:
                waiting(holder)
            if waited >= patience_s:
                raise StoreError(
                    f"{index}: another indexer (process {holder}) is at work; try again when it "
                    "is done"
                )
            sleep(_STEP_S)
            waited += _STEP_S
        os.lseek(descriptor, _NAME_AT, os.SEEK_SET)
        os.write(descriptor, f"{os.getpid():<20}".encode())
        yield
    finally:
        os.close(descriptor)


def _holder(descriptor: int) -> str:
    os.lseek(descriptor, _NAME_AT, os.SEEK_SET)
    return os.read(descriptor, 100).decode("ascii", "replace").strip() or "unknown"


if sys.platform == "win32":
    import msvcrt

    def _taken(descriptor: int) -> bool:
        os.lseek(descriptor, 0, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _taken(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
