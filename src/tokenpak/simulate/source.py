"""One file that may be a transcript: its lines or its value as JSON, and what was wrong with it."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any

from tokenpak.errors import WireError

SUFFIXES = (".jsonl", ".ndjson", ".json", ".traj")
"""What files of a folder are looked at by; each may be gzipped (`.gz`)."""
# One JSON value is read whole. JSON lines have no limit, they are read one by one.
MAX_BYTES = 256 << 20
_HEAD_LINES = 30
DATABASE = "opencode.db"
"""The only database that is a transcript."""


def is_candidate(path: Path) -> bool:
    """Whether *path* is named like a transcript."""
    return path.name == DATABASE or path.name.removesuffix(".gz").endswith(SUFFIXES)


class Source:
    """A file being read; `damaged` numbers the lines that could not be."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.damaged: list[int] = []
        self._value: Any = None
        self._read = False

    @property
    def has_lines(self) -> bool:
        """Whether the file is named as JSON lines."""
        return self.path.name.removesuffix(".gz").endswith((".jsonl", ".ndjson"))

    @property
    def is_database(self) -> bool:
        """Whether the file is one of SQLite."""
        return self.path.suffix == ".db"

    def head(self) -> list[Any]:
        """The first values of the file: of JSON lines a few, else the only one; None of a database,
        which is no JSON."""
        if self.is_database:
            return [None]
        if not self.has_lines:
            return [self.value()]
        with closing(self.lines()) as lines:
            found = list(islice(lines, _HEAD_LINES))
        self.damaged.clear()
        return found

    def lines(self) -> Generator[Any, None, None]:
        """The value of each line; what is no JSON is noted and passed over."""
        with self._open() as file:
            # Not text mode: it would end lines at characters that JSON may hold unescaped.
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                try:
                    value = json.loads(line)
                except (ValueError, RecursionError):
                    self.damaged.append(number)
                    continue
                yield value

    def value(self) -> Any:
        """The file as one JSON value. Raises WireError if it is none or too large."""
        if not self._read:
            with self._open() as file:
                data = file.read(MAX_BYTES + 1)
            if len(data) > MAX_BYTES:
                raise WireError(f"larger than {MAX_BYTES >> 20} MB, which only JSON lines may be")
            try:
                self._value = json.loads(data)
            except (ValueError, RecursionError) as error:
                raise WireError(f"not JSON: {error}") from error
            self._read = True
        return self._value

    @contextmanager
    def _open(self) -> Iterator[IO[bytes]]:
        with self.path.open("rb") as file:
            zipped = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            if not zipped:
                yield file
                return
            with gzip.GzipFile(fileobj=file) as plain, io.BufferedReader(plain) as buffered:
                yield buffered
