"""The log of a server, written by a thread of its own: one that nobody reads stalls nothing."""

from __future__ import annotations

import logging
import queue
import time
from collections.abc import Callable
from logging.handlers import QueueHandler, QueueListener
from typing import Any, TextIO

MAX_WAITING = 1000
"""Lines that may wait to be written; what comes beyond them is lost, and counted."""
_FLUSH_S = 1.0


def start(level: str, stream: TextIO | None = None) -> Callable[[], None]:
    """Have this process write its log to *stream*, standard error by default.

    Returns what writes the lines that still wait, for at most a second: call it at the end.
    """
    waiting: queue.Queue[logging.LogRecord] = queue.Queue(MAX_WAITING)
    QueueListener(waiting, logging.StreamHandler(stream)).start()
    lines = _Waiting(waiting)
    lines.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[lines], force=True)

    def flush() -> None:
        latest = time.monotonic() + _FLUSH_S
        while waiting.unfinished_tasks and time.monotonic() < latest:
            time.sleep(0.005)

    return flush


class _Waiting(QueueHandler):
    """Hands lines to the thread that writes them; never waits for it."""

    def __init__(self, waiting: queue.Queue[logging.LogRecord]) -> None:
        super().__init__(waiting)
        self._lost = 0

    def enqueue(self, record: logging.LogRecord) -> None:
        try:
            if self._lost:
                self.queue.put_nowait(self._told())
                self._lost = 0
            self.queue.put_nowait(record)
        except queue.Full:
            self._lost += 1

    def _told(self) -> Any:
        message = f"{self._lost} lines of the log were lost: nobody read it"
        told = {"name": "tokenpak.log", "levelname": "WARNING", "levelno": 30, "msg": message}
        return self.prepare(logging.makeLogRecord(told))
