"""The text files of a folder: path, type and size, without what is ignored, binary or a loop."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tokenpak import ignore

SKIPPED_FOLDERS = frozenset(
    (".git .hg .svn .bzr .jj CVS node_modules __pycache__ .venv venv .tox .nox .mypy_cache "
     ".ruff_cache .pytest_cache .hypothesis .idea .gradle .terraform").split()
)  # fmt: skip
"""Folders of version control, installed packages and caches."""

_TYPES_BY_NAME = {
    "dockerfile": "dockerfile",
    "containerfile": "dockerfile",
    "makefile": "makefile",
    "gnumakefile": "makefile",
    "cmakelists.txt": "cmake",
    "gemfile": "rb",
    "rakefile": "rb",
}
_SNIFFED_BYTES = 8192
_RULES = ".gitignore"


class WalkedFile(NamedTuple):
    """One file: `path` can be opened, `type` is its ending (`md`, `py`, …), `size` is in bytes."""

    path: str
    type: str
    size: int


def walk_directory(
    root: str | os.PathLike[str],
    *,
    follow_symlinks: bool = False,
    on_error: Callable[[OSError], None] | None = None,
) -> Iterator[WalkedFile]:
    """The text files below *root*, sorted by path.

    Binary files (a zero byte near the beginning), empty names and folders of version control,
    packages and caches are left out; so is what `.gitignore` names.
    Symbolic links are left out, or followed, each folder once. What cannot be read goes to
    *on_error* and is skipped. Raises NotADirectoryError if *root* is no folder.
    """
    top = os.fspath(root)
    if not os.path.isdir(top):
        raise NotADirectoryError(f"{top}: is no folder; name one that can be listed")
    here = Path(os.path.abspath(top)).as_posix()
    walk = _Walk(follow_symlinks, on_error or (lambda error: None))
    yield from walk.folder(top, here.rstrip("/") + "/", ignore.around(here, (_RULES,)))


def file_type(path: str) -> str:
    """The type of a file by its name: its ending in lower case, `txt` if it has none.

    >>> file_type("src/App.TSX"), file_type("Makefile"), file_type("LICENSE")
    ('tsx', 'makefile', 'txt')
    """
    name = os.path.basename(path).lower()
    if name in _TYPES_BY_NAME:
        return _TYPES_BY_NAME[name]
    stem, dot, ending = name.rpartition(".")
    return ending if dot and stem and ending else "txt"


class _Walk:
    def __init__(self, follow_symlinks: bool, on_error: Callable[[OSError], None]) -> None:
        self._follow = follow_symlinks
        self._on_error = on_error
        self._seen: set[tuple[int, int]] = set()

    def folder(self, path: str, here: str, rules: ignore.Rules | None) -> Iterator[WalkedFile]:
        """Files of the folder *path*; *here* is the same in full, with a slash at its end."""
        try:
            if self._is_repeated(path):
                return
            with os.scandir(path) as listed:
                entries = [(entry, self._is_folder(entry)) for entry in listed]
        except OSError as error:
            self._on_error(error)
            return
        if any(entry.name == _RULES for entry, _ in entries):
            rules = ignore.in_folder(here, {_RULES}, rules)
        # A folder sorts as its files do: with the slash behind its name.
        for entry, is_folder in sorted(entries, key=lambda each: each[0].name + "/" * each[1]):
            if rules is not None and rules.ignores(here + entry.name, is_folder):
                continue
            if not is_folder:
                yield from self._file(entry)
            elif entry.name not in SKIPPED_FOLDERS:
                yield from self.folder(entry.path, f"{here}{entry.name}/", rules)

    def _is_repeated(self, path: str) -> bool:
        if not self._follow:
            return False
        status = os.stat(path)
        identity = status.st_dev, status.st_ino
        repeated = identity in self._seen
        self._seen.add(identity)
        return repeated

    def _is_folder(self, entry: os.DirEntry[str]) -> bool:
        try:
            return entry.is_dir(follow_symlinks=self._follow)
        except OSError:  # a link in a circle; as a file it is reported and skipped
            return False

    def _file(self, entry: os.DirEntry[str]) -> Iterator[WalkedFile]:
        try:
            if not entry.is_file(follow_symlinks=self._follow):
                return
            size = entry.stat(follow_symlinks=self._follow).st_size
            with open(entry.path, "rb") as stream:
                binary = b"\0" in stream.read(_SNIFFED_BYTES)
        except OSError as error:
            self._on_error(error)
            return
        if not binary:
            yield WalkedFile(entry.path, file_type(entry.name), size)
