"""The walk through a tree: every file worth indexing with its stamp, and why others are not."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tokenpak import ignore
from tokenpak.vault import filetypes

# Folders that hold what was built, fetched or kept by tools, never sources.
SKIPPED_FOLDERS = frozenset(
    ".git .hg .svn .jj node_modules bower_components __pycache__ .venv .tox .nox .mypy_cache "
    ".ruff_cache .pytest_cache .hypothesis .cache .idea .tokenpak .gradle .terraform .next "
    ".nuxt".split()
)


class Stamp(NamedTuple):
    """What tells that a file was touched, without reading it."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


class Skipped(NamedTuple):
    """A file or folder that is left out, relative to the root, and the reason."""

    path: str
    reason: str


def walk(
    root: str, scope: str = "", skipped: Callable[[Skipped], None] = lambda _: None
) -> Iterator[tuple[str, Stamp]]:
    """The files below *root*/*scope* by their path relative to *root*, with their stamps.

    *scope* may be a file, and need not exist. Symbolic links are not followed.
    """
    rules = ignore.around(root)
    folder, relative = root, ""
    for name in scope.split("/") if scope else ():
        rules = ignore.in_folder(folder, _ignore_files(folder), rules)
        folder, relative = os.path.join(folder, name), f"{relative}{name}"
        try:
            found = os.lstat(folder)
        except (OSError, ValueError):
            return
        is_folder = stat.S_ISDIR(found.st_mode)
        reason = _unwanted(name, folder, is_folder, stat.S_ISLNK(found.st_mode), rules)
        if not (reason or is_folder):
            reason = _refused(name, found)
        if reason:
            skipped(Skipped(relative, reason))
            return
        if not is_folder:
            if relative == scope:
                yield relative, stamp_of(found)
            return
        relative += "/"
    yield from _folder(folder, relative, rules, skipped)


def _folder(
    folder: str, prefix: str, rules: ignore.Rules | None, skipped: Callable[[Skipped], None]
) -> Iterator[tuple[str, Stamp]]:
    try:
        with os.scandir(folder) as listed:
            entries = sorted(listed, key=lambda each: each.name)
    except OSError as error:
        skipped(Skipped(prefix or ".", f"unreadable: {error.strerror}"))
        return
    if any(each.name in ignore.NAMES for each in entries):
        rules = ignore.in_folder(folder, {each.name for each in entries}, rules)
    folders: list[os.DirEntry[str]] = []
    for entry in entries:
        name = entry.name
        try:
            is_folder = entry.is_dir(follow_symlinks=False)
            reason = _unwanted(name, entry.path, is_folder, entry.is_symlink(), rules)
            if reason:
                skipped(Skipped(_shown(prefix + name), reason))
            elif is_folder:
                folders.append(entry)
            else:
                found = entry.stat(follow_symlinks=False)
                if reason := _refused(name, found):
                    skipped(Skipped(prefix + name, reason))
                else:
                    yield prefix + name, stamp_of(found)
        except OSError as error:
            skipped(Skipped(_shown(prefix + name), f"unreadable: {error.strerror}"))
    for entry in folders:
        yield from _folder(entry.path, f"{prefix}{entry.name}/", rules, skipped)


def _unwanted(
    name: str, path: str, is_folder: bool, is_link: bool, rules: ignore.Rules | None
) -> str | None:
    if not is_utf8(name):
        return "name is not UTF-8"
    if is_link:
        return "symbolic link"
    if is_folder and name in SKIPPED_FOLDERS:
        return "folder of tools"
    if rules is not None and rules.ignores(path, is_folder):
        return "ignored"
    return None


def _refused(name: str, found: os.stat_result) -> str | None:
    if not stat.S_ISREG(found.st_mode):
        return "no regular file"
    if reason := filetypes.by_name(name):
        return reason
    if found.st_size > filetypes.MAX_BYTES:
        return f"larger than {filetypes.MAX_BYTES // 1_000_000} MB"
    return None


def stamp_of(found: os.stat_result) -> Stamp:
    """The stamp of a file with that status."""
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def _ignore_files(folder: str) -> set[str]:
    return {name for name in ignore.NAMES if os.path.exists(os.path.join(folder, name))}


def is_utf8(path: str) -> bool:
    """Whether the bytes of *path* can be shown and stored as a text."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _shown(path: str) -> str:
    """*path* with bytes that are no UTF-8 written as `\\xff`."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
