"""What the index holds, tree by tree, and how a tree is taken out of it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tokenpak._sqlite import transaction
from tokenpak.errors import StoreError
from tokenpak.vault.lock import writing
from tokenpak.vault.schema import open_for_search
from tokenpak.vault.store import remove_root, roots


@dataclass(frozen=True, slots=True)
class Tree:
    """One indexed tree; `last_indexed` is in seconds since the epoch."""

    path: str
    files: int
    tokens: int
    source_bytes: int
    skipped: int
    file_types: dict[str, int]
    last_indexed: float | None


def status(index_path: Path) -> list[Tree]:
    """The indexed trees, by path. Raises StoreError if there is no index."""
    with closing(open_for_search(index_path)) as connection:
        return [_tree(connection, *each) for each in roots(connection)]


def remove(index_path: Path, folder: Path) -> int:
    """Take the tree at *folder* out of the index; gives the number of files that it had.

    Raises StoreError naming the indexed trees if it is none of them.
    """
    with writing(index_path) as connection:
        known = {each.path: each.id for each in roots(connection)}
        path = os.path.realpath(folder)
        if path not in known:
            raise StoreError(f"{folder}: is not indexed; indexed: {', '.join(known) or 'nothing'}")
        with transaction(connection):
            return remove_root(connection, known[path])


def _tree(connection: sqlite3.Connection, id: int, path: str, last_indexed: float | None) -> Tree:
    rows = connection.execute(
        "SELECT file_type, count(*), sum(tokens), sum(size) FROM files"
        " WHERE root = ? AND reason IS NULL GROUP BY 1 ORDER BY 2 DESC",
        (id,),
    ).fetchall()
    (skipped,) = connection.execute(
        "SELECT count(*) FROM files WHERE root = ? AND reason IS NOT NULL", (id,)
    ).fetchone()
    files, tokens, size = (sum(row[at] for row in rows) for at in (1, 2, 3))
    return Tree(path, files, tokens, size, skipped, {row[0]: row[1] for row in rows}, last_indexed)
