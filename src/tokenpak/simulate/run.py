"""Replays many transcripts, a process a core, and collects what they came to."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
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
    one = partial(replay_file, settings=settings, turns=turns, raw_folder=raw_folder)
    done = []
    for each in map(one, ordered) if jobs <= 1 else _spread(one, ordered, jobs):
        done.append(each)
        if on_done:
            on_done(each)
    return sorted(done, key=lambda each: str(each.path))


def replay_file(
    path: Path, settings: Settings, turns: int | None = None, raw_folder: Path | None = None
) -> Done:
    """Replay what one file holds; a file that cannot be read is told, never raised."""
    source = Source(path)
    outcomes: list[Outcome] = []
    skipped: str | None = None
    try:
        packer, whole = Packer(settings.memo_mb << 20), plan(settings)
        cutting = plan(settings, raw_folder) if raw_folder is not None else None
        prices = Prices.load(settings.home / "prices.json")
        for number, conversation in enumerate(read(source), 1):
            name = path.name + (f" #{number}" if number > 1 else "")
            outcomes.append(
                replay(conversation, packer, whole, prices, cutting=cutting, name=name, turns=turns)
            )
        if not outcomes:
            skipped = "holds no turn of a model"
    except (WireError, OSError) as error:
        skipped = str(error)
    # The end of a task: a transcript of an unforeseen shape must not end those of the others.
    except Exception as error:
        skipped = f"{type(error).__name__}: {error}"
    return Done(path, _size(path), outcomes, len(source.damaged), skipped)


def _spread(one: Callable[[Path], Done], paths: Sequence[Path], jobs: int) -> Iterator[Done]:
    # Spawned, not forked: the command line may have threads of its own by now.
    context = multiprocessing.get_context("spawn")
    # Ctrl-C reaches all: a process that it ends within the queue would leave this one waiting.
    ignore = (signal.SIGINT, signal.SIG_IGN)
    pool = ProcessPoolExecutor(min(jobs, len(paths) or 1), context, signal.signal, ignore)
    try:
        under_way = {pool.submit(one, path): path for path in paths}
        for each in as_completed(under_way):
            try:
                yield each.result()
            except BrokenProcessPool:  # the system ends processes where memory is short
                path = under_way[each]
                yield Done(path, _size(path), skipped="a process was ended from outside")
    finally:
        pool.shutdown(cancel_futures=True)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
