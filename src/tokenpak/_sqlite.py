"""Opening of SQLite files: private, shared between processes, brought to the current version."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tokenpak.errors import StoreError

Migration = str | Callable[[sqlite3.Connection], None]
"""One step to the next version: a statement list in SQL, or a function on the open transaction."""

_BUSY_MS = 5000
_NAP_S = 0.005
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def open_store(path: Path, migrations: Sequence[Migration]) -> sqlite3.Connection:
    """A writable connection to *path* at version `len(migrations)`; made if it does not exist.

    Several processes may open and migrate the same file at once. The file gets mode 0600, a
    folder that has to be made 0700. The connection may be used from any one thread at a time,
    and commits each statement unless a transaction is begun.
    Raises StoreError if the file is damaged, of a newer version, or cannot be written.
    """
    with _explained(path):
        _make_private(path)
        connection = sqlite3.connect(
            path, timeout=_BUSY_MS / 1000, isolation_level=None, check_same_thread=False
        )
        try:
            # Before anything is written: what a newer version made stays as it is.
            _refuse_newer(_version(connection), len(migrations), path)
            _configure(connection)
            migrate(connection, migrations, path)
        except BaseException:
            connection.close()
            raise
        return connection


def open_readonly(path: Path, version: int) -> sqlite3.Connection:
    """A connection for queries on *path*, which must be of *version*.

    Raises StoreError if the file is missing, damaged, or of another version.
    """
    if not path.exists():
        raise StoreError(
            f"{path}: does not exist yet; it is made when the first request is recorded"
        )
    with _explained(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro",
            uri=True,
            timeout=_BUSY_MS / 1000,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            found = _version(connection)
            _refuse_newer(found, version, path)
            if found < version:
                raise StoreError(
                    f"{path}: version {found}, expected {version}; "
                    "it is brought up to date when the next request is recorded"
                )
        except BaseException:
            connection.close()
            raise
        return connection


def migrate(connection: sqlite3.Connection, migrations: Sequence[Migration], path: Path) -> None:
    """Bring *connection* to version `len(migrations)`, each step in a transaction of its own."""
    _refuse_newer(_version(connection), len(migrations), path)
    while _version(connection) < len(migrations):
        with transaction(connection):
            # Asked again under the write lock: another process may have been faster.
            version = _version(connection)
            if version < len(migrations):
                _apply(connection, migrations[version])
                connection.execute(f"PRAGMA user_version = {version + 1}")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, holding the write lock from the start."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk may have rolled back already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def explain(path: Path, error: sqlite3.Error | OSError) -> StoreError:
    """*error* as a StoreError that names the file and what to do."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _DAMAGED:
        return StoreError(
            f"{path}: damaged ({error}); move it away and a new one is started: "
            f"mv {path} {path}.damaged"
        )
    if code == sqlite3.SQLITE_FULL:
        return StoreError(f"{path}: the disk is full ({error}); free some space")
    return StoreError(f"{path}: cannot be used ({error}); check that it can be read and written")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise explain(path, error) from error


def _make_private(path: Path) -> None:
    """Make the file and its folder before SQLite does, whose files would be readable by others.

    The files that SQLite adds (`-wal`, `-shm`) take over the mode of the database.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        path.chmod(0o600)


def _configure(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA synchronous = NORMAL")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        return
    # While another connection is about to write, or does the same, this is refused at once: SQLite
    # does not wait here as it does elsewhere.
    latest = time.monotonic() + _BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > latest:
                raise
        time.sleep(_NAP_S)


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _refuse_newer(found: int, known: int, path: Path) -> None:
    if found > known:
        raise StoreError(
            f"{path}: version {found} was written by a newer TokenPak, this one knows {known}; "
            "upgrade TokenPak, or move the file away to start a new one"
        )


def _apply(connection: sqlite3.Connection, step: Migration) -> None:
    if callable(step):
        step(connection)
        return
    # Not executescript: it would commit the transaction that we are in.
    statement = ""
    for line in step.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""
    if statement.strip():
        connection.execute(statement)
