"""Processes that parse: parsing keeps a Python to itself, so threads would not help."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from queue import SimpleQueue
from typing import TypeAlias

from tokenpak.errors import StoreError
from tokenpak.vault.parsing import Job, Parsed, parse

_Start: TypeAlias = tuple[str, Collection[bytes], bool]

# Fewer files are parsed sooner than a process starts.
MIN_FILES = 300
_CHUNK = 64
# One chunk in work, one waiting, so that no worker is ever idle.
_AHEAD = 2
# Not multiprocessing: that runs the caller's script again in every process, and one without a
# guard would index again there. The modules come from where this process found them.
_CHILD = "import sys; sys.path[:] = {path!r}; from tokenpak.vault.pool import serve; serve()"


def parse_all(
    root: str, jobs: Sequence[Job], moved: Collection[bytes], exact: bool, workers: int
) -> Iterator[Parsed]:
    """Every one of *jobs*, parsed, in no particular order.

    A file whose parsing kills a process is reported as skipped; the others go on.
    Raises StoreError if no process can be started.
    """
    if workers < 2 or len(jobs) < MIN_FILES:
        for job in jobs:
            yield parse(root, job, moved, exact)
        return
    chunks = deque(list(jobs[at : at + _CHUNK]) for at in range(0, len(jobs), _CHUNK))
    start = (root, moved, exact)
    done: _Done = SimpleQueue()
    crew: set[_Worker] = set()
    try:
        for _ in range(min(workers, len(chunks))):
            crew.add(_hired(start, done, chunks))
        while crew:
            worker, parsed = done.get()
            if worker not in crew:
                continue
            if parsed is not None:
                worker.given.popleft()
                yield from parsed
                worker.give(chunks)
            if parsed is None or not worker.given:
                crew.remove(worker)
                worker.stop()
                for chunk in worker.given:
                    yield from _rescued(start, chunk)
                if chunks:
                    crew.add(_hired(start, done, chunks))
    finally:
        for worker in crew:
            worker.stop()


class _Worker:
    """One process, and a thread that puts what it has parsed into *done*: None once it is dead.

    It ends when its input is closed, or we die.
    """

    def __init__(self, start: _Start, done: _Done) -> None:
        self.given: deque[list[Job]] = deque()
        self.started = False
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CHILD.format(path=sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Ctrl-C is for us, who then end it: interrupted as it starts it would print why.
            process_group=0,
        )
        self._thread = threading.Thread(target=self._read, args=(done,), daemon=True)
        self._send(start)
        self._thread.start()

    def give(self, chunks: deque[list[Job]]) -> None:
        while chunks and len(self.given) < _AHEAD:
            self.given.append(chunks.popleft())
            self._send(self.given[-1])

    def stop(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        with suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._thread.join()
        self._process.stdout.close()

    @property
    def code(self) -> int | None:
        """What the process ended with."""
        return self._process.returncode

    def _send(self, given: _Start | list[Job]) -> None:
        assert self._process.stdin is not None
        # A dead process is noticed where its output ends.
        with suppress(OSError):
            pickle.dump(given, self._process.stdin)
            self._process.stdin.flush()

    def _read(self, done: _Done) -> None:
        assert self._process.stdout is not None
        try:
            self.started = self._process.stdout.read(len(_READY)) == _READY
            while True:
                done.put((self, pickle.load(self._process.stdout)))
        except (EOFError, OSError, pickle.UnpicklingError):
            done.put((self, None))


_Done: TypeAlias = SimpleQueue[tuple[_Worker, list[Parsed] | None]]
_READY = b"!"


def _hired(start: _Start, done: _Done, chunks: deque[list[Job]]) -> _Worker:
    worker = _Worker(start, done)
    worker.give(chunks)
    return worker


def _rescued(start: _Start, jobs: list[Job]) -> Iterator[Parsed]:
    """*jobs*, parsed; if that kills another process, each half of them, down to the culprit."""
    done: _Done = SimpleQueue()
    worker = _hired(start, done, deque([jobs]))
    _, parsed = done.get()
    worker.stop()
    if parsed is not None:
        yield from parsed
    elif not worker.started:
        raise StoreError(
            f"{sys.executable}: as a process that parses it ended at once, with code "
            f"{worker.code}; index with one process: --workers 1"
        )
    elif len(jobs) == 1:
        yield Parsed(jobs[0].path, None, reason="its parser crashed")
    else:
        yield from _rescued(start, jobs[: len(jobs) // 2])
        yield from _rescued(start, jobs[len(jobs) // 2 :])


def serve() -> None:
    """Parse what comes by standard input, until it ends; answers by standard output."""
    try:
        root, moved, exact = pickle.load(sys.stdin.buffer)
        with open(os.dup(sys.stdout.fileno()), "wb") as answers:
            # What a parser may print must not get among the answers.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            answers.write(_READY)
            answers.flush()
            while True:
                chunk = pickle.load(sys.stdin.buffer)
                pickle.dump([parse(root, job, moved, exact) for job in chunk], answers)
                answers.flush()
    except (EOFError, OSError, KeyboardInterrupt):
        # Nobody is there any more who wants it.
        return
