"""Bringing the index up to date with a tree: work only for what changed."""

from __future__ import annotations

import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tokenpak._sqlite import explain, transaction
from tokenpak.errors import StoreError
from tokenpak.vault.lock import sole_writer
from tokenpak.vault.parsing import Job, Parsed
from tokenpak.vault.pool import parse_all
from tokenpak.vault.schema import open_index
from tokenpak.vault.store import Known, Store, add_root, remove_root, roots
from tokenpak.vault.walk import Skipped, Stamp, walk

# A crash loses at most the work since the last commit. Few commits: each writes a sorted run of
# words, and runs have to be merged.
_COMMIT_S = 3.0
# A file that was touched this shortly before it was read may be written again within the same
# tick of its clock: its stamp proves nothing, its hash does.
_TICK_NS = 20_000_000


@dataclass(slots=True)
class Report:
    """What one run did. `files` are those in the index afterwards, within what was looked at."""

    root: str
    files: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    renamed: int = 0
    removed: int = 0
    duration_s: float = 0.0
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def skipped_by_reason(self) -> dict[str, int]:
        return dict(Counter(each.reason for each in self.skipped).most_common())


@dataclass(frozen=True, slots=True)
class Options:
    """How to index. `progress` is told files done and files to do; `waiting` who holds the lock."""

    workers: int = 1
    exact: bool = True
    rehash: bool = False
    patience_s: float = 60.0
    progress: Callable[[int, int], None] = lambda done, total: None
    waiting: Callable[[str], None] = lambda holder: None


def index(index_path: Path, folder: Path, options: Options = Options()) -> Report:
    """Bring the index up to date with *folder*, the whole of it.

    A folder within an indexed tree belongs to that tree; one around indexed trees takes them over.
    Raises StoreError if the folder is none or another indexer holds the index.
    """
    return update(index_path, folder, ("",), options)


def update(
    index_path: Path,
    folder: Path,
    scopes: Iterable[str],
    options: Options = Options(),
) -> Report:
    """The same for some files or folders below *folder*, given relative to it; gone ones are
    removed.
    """
    began = time.monotonic()
    real = os.path.realpath(folder)
    if not os.path.isdir(real):
        raise StoreError(f"{folder}: is no folder; its index, if there is one, stays as it is")
    with (
        sole_writer(index_path, options.patience_s, options.waiting),
        closing(open_index(index_path)) as connection,
    ):
        try:
            report = _Run(connection, real, options).run(list(scopes))
        except sqlite3.Error as error:
            raise explain(index_path, error) from error
    report.duration_s = time.monotonic() - began
    return report


class _Run:
    """One run over one root."""

    def __init__(self, connection: sqlite3.Connection, folder: str, options: Options) -> None:
        self._connection = connection
        self._options = options
        self._folder = folder
        self._report = Report(folder)

    def run(self, scopes: list[str]) -> Report:
        root, prefix = self._root()
        scopes = [f"{prefix}/{scope}".strip("/") if prefix else scope for scope in scopes]
        store = Store(self._connection, root.id)
        known: dict[str, Known] = {}
        found: dict[str, Stamp] = {}
        for scope in scopes:
            known |= store.known(scope)
            found |= walk(root.path, scope, self._report.skipped.append)
        touched = [
            path for path, stamp in found.items() if self._is_touched(known.get(path), stamp)
        ]
        gone = {path: each for path, each in known.items() if path not in found}
        self._store_all(store, root.path, touched, known, gone)
        with transaction(self._connection):
            for each in gone.values():
                store.remove(each.id)
            self._connection.execute(
                "UPDATE roots SET last_indexed = ? WHERE id = ?", (time.time(), root.id)
            )
        self._finish(known, found, touched, gone)
        return self._report

    def _root(self) -> tuple[_Place, str]:
        """The root that the folder belongs to, and where in it the folder lies."""
        with transaction(self._connection):
            for each in list(roots(self._connection)):
                if (self._folder + "/").startswith(each.path.rstrip("/") + "/"):
                    inner = os.path.relpath(self._folder, each.path)
                    return _Place(each.id, each.path), "" if inner == "." else inner
            for each in list(roots(self._connection)):
                if each.path.startswith(self._folder.rstrip("/") + "/"):
                    remove_root(self._connection, each.id)
            return _Place(add_root(self._connection, self._folder), self._folder), ""

    def _is_touched(self, known: Known | None, stamp: Stamp) -> bool:
        return known is None or known.stamp != stamp or self._options.rehash

    def _store_all(
        self,
        store: Store,
        root: str,
        touched: list[str],
        known: dict[str, Known],
        gone: dict[str, Known],
    ) -> None:
        """Read what was touched and record it; takes out of *gone* what was only renamed."""
        hashes = {e.content_hash: path for path, e in gone.items() if e.content_hash}
        jobs = [Job(path, known[path].content_hash if path in known else None) for path in touched]
        options = self._options
        results = parse_all(root, jobs, frozenset(hashes), options.exact, options.workers)
        done = 0
        for batch in _by_time(results):
            with transaction(self._connection):
                for parsed in batch:
                    self._record(store, root, parsed, known.get(parsed.path), gone, hashes)
                    done += 1
                    if done % 100 == 0:
                        options.progress(done, len(jobs))
        options.progress(done, len(jobs))

    def _record(
        self,
        store: Store,
        root: str,
        parsed: Parsed,
        known: Known | None,
        gone: dict[str, Known],
        hashes: dict[bytes, str],
    ) -> None:
        stamp = _trusted(parsed.stamp)
        if parsed.reason is not None and stamp is None:
            self._report.skipped.append(Skipped(parsed.path, parsed.reason))
            if known is not None:
                store.remove(known.id)
        elif parsed.reason is not None or parsed.columns is not None:
            store.put(parsed._replace(stamp=stamp), known)
            self._count(parsed, known)
        elif known is not None and parsed.content_hash == known.content_hash and stamp:
            store.touch(known, stamp)
        elif stamp is not None:
            self._moved(store, root, parsed._replace(stamp=stamp), known, gone, hashes)

    def _count(self, parsed: Parsed, known: Known | None) -> None:
        if parsed.reason is not None:
            self._report.skipped.append(Skipped(parsed.path, parsed.reason))
        elif known is None or known.reason is not None:
            self._report.new += 1
        else:
            self._report.changed += 1

    def _moved(
        self,
        store: Store,
        root: str,
        parsed: Parsed,
        known: Known | None,
        gone: dict[str, Known],
        hashes: dict[bytes, str],
    ) -> None:
        """Record content that a file had which is gone: renamed, or copied before it went."""
        before = hashes.get(parsed.content_hash or b"")
        suffixes = {os.path.splitext(each)[1] for each in (before or "", parsed.path)}
        if before is None or parsed.stamp is None or len(suffixes) > 1:
            # Its content has been given to another file, or is now of another type.
            again = next(parse_all(root, [Job(parsed.path, None)], (), self._options.exact, 1))
            self._record(store, root, again, known, gone, hashes)
            return
        if known is not None:
            store.remove(known.id)
        del hashes[parsed.content_hash or b""]
        store.move(gone.pop(before), parsed.path, parsed.stamp)
        self._report.renamed += 1

    def _finish(
        self,
        known: dict[str, Known],
        found: dict[str, Stamp],
        touched: list[str],
        gone: dict[str, Known],
    ) -> None:
        report = self._report
        read = set(touched)
        seen = {path: each for path, each in known.items() if path in found and path not in read}
        report.skipped += [Skipped(path, each.reason) for path, each in seen.items() if each.reason]
        report.skipped.sort()
        report.removed = sum(each.reason is None for each in gone.values())
        refused = {each.path for each in report.skipped}
        report.files = sum(path not in refused for path in found)
        report.unchanged = report.files - report.new - report.changed - report.renamed


@dataclass(frozen=True, slots=True)
class _Place:
    id: int
    path: str


def _trusted(stamp: Stamp | None) -> Stamp | None:
    """*stamp*, or one that nothing equals where the file was touched a moment ago."""
    if stamp is None or time.time_ns() - max(stamp.mtime_ns, stamp.ctime_ns) > _TICK_NS:
        return stamp
    return stamp._replace(size=-1)


def _by_time(results: Iterator[Parsed]) -> Iterator[list[Parsed]]:
    """*results* in batches of what comes within some seconds."""
    batch: list[Parsed] = []
    began = time.monotonic()
    for each in results:
        batch.append(each)
        if time.monotonic() - began > _COMMIT_S:
            yield batch
            batch, began = [], time.monotonic()
    yield batch
