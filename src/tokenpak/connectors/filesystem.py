"""Documents of a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from tokenpak.connectors.document import Document, OnSkip, decoded, ignore
from tokenpak.errors import SourceError
from tokenpak.walker import walk_directory

MAX_BYTES = 2 << 20
"""Larger files are skipped."""


class FilesystemConnector:
    """The text files below *root*, as `walk_directory` finds them.

    Paths are relative to *root*, with slashes. *on_skip* is told what is left out and why.
    """

    def __init__(
        self, root: str | Path, *, max_bytes: int = MAX_BYTES, on_skip: OnSkip = ignore
    ) -> None:
        self.root = Path(root)
        self._max_bytes = max_bytes
        self._on_skip = on_skip

    def __iter__(self) -> Iterator[Document]:
        """The documents. Raises SourceError if the root is no folder."""
        try:
            yield from self._read()
        except NotADirectoryError as error:
            raise SourceError(str(error)) from error

    def _read(self) -> Iterator[Document]:
        for file in walk_directory(self.root, on_error=self._unreadable):
            path = os.path.relpath(file.path, self.root).replace(os.sep, "/")
            if file.size > self._max_bytes:
                self._on_skip(path, f"{file.size:,} bytes, more than {self._max_bytes:,}")
                continue
            try:
                data = Path(file.path).read_bytes()
                modified = os.stat(file.path).st_mtime
            except OSError as error:
                self._unreadable(error)
                continue
            text = decoded(data)
            if text is not None:
                yield Document(
                    path,
                    text,
                    {"source": "filesystem", "root": str(self.root), "modified": modified},
                )

    def _unreadable(self, error: OSError) -> None:
        self._on_skip(str(error.filename), error.strerror or str(error))
