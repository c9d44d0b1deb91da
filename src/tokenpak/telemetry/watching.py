"""Collects telemetry events from files as they are written: cache hits, tokens, costs."""

from __future__ import annotations

import json
import logging
import math
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Self, TypedDict

from tokenpak import settings
from tokenpak.errors import StoreError
from tokenpak.telemetry import store
from tokenpak.telemetry.events import tip_event

Event = Mapping[str, Any]
"""One telemetry event: the fields of TIP-1.0, or any of them."""

INTERVAL_S = 1.0
MAX_EVENTS = 10_000
_MAX_READ_BYTES = 8 << 20

log = logging.getLogger(__name__)


class Collected(TypedDict):
    """Sums over the events so far. `cache_hits` counts those that read from a prompt cache."""

    events: int
    rejected: int
    cache_hits: int
    tokens_in: int
    tokens_out: int
    savings_tokens: int
    savings_cost: float
    cost_usd: float


class TelemetryCollector:
    """Takes in the events of *paths* as they come.

    A path is a database of TokenPak (`.db`), a file with one JSON object a line (`.jsonl`), or a
    folder of such files; it need not exist yet. Without *paths*, the proxy's own database is
    watched. Between `start` and `stop` they are looked at every *interval_s* seconds, by a thread
    that does not keep the program alive. `events` holds the last *max_events*.
    """

    def __init__(
        self,
        paths: Iterable[str | Path] | None = None,
        *,
        interval_s: float = INTERVAL_S,
        max_events: int = MAX_EVENTS,
        on_event: Callable[[Event], None] | None = None,
    ) -> None:
        self.paths = [Path(each) for each in paths] if paths is not None else []
        if paths is None:
            self.paths.append(settings.load().telemetry_path)
        self.interval_s = interval_s
        self.events: deque[Event] = deque(maxlen=max_events)
        self._on_event = on_event
        self._sums = Collected(
            events=0, rejected=0, cache_hits=0, tokens_in=0, tokens_out=0,
            savings_tokens=0, savings_cost=0.0, cost_usd=0.0,
        )  # fmt: skip
        self._places: dict[Path, tuple[int, int]] = {}
        self._lock = threading.RLock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def watch(self, path: str | Path) -> None:
        """Look at *path*, too, from now on."""
        with self._lock:
            self.paths.append(Path(path))

    def start(self) -> None:
        """Begin to watch; does nothing if it is watching already."""
        with self._lock:
            if self._thread and self._thread.is_alive():
                return
            self._stop.clear()
            self._thread = threading.Thread(target=self._run, name="collector", daemon=True)
            self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        """Take in what is there, then end."""
        self._stop.set()
        thread, self._thread = self._thread, None
        if thread:
            thread.join(timeout_s)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def ingest(self, event: Event) -> None:
        """Take in one event. Raises TypeError if it is none, ValueError if a figure is none."""
        if not isinstance(event, Mapping):
            raise TypeError(f"the event is a {type(event).__name__}, expected a dict")
        figures = {name: _figure(event, name) for name in _FIGURES}
        with self._lock:
            self._sums["events"] += 1
            self._sums["cache_hits"] += figures["savings_cache_tokens"] > 0
            self._sums["tokens_in"] += int(figures["tokens_in"])
            self._sums["tokens_out"] += int(figures["tokens_out"])
            self._sums["savings_tokens"] += int(figures["savings_tokens"])
            self._sums["savings_cost"] += figures["savings_cost"]
            self._sums["cost_usd"] += figures["cost_usd"]
            self.events.append(event)
        if self._on_event:
            self._on_event(event)

    def collect(self) -> int:
        """Take in what is new in all paths; gives how many events that were."""
        with self._lock:
            before = self._sums["events"]
            for path in self._files():
                read = self._new_rows if path.suffix == ".db" else self._new_lines
                try:
                    for event in read(path):
                        self._take(event)
                except FileNotFoundError:
                    continue
                except (OSError, StoreError) as error:
                    log.warning("%s: is not collected: %s", path, error)
            return self._sums["events"] - before

    def summary(self) -> Collected:
        """What was collected so far."""
        with self._lock:
            return self._sums.copy()

    def _run(self) -> None:
        while True:
            # Asked first: what is written before `stop` is called is still taken in.
            last = self._stop.is_set()
            try:
                self.collect()
            except Exception:  # a caller's function must not end the thread
                log.exception("telemetry could not be collected")
            if last:
                return
            self._stop.wait(self.interval_s)

    def _take(self, event: object) -> None:
        try:
            self.ingest(event)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            self._sums["rejected"] += 1

    def _files(self) -> Iterator[Path]:
        for path in self.paths:
            if path.is_dir():
                yield from sorted(each for each in path.iterdir() if each.suffix in _ENDINGS)
            else:
                yield path

    def _new_rows(self, path: Path) -> Iterator[object]:
        if not path.exists():
            return
        identity = os.stat(path).st_ino
        known, last = self._places.get(path, (identity, 0))
        with store.reading(path) as connection:
            for number, row in store.after(connection, last if known == identity else 0):
                self._places[path] = (identity, number)
                yield {**tip_event(row), "cost_usd": row.cost_usd or 0.0}

    def _new_lines(self, path: Path) -> Iterator[object]:
        with open(path, "rb") as stream:
            status = os.fstat(stream.fileno())
            known, at = self._places.get(path, (status.st_ino, 0))
            if known != status.st_ino or at > status.st_size:
                at = 0  # another file, or emptied: it begins anew
            stream.seek(at)
            data = stream.read(_MAX_READ_BYTES)
        # The last line may still be in the writing.
        whole = data.rfind(b"\n") + 1
        # A line that does not end within the limit is no event.
        taken = whole or (len(data) if len(data) == _MAX_READ_BYTES else 0)
        self._places[path] = (status.st_ino, at + taken)
        for line in data[:whole].splitlines():
            if line.strip():
                try:
                    yield json.loads(line)
                except (ValueError, RecursionError):
                    yield None


_ENDINGS = (".jsonl", ".db")
_FIGURES = (
    "tokens_in",
    "tokens_out",
    "savings_tokens",
    "savings_cost",
    "savings_cache_tokens",
    "cost_usd",
)


def _figure(event: Event, name: str) -> float:
    value = event.get(name)
    if value is None:
        return 0.0
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise ValueError(f"{name} is {value!r}, expected a number")
    return float(value)
