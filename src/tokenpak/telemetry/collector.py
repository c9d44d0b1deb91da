"""Takes finished exchanges from the proxy and writes them from a thread of its own."""

from __future__ import annotations

import datetime
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue

from tokenpak._sqlite import explain
from tokenpak.errors import TokenPakError
from tokenpak.flow import Flow
from tokenpak.providers.pricing import Price, price
from tokenpak.telemetry import calibration, store
from tokenpak.telemetry.events import Row, row
from tokenpak.telemetry.ledger import Ledger
from tokenpak.telemetry.watching import TelemetryCollector

__all__ = ["Recorder", "TelemetryCollector"]

BATCH_ROWS = 1000
BATCH_S = 0.2
RETRY_S = 30.0
LIMIT = 10_000
"""Exchanges that wait at most; further ones are counted in `dropped`."""

_LEARN_EVERY_ROWS = 100

PriceOf = Callable[[str, datetime.date], Price | None]

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Signal:
    """Asks the writer to write now; `stop` also ends it."""

    stop: bool = False
    done: threading.Event = field(default_factory=threading.Event)


class Recorder:
    """Writes a row for each exchange to the database at *path*, without ever holding one up.

    Rows are written in batches, after 200 ms or 1,000 rows. While the database cannot be written,
    `error` says why, rows wait, and it is tried again every 30 seconds.
    """

    def __init__(
        self,
        path: Path,
        *,
        price_of: PriceOf = price,
        connect: Callable[[Path], sqlite3.Connection] = store.open_telemetry,
        limit: int = LIMIT,
    ) -> None:
        self.path = path
        self.error: str | None = None
        """Why nothing is written at the moment; None if all is well."""
        self.dropped = 0
        """Exchanges that were not recorded, because too many waited or at the end."""
        self._price_of = price_of
        self._connect = connect
        self._limit = limit
        self._queue: SimpleQueue[Flow | _Signal] = SimpleQueue()
        self._some = threading.Event()
        self._hurry = threading.Event()
        self._ledger = Ledger()
        self._waiting: list[Row] = []
        self._unpriced = ""
        self._file: tuple[int, int] | None = None
        self._connection: sqlite3.Connection | None = None
        self._retry_at = 0.0
        self._since_learned = 0
        self._closed = False
        self._dropping = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="telemetry", daemon=True)
        self._thread.start()

    def record(self, flow: Flow) -> None:
        """Have *flow* written; it must not change any more. Never waits, never raises."""
        queued = self._queue.qsize()
        if self._closed or queued + len(self._waiting) >= self._limit:
            self._drop(1)
            return
        self._queue.put(flow)
        # Once a batch: waking the writer for each exchange would hold up the next one.
        if not self._some.is_set():
            self._some.set()
        if queued >= BATCH_ROWS:
            self._hurry.set()

    def flush(self, timeout_s: float = 5.0) -> bool:
        """Write what waits now; whether all of it is written within *timeout_s*."""
        return self._ask(_Signal(), timeout_s)

    def close(self, timeout_s: float = 5.0) -> bool:
        """Write what waits, then end; whether all of it was written within *timeout_s*."""
        self._closed = True
        return self._ask(_Signal(stop=True), timeout_s)

    def _ask(self, signal: _Signal, timeout_s: float) -> bool:
        if self._thread.is_alive():
            self._queue.put(signal)
            self._wake()
            if not signal.done.wait(timeout_s):
                return False
        return not self.error

    def _drop(self, number: int) -> None:
        with self._dropping:
            self.dropped += number

    def _run(self) -> None:
        stop = False
        while not stop:
            signal = self._gather()
            if self._waiting and (signal or time.monotonic() >= self._retry_at):
                self._write()
            if signal:
                stop = signal.stop
                if stop:
                    self._end()
                signal.done.set()

    def _gather(self) -> _Signal | None:
        """Collect rows once a batch is due or a signal has come, which is given back."""
        wait_s = max(0.0, self._retry_at - time.monotonic()) if self._waiting else None
        if self._some.wait(wait_s):
            self._hurry.wait(BATCH_S)
        # Before the queue is emptied: what comes meanwhile sets them again.
        self._some.clear()
        self._hurry.clear()
        while not self._queue.empty():
            item = self._queue.get_nowait()
            if isinstance(item, _Signal):
                self._wake()  # there may be more behind it
                return item
            self._add(item)
        return None

    def _wake(self) -> None:
        self._some.set()
        self._hurry.set()

    def _add(self, flow: Flow) -> None:
        try:
            self._waiting.append(row(flow, self._price(flow), self._ledger.enter(flow)))
        except Exception:  # one exchange that cannot be read must not end the thread
            log.exception("an exchange could not be recorded")
            self._drop(1)

    def _price(self, flow: Flow) -> Price | None:
        if not flow.model:
            return None
        day = datetime.datetime.fromtimestamp(flow.started, datetime.UTC).date()
        try:
            return self._price_of(flow.model, day)
        except TokenPakError as error:
            if str(error) != self._unpriced:
                log.warning("no costs are recorded until that is mended: %s", error)
            self._unpriced = str(error)
            return None

    def _write(self) -> None:
        try:
            if self._connection is not None and _identity(self.path) != self._file:
                # Somebody moved the file away. It takes along what its log still holds; what comes
                # now would not be found again there.
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                self._disconnect()
            if self._connection is None:
                self._connection = self._connect(self.path)
                self._file = _identity(self.path)
                calibration.apply(calibration.saved(self._connection))
            while self._waiting:
                batch = self._waiting[:BATCH_ROWS]
                store.insert(self._connection, batch)
                del self._waiting[: len(batch)]
                self._learn(len(batch))
        except Exception as error:  # the thread goes on
            self._fail(error)
        else:
            self._recovered()

    def _learn(self, rows: int) -> None:
        self._since_learned += rows
        if self._connection and self._since_learned >= _LEARN_EVERY_ROWS:
            self._since_learned = 0
            learned = calibration.learn(self._connection)
            calibration.save(self._connection, learned, time.time())
            calibration.apply(learned)

    def _fail(self, error: Exception) -> None:
        if isinstance(error, sqlite3.Error | OSError):
            error = explain(self.path, error)
        elif not isinstance(error, TokenPakError):
            # Not the database but the rows: they would fail again, and hold up all others.
            log.exception("%d exchanges could not be recorded", len(self._waiting))
            self._drop(len(self._waiting))
            self._waiting.clear()
        if str(error) != self.error:
            log.warning("telemetry is not written: %s", error)
        self.error = str(error)
        self._retry_at = time.monotonic() + RETRY_S
        self._disconnect()

    def _recovered(self) -> None:
        if self.error:
            log.info("telemetry is written again: %s", self.path)
        self.error = None
        self._retry_at = 0.0

    def _end(self) -> None:
        self._drop(len(self._waiting))
        self._waiting.clear()
        self._disconnect()

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            try:
                connection.close()
            except sqlite3.Error as error:
                log.warning("%s: not closed cleanly: %s", self.path, error)


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells the file at *path* from another one there; None if there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
