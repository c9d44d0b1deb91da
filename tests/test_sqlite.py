"""Opening, migrating and refusing SQLite files."""

from __future__ import annotations

import multiprocessing
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tokenpak import _sqlite
from tokenpak.errors import StoreError

TABLE = "CREATE TABLE notes (text TEXT NOT NULL);\nINSERT INTO notes VALUES ('a;b');"
COLUMN = "ALTER TABLE notes ADD COLUMN author TEXT;"


def version(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.close()
    return found


def make(path: Path, *migrations: _sqlite.Migration) -> None:
    _sqlite.open_store(path, migrations).close()


def test_a_new_file_is_brought_to_the_current_version(tmp_path: Path) -> None:
    make(tmp_path / "x.db", TABLE, COLUMN)
    assert version(tmp_path / "x.db") == 2


def test_an_older_file_takes_only_the_missing_steps_and_keeps_its_rows(tmp_path: Path) -> None:
    make(tmp_path / "x.db", TABLE)
    connection = _sqlite.open_store(tmp_path / "x.db", (TABLE, COLUMN))
    assert connection.execute("SELECT * FROM notes").fetchall() == [("a;b", None)]
    connection.close()


def test_a_step_may_be_a_function(tmp_path: Path) -> None:
    def fill(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO notes VALUES ('from a function')")

    connection = _sqlite.open_store(tmp_path / "x.db", (TABLE, fill))
    assert connection.execute("SELECT count(*) FROM notes").fetchone() == (2,)
    connection.close()


def test_a_step_that_fails_leaves_the_version_before_it(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="x.db"):
        make(tmp_path / "x.db", TABLE, COLUMN + "\nINSERT INTO nowhere VALUES (1);")
    assert version(tmp_path / "x.db") == 1
    make(tmp_path / "x.db", TABLE, COLUMN)


def test_a_newer_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    make(path, TABLE, COLUMN)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"x\.db: version 2 .* newer TokenPak, this one knows 1"):
        make(path, TABLE)
    with pytest.raises(StoreError, match="newer"):
        _sqlite.open_readonly(path, 1)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "damage", [b"not a database at all" * 100, b"SQLite format 3\0" + b"x" * 4080]
)
def test_a_damaged_file_is_named_with_what_to_do(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(damage)
    for use in (lambda: make(path, TABLE), lambda: _sqlite.open_readonly(path, 1)):
        with pytest.raises(StoreError, match=r"x\.db: damaged .* mv .*x\.db .*x\.db\.damaged"):
            use()
    assert path.read_bytes() == damage


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be used"):
        make(tmp_path, TABLE)


def test_reading_what_does_not_exist_says_how_it_comes_to_be(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist yet"):
        _sqlite.open_readonly(tmp_path / "x.db", 1)
    assert not (tmp_path / "x.db").exists()


def test_reading_an_older_version_is_refused(tmp_path: Path) -> None:
    make(tmp_path / "x.db", TABLE)
    with pytest.raises(StoreError, match="version 1, expected 2"):
        _sqlite.open_readonly(tmp_path / "x.db", 2)


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    make(tmp_path / "x.db", TABLE)
    connection = _sqlite.open_readonly(tmp_path / "x.db", 1)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM notes")
    connection.close()


def test_files_are_private_and_so_is_a_folder_that_was_made(tmp_path: Path) -> None:
    path = tmp_path / "home" / "x.db"
    connection = _sqlite.open_store(path, (TABLE,))
    files = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    connection.close()
    assert files == {"x.db": 0o600, "x.db-wal": 0o600, "x.db-shm": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_that_others_could_read_becomes_private(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.touch(0o644)
    make(path, TABLE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_transaction_that_fails_writes_nothing(tmp_path: Path) -> None:
    connection = _sqlite.open_store(tmp_path / "x.db", (TABLE,))
    with pytest.raises(ZeroDivisionError), _sqlite.transaction(connection):
        connection.execute("DELETE FROM notes")
        raise ZeroDivisionError
    assert connection.execute("SELECT count(*) FROM notes").fetchone() == (1,)
    connection.close()


def test_a_transaction_holds_the_write_lock_from_its_start(tmp_path: Path) -> None:
    connection = _sqlite.open_store(tmp_path / "x.db", (TABLE,))
    other = sqlite3.connect(tmp_path / "x.db", timeout=0)
    with _sqlite.transaction(connection):
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.close()
    connection.close()


def test_a_step_that_another_process_took_meanwhile_is_not_taken_again(tmp_path: Path) -> None:
    path = tmp_path / "x.db"

    class Late(sqlite3.Connection):
        def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
            if sql == "BEGIN IMMEDIATE":
                make(path, TABLE)
            return super().execute(sql, *parameters)

    connection = sqlite3.connect(path, isolation_level=None, factory=Late)
    _sqlite.migrate(connection, (TABLE,), path)
    assert connection.execute("SELECT count(*) FROM notes").fetchone() == (1,)
    connection.close()


def test_who_opens_a_new_file_waits_for_who_is_about_to_write_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.db"
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    naps: list[float] = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        writer.close()

    monkeypatch.setattr(_sqlite.time, "sleep", nap)
    with closing(_sqlite.open_store(path, [TABLE])) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert len(naps) == 1


def test_processes_that_start_together_migrate_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [
        context.Process(target=make, args=(tmp_path / "x.db", TABLE, COLUMN)) for _ in range(3)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    connection = _sqlite.open_readonly(tmp_path / "x.db", 2)
    assert connection.execute("SELECT count(*) FROM notes").fetchone() == (1,)
    connection.close()
