"""How many processes index fastest on this machine: measured once, kept in `calibration.json`."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import msgspec

from tokenpak import _atomic
from tokenpak.errors import StoreError
from tokenpak.vault.parsing import Job
from tokenpak.vault.pool import MIN_FILES, parse_all
from tokenpak.vault.walk import walk

_SAMPLE = 3000
# Another process is worth it only if it saves more than measurements differ.
_GAIN = 0.05


@dataclass(frozen=True, slots=True)
class Trial:
    """Parsing of the sample by some processes."""

    workers: int
    duration_s: float
    files_per_s: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was measured, and the number of processes to use."""

    workers: int
    files: int
    cpus: int
    trials: tuple[Trial, ...]


def calibrate(
    folder: Path, max_workers: int = 8, tried: Callable[[Trial], None] = lambda _: None
) -> Calibration:
    """Parse a sample of *folder* with 1, 2, 4, … up to *max_workers* processes and keep the best.

    Stops when more processes do not help. Writes nothing. Raises StoreError if there are too few
    files to measure.
    """
    root = os.path.realpath(folder)
    jobs = [Job(path, None) for path, _ in islice(walk(root), _SAMPLE)]
    if len(jobs) < MIN_FILES:
        raise StoreError(
            f"{folder}: {len(jobs)} files are too few to measure with, expected {MIN_FILES} or "
            "more; so few are indexed in one process anyway"
        )
    _duration(root, jobs, 1)  # Fills the page cache, which the first trial would else pay for.
    trials: list[Trial] = []
    for workers in (1 << power for power in range(max_workers.bit_length())):
        duration_s = _duration(root, jobs, workers)
        trials.append(Trial(workers, round(duration_s, 3), round(len(jobs) / duration_s, 1)))
        tried(trials[-1])
        if workers > best(trials).workers:
            break
    return Calibration(best(trials).workers, len(jobs), os.cpu_count() or 1, tuple(trials))


def best(trials: Sequence[Trial]) -> Trial:
    """The trial with the fewest processes whose time is not beaten by more than a little."""
    chosen = trials[0]
    for each in trials[1:]:
        if each.duration_s < chosen.duration_s * (1 - _GAIN):
            chosen = each
    return chosen


def save(calibration: Calibration, path: Path) -> None:
    """Write *calibration* to *path*, all or nothing."""
    _atomic.write(path, msgspec.json.format(msgspec.json.encode(asdict(calibration)), indent=2))


def workers(path: Path) -> int:
    """The processes that the calibration at *path* found best; one for each CPU without one, or
    on a machine with another number of CPUs.
    """
    cpus = os.cpu_count() or 1
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=Calibration)
    except (OSError, msgspec.DecodeError):
        return min(cpus, 8)
    return kept.workers if kept.cpus == cpus and 1 <= kept.workers <= 64 else min(cpus, 8)


def _duration(root: str, jobs: Sequence[Job], workers: int) -> float:
    began = time.perf_counter()
    for _ in parse_all(root, jobs, (), True, workers):
        pass
    return time.perf_counter() - began
