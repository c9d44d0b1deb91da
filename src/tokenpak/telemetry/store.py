"""Writing the rows of `telemetry.db`, and asking for them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import fields
from importlib.resources import files
from operator import attrgetter
from pathlib import Path
from typing import Any

from tokenpak import _sqlite
from tokenpak.telemetry.events import Row

Ask = Callable[[str], list[tuple[Any, ...]]]
"""Gives the rows of a query over two tables of requests: `recent` are all since a time, `answered`
those with a status of 2xx. A request that failed cost nothing, and nothing was saved on it."""

VERSION = 5
# A step that has been released is never edited: later changes are further steps.
MIGRATIONS: tuple[_sqlite.Migration, ...] = tuple(
    files("tokenpak.telemetry").joinpath("migrations", f"{step}.sql").read_text("utf-8")
    for step in range(1, VERSION + 1)
)

_COLUMNS = tuple(each.name for each in fields(Row))
_VALUES = attrgetter(*_COLUMNS)
_INSERT = f"INSERT INTO requests ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_TABLES = """
WITH recent AS (
    SELECT *, coalesce(status BETWEEN 200 AND 299, 0) AS is_answered
    FROM requests WHERE timestamp >= ?
), answered AS (SELECT * FROM recent WHERE is_answered)
"""


def open_telemetry(path: Path) -> sqlite3.Connection:
    """A writable connection to the database at *path*, made or migrated as needed.

    Raises StoreError if it is damaged, newer than this version, or cannot be written.
    """
    return _sqlite.open_store(path, MIGRATIONS)


def insert(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Write all of *rows* or, if that fails, none."""
    with _sqlite.transaction(connection):
        connection.executemany(_INSERT, map(_VALUES, rows))


@contextmanager
def reading(path: Path, *, or_empty: bool = False) -> Iterator[sqlite3.Connection]:
    """A connection for queries, on one snapshot while requests are being recorded.

    Raises StoreError if it is damaged or of another version, or there is no database yet; with
    *or_empty* that is one without requests.
    """
    absent = or_empty and not path.exists()
    with closing(_empty() if absent else _sqlite.open_readonly(path, VERSION)) as connection:
        try:
            connection.execute("BEGIN")
            yield connection
        except sqlite3.Error as error:
            raise _sqlite.explain(path, error) from error


@contextmanager
def asking(path: Path, since: float, *, or_empty: bool = False) -> Iterator[Ask]:
    """Queries on the requests from *since* on (seconds since the epoch); raises as `reading`."""
    with reading(path, or_empty=or_empty) as connection:
        yield lambda query: connection.execute(_TABLES + query, (since,)).fetchall()


def _empty() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    _sqlite.migrate(connection, MIGRATIONS, Path(":memory:"))
    return connection


def after(connection: sqlite3.Connection, last: int) -> Iterator[tuple[int, Row]]:
    """The rows that were written after the one of number *last*, each with its own number."""
    cursor = connection.execute(
        f"SELECT id, {', '.join(_COLUMNS)} FROM requests WHERE id > ? ORDER BY id", (last,)
    )
    for number, *values in cursor:
        named = dict(zip(_COLUMNS, values, strict=True))
        named["stream"] = bool(named["stream"])
        yield number, Row(**named)
