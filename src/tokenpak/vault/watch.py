"""Watching of trees: what changes is indexed within a moment, in batches."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from tokenpak import ignore
from tokenpak.errors import StoreError
from tokenpak.vault.indexer import Options, Report, index, update
from tokenpak.vault.walk import SKIPPED_FOLDERS, is_utf8

# A batch ends when nothing has come for a step, or after the debounce at the latest.
_STEP_MS = 50
_DEBOUNCE_MS = 500
# Beyond this a walk over the tree is faster than looking at each, and sees what the system's
# queue of events had no room for.
_MANY = 500
_IDLE_MS = 1000
# The queue may overflow without a word. A walk costs a second for 100,000 files.
_RESCAN_AFTER_IDLE = 600


def watch(
    index_path: Path,
    folders: Sequence[Path],
    options: Options,
    indexed: Callable[[Report], None],
    problem: Callable[[str], None],
    stop: threading.Event,
) -> None:
    """Keep the index up to date with *folders* until *stop* is set.

    A folder that vanishes keeps its index and is taken up again when it is back.
    """
    roots = [os.path.realpath(each) for each in folders]
    own = os.path.realpath(index_path)
    while not stop.is_set():
        there = _present(roots)
        if not there:
            stop.wait(_IDLE_MS / 1000)
            continue
        # What changes from here on is reported; what changed before, this finds.
        batches = _batches(list(there), stop)
        next(batches)
        for root in there:
            _indexed(partial(index, index_path, Path(root), options), indexed, problem)
        for batch in batches:
            for root, scopes in _scopes(list(there), batch, own).items():
                run = partial(update, index_path, Path(root), scopes, options)
                _indexed(run, indexed, problem)
            if (now := _present(roots)) != there:
                gone = ", ".join(each for each in there if each not in now)
                problem(f"{gone}: gone; waiting for it" if gone else "a folder is back")
                break


def _present(roots: Sequence[str]) -> dict[str, int]:
    """Those of *roots* that exist, with what tells them from another folder of the same name."""
    found = {}
    for root in roots:
        try:
            found[root] = os.stat(os.path.join(root, "")).st_ino
        except OSError:
            continue
    return found


def _batches(roots: Sequence[str], stop: threading.Event) -> Iterator[list[str]]:
    """The paths that changed, batch by batch; an empty batch once the watch has begun, and now
    and then while nothing happens.
    """
    from watchfiles import watch as events

    idle = 0
    for changes in events(
        *roots,
        watch_filter=None,
        debounce=_DEBOUNCE_MS,
        step=_STEP_MS,
        stop_event=stop,
        rust_timeout=_IDLE_MS,
        yield_on_timeout=True,
        raise_interrupt=False,
        ignore_permission_denied=True,
    ):
        idle = 0 if changes else idle + 1
        if idle == _RESCAN_AFTER_IDLE:
            idle = 0
            yield list(roots)
        else:
            yield [path for _, path in changes]


def _scopes(roots: Sequence[str], paths: Iterable[str], own: str) -> dict[str, list[str]]:
    """What to look at again, by root: all of it where much changed, all of a folder whose ignore
    file did. What begins with *own* is the index itself.
    """
    found: dict[str, set[str]] = {}
    real: dict[str, str] = {}
    for told in paths:
        path = _unlinked(told, real)
        if path.startswith(own):
            continue
        root = max((each for each in roots if _is_below(path, each)), key=len, default=None)
        if root is None:
            continue
        scope = path[len(root) :].strip("/")
        if SKIPPED_FOLDERS.intersection(scope.split("/")) or not is_utf8(scope):
            continue
        folder, _, name = scope.rpartition("/")
        found.setdefault(root, set()).add(folder if name in ignore.NAMES else scope)
    return {root: _outermost(scopes) for root, scopes in found.items()}


def _unlinked(path: str, real: dict[str, str]) -> str:
    """*path* without symbolic links on the way to it; *real* remembers folders.

    The watch follows links and tells a folder that it came to by two ways by the last one only: a
    link to a folder above would tell of everything below it, and hide what changed in the tree.
    """
    folder, _, name = path.rpartition("/")
    if folder not in real:
        real[folder] = os.path.realpath(folder or "/")
    return f"{real[folder].rstrip('/')}/{name}"


def _outermost(scopes: set[str]) -> list[str]:
    """*scopes* without those that lie in another; everything where they are many."""
    if "" in scopes or len(scopes) > _MANY:
        return [""]
    kept: list[str] = []
    for each in sorted(scopes, key=lambda scope: scope + "/"):
        if not kept or not each.startswith(kept[-1] + "/"):
            kept.append(each)
    return kept


def _is_below(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip("/") + "/")


def _indexed(
    run: Callable[[], Report], indexed: Callable[[Report], None], problem: Callable[[str], None]
) -> None:
    try:
        indexed(run())
    except StoreError as error:
        # The next batch, or the next walk, makes up for it.
        problem(str(error))
