"""Running a command with its output filtered, and its exit code kept."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from tokenpak.engines.rtk.catalog import Catalog
from tokenpak.engines.rtk.filtering import AGAIN, Filtered, apply
from tokenpak.errors import StoreError
from tokenpak.recovery import RecoveryStore


def run(
    words: Sequence[str],
    catalog: Catalog,
    store: RecoveryStore | None,
    show: Callable[[str], object],
) -> tuple[int, Filtered]:
    """Run *words*, *show* what they print, filtered; the exit code is the command's own.

    The raw output is kept in *store* where lines are left out; if it cannot be kept, all is shown.
    Output and errors come in the order in which they were printed; 127 if there is no such program.
    """
    try:
        done = subprocess.run(
            list(words), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
    except FileNotFoundError:
        message = f"{words[0]}: command not found"
        show(message + "\n")
        return 127, Filtered(message, None)
    text = done.stdout.decode("utf-8", "surrogateescape")
    found = _kept(text, shlex.join(words), catalog, store)
    show(found.text if found.text.endswith("\n") or not found.text else found.text + "\n")
    code = done.returncode
    return (128 - code if code < 0 else code), found


def _kept(text: str, command: str, catalog: Catalog, store: RecoveryStore | None) -> Filtered:
    where = f"whole text in {_path(store, text)}" if store is not None else AGAIN
    found = apply(text, command, catalog=catalog, where=where)
    if store is not None and found.dropped_lines:
        try:
            store.put(text)
        except StoreError:
            return Filtered(text, found.filter)
    return found


def _path(store: RecoveryStore, text: str) -> Path:
    return store.path_of(text)
