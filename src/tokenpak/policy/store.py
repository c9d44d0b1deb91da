"""`compression.json`: read when it has changed, written whole or not at all."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tokenpak import _atomic
from tokenpak._lock import held
from tokenpak.errors import ConfigError, StoreError
from tokenpak.policy import check
from tokenpak.policy.model import DEFAULT_COMBO, Policy, read

logger = logging.getLogger("tokenpak.policy")

FILE = "compression.json"
_Stamp = tuple[int, int, int]
# A process has several stores of one home, and one line in its log is enough.
_told: set[tuple[Path, _Stamp | None]] = set()


class PolicyStore:
    """The policy of one home folder, for any number of threads and processes.

    Each use asks for the state of the file, so that all workers follow a change at their next
    request. A file that cannot be used is told in the log once; until it is mended, what was last
    read stays in force.
    """

    def __init__(self, home: Path) -> None:
        self.path = home / FILE
        self._lock = threading.Lock()
        self._stamp: _Stamp | None = None
        self._policy = Policy()
        self._error: str | None = None
        self._was_read = False

    def current(self) -> Policy:
        """The policy in force. Costs one call of stat while the file does not change."""
        stamp = self._found()
        if stamp != self._stamp:
            with self._lock:
                if stamp != self._stamp:
                    self._read(stamp)
        return self._policy

    @property
    def error(self) -> str | None:
        """Why the file that lies there now is not in force; None if it is."""
        self.current()
        return self._error

    def change(self, step: Callable[[Policy], Policy]) -> Policy:
        """Put *step* of the policy in force and write it. Gives what is in force then.

        *step* is given what is in force while nobody else changes it, so that no change is lost.
        What it raises goes on to the caller, and nothing has been changed. Raises StoreError if
        the file cannot be written, or holds what could not be read: it would be lost.
        """
        # The file's lock first: while it is waited for, requests go on.
        with _explained(self.path), held(self.path), self._lock:
            self._read(self._found())
            if self._error is not None:
                raise StoreError(f"{self._error}; mend or remove the file first")
            changed = step(self._policy)
            check.policy(changed)
            check.new_names(changed, self._policy, self.path.parent)
            self._write(changed)
            self._policy, self._stamp = changed, self._found()
            return changed

    def _found(self) -> _Stamp | None:
        try:
            state = os.stat(self.path)
        except OSError:
            return None
        return state.st_mtime_ns, state.st_size, state.st_ino

    def _read(self, stamp: _Stamp | None) -> None:
        error = None
        try:
            self._policy = Policy() if stamp is None else load(self.path)
            self._was_read = stamp is not None
        except ConfigError as failed:
            error = str(failed)
            self._tell(stamp, error)
        # Last, so that no other thread takes the policy before for the one of this stamp.
        self._error, self._stamp = error, stamp

    def _tell(self, stamp: _Stamp | None, error: str) -> None:
        if (self.path, stamp) not in _told:
            _told.add((self.path, stamp))
            kept = "what was read before stays" if self._was_read else "the defaults are"
            logger.error("%s; until it is mended or removed %s in force", error, kept)

    def _write(self, policy: Policy) -> None:
        text = msgspec.json.format(msgspec.json.encode(policy), indent=2) + b"\n"
        _atomic.write(self.path, text)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be written ({error.strerror}); nothing was changed; see to the rights "
            "of its folder and the space on its disk"
        ) from error


def load(path: Path) -> Policy:
    """The policy that *path* holds. Raises ConfigError naming the file, the field, what is known.

    A combo that is always there may be left out.
    """
    try:
        values = msgspec.json.decode(path.read_bytes())
        policy = read(values, Policy)
        if policy.combo(DEFAULT_COMBO.id) is None:
            default = msgspec.structs.replace(DEFAULT_COMBO, is_default=False)
            if not any(each.is_default for each in policy.combos):
                default = DEFAULT_COMBO
            policy = msgspec.structs.replace(policy, combos=(default, *policy.combos))
        check.policy(policy)
    except (OSError, ConfigError) as error:
        raise ConfigError(f"{path}: {error}") from error
    except msgspec.DecodeError as error:
        raise ConfigError(f"{path}: is not JSON: {error}") from error
    return policy
