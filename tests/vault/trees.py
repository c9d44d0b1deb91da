"""Small trees to index, and an index to put them in."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tokenpak.vault.indexer import Options, Report, index
from tokenpak.vault.schema import check, open_for_search, open_index
from tokenpak.vault.search import Hit, search


class Vault:
    """A folder `tree` and its index, checked after every run."""

    def __init__(self, folder: Path) -> None:
        self.tree = folder / "tree"
        self.registry = folder / "home" / "registry.db"
        self.tree.mkdir()

    def write(self, path: str, text: str | bytes = "") -> Path:
        file = self.tree / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def index(self, **options: object) -> Report:
        report = index(self.registry, self.tree, Options(**options))  # type: ignore[arg-type]
        self.check()
        return report

    def check(self) -> None:
        with closing(open_index(self.registry)) as connection:
            check(connection)

    def search(self, query: str, **options: object) -> list[Hit]:
        return search(self.registry, query, **options)  # type: ignore[arg-type]

    def found(self, query: str) -> list[str]:
        return [hit.path for hit in self.search(query)]

    def query(self, sql: str) -> list[tuple[object, ...]]:
        with closing(open_for_search(self.registry)) as connection:
            return connection.execute(sql).fetchall()

    def listing(self) -> tuple[list[tuple[object, ...]], ...]:
        """All that the index says, but when."""
        return (
            self.query("SELECT path, content_hash, symbols, tokens, reason FROM files ORDER BY 1"),
            self.query("SELECT * FROM vocabulary"),
        )


def connect(path: Path) -> sqlite3.Connection:
    return open_index(path)
