"""Decisions that do not follow from a conversation: where a cache had run out, a rewrite is free.

What was decided is stored and never thought over, so that every worker, and every later request
that goes on from there, sends the same. Only hashes and times are kept, no word of a conversation.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from itertools import takewhile
from pathlib import Path

from tokenpak._sqlite import open_store, transaction
from tokenpak.canonical import Part
from tokenpak.compression import fingerprint
from tokenpak.errors import StoreError

logger = logging.getLogger("tokenpak.compression")

_SCHEMA = """
CREATE TABLE conversations (id BLOB PRIMARY KEY, last REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE decisions (
    conversation BLOB NOT NULL, parts INTEGER NOT NULL, prefix BLOB NOT NULL,
    PRIMARY KEY (conversation, parts, prefix)
) WITHOUT ROWID;
"""
_SURE = 1.1
"""How far beyond its time to live a cache counts as gone: clocks differ, and answers take time."""
_REFRESH = 0.05
"""Share of the time to live after which the time of the last request is written again."""
_FORGET_S = 90 * 86400.0
_FORGET_EVERY_S = 86400.0
_BUSY_MS = 50
"""A request does not wait for the store: if it is busy, nothing is decided."""


class Decisions:
    """The decisions of one installation; safe in several threads and processes."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._failed = False
        self._forgot = 0.0

    def cold(
        self, parts: Sequence[Part], digests: Sequence[bytes], ttl_s: float | None
    ) -> frozenset[int]:
        """The sizes, in parts, at which *parts* had an epoch decided on; maybe with a new one.

        A new one is decided on if the last request of this conversation was longer than *ttl_s*
        ago; None means that its provider keeps no cache. Empty where the store cannot be read.
        """
        head = len(list(takewhile(lambda part: part.role != "assistant", parts)))
        if head == len(parts):
            return frozenset()  # nothing was sent before
        keys = fingerprint.chain(digests)
        with self._lock:
            connection = self._opened()
            if connection is None:
                return frozenset()
            try:
                return self._decided(connection, keys, keys[head], ttl_s)
            except sqlite3.Error as error:
                logger.warning("no decision about a cold cache could be read: %s", error)
                return frozenset()

    def close(self) -> None:
        """Close the file; the next request opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    def _decided(
        self,
        connection: sqlite3.Connection,
        keys: Sequence[bytes],
        id: bytes,
        ttl_s: float | None,
    ) -> frozenset[int]:
        found = _read(connection, id, keys)
        now, last = self._clock(), _last(connection, id)
        if ttl_s is None or (last is not None and now - last < ttl_s * _REFRESH):
            return found
        try:
            with transaction(connection):
                # Asked again under the write lock: another worker may have been faster.
                last = _last(connection, id)
                if last is not None and now - last > ttl_s * _SURE:
                    decided = (id, len(keys) - 1, keys[-1])
                    connection.execute("INSERT OR IGNORE INTO decisions VALUES (?, ?, ?)", decided)
                connection.execute(
                    "INSERT INTO conversations VALUES (?, ?) "
                    "ON CONFLICT (id) DO UPDATE SET last = max(last, excluded.last)",
                    (id, now),
                )
                if last is None and now - self._forgot > _FORGET_EVERY_S:
                    self._forget(connection)
        except sqlite3.Error as error:
            # A full disk, or another that writes: what was decided before still holds.
            logger.info("no decision about a cold cache was taken: %s", error)
            return found
        return _read(connection, id, keys)

    def _opened(self) -> sqlite3.Connection | None:
        if self._connection is None and not self._failed:
            try:
                self._connection = open_store(self._path, (_SCHEMA,))
                self._connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
                with transaction(self._connection):
                    self._forget(self._connection)
            except (StoreError, sqlite3.Error) as error:
                self._failed = self._connection is None
                logger.warning("no decisions about cold caches are taken: %s", error)
        return self._connection

    def _forget(self, connection: sqlite3.Connection) -> None:
        self._forgot = self._clock()
        old = (self._forgot - _FORGET_S,)
        gone = "(SELECT id FROM conversations WHERE last < ?)"
        connection.execute(f"DELETE FROM decisions WHERE conversation IN {gone}", old)
        connection.execute("DELETE FROM conversations WHERE last < ?", old)


def _last(connection: sqlite3.Connection, id: bytes) -> float | None:
    row = connection.execute("SELECT last FROM conversations WHERE id = ?", (id,)).fetchone()
    return None if row is None else float(row[0])


def _read(connection: sqlite3.Connection, id: bytes, keys: Sequence[bytes]) -> frozenset[int]:
    """The sizes of the prefixes of this conversation that a decision was taken at."""
    rows = connection.execute("SELECT parts, prefix FROM decisions WHERE conversation = ?", (id,))
    return frozenset(parts for parts, prefix in rows if parts < len(keys) and keys[parts] == prefix)
