"""Processes that parse: parsing keeps a Python to itself, so threads would not help."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TypeAlias

from tokenpak.vault.parsing import Job, Parsed, parse

_Start: TypeAlias = tuple[str, Collection[bytes], bool]

# Fewer files are parsed sooner than a process starts.
MIN_FILES = 300
_CHUNK = 64
# One chunk in work, one waiting, so that no worker is ever idle.
_AHEAD = 2


def parse_all(
    root: str, jobs: Sequence[Job], moved: Collection[bytes], exact: bool, workers: int
) -> Iterator[Parsed]:
    """Every one of *jobs*, parsed, in no particular order.

    A file whose parsing kills a process is reported as skipped; the others go on.
    """
    if workers < 2 or len(jobs) < MIN_FILES:
        for job in jobs:
            yield parse(root, job, moved, exact)
        return
    chunks = deque(list(jobs[at : at + _CHUNK]) for at in range(0, len(jobs), _CHUNK))
    crew = {}
    try:
        for _ in range(min(workers, len(chunks))):
            worker = _Worker(root, moved, exact)
            crew[worker.end] = worker
            worker.give(chunks)
        while crew:
            for end in wait(list(crew)):
                worker = crew[end]  # type: ignore[index]
                done = worker.take()
                if done is None:
                    del crew[worker.end]
                    worker.stop()
                    yield from worker.rescue()
                    if chunks:
                        worker = _Worker(root, moved, exact)
                        crew[worker.end] = worker
                else:
                    yield from done
                worker.give(chunks)
                if worker.end in crew and not worker.given:
                    del crew[worker.end]
                    worker.stop()
    finally:
        for worker in crew.values():
            worker.stop()


class _Worker:
    """One process and our end of the pipe to it. It ends when that end is closed, or we die."""

    def __init__(self, root: str, moved: Collection[bytes], exact: bool) -> None:
        # Spawned, not forked: a fork would share the pipes of the others, and keep them open.
        context = multiprocessing.get_context("spawn")
        self.end, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(
            target=_serve, args=(theirs, root, moved, exact), daemon=True
        )
        self._process.start()
        theirs.close()
        self._again: _Start = (root, moved, exact)
        self.given: deque[list[Job]] = deque()

    def give(self, chunks: deque[list[Job]]) -> None:
        while chunks and len(self.given) < _AHEAD:
            chunk = chunks.popleft()
            self.given.append(chunk)
            try:
                self.end.send(chunk)
            except OSError:
                return

    def take(self) -> list[Parsed] | None:
        """What it has parsed; None if it is dead."""
        try:
            done: list[Parsed] = self.end.recv()
        except (EOFError, OSError):
            return None
        self.given.popleft()
        return done

    def rescue(self) -> Iterator[Parsed]:
        """What a dead worker left undone, in fresh processes."""
        for chunk in self.given:
            yield from _rescued(self._again, chunk)
        self.given.clear()

    def stop(self) -> None:
        self.end.close()
        self._process.join(timeout=5)
        if self._process.is_alive():
            self._process.kill()


def _rescued(again: _Start, jobs: list[Job]) -> Iterator[Parsed]:
    """*jobs*, parsed; if that kills another process, each half of them, down to the culprit."""
    worker = _Worker(*again)
    worker.give(deque([jobs]))
    done = worker.take()
    worker.stop()
    if done is not None:
        yield from done
    elif len(jobs) == 1:
        yield Parsed(jobs[0].path, None, reason="its parser crashed")
    else:
        yield from _rescued(again, jobs[: len(jobs) // 2])
        yield from _rescued(again, jobs[len(jobs) // 2 :])


def _serve(
    end: Connection[list[Parsed], list[Job]], root: str, moved: Collection[bytes], exact: bool
) -> None:
    while True:
        try:
            chunk = end.recv()
            end.send([parse(root, job, moved, exact) for job in chunk])
        except (EOFError, OSError, KeyboardInterrupt):
            # Nobody is there any more who wants it.
            return
