"""What the index knows, and every change to it: put, touch, move and remove files."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from typing import NamedTuple

from tokenpak.vault import words
from tokenpak.vault.packed import pack, unpack
from tokenpak.vault.parsing import Parsed
from tokenpak.vault.walk import Stamp

_COLUMNS = "id, path, size, mtime_ns, ctime_ns, inode, content_hash, reason"


class Known(NamedTuple):
    """A file as the index knows it."""

    id: int
    stamp: Stamp
    content_hash: bytes | None
    reason: str | None


class Root(NamedTuple):
    """A tree that is indexed."""

    id: int
    path: str
    last_indexed: float | None


class Store:
    """The files of one root; the caller begins and ends transactions."""

    def __init__(self, connection: sqlite3.Connection, root: int) -> None:
        self._connection = connection
        self._root = root

    def known(self, scope: str = "") -> dict[str, Known]:
        """The files in *scope* (a folder, a file, or everything) by path."""
        where, given = _within(scope)
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM files WHERE root = ?{where}", (self._root, *given)
        )
        return {
            path: Known(id, Stamp(size, mtime, ctime, inode), digest, reason)
            for id, path, size, mtime, ctime, inode, digest, reason in rows
        }

    def put(self, parsed: Parsed, stamp: Stamp, known: Known | None) -> None:
        """Record *parsed*, with that *stamp*, in place of *known*."""
        if known is not None:
            self.remove(known.id)
        row = self._connection.execute(
            "INSERT INTO files (root, path, size, mtime_ns, ctime_ns, inode, content_hash,"
            " file_type, tokens, symbols, last_indexed, reason)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self._root,
                parsed.path,
                *stamp,
                parsed.content_hash,
                parsed.file_type,
                parsed.tokens,
                parsed.symbols,
                time.time(),
                parsed.reason,
            ),
        )
        if parsed.columns is not None:
            self._put_words(row.lastrowid, parsed.columns)

    def touch(self, known: Known, stamp: Stamp) -> None:
        """Record that a file was touched, but holds what it held."""
        self._connection.execute(
            "UPDATE files SET size = ?, mtime_ns = ?, ctime_ns = ?, inode = ? WHERE id = ?",
            (*stamp, known.id),
        )

    def move(self, known: Known, path: str, stamp: Stamp) -> None:
        """Record that a file is now at *path*; its symbols are those it had."""
        words_before, packed_symbols = self._words(known.id)
        if words_before is not None and packed_symbols is not None:
            symbols, noted = unpack(packed_symbols)
            after = words.columns(path, symbols, noted)
            self._delete_words(known.id, words_before)
            packed_symbols = pack(symbols, after.note.split())
            self._put_words(known.id, after)
        self._connection.execute(
            "UPDATE files SET path = ?, symbols = ?, size = ?, mtime_ns = ?, ctime_ns = ?,"
            " inode = ? WHERE id = ?",
            (path, packed_symbols, *stamp, known.id),
        )

    def remove(self, id: int) -> None:
        """Forget a file."""
        words_before, _ = self._words(id)
        if words_before is not None:
            self._delete_words(id, words_before)
        self._connection.execute("DELETE FROM files WHERE id = ?", (id,))

    def _words(self, id: int) -> tuple[words.Columns | None, bytes | None]:
        """The words that a file was put in with, and its packed symbols."""
        row = self._connection.execute(
            "SELECT path, symbols FROM files WHERE id = ?", (id,)
        ).fetchone()
        if row is None or row[1] is None:
            return None, None
        symbols, noted = unpack(row[1])
        return words.columns(row[0], symbols, "")._replace(note=noted), row[1]

    def _put_words(self, id: int | None, columns: words.Columns) -> None:
        self._connection.execute(
            "INSERT INTO terms (rowid, name, part, path, note) VALUES (?, ?, ?, ?, ?)",
            (id, *columns),
        )

    def _delete_words(self, id: int, before: words.Columns) -> None:
        self._connection.execute(
            "INSERT INTO terms (terms, rowid, name, part, path, note)"
            " VALUES ('delete', ?, ?, ?, ?, ?)",
            (id, *before),
        )


def roots(connection: sqlite3.Connection) -> Iterator[Root]:
    """The indexed trees, by path."""
    rows = connection.execute("SELECT id, path, last_indexed FROM roots ORDER BY path")
    return (Root(*row) for row in rows)


def add_root(connection: sqlite3.Connection, path: str) -> int:
    """The id of the root *path*, added if it is new."""
    connection.execute("INSERT OR IGNORE INTO roots (path) VALUES (?)", (path,))
    (id,) = connection.execute("SELECT id FROM roots WHERE path = ?", (path,)).fetchone()
    return int(id)


def remove_root(connection: sqlite3.Connection, root: int) -> int:
    """Forget a tree; gives the number of files that went with it."""
    store = Store(connection, root)
    known = store.known()
    for each in known.values():
        store.remove(each.id)
    connection.execute("DELETE FROM roots WHERE id = ?", (root,))
    return len(known)


def _within(scope: str) -> tuple[str, tuple[str, ...]]:
    if not scope:
        return "", ()
    # From "scope/" up to, but without, "scope0": "0" follows "/".
    return " AND (path = ? OR (path >= ? AND path < ?))", (scope, f"{scope}/", f"{scope}0")
