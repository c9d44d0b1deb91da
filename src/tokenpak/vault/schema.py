"""The tables of `registry.db`: roots, files with their symbols, and the words to search by."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tokenpak._sqlite import Migration, open_readonly, open_store, transaction
from tokenpak.errors import StoreError
from tokenpak.vault import words

# A row of `files` with a `reason` is one that was read and found not worth indexing; it is kept
# so that it need not be read again. `terms` holds no text, only which words a file has; a row is
# taken out of it with the very words that it was put in with, so these must not change unless
# `words.VERSION` does. detail=full, since bm25() of a contentless table needs it.
_TABLES = """
CREATE TABLE roots (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    last_indexed REAL
);
CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    root INTEGER NOT NULL REFERENCES roots (id),
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    ctime_ns INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    content_hash BLOB,
    file_type TEXT,
    tokens INTEGER,
    symbols BLOB,
    last_indexed REAL NOT NULL,
    reason TEXT,
    UNIQUE (root, path)
);
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE VIRTUAL TABLE terms USING fts5 (
    name, part, path, note,
    content = '', columnsize = 1, tokenize = "unicode61 remove_diacritics 2 tokenchars '_'"
);
-- Room for the words of some ten thousand files, so that they are written sorted at once.
INSERT INTO terms (terms, rank) VALUES ('hashsize', 33554432);
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (terms, row);
"""
MIGRATIONS: tuple[Migration, ...] = (_TABLES,)


def open_index(path: Path) -> sqlite3.Connection:
    """The index at *path* for writing; made if it does not exist.

    An index of an earlier way of splitting words is emptied: the next run fills it again.
    Raises StoreError if it cannot be used.
    """
    connection = open_store(path, MIGRATIONS)
    version = str(words.VERSION)
    if _words_version(connection) != version:
        with transaction(connection):
            connection.execute("INSERT INTO terms (terms) VALUES ('delete-all')")
            connection.execute("DELETE FROM files")
            connection.execute("INSERT OR REPLACE INTO facts VALUES ('words', ?)", (version,))
    return connection


def open_for_search(path: Path) -> sqlite3.Connection:
    """The index at *path* for queries; they may run while another process writes.

    Raises StoreError if there is none yet, or if it must be made anew.
    """
    if not path.exists():
        raise StoreError(f"{path}: no index yet; make one with: tokenpak index PATH")
    connection = open_readonly(path, len(MIGRATIONS))
    if _words_version(connection) != str(words.VERSION):
        connection.close()
        raise StoreError(f"{path}: made by another version; bring it up with: tokenpak index PATH")
    return connection


def check(connection: sqlite3.Connection) -> None:
    """Raise StoreError unless every part of the index is whole and agrees with the others."""
    (verdict,) = connection.execute("PRAGMA quick_check").fetchone()
    listed = "SELECT id FROM files WHERE reason IS NULL"
    if verdict == "ok":
        connection.execute("INSERT INTO terms (terms) VALUES ('integrity-check')")
        worded = "SELECT id FROM terms_docsize"
        for one, other in ((listed, worded), (worded, listed)):
            if connection.execute(f"{one} EXCEPT {other}").fetchone():
                verdict = "files and words do not agree"
    if verdict != "ok":
        raise StoreError(f"the index is damaged ({verdict}); remove it and index again")


def _words_version(connection: sqlite3.Connection) -> str | None:
    row = connection.execute("SELECT value FROM facts WHERE name = 'words'").fetchone()
    return None if row is None else str(row[0])
