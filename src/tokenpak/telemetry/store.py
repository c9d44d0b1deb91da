"""Reading and writing the rows of `telemetry.db`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import fields
from operator import attrgetter
from pathlib import Path

from tokenpak import _sqlite
from tokenpak.telemetry.events import Row
from tokenpak.telemetry.schema import MIGRATIONS, VERSION

_COLUMNS = tuple(each.name for each in fields(Row))
_VALUES = attrgetter(*_COLUMNS)
_INSERT = f"INSERT INTO requests ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"


def open_telemetry(path: Path) -> sqlite3.Connection:
    """A writable connection to the database at *path*, made or migrated as needed.

    Raises StoreError if it is damaged, newer than this version, or cannot be written.
    """
    return _sqlite.open_store(path, MIGRATIONS)


def read_telemetry(path: Path) -> sqlite3.Connection:
    """A connection for queries. Raises StoreError, also if there is no database yet."""
    return _sqlite.open_readonly(path, VERSION)


def insert(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Write all of *rows* or, if that fails, none."""
    with _sqlite.transaction(connection):
        connection.executemany(_INSERT, map(_VALUES, rows))


def select(connection: sqlite3.Connection, since: float = 0.0) -> Iterator[Row]:
    """The rows from *since* on (seconds since the epoch), oldest first."""
    cursor = connection.execute(
        f"SELECT {', '.join(_COLUMNS)} FROM requests WHERE timestamp >= ? ORDER BY timestamp, id",
        (since,),
    )
    for values in cursor:
        named = dict(zip(_COLUMNS, values, strict=True))
        named["stream"] = bool(named["stream"])
        yield Row(**named)


def after(connection: sqlite3.Connection, last: int) -> Iterator[tuple[int, Row]]:
    """The rows that were written after the one of number *last*, each with its own number."""
    cursor = connection.execute(
        f"SELECT id, {', '.join(_COLUMNS)} FROM requests WHERE id > ? ORDER BY id", (last,)
    )
    for number, *values in cursor:
        named = dict(zip(_COLUMNS, values, strict=True))
        named["stream"] = bool(named["stream"])
        yield number, Row(**named)
