"""Replays many transcripts, a process a core, and collects what they came to."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from tokenpak.compression.packer import Packer
from tokenpak.compression.select import plan
from tokenpak.errors import WireError
from tokenpak.providers.pricing import Prices
from tokenpak.settings import Settings
from tokenpak.simulate.outcome import Outcome
from tokenpak.simulate.replay import replay
from tokenpak.simulate.source import Source
from tokenpak.simulate.transcripts import read

# A file waits in no queue: as many are under way as there are processes, and two more each.
_AHEAD = 3


@dataclass(frozen=True, slots=True)
class Task:
    """One file to replay."""

    path: Path
    settings: Settings
    turns: int | None = None
    raw_folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """One file, replayed: its conversations, and what was wrong with it."""

    path: Path
    bytes: int
    outcomes: Sequence[Outcome] = ()
    damaged_lines: int = 0
    skipped: str | None = None
    """Why nothing of it was read, or what stopped the reading."""


def run(
    paths: Sequence[Path],
    settings: Settings,
    *,
    turns: int | None = None,
    jobs: int = 1,
    raw_folder: Path | None = None,
    on_done: Callable[[Done], None] | None = None,
) -> list[Done]:
    """Replay the transcripts in *paths* under *settings*; the result is sorted by path.

    Nothing of a transcript is kept but figures, and of lost facts the lines, with secrets masked.
    With *raw_folder* huge results are cut where the agent has a tool that can read that folder;
    nothing is written there. *on_done* is called after each file.
    """
    # Large files first, so that no process ends up alone with one.
    ordered = sorted(paths, key=_size, reverse=True)
    tasks = [Task(each, settings, turns, raw_folder) for each in ordered]
    done = []
    for each in map(replay_file, tasks) if jobs <= 1 else _spread(tasks, jobs):
        done.append(each)
        if on_done:
            on_done(each)
    return sorted(done, key=lambda each: str(each.path))


def replay_file(task: Task) -> Done:
    """Replay what one file holds; a file that cannot be read is told, never raised."""
    source = Source(task.path)
    outcomes: list[Outcome] = []
    skipped: str | None = None
    try:
        packer, whole = Packer(task.settings.memo_mb << 20), plan(task.settings)
        cutting = plan(task.settings, task.raw_folder) if task.raw_folder is not None else None
        prices = Prices.load(task.settings.home / "prices.json")
        for number, conversation in enumerate(read(source), 1):
            name = f"{task.path.name}" + (f" #{number}" if number > 1 else "")
            outcomes.append(
                replay(
                    conversation,
                    packer,
                    whole,
                    prices,
                    cutting=cutting,
                    name=name,
                    turns=task.turns,
                )
            )
        if not outcomes:
            skipped = "holds no turn of a model"
    except (WireError, OSError) as error:
        skipped = str(error)
    # The end of a task: a transcript of an unforeseen shape must not end those of the others.
    except Exception as error:
        skipped = f"{type(error).__name__}: {error}"
    return Done(task.path, _size(task.path), outcomes, len(source.damaged), skipped)


def _spread(tasks: Sequence[Task], jobs: int) -> Iterator[Done]:
    # Spawned, not forked: the command line may have threads of its own by now.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(tasks) or 1), context) as pool:
        waiting: set[Future[Done]] = set()
        for task in tasks:
            waiting.add(pool.submit(replay_file, task))
            if len(waiting) >= _AHEAD * jobs:
                ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (each.result() for each in ready)
        while waiting:
            ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (each.result() for each in ready)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
