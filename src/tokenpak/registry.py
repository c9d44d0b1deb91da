"""Processed blocks of content in SQLite: versions by path, found again by what they say."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from operator import attrgetter
from pathlib import Path
from typing import Any, Self

from tokenpak import _sqlite
from tokenpak.words import symbols, words

# A step that has been released is never edited: later changes are further steps.
_V1 = """
CREATE TABLE blocks (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    version INTEGER NOT NULL,
    file_type TEXT NOT NULL,
    raw_tokens INTEGER NOT NULL,
    compressed_tokens INTEGER NOT NULL,
    compressed_content TEXT NOT NULL,
    quality_score REAL NOT NULL,
    importance REAL NOT NULL,
    processed_at REAL NOT NULL,
    slice_id TEXT NOT NULL,         -- empty for a whole file
    provenance TEXT NOT NULL,       -- JSON
    latest INTEGER NOT NULL,
    UNIQUE (path, slice_id, version)
);
CREATE INDEX blocks_latest ON blocks (latest, path);
-- Only the latest version of a block can be found. The porter stemmer finds "compression" by
-- "compress".
CREATE VIRTUAL TABLE found USING fts5 (path, symbols, content, tokenize = 'porter unicode61');
"""
_MIGRATIONS: tuple[_sqlite.Migration, ...] = (_V1,)
_WEIGHTS = "4.0, 3.0, 1.0"


@dataclass(frozen=True, slots=True)
class Block:
    """A processed piece of content: where it is from, what it is now, what it cost and costs.

    `content_hash` is the SHA-256 of the original, `file_type` its ending (`md`, `py`, …);
    `quality_score` is from 0 to 1, `importance` from 0 to 10, `processed_at` in seconds since
    the epoch. `slice_id` tells pieces of one file apart; `provenance` is anything that JSON can
    hold.
    """

    path: str
    content_hash: str
    version: int
    file_type: str
    raw_tokens: int
    compressed_tokens: int
    compressed_content: str
    quality_score: float = 1.0
    importance: float = 5.0
    processed_at: float = field(default_factory=time.time)
    slice_id: str | None = None
    provenance: Any = None


@dataclass(frozen=True, slots=True)
class Found(Block):
    """A block that a search gave; the higher `score`, the better it fits."""

    score: float = 0.0


_COLUMNS = tuple(each.name for each in fields(Block))
_LIST = ", ".join(_COLUMNS)
_VALUES = attrgetter(*_COLUMNS)


class BlockRegistry:
    """The blocks in the SQLite file at *path*, which is made if it does not exist.

    Threads may share a registry, processes a file. Raises StoreError if the file is damaged,
    of a newer version, cannot be written, or the registry is closed.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._lock = threading.RLock()
        self._connection = _sqlite.open_store(self.path, _MIGRATIONS)

    def add_block(self, block: Block) -> Block:
        """Keep *block* and give it back as it is kept, with its version.

        The first block of a path (and slice) has version 1. One with a new content hash becomes
        the next version, one with the same hash as the latest replaces that.
        Raises TypeError if the provenance cannot be written as JSON.
        """
        block = replace(_storable(block), version=1)
        provenance = json.dumps(block.provenance)
        with self._writing() as connection:
            latest = connection.execute(
                "SELECT id, version, content_hash FROM blocks "
                "WHERE path = ? AND slice_id = ? AND latest",
                (block.path, block.slice_id or ""),
            ).fetchone()
            if latest:
                same = latest[2] == block.content_hash
                block = replace(block, version=latest[1] if same else latest[1] + 1)
                self._retire(connection, latest[0], delete=same)
            values = dict(zip(_COLUMNS, _VALUES(block), strict=True))
            values |= {"slice_id": block.slice_id or "", "provenance": provenance}
            cursor = connection.execute(
                f"INSERT INTO blocks ({_LIST}, latest) VALUES ({', '.join('?' * len(values))}, 1)",
                tuple(values.values()),
            )
            self._index(connection, cursor.lastrowid, block)
        return block

    def get(
        self, path: str, version: int | None = None, slice_id: str | None = None
    ) -> Block | None:
        """The block of *path*, the latest version if none is named; None if there is none."""
        which = "latest" if version is None else "version = ?"
        values = [_text(path), _text(slice_id or "")] + ([version] if version is not None else [])
        with self._reading() as connection:
            row = connection.execute(
                f"SELECT {_LIST} FROM blocks WHERE path = ? AND slice_id = ? AND {which}", values
            ).fetchone()
        return Block(**_read(row)) if row else None

    def versions(self, path: str, slice_id: str | None = None) -> list[int]:
        """The versions of *path* that are kept, oldest first."""
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT version FROM blocks WHERE path = ? AND slice_id = ? ORDER BY version",
                (_text(path), _text(slice_id or "")),
            ).fetchall()
        return [row[0] for row in rows]

    def search(self, query: str, top_k: int = 10) -> list[Found]:
        """The latest versions that fit *query* best by BM25, best first, at most *top_k*.

        Words are looked for in paths, symbols and content, identifiers also by their parts: `parse
        request` finds `parseRequest`. Raises ValueError if *top_k* is below 1.
        """
        if top_k < 1:
            raise ValueError(f"top_k is {top_k}, expected 1 or more")
        asked = list(dict.fromkeys(words(_text(query))))
        if not asked:
            return []
        match = " OR ".join(f'"{word}"' for word in asked)
        listed = ", ".join(f"blocks.{name}" for name in _COLUMNS)
        with self._reading() as connection:
            rows = connection.execute(
                f"SELECT {listed}, -bm25(found, {_WEIGHTS}) AS score FROM found "
                "JOIN blocks ON blocks.id = found.rowid WHERE found MATCH ? "
                "ORDER BY score DESC, blocks.path, blocks.slice_id LIMIT ?",
                (match, top_k),
            ).fetchall()
        return [Found(**_read(row[:-1]), score=row[-1]) for row in rows]

    def remove(self, path: str) -> int:
        """Forget all versions and slices of *path*; gives how many blocks that were."""
        with self._writing() as connection:
            rows = connection.execute("SELECT id FROM blocks WHERE path = ?", (_text(path),))
            ids = [row[0] for row in rows.fetchall()]
            for each in ids:
                self._retire(connection, each, delete=True)
        return len(ids)

    def get_stats(self) -> dict[str, Any]:
        """Sums over the latest versions.

        `total_files`, `total_blocks` (slices apart), `total_versions` (older ones too),
        `total_tokens` before and `compressed_tokens` after processing, `saved_tokens`, and
        `by_type`: files by type.
        """
        with self._reading() as connection:
            files, blocks, raw, compressed = connection.execute(
                "SELECT count(DISTINCT path), count(*), coalesce(sum(raw_tokens), 0), "
                "coalesce(sum(compressed_tokens), 0) FROM blocks WHERE latest"
            ).fetchone()
            versions = connection.execute("SELECT count(*) FROM blocks").fetchone()[0]
            by_type = connection.execute(
                "SELECT file_type, count(DISTINCT path) FROM blocks WHERE latest "
                "GROUP BY file_type ORDER BY file_type"
            ).fetchall()
        return {
            "total_files": files,
            "total_blocks": blocks,
            "total_versions": versions,
            "total_tokens": raw,
            "compressed_tokens": compressed,
            "saved_tokens": raw - compressed,
            "by_type": dict(by_type),
        }

    def close(self) -> None:
        """Close the file; closing twice does nothing."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _index(self, connection: sqlite3.Connection, row_id: int | None, block: Block) -> None:
        connection.execute(
            "INSERT INTO found (rowid, path, symbols, content) VALUES (?, ?, ?, ?)",
            (
                row_id,
                " ".join(words(block.path)),
                " ".join(words(" ".join(symbols(block.compressed_content)))),
                " ".join(words(block.compressed_content)),
            ),
        )

    def _retire(self, connection: sqlite3.Connection, row_id: int, *, delete: bool) -> None:
        connection.execute("DELETE FROM found WHERE rowid = ?", (row_id,))
        if delete:
            connection.execute("DELETE FROM blocks WHERE id = ?", (row_id,))
        else:
            connection.execute("UPDATE blocks SET latest = 0 WHERE id = ?", (row_id,))

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._connection
            except sqlite3.Error as error:
                raise _sqlite.explain(self.path, error) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as connection, _sqlite.transaction(connection):
            yield connection


def _text(text: str) -> str:
    """*text* as SQLite can store it; bytes of file names that are not UTF-8 stay distinct."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _storable(block: Block) -> Block:
    texts = {name: _text(getattr(block, name)) for name in ("path", "compressed_content")}
    slice_id = _text(block.slice_id) if block.slice_id is not None else None
    plain = {name: getattr(block, name) for name in _COLUMNS} | texts | {"slice_id": slice_id}
    return Block(**plain)


def _read(row: tuple[Any, ...]) -> dict[str, Any]:
    values = dict(zip(_COLUMNS, row, strict=True))
    values["slice_id"] = values["slice_id"] or None
    values["provenance"] = json.loads(values["provenance"])
    return values
