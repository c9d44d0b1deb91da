"""A lock on a file that the system takes back when its holder dies, however it dies."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from tokenpak.errors import StoreError

T = TypeVar("T")

_STEP_S = 0.01


@contextmanager
def held(
    path: Path, patience_s: float = 10.0, sleep: Callable[[float], None] = time.sleep
) -> Iterator[None]:
    """Hold the lock of *path*, a file beside it, against every other thread and process.

    The file goes with the lock. Raises StoreError if that is not free within *patience_s* seconds,
    OSError if it cannot be made.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = path.with_name(path.name + ".lock")
    descriptor = patiently(lambda: _locked(lock), patience_s, _STEP_S, sleep)
    if descriptor is None:
        raise StoreError(
            f"{path}: another process has been changing it for {patience_s:g} s; try again"
        )
    try:
        yield
    finally:
        with suppress(OSError):  # Windows keeps a file that is open
            lock.unlink()
        os.close(descriptor)


def patiently(
    attempt: Callable[[], T | None],
    patience_s: float,
    step_s: float,
    sleep: Callable[[float], None] = time.sleep,
) -> T | None:
    """What *attempt* gives once it is not None, asked every *step_s* seconds; None in the end."""
    waited = 0.0
    while (found := attempt()) is None and waited < patience_s:
        sleep(step_s)
        waited += step_s
    return found


def _locked(lock: Path) -> int | None:
    """A descriptor of the file *lock* that holds its lock; None if somebody else does."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    # Whoever held it may have taken the file away after we opened it: then it guards nothing.
    if taken(descriptor) and _is_there(lock, descriptor):
        return descriptor
    os.close(descriptor)
    return None


def _is_there(lock: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(lock), os.fstat(descriptor))
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def taken(descriptor: int) -> bool:
        """Whether the lock of the open file *descriptor* could be had; closing it gives it back."""
        os.lseek(descriptor, 0, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def taken(descriptor: int) -> bool:
        """Whether the lock of the open file *descriptor* could be had; closing it gives it back."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
