"""Bringing the index up to date with a tree: work only for what changed."""

from __future__ import annotations

import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tokenpak._sqlite import transaction
from tokenpak.errors import StoreError
from tokenpak.vault.lock import writing
from tokenpak.vault.parsing import Job, Parsed, parse
from tokenpak.vault.pool import parse_all
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
    with writing(index_path, options.patience_s, options.waiting) as connection:
        report = _Run(connection, real, options).run(scopes)
    report.duration_s = time.monotonic() - began
    return report


class _Run:
    """One run over one root.

    `_known` are the files as the index has them; those among them that are gone, `_gone`, may turn
    out to be renamed, which their hashes in `_renamable` tell.
    """

    def __init__(self, connection: sqlite3.Connection, folder: str, options: Options) -> None:
        self._connection = connection
        self._options = options
        self._report = Report(folder)
        self._id, self._root, self._inner = _place(connection, folder)
        self._store = Store(connection, self._id)
        self._known: dict[str, Known] = {}
        self._gone: dict[str, Known] = {}
        self._renamable: dict[bytes, str] = {}

    def run(self, scopes: Iterable[str]) -> Report:
        found: dict[str, Stamp] = {}
        for each in scopes:
            scope = f"{self._inner}/{each}".strip("/")
            self._known |= self._store.known(scope)
            found |= walk(self._root, scope, self._report.skipped.append)
        self._gone = {path: each for path, each in self._known.items() if path not in found}
        self._renamable = {e.content_hash: path for path, e in self._gone.items() if e.content_hash}
        touched = [path for path, stamp in found.items() if self._is_touched(path, stamp)]
        self._record_all(touched)
        with transaction(self._connection):
            for gone in self._gone.values():
                self._store.remove(gone.id)
            self._connection.execute(
                "UPDATE roots SET last_indexed = ? WHERE id = ?", (time.time(), self._id)
            )
        self._finish(found, set(touched))
        return self._report

    def _is_touched(self, path: str, stamp: Stamp) -> bool:
        known = self._known.get(path)
        return known is None or known.stamp != stamp or self._options.rehash

    def _record_all(self, touched: list[str]) -> None:
        """Read what was *touched* and record it; what was only renamed is no longer gone."""
        jobs = [
            Job(path, k.content_hash if (k := self._known.get(path)) else None) for path in touched
        ]
        options = self._options
        moved = frozenset(self._renamable)
        results = parse_all(self._root, jobs, moved, options.exact, options.workers)
        done = 0
        for batch in _by_time(results):
            with transaction(self._connection):
                for parsed in batch:
                    self._record(parsed)
                    done += 1
                    if done % 100 == 0:
                        options.progress(done, len(jobs))
        options.progress(done, len(jobs))

    def _record(self, parsed: Parsed) -> None:
        known = self._known.get(parsed.path)
        stamp = _trusted(parsed.stamp)
        if stamp is None:
            self._report.skipped.append(Skipped(parsed.path, parsed.reason or ""))
            if known is not None:
                self._store.remove(known.id)
        elif parsed.reason is not None or parsed.columns is not None:
            self._store.put(parsed, stamp, known)
            self._count(parsed, known)
        elif known is not None and parsed.content_hash == known.content_hash:
            self._store.touch(known, stamp)
        else:
            self._move(parsed, stamp, known)

    def _count(self, parsed: Parsed, known: Known | None) -> None:
        if parsed.reason is not None:
            self._report.skipped.append(Skipped(parsed.path, parsed.reason))
        elif known is None or known.reason is not None:
            self._report.new += 1
        else:
            self._report.changed += 1

    def _move(self, parsed: Parsed, stamp: Stamp, known: Known | None) -> None:
        """Record content that a file had which is gone: renamed, or copied before it went."""
        digest = parsed.content_hash or b""
        before = self._renamable.get(digest)
        if before is None or os.path.splitext(before)[1] != os.path.splitext(parsed.path)[1]:
            # Its content has been given to another file, or is now of another type.
            self._record(parse(self._root, Job(parsed.path, None), exact=self._options.exact))
            return
        if known is not None:
            self._store.remove(known.id)
        del self._renamable[digest]
        self._store.move(self._gone.pop(before), parsed.path, stamp)
        self._report.renamed += 1

    def _finish(self, found: Mapping[str, Stamp], read: Collection[str]) -> None:
        report = self._report
        for path, known in self._known.items():
            if known.reason and path in found and path not in read:
                report.skipped.append(Skipped(path, known.reason))
        report.skipped.sort()
        report.removed = sum(each.reason is None for each in self._gone.values())
        refused = {each.path for each in report.skipped}
        report.files = sum(path not in refused for path in found)
        report.unchanged = report.files - report.new - report.changed - report.renamed


def _place(connection: sqlite3.Connection, folder: str) -> tuple[int, str, str]:
    """Id and path of the root that *folder* belongs to, and where in it the folder lies."""
    with transaction(connection):
        known = list(roots(connection))
        for each in known:
            if f"{folder}/".startswith(each.path.rstrip("/") + "/"):
                inner = os.path.relpath(folder, each.path)
                return each.id, each.path, "" if inner == "." else inner
        for each in known:
            if each.path.startswith(folder.rstrip("/") + "/"):
                remove_root(connection, each.id)
        return add_root(connection, folder), folder, ""


def _trusted(stamp: Stamp | None) -> Stamp | None:
    """*stamp*, or one that nothing equals where the file was touched a moment ago."""
    if stamp is None or time.time_ns() - max(stamp.mtime_ns, stamp.ctime_ns) > _TICK_NS:
        return stamp
    return stamp._replace(mtime_ns=-1)


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
